"""The roles that every organization starts with. They can be changed there; these are their first values."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.users.models.roles import Reach, Verb

ACTIVITIES = ("task", "call", "meeting", "note", "email")
SALES = ("opportunity",)
RECORDS = ("customer", "contact", *SALES, *ACTIVITIES)


def _reaches(view: Reach, create: Reach, change: Reach, delete: Reach, export: Reach, share: Reach) -> dict[str, str]:
    values = (view, create, change, delete, export, share)
    return {str(verb): str(reach) for verb, reach in zip(Verb, values, strict=True)}


NONE, OWN, TEAM, TREE, ALL = Reach.NONE, Reach.OWN, Reach.TEAM, Reach.TREE, Reach.ALL

MANAGER = _reaches(TREE, ALL, TREE, TREE, TREE, TREE)
REP = _reaches(TEAM, TEAM, TEAM, OWN, OWN, OWN)
REP_ACTIVITY = _reaches(TEAM, TEAM, OWN, OWN, OWN, OWN)
MARKETER = _reaches(ALL, OWN, OWN, OWN, ALL, OWN)
SUPPORT_MANAGER = _reaches(ALL, TREE, TREE, OWN, TREE, TREE)
AGENT = _reaches(ALL, OWN, OWN, NONE, NONE, NONE)
OWN_ACTIVITY = _reaches(ALL, OWN, OWN, OWN, NONE, NONE)
READER = _reaches(ALL, NONE, NONE, NONE, NONE, NONE)

READY_ROLES: list[dict[str, Any]] = [
    {
        "key": "administrator",
        "name": _("Administrator"),
        "description": _("Runs the organization: people, roles, settings, all records."),
        "is_administrator": True,
        "reaches": {},
    },
    {
        "key": "sales-manager",
        "name": _("Sales manager"),
        "description": _("Leads teams: sees and changes what the own teams and those below own."),
        "reaches": dict.fromkeys(RECORDS, MANAGER),
    },
    {
        "key": "sales-rep",
        "name": _("Sales rep"),
        "description": _("Works customers of the own team; deletes and shares the own ones."),
        "reaches": {**dict.fromkeys(("customer", "contact", *SALES), REP), **dict.fromkeys(ACTIVITIES, REP_ACTIVITY)},
    },
    {
        "key": "marketer",
        "name": _("Marketer"),
        "description": _("Sees all customers and contacts, to address them; changes the own ones."),
        "reaches": {
            **dict.fromkeys(("customer", "contact"), MARKETER),
            **dict.fromkeys(SALES, READER),
            **dict.fromkeys(ACTIVITIES, OWN_ACTIVITY),
        },
    },
    {
        "key": "support-manager",
        "name": _("Support manager"),
        "description": _("Leads the help desk: sees all customers, changes those of the own teams."),
        "reaches": {**dict.fromkeys(RECORDS, SUPPORT_MANAGER), **dict.fromkeys(SALES, READER)},
    },
    {
        "key": "support-agent",
        "name": _("Support agent"),
        "description": _("Sees all customers with their history; changes the own ones."),
        "reaches": {
            **dict.fromkeys(("customer", "contact"), AGENT),
            **dict.fromkeys(SALES, READER),
            **dict.fromkeys(ACTIVITIES, OWN_ACTIVITY),
        },
        "levels": {"customer": {"annual_revenue": "hidden"}, "contact": {"birthday": "masked"}},
    },
    {
        "key": "read-only",
        "name": _("Read only"),
        "description": _("Sees everything, changes nothing."),
        "reaches": dict.fromkeys(RECORDS, READER),
    },
]
