"""pytest plugin of `manage.py test`: tests marked `browser` are skipped with a reason where there is no Chromium.

With TERN_REQUIRE_BROWSER=1 a skipped browser test counts as failed, so that an absent browser cannot pass for a green run.
"""

import os
import shutil
from collections.abc import Generator

import pytest

ABSENT = "no Chromium on this machine (Debian: apt-get install chromium)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if shutil.which("chromium") is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=ABSENT))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and item.get_closest_marker("browser") and os.environ.get("TERN_REQUIRE_BROWSER") == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"A browser test was skipped where browsers are required: {reason}"
    return report
