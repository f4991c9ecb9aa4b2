"""Menu entries, commands, and where the panels of this domain stand."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.activities.hanging import register_companions, register_parents, register_participants
from crm.setup.pages import SetupPage
from crm.setup.pages import register as register_setup_pages
from crm.ui.home import HomePanel
from crm.ui.home import register as register_home
from crm.ui.navigation import Command, Group, NavigationItem, register, register_command
from crm.ui.panels import Panel
from crm.ui.panels import register as register_panels
from crm.users.models import Reach
from customers.navigation.panels import contacts_of, customer_of, family_of, lately_changed, people_at, points_of, roles_of


def _sees(record_type: str) -> Any:
    return lambda user: user.reach(record_type, "view") != Reach.NONE


def _makes(record_type: str) -> Any:
    return lambda user: user.reach(record_type, "create") != Reach.NONE


register(
    NavigationItem(_("Customers"), "customer-list", "users", Group.SELL, order=10, shortcut="c", visible=_sees("customer"), on_phone=True),
    NavigationItem(
        _("Contacts"), "contact-list", "address-book", Group.SELL, order=20, shortcut="p", visible=_sees("contact"), on_phone=True
    ),
)
register_command(
    Command(_("New customer"), "customer-create", "building-plus", order=10, shortcut="c", visible=_makes("customer")),
    Command(_("New contact"), "contact-create", "user-plus", order=20, shortcut="p", visible=_makes("contact")),
)
register_panels(
    Panel("customer", "contacts", _("Contacts"), "customers/contacts/panel.html", contacts_of, order=10, needs="contact"),
    Panel("customer", "family", _("Related customers"), "customers/customers/family_panel.html", family_of, order=30),
    Panel("contact", "points", _("Ways to reach"), "customers/contacts/points_panel.html", points_of, order=10),
    Panel("contact", "roles", _("Roles at customers"), "customers/contacts/roles_panel.html", roles_of, order=20, needs="customer"),
)
register_home(
    HomePanel(
        "customers",
        _("Customers, lately changed"),
        _("The newest changes among the customers that you see"),
        "home/customers.html",
        lately_changed,
        wide=True,
        order=50,
        usual_for=frozenset({"sales-manager", "marketer", "support-manager", "support-agent", "read-only"}),
        may_have=_sees("customer"),
    ),
)

register_parents("customer", "contact")
register_companions("contact", customer_of)
register_participants("customer", people_at)
register_setup_pages(
    SetupPage(_("Tags"), "tag-list", "tag", _("Words on customers and contacts"), order=50),
    SetupPage(_("Doubles"), "double-list", "copy", _("Records that share what is to be unique"), order=55),
)
