"""Organizations and the cast of people."""

from allauth.account.models import EmailAddress

from crm.tenancy.models import Organization
from crm.tenancy.transaction import tenant
from crm.users.actions import create_organization, create_team, join_team
from crm.users.models import Role, Team, User

PASSWORD = "a-long-enough-password"


def make_organization(name: str, slug: str) -> Organization:
    return create_organization(name, slug)


def make_person(name: str, role: str, team: Team | None, organization: Organization, *, host: str = "halden.example") -> User:
    """Somebody of the organization with a verified address, in the tenant's transaction."""
    email = f"{name.casefold()}@{host}"
    user = User(
        email=email,
        name=name.capitalize(),
        organization=organization,
        role=Role.objects.get(organization=organization, key=role),
        password="!",
    )
    user.save()
    if team is not None:
        join_team(user, team)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_cast(organization: Organization, other: Organization) -> dict[str, User]:
    """North and South below Sales; mona leads Sales, alice and bob are North, dora is South, sam is Help."""
    sales = create_team("Sales", organization=organization)
    north = create_team("North", organization=organization, parent=sales)
    south = create_team("South", organization=organization, parent=sales)
    helpdesk = create_team("Help", organization=organization)
    cast = {
        "alice": make_person("alice", "sales-rep", north, organization),
        "bob": make_person("bob", "sales-rep", north, organization),
        "dora": make_person("dora", "sales-rep", south, organization),
        "mona": make_person("mona", "sales-manager", sales, organization),
        "ada": make_person("ada", "administrator", None, organization),
        "sam": make_person("sam", "support-agent", helpdesk, organization),
        "mia": make_person("mia", "marketer", None, organization),
        "rita": make_person("rita", "read-only", None, organization),
    }
    with tenant(other):
        cast["charlie"] = make_person("charlie", "administrator", None, other, host="other.example")
    return cast
