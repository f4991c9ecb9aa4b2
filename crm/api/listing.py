"""The rows of one page of a list, as the pages read them."""

from django.utils.translation import gettext as _

from crm.access.querysets import COUNT_CAP
from crm.api.asked import Asked
from crm.fields.record_types import RecordType
from crm.query.paging import Page
from crm.query.rules import RuleError
from crm.records.listed import Listed
from crm.users.models import User


def rows_of(asked: Asked, record_type: RecordType, user: User, columns: set[str]) -> Page:
    """One page of what the person sees. Raises RuleError where too many rows would have to be sorted."""
    listed = Listed(record_type, user, asked.rule, asked.search)
    if not asked.sort.is_indexed and listed.count > COUNT_CAP:
        text = _("Sorting by %(field)s works below %(most)d records: filter the list first.")
        raise RuleError(text % {"field": asked.sort.field.label, "most": COUNT_CAP})
    return listed.page(asked.sort, asked.limit, columns, after=asked.cursor)
