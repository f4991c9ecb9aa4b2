"""The rows of one page of a list, in as few statements as its order allows."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.access.querysets import COUNT_CAP
from crm.api.asked import Asked
from crm.fields.record_types import RecordType
from crm.query.compiling import to_q
from crm.query.paging import Page, newest_page_of, page_of
from crm.query.rules import RuleError
from crm.search.find import candidate_ids
from crm.users.models import User


def rows_of(asked: Asked, record_type: RecordType, user: User, columns: set[str]) -> Page:
    """One page of what the person sees. Raises RuleError where too many rows would have to be sorted."""
    objects = record_type.objects().only(*columns)
    if asked.sort.is_default and not asked.is_filtered:
        return newest_page_of(objects, user, asked.limit, after=asked.cursor)
    rows = _matching(objects.visible_to(user), asked, record_type, user)
    if not asked.sort.is_indexed and rows.capped_count() > COUNT_CAP:
        text = _("Sorting by %(field)s works below %(most)d records: filter the list first.")
        raise RuleError(text % {"field": asked.sort.field.label, "most": COUNT_CAP})
    return page_of(rows, asked.sort, asked.limit, after=asked.cursor)


def _matching(rows: Any, asked: Asked, record_type: RecordType, user: User) -> Any:
    if asked.search:
        rows = rows.filter(_found(asked.search, record_type, user))
    return rows.filter(to_q(asked.rule, record_type, user)) if asked.rule.members else rows


def _found(text: str, record_type: RecordType, user: User) -> Q:
    """Two letters at least, as everywhere; the closest 200."""
    return Q(pk__in=candidate_ids(text, user, record_type))
