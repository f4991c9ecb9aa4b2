"""An installation that an earlier Tern made is brought up to date, or stays as it was."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from crm.runtime import doctor, upgrade
from crm.runtime.errors import CannotStart
from crm.runtime.restore import restore_backup
from crm.runtime.upgrade import pending_migrations, require_standstill
from tests.runtime.installations import connect, contents, empty_installation

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
EARLIER = Path(__file__).parent / "data" / "earlier_installation.tar.xz"


@pytest.fixture
def earlier(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What somebody worked on with an earlier Tern; `default` goes there, too."""
    app = connections["default"]
    before = app.settings_dict["NAME"]
    monkeypatch.setattr(upgrade.heartbeat, "FADES_AFTER_SECONDS", -1)
    monkeypatch.setattr(upgrade.heartbeat, "KEY", "tern:worker:nobody")
    with empty_installation(settings, tmp_path / "files") as restored:
        with connect(restored, restored["NAME"]) as connection:
            for grant in ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE, SELECT ON SEQUENCES"):
                connection.execute(f"ALTER DEFAULT PRIVILEGES GRANT {grant} TO {app.settings_dict['USER']}".encode())
        restore_backup(EARLIER)
        app.close()
        app.settings_dict["NAME"] = restored["NAME"]
        yield restored
        app.close()
        app.settings_dict["NAME"] = before


def test_an_earlier_installation_is_brought_up_to_date_with_its_rows(earlier: dict[str, Any], tmp_path: Path) -> None:
    before = contents(earlier)
    pending = pending_migrations()
    assert pending
    assert upgrade.upgrade(tmp_path / "before.tar") == len(pending)
    assert pending_migrations() == []
    after = contents(earlier)
    kept = before.keys() - {"django_migrations", "django_content_type", "auth_permission"}  # which tell of the models that came
    assert {table: after[table][0] for table in kept} == {table: before[table][0] for table in kept}
    with connect(earlier, earlier["NAME"]) as connection:
        assert connection.execute("SELECT name FROM customers_customer WHERE size = 12").fetchall() == [("Nordhavn Brewery",)]


def test_what_fails_after_the_migrations_puts_everything_back(
    earlier: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(earlier)
    monkeypatch.setattr(upgrade, "EXAMINATIONS", (lambda: doctor.Finding(True, "The tables lost their policies."),))
    with pytest.raises(CannotStart, match="as it was before: The tables lost their policies") as failed:
        upgrade.upgrade(tmp_path / "before.tar")
    assert "before.tar stays" in str(failed.value)
    assert contents(earlier) == before
    assert pending_migrations()


def test_nothing_is_upgraded_while_people_work(earlier: dict[str, Any], tmp_path: Path) -> None:
    before = contents(earlier)
    with connect(earlier, earlier["NAME"]), pytest.raises(CannotStart, match="Stop web, worker and scheduler"):
        upgrade.upgrade(tmp_path / "before.tar")
    assert contents(earlier) == before
    assert not (tmp_path / "before.tar").exists()
    require_standstill()
