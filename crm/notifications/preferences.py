"""Whether reminders also go by e-mail: each person says so for themselves."""

from crm.notifications.models import Preference
from crm.users.models import User


def wants_reminder_mails(person: User) -> bool:
    """True unless the person has switched them off."""
    return not Preference.objects.filter(organization_id=person.own_organization_id, person=person, reminder_mails=False).exists()


def set_reminder_mails(person: User, *, wanted: bool) -> None:
    """Holds from the next reminder on, and for those that have not gone out yet."""
    Preference.objects.update_or_create(organization_id=person.own_organization_id, person=person, defaults={"reminder_mails": wanted})
