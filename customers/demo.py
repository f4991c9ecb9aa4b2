"""Believable customers and contacts for the demonstration organization, the same ones at every start."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from crm.access.derived import add_access
from crm.audit.log import CREATE, Change, log_changes
from crm.fields.record_types import record_types
from crm.lib.text import fold
from crm.search.rebuild import rebuild_documents
from crm.tenancy.models import Organization
from crm.users.models import User
from customers.choices import Channel, CustomerKind, Industry, Lifecycle, RelationshipKind, Source
from customers.models import Affiliation, Contact, ContactTag, Customer, CustomerTag, Relationship, Tag

CUSTOMERS, CONTACTS = 400, 900


@dataclass(frozen=True)
class Place:
    """Where a company is, with the words and numbers that belong there."""

    city: str
    postal_code: str
    region: str
    country: str
    dialling: str
    language: str
    street: str
    suffix: str


PLACES = [
    Place("Stockholm", "111 52", "", "SE", "+468", "sv", "Vasagatan {}", "AB"),
    Place("Gothenburg", "411 03", "", "SE", "+4631", "sv", "Kungsgatan {}", "AB"),
    Place("Copenhagen", "1620", "", "DK", "+4533", "da", "Vesterbrogade {}", "A/S"),
    Place("Oslo", "0154", "", "NO", "+4722", "nb", "Storgata {}", "AS"),
    Place("Helsinki", "00100", "", "FI", "+3589", "fi", "Mannerheimintie {}", "Oy"),
    Place("Hamburg", "20095", "", "DE", "+4940", "de", "Mönckebergstraße {}", "GmbH"),
    Place("Berlin", "10115", "", "DE", "+4930", "de", "Chausseestraße {}", "GmbH"),
    Place("Munich", "80331", "", "DE", "+4989", "de", "Sendlinger Straße {}", "AG"),
    Place("Vienna", "1010", "", "AT", "+431", "de", "Kärntner Straße {}", "GmbH"),
    Place("Zurich", "8001", "", "CH", "+4144", "de", "Bahnhofstrasse {}", "AG"),
    Place("Amsterdam", "1012 JS", "", "NL", "+3120", "nl", "Damrak {}", "B.V."),
    Place("Brussels", "1000", "", "BE", "+322", "fr", "Rue Neuve {}", "NV"),
    Place("Lyon", "69002", "", "FR", "+334", "fr", "Rue de la République {}", "SAS"),
    Place("Madrid", "28013", "", "ES", "+3491", "es", "Calle de Alcalá {}", "S.L."),
    Place("Milan", "20121", "", "IT", "+3902", "it", "Via Manzoni {}", "S.r.l."),
    Place("Warsaw", "00-001", "", "PL", "+4822", "pl", "Marszałkowska {}", "Sp. z o.o."),
    Place("Leeds", "LS1 4AP", "", "GB", "+44113", "en", "{} Park Row", "Ltd"),
    Place("Bristol", "BS1 4DJ", "", "GB", "+44117", "en", "{} Queen Square", "Ltd"),
    Place("Boston", "02110", "MA", "US", "+1617", "en", "{} Milk Street", "Inc."),
    Place("Portland", "97205", "OR", "US", "+1503", "en", "{} SW Yamhill Street", "LLC"),
]
FIRST_PARTS = [
    "Alder",
    "Baltic",
    "Brightwater",
    "Corvid",
    "Drift",
    "Elm",
    "Ferrum",
    "Fjord",
    "Glacier",
    "Halcyon",
    "Harbour",
    "Hollow",
    "Ivory",
    "Juniper",
    "Kestrel",
    "Larch",
    "Lumen",
    "Meridian",
    "Mistral",
    "Nord",
    "North",
    "Oak",
    "Ostrava",
    "Pell",
    "Pine",
    "Quarry",
    "Quayside",
    "Raven",
    "Ridge",
    "Saltholm",
    "Silver",
    "Skerry",
    "Solstice",
    "Sterling",
    "Tamarind",
    "Tern",
    "Umber",
    "Vattvik",
    "Velden",
    "Westerly",
    "Willow",
    "Yarrow",
    "Zenith",
]
SECOND_PARTS = (
    ("Hydropower", Industry.ENERGY),
    ("Foods", Industry.FOOD),
    ("Aerospace Components", Industry.MANUFACTURING),
    ("Water Utilities", Industry.UTILITIES),
    ("Steelworks", Industry.MANUFACTURING),
    ("Brewing", Industry.FOOD),
    ("Logistics", Industry.LOGISTICS),
    ("Cold Storage", Industry.LOGISTICS),
    ("Pharma", Industry.PHARMACEUTICALS),
    ("Packaging", Industry.MANUFACTURING),
    ("Paper Mill", Industry.MANUFACTURING),
    ("Software", Industry.SOFTWARE),
    ("Robotics", Industry.TECHNOLOGY),
    ("Insurance", Industry.INSURANCE),
    ("Clinics", Industry.HEALTHCARE),
    ("Shipyard", Industry.MANUFACTURING),
    ("Timber", Industry.AGRICULTURE),
    ("Dairy Co-op", Industry.AGRICULTURE),
    ("Chemworks", Industry.CHEMICALS),
    ("Telecom", Industry.TELECOMMUNICATIONS),
    ("Construction", Industry.CONSTRUCTION),
    ("Hotels", Industry.HOSPITALITY),
    ("Retail Group", Industry.RETAIL),
    ("Media House", Industry.MEDIA),
)
GIVEN = [
    "Anna",
    "Elin",
    "Karin",
    "Ingrid",
    "Sofia",
    "Maja",
    "Freja",
    "Astrid",
    "Liv",
    "Aino",
    "Marta",
    "Helena",
    "Clara",
    "Julia",
    "Camille",
    "Élodie",
    "Lucía",
    "Carmen",
    "Giulia",
    "Chiara",
    "Zofia",
    "Agnieszka",
    "Emma",
    "Olivia",
    "Grace",
    "Amelia",
    "Hannah",
    "Priya",
    "Aisha",
    "Mei",
    "Oskar",
    "Erik",
    "Lars",
    "Mikkel",
    "Jonas",
    "Henrik",
    "Mats",
    "Tomás",
    "Diego",
    "Marco",
    "Luca",
    "Piotr",
    "Jakub",
    "Lukas",
    "Felix",
    "Maximilian",
    "Pieter",
    "Daan",
    "Hugo",
    "Louis",
    "James",
    "Oliver",
    "Noah",
    "Ethan",
    "Samuel",
    "Daniel",
    "Ahmed",
    "Kenji",
    "Ravi",
]
FAMILY = (
    (
        "Sjöberg Nyman Ek Lindqvist Berg Holm Dahl Hansen Nielsen Johansen Virtanen Korhonen Weber Schneider Fischer Huber Gruber Keller "
        "Brunner de Vries Bakker Janssens Dubois Moreau Laurent García Fernández Romero Rossi Ferrari Bianchi Kowalski Nowak Wiśniewska "
        "Smith Taylor Walker "
        "Wright Patel Khan Okafor Murphy Johnson Williams Davis Miller Chen Tanaka Raman Herrera Lopes Novák Horvat Popescu"
    )
    .replace("de Vries", "de~Vries")
    .split()
)
TITLES = (
    "Managing director",
    "Head of procurement",
    "Plant manager",
    "Automation lead",
    "Operations manager",
    "Chief technology officer",
    "Finance director",
    "Maintenance engineer",
    "Project manager",
    "Quality manager",
    "Sales director",
    "Office manager",
)
TAGS = [
    ("framework agreement", "blue"),
    ("reference", "green"),
    ("key account", "violet"),
    ("renewal due", "amber"),
    ("newsletter", "teal"),
    ("trade show 2026", "pink"),
]
LIFECYCLES = [Lifecycle.CUSTOMER] * 9 + [Lifecycle.PROSPECT] * 5 + [Lifecycle.LEAD] * 3 + [Lifecycle.DORMANT] * 2 + [Lifecycle.PARTNER]
SOURCES = [Source.TRADE_SHOW, Source.REFERRAL, Source.WEBSITE, Source.PARTNER, Source.CAMPAIGN, Source.COLD_CALL]


def make_demo(organization: Organization, people: list[User], now: datetime) -> None:
    """Fill the organization, in its tenant: about 400 customers and 900 contacts owned by the sales people."""
    random = Random(20260101)
    tags = Tag.objects.bulk_create(Tag(organization=organization, name=name, hue=hue) for name, hue in TAGS)
    customers = _customers(organization, people, now, random)
    _save(Customer, customers)
    contacts = _contacts(organization, customers, now, random)
    _save(Contact, contacts)
    _connect(organization, customers, contacts, tags, random)


def _customers(organization: Organization, people: list[User], now: datetime, random: Random) -> list[Customer]:
    names = [(first, second) for second in SECOND_PARTS for first in FIRST_PARTS]
    random.shuffle(names)
    customers = []
    for first, (second, industry) in names[:CUSTOMERS]:
        place, owner = random.choice(PLACES), random.choice(people)
        lifecycle = random.choice(LIFECYCLES)
        created = now - timedelta(days=random.randint(20, 1500), minutes=random.randint(0, 1400))
        customer = Customer(
            organization=organization,
            name=f"{first} {second}",
            legal_name=f"{first} {second} {place.suffix}",
            kind=CustomerKind.COMPANY,
            lifecycle=lifecycle,
            industry=industry,
            size=random.choice([12, 25, 48, 90, 140, 260, 480, 900, 1140, 2600]),
            annual_revenue=Decimal(random.randint(8, 420) * 1000) if lifecycle in {Lifecycle.CUSTOMER, Lifecycle.DORMANT} else None,
            website=f"https://www.{_slug(first + second)}.example",
            phone=_phone(place, random),
            email=f"office@{_slug(first + second)}.example",
            billing_street=place.street.format(random.randint(2, 180)),
            billing_city=place.city,
            billing_postal_code=place.postal_code,
            billing_region=place.region,
            billing_country=place.country,
            source=random.choice(SOURCES),
            preferred_language=place.language,
            preferred_channel=random.choice([Channel.EMAIL, Channel.PHONE, ""]),
            owner=owner,
            team=owner.team,
            created_at=created,
            created_by=owner,
            updated_by=owner,
            updated_at=created + (now - created) * random.random(),
        )
        customers.append(customer)
    return customers


def _contacts(organization: Organization, customers: list[Customer], now: datetime, random: Random) -> list[Contact]:
    contacts = []
    for number in range(CONTACTS):
        customer = customers[number % len(customers)] if number < len(customers) else random.choice(customers)
        first, last = random.choice(GIVEN), random.choice(FAMILY).replace("~", " ")
        host = customer.website.removeprefix("https://www.")
        contact = Contact(
            organization=organization,
            first_name=first,
            last_name=last,
            customer=customer,
            job_title=random.choice(TITLES),
            email=f"{_slug(first)}.{_slug(last)}{number}@{host}",
            phone=f"{customer.phone[:-3]}{random.randint(100, 999)}",
            city=customer.billing_city,
            country=customer.billing_country,
            source=random.choice(SOURCES),
            preferred_language=customer.preferred_language,
            do_not_call=random.random() < 0.05,
            do_not_email=random.random() < 0.04,
            owner=customer.owner,
            team=customer.team,
            created_by=customer.owner,
            updated_by=customer.owner,
            created_at=max(customer.created_at, now - timedelta(days=random.randint(1, 900))),
        )
        contact.updated_at = contact.created_at
        contacts.append(contact)
    return contacts


def _save(model: type[Customer | Contact], records: list[Customer] | list[Contact]) -> None:
    for record in records:
        record.derive(record.organization)
    model._base_manager.bulk_create(records, batch_size=500)  # type: ignore[arg-type]  # one of the two lists
    add_access(model, [record.pk for record in records])
    record_type = record_types.of(model)
    rebuild_documents(record_type, records[0].organization_id)
    for owner in dict.fromkeys(record.owner for record in records):
        own = [record for record in records if record.owner == owner]
        log_changes([_made(record_type.key, record) for record in own], by=owner)


def _made(key: str, record: Customer | Contact) -> Change:
    return Change(record, CREATE, f"{key}.created", {"name": (None, str(record))}, at=record.created_at)


def _connect(organization: Organization, customers: list[Customer], contacts: list[Contact], tags: list[Tag], random: Random) -> None:
    """Parents, relationships, second roles and tags."""
    for child, parent in zip(customers[:24], customers[30:54], strict=True):
        child.parent = parent
    Customer._base_manager.bulk_update(customers[:24], ["parent"])
    kinds = list(RelationshipKind)
    Relationship.objects.bulk_create(
        Relationship(organization=organization, customer=customers[number], kind=kinds[number % 3], other=customers[number + 100])
        for number in range(40)
    )
    Affiliation.objects.bulk_create(
        Affiliation(organization=organization, contact=contact, customer=random.choice(customers[200:]), role="Adviser")
        for contact in contacts[:40]
    )
    CustomerTag.objects.bulk_create(
        CustomerTag(organization=organization, customer=customer, tag=random.choice(tags))
        for customer in customers
        if random.random() < 0.4
    )
    ContactTag.objects.bulk_create(
        ContactTag(organization=organization, contact=contact, tag=random.choice(tags)) for contact in contacts if random.random() < 0.2
    )


def _phone(place: Place, random: Random) -> str:
    """A number that could be dialled there: as many digits as the country's numbers have."""
    count = {"DK": 6, "NO": 6, "FR": 8, "IT": 8}.get(place.country, 7)
    return f"{place.dialling}{random.randint(2, 8)}{random.randint(0, 10 ** (count - 1) - 1):0{count - 1}}"


def _slug(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isascii() and letter.isalnum())
