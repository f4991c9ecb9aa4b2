"""Changing many records in a test, as a person does it: the form, the look, the button."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from crm.bulk.models import BulkChange


@pytest.fixture
def planned(client_of: Callable[[Any], Client]) -> Callable[..., BulkChange]:
    """`planned(alice, "customer", "assign", records, owner=bob.pk)`: what she has before her, nothing changed yet."""

    def plan(
        person: Any, type_: str, kind: str, records: Any = (), *, every: str | None = None, fields: Any = (), **form: Any
    ) -> BulkChange:
        ticks = [("every_match", "1"), ("list", every)] if every is not None else [("pk", record.pk) for record in records]
        query = urlencode([*ticks, *[("field", key) for key in fields]])
        answer = client_of(person).post(f"/bulk/new/{type_}/{kind}/?{query}", form)
        assert answer.status_code == 302, answer.context and [str(answer.context["form"].errors), answer.context["selection"].notices]
        return BulkChange.objects.get(pk=int(answer["Location"].strip("/").rsplit("/", 1)[1]))

    return plan


@pytest.fixture
def changed(planned: Callable[..., BulkChange], client_of: Callable[[Any], Client]) -> Callable[..., BulkChange]:
    """The same, and the button pressed."""

    def change(person: Any, *args: Any, **facts: Any) -> BulkChange:
        plan = planned(person, *args, **facts)
        client_of(person).post(f"/bulk/{plan.pk}/run/")
        plan.refresh_from_db()
        return plan

    return change
