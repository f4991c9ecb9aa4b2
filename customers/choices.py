"""The words people choose from."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerKind(models.TextChoices):
    COMPANY = "company", _("Company")
    PERSON = "person", _("Person")


class Lifecycle(models.TextChoices):
    LEAD = "lead", _("Lead")
    PROSPECT = "prospect", _("Prospect")
    CUSTOMER = "customer", _("Customer")
    DORMANT = "dormant", _("Dormant")
    FORMER = "former", _("Former customer")
    PARTNER = "partner", _("Partner")
    SUPPLIER = "supplier", _("Supplier")
    COMPETITOR = "competitor", _("Competitor")
    OTHER = "other", _("Other")


class Industry(models.TextChoices):
    AGRICULTURE = "agriculture", _("Agriculture")
    AUTOMOTIVE = "automotive", _("Automotive")
    CHEMICALS = "chemicals", _("Chemicals")
    CONSTRUCTION = "construction", _("Construction")
    CONSULTING = "consulting", _("Consulting")
    EDUCATION = "education", _("Education")
    EMPLOYMENT = "employment", _("Employment")
    ENERGY = "energy", _("Energy")
    ENTERTAINMENT = "entertainment", _("Entertainment")
    FINANCE = "finance", _("Finance")
    FOOD = "food", _("Food and beverages")
    GOVERNMENT = "government", _("Government")
    HEALTHCARE = "healthcare", _("Healthcare")
    HOSPITALITY = "hospitality", _("Hospitality")
    INSURANCE = "insurance", _("Insurance")
    LEGAL = "legal", _("Legal")
    LOGISTICS = "logistics", _("Logistics")
    MANUFACTURING = "manufacturing", _("Manufacturing")
    MARKETING = "marketing", _("Marketing")
    MEDIA = "media", _("Media")
    NONPROFIT = "nonprofit", _("Non-profit")
    PHARMACEUTICALS = "pharmaceuticals", _("Pharmaceuticals")
    REAL_ESTATE = "real_estate", _("Real estate")
    RETAIL = "retail", _("Retail")
    SERVICES = "services", _("Services")
    SOFTWARE = "software", _("Software")
    TECHNOLOGY = "technology", _("Technology")
    TELECOMMUNICATIONS = "telecommunications", _("Telecommunications")
    UTILITIES = "utilities", _("Utilities")
    OTHER = "other", _("Other")


class Source(models.TextChoices):
    TRADE_SHOW = "trade_show", _("Trade show")
    WEBSITE = "website", _("Website")
    REFERRAL = "referral", _("Referral")
    PARTNER = "partner", _("Partner")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    CAMPAIGN = "campaign", _("Campaign")
    SOCIAL_MEDIA = "social_media", _("Social media")
    ADVERTISING = "advertising", _("Advertising")
    COLD_CALL = "cold_call", _("Cold call")
    PURCHASED_LIST = "purchased_list", _("Purchased list")
    IMPORT = "import", _("Import")
    FORM = "form", _("Web form")
    OTHER = "other", _("Other")


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    POST = "post", _("Post")
    MESSENGER = "messenger", _("Messenger")
    NONE = "none", _("None")


class PointKind(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")


class PointLabel(models.TextChoices):
    WORK = "work", _("Work")
    HOME = "home", _("Home")
    MOBILE = "mobile", _("Mobile")
    FAX = "fax", _("Fax")
    OTHER = "other", _("Other")


class RelationshipKind(models.TextChoices):
    PARTNER = "partner", _("Partner of")
    SUPPLIER = "supplier", _("Supplied by")
    RESELLER = "reseller", _("Reseller of")
    COMPETITOR = "competitor", _("Competitor of")
    ADVISER = "adviser", _("Advised by")

    @property
    def inverse(self) -> Any:
        """What the other customer is to the first one, in words."""
        return INVERSES.get(self, self.label)


# Those that are not here are the same from both sides.
INVERSES: dict[str, Any] = {
    RelationshipKind.SUPPLIER: _("Supplier of"),
    RelationshipKind.RESELLER: _("Sold on by"),
    RelationshipKind.ADVISER: _("Adviser of"),
}
MUTUAL = tuple(kind.value for kind in RelationshipKind if kind not in INVERSES)
TURNED = "turned-"


def direction_choices() -> list[tuple[str, Any]]:
    """Each relationship as one customer's page names it, from both sides; what the other side calls it begins with "turned-"."""
    return [
        choice
        for kind in RelationshipKind
        for choice in ((kind.value, kind.label), (f"{TURNED}{kind.value}", INVERSES.get(kind)))
        if choice[1]
    ]


class Hue(models.TextChoices):
    GREY = "grey", _("Grey")
    GREEN = "green", _("Green")
    AMBER = "amber", _("Amber")
    RED = "red", _("Red")
    BLUE = "blue", _("Blue")
    VIOLET = "violet", _("Violet")
    TEAL = "teal", _("Teal")
    PINK = "pink", _("Pink")
