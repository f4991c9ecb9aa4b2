from customers.actions.affiliations import add_affiliation, change_affiliation, make_main, remove_affiliation
from customers.actions.contacts import add_point, change_point, make_primary, remove_point
from customers.actions.customers import relate, unrelate
from customers.actions.tags import create_tag, delete_tag, merge_tags, rename_tag

__all__ = [
    "add_affiliation",
    "add_point",
    "change_affiliation",
    "change_point",
    "create_tag",
    "delete_tag",
    "make_main",
    "make_primary",
    "merge_tags",
    "relate",
    "remove_affiliation",
    "remove_point",
    "rename_tag",
    "unrelate",
]
