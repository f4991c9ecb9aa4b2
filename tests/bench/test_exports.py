"""The bench's export is a real one, and leaves nothing behind."""

import pytest

from bench.exports import export_beside_copy
from bench.report import export_line
from crm.exports import actions
from crm.exports.models import Export
from crm.users.models import User
from tests.factories.customers import make_customer


def test_an_export_is_measured_and_thrown_away(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    for number in range(5):
        make_customer(ada, f"Customer {number}")
    measured = export_beside_copy("halden")
    assert measured["rows"] == 5 and measured["bytes"] > measured["bytes of copy"] > 0
    assert "export 5 rows" in export_line(measured)
    assert not Export.objects.exists()
