"""Following records by program: whoever made the token is told of what others change."""

from django.http import HttpResponse

from crm.api import openapi
from crm.api.described import described
from crm.api.entrance import TokenRequest, require_scope
from crm.api.router import RecordRouter, answer
from crm.notifications.actions import follow as follow_record
from crm.notifications.actions import unfollow as unfollow_record

openapi.register(Following={"type": "object", "required": ["follows"], "properties": {"follows": {"type": "boolean"}}})


def add_following(records: RecordRouter) -> None:
    """Two verbs more for the records of a type."""

    def follow(request: TokenRequest, pk: int) -> HttpResponse:
        user = require_scope(request, records.plural, "change")
        follow_record(records.found(user, pk), by=user)
        return answer({"follows": True})

    def unfollow(request: TokenRequest, pk: int) -> HttpResponse:
        user = require_scope(request, records.plural, "change")
        unfollow_record(records.found(user, pk), by=user)
        return answer({"follows": False})

    for verb in (follow, unfollow):
        records.add("POST", f"/{{int:pk}}/{verb.__name__}", verb, described("Following"))
