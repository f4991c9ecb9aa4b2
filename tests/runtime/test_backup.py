"""A backup is a whole installation in one file, and comes back row for row, or not at all."""

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from crm.runtime.backup import read_manifest, write_backup
from crm.runtime.errors import CannotStart
from crm.runtime.restore import read_secret_key, restore_backup
from crm.tenancy.transaction import tenant
from crm.users.models import User
from tests.factories.customers import make_contact, make_customer
from tests.factories.people import make_cast, make_organization
from tests.runtime.installations import connect, contents, empty_installation

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def alice(transactional_db: None) -> User:
    organization, other = make_organization("Halden Instruments", "halden"), make_organization("Other Ltd", "other")
    with tenant(organization):
        alice = make_cast(organization, other)["alice"]
        make_contact(alice, "Zoë", "Grüning \\ 'x' \n tab\t", customer=make_customer(alice, "Nordhavn Brewing"))
    return alice


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    upload = tmp_path / "files" / "imports" / "1" / "file"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"Name\nAcme\n")
    return tmp_path / "files"


def test_every_table_and_file_comes_back_as_it_was(alice: User, media: Path, tmp_path: Path, settings: Any) -> None:
    backup = tmp_path / "tern.tar"
    written = write_backup(backup)
    before = contents(connections["owner"].settings_dict)
    assert before["customers_contact"][0] == 1
    assert backup.stat().st_mode & 0o777 == 0o600
    with empty_installation(settings, tmp_path / "restored") as restored:
        assert restore_backup(backup) == written
        assert contents(restored) == before
        assert (tmp_path / "restored/imports/1/file").read_bytes() == b"Name\nAcme\n"
        with connect(restored, restored["NAME"]) as connection:
            forced = "SELECT bool_and(relrowsecurity AND relforcerowsecurity) FROM pg_class WHERE relname = 'customers_customer'"
            assert connection.execute(forced).fetchone() == (True,)
        with pytest.raises(CannotStart, match="overwrites nothing"):
            restore_backup(backup)


@pytest.mark.parametrize("cut", [100, 20_000, -20_000])
def test_a_backup_that_was_cut_off_restores_nothing(alice: User, media: Path, tmp_path: Path, settings: Any, cut: int) -> None:
    backup = tmp_path / "tern.tar"
    write_backup(backup)
    backup.write_bytes(backup.read_bytes()[:cut])
    with empty_installation(settings, tmp_path / "restored") as restored:
        with pytest.raises(CannotStart):
            restore_backup(backup)
        assert contents(restored) == {}


def test_a_backup_of_a_newer_program_is_refused(alice: User, tmp_path: Path, settings: Any) -> None:
    backup, newer = tmp_path / "tern.tar", tmp_path / "newer.tar"
    write_backup(backup)
    with tarfile.open(backup) as source, tarfile.open(newer, "w") as target:
        for member in source:
            content = source.extractfile(member)
            assert content
            if member.name == "manifest.json":
                facts = json.loads(content.read())
                facts["migrations"]["customers"] = "9999_tomorrow"
                (tmp_path / "manifest").write_text(json.dumps(facts))
                target.add(tmp_path / "manifest", "manifest.json")
            else:
                target.addfile(member, content)
    with empty_installation(settings, tmp_path / "restored"), pytest.raises(CannotStart, match="customers 9999_tomorrow is not known"):
        restore_backup(newer)


def test_an_archive_cannot_write_outside_of_its_folder(alice: User, tmp_path: Path, settings: Any) -> None:
    backup = tmp_path / "tern.tar"
    write_backup(backup)
    (tmp_path / "evil").write_text("x")
    with tarfile.open(backup, "a") as tar:
        tar.add(tmp_path / "evil", "../../outside")
        tar.add(tmp_path / "evil", str(tmp_path / "absolute"))
    with empty_installation(settings, tmp_path / "deep" / "er" / "restored"):
        restore_backup(backup)
    assert not (tmp_path / "deep" / "outside").exists()
    assert not (tmp_path / "absolute").exists()


def test_a_backup_overwrites_nothing_and_other_files_are_no_backups(alice: User, tmp_path: Path) -> None:
    backup = tmp_path / "tern.tar"
    backup.write_text("something else")
    with pytest.raises(CannotStart, match="exists already"):
        write_backup(backup)
    with pytest.raises(CannotStart, match="no backup of Tern"):
        read_manifest(backup)
    with pytest.raises(CannotStart, match="holds no secret key"):
        read_secret_key(backup)
    with pytest.raises(CannotStart, match="Tern cannot"):
        read_manifest(tmp_path / "nowhere.tar")
    assert backup.read_text() == "something else"


def test_the_secret_key_goes_into_a_file_of_its_own(alice: User, tmp_path: Path, settings: Any) -> None:
    backup, key = tmp_path / "tern.tar", tmp_path / "key.json"
    call_command("backup", str(backup), "--secrets", str(key))
    assert read_secret_key(key) == settings.SECRET_KEY
    assert key.stat().st_mode & 0o777 == 0o600
    assert settings.SECRET_KEY.encode() not in backup.read_bytes()


def test_a_role_that_sees_not_all_rows_backs_up_nothing(alice: User, tmp_path: Path) -> None:
    owner, app = connections["owner"], connections["default"].settings_dict
    before = dict(owner.settings_dict)
    owner.close()
    owner.settings_dict.update(USER=app["USER"], PASSWORD=app["PASSWORD"])
    try:
        with pytest.raises(CannotStart, match="does not see all rows"):
            write_backup(tmp_path / "tern.tar")
    finally:
        owner.close()
        owner.settings_dict.update(before)
    assert list(tmp_path.iterdir()) == []
