from customers.actions.contacts import add_affiliation, add_point, end_affiliation, make_primary, remove_point
from customers.actions.customers import relate, unrelate
from customers.actions.tags import create_tag, delete_tag, rename_tag

__all__ = [
    "add_affiliation",
    "add_point",
    "create_tag",
    "delete_tag",
    "end_affiliation",
    "make_primary",
    "relate",
    "remove_point",
    "rename_tag",
    "unrelate",
]
