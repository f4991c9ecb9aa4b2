"""Doing the next piece of work while somebody waits for the database over the last one."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any, TypeVar

from django.db import connection
from django.utils import translation

T = TypeVar("T")


@contextmanager
def ahead(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Gives a function that returns what `work` returns, in the same order; the result after that is being made meanwhile in a thread.

    `work` speaks the language of now. It must not ask the database: the thread's connection has no tenant, so that is an error.
    """

    language, context = translation.get_language(), copy_context()

    def guarded() -> T:
        try:
            with translation.override(language), connection.execute_wrapper(_refused):
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        begun: list[Future[T]] = []

        def begin() -> None:
            begun.append(pool.submit(context.run, guarded))

        def take() -> T:
            result = begun.pop().result()
            begin()
            return result

        begin()
        yield take


def _refused(*_arguments: Any) -> Any:
    raise RuntimeError("What is done ahead must not ask the database.")
