"""Work that is done ahead comes in its order, in the caller's language, and never asks the database."""

import threading

import pytest
from django.db import connection
from django.utils import translation

from crm.lib.ahead import ahead


def test_the_next_result_is_made_while_nobody_waits_for_it() -> None:
    numbers, made = iter(range(5)), threading.Event()

    def work() -> int:
        number = next(numbers)
        if number == 1:
            made.set()
        return number

    with ahead(work) as following:
        assert following() == 0
        assert made.wait(2), "1 is made although nobody asked for it yet"
        assert [following(), following()] == [1, 2]


def test_what_goes_wrong_is_raised_where_it_is_asked_for() -> None:
    with (
        translation.override("de"),
        ahead(lambda: 1 // 0 if translation.get_language() == "de" else 0) as following,
        pytest.raises(ZeroDivisionError),
    ):
        following()


@pytest.mark.django_db
def test_it_may_not_ask_the_database() -> None:
    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    with ahead(ask) as following, pytest.raises(RuntimeError, match="ahead"):
        following()
