"""Files as they come: real exports of other systems, and ones made to do harm, through the whole import."""

import contextlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from crm.jobs.models import JobLease
from crm.users.models import User
from customers.models import Contact, Customer
from tests.imports.conftest import REAL

pytestmark = pytest.mark.django_db


@pytest.fixture
def real() -> Path:
    if not REAL.is_dir():
        pytest.skip("the folder with real data is not here")
    return REAL


def run(what: str, file: Path, *arguments: str, code: int | None = 0) -> dict[str, Any]:
    """The command's JSON; `code` is the exit code that is expected."""
    out = io.StringIO()
    try:
        call_command("import", what, str(file), "--organization", "halden", "--json", *arguments, stdout=out)
    except SystemExit as end:
        assert end.code == code
    else:
        assert code == 0
    return dict(json.loads(out.getvalue()))


def test_the_accounts_of_a_sales_team(ada: User, real: Path) -> None:
    report = run("customers", real / "crm-sales/accounts.csv")
    assert (report["rows"], report["new"], report["refused"]) == (85, 85, [])
    assert report["mapping"]["account"] == "name"
    assert report["mapping"]["subsidiary_of"] == "parent"
    assert report["mapping"]["year_established"] is None
    assert Customer.objects.exclude(parent=None).count() == 15
    assert Customer.objects.get(name="Acme Corporation").industry == "technology", "“technolgy” is a slip of the pen"
    assert Customer.objects.get(name="Bioholding").billing_country == "PH"
    assert run("customers", real / "crm-sales/accounts.csv")["same"] == 85


def test_the_accounts_and_contacts_of_a_salesforce(ada: User, real: Path) -> None:
    accounts = run("customers", real / "import/salesforce/Account.csv")
    assert (accounts["rows"], accounts["new"]) == (18, 18)
    contacts = run("contacts", real / "import/salesforce/Contact.csv", code=1)
    assert (contacts["new"], {entry["row"] for entry in contacts["refused"]}) == (23, {11, 12})
    assert {entry["column"] for entry in contacts["refused"]} == {"Email"}, "“expressl&t.net” is no domain"
    rose = Contact.objects.get(first_name="Rose")
    assert rose.customer.name == "Edge Communications"
    assert (rose.phone, rose.points.get().value) == ("+15127576000", "+15127579340")
    again = run("contacts", real / "import/salesforce/Contact.csv", code=1)
    assert (again["new"], again["changed"], again["same"]) == (0, 0, 23)


def test_the_leads_of_a_salesforce_bring_their_companies(ada: User, real: Path) -> None:
    report = run("contacts", real / "import/salesforce/Lead.csv")
    assert (report["rows"], report["new"]) == (22, 22)
    assert Contact.objects.get(last_name="Boxer").customer.name == "Farmers Coop. of Florida"
    assert Customer.objects.filter(version=1).count() == Customer.objects.count() > 15


def test_the_samples_of_a_hubspot(ada: User, real: Path) -> None:
    run("customers", real / "import/hubspot/companies.csv")
    assert Customer.objects.get().domain == "hubspot.com"
    report = run("contacts", real / "import/hubspot/contacts_sample_import-1.csv")
    assert (report["rows"], report["new"]) == (11, 11)
    assert Contact.objects.exclude(customer=None).count() >= 1


def test_every_vcard_goes_through(ada: User, real: Path) -> None:
    files = sorted((real / "vcard").glob("*.vcf"))
    assert len(files) == 18
    for file in files:
        out = io.StringIO()
        with contextlib.suppress(SystemExit):
            call_command("import", "contacts", str(file), "--organization", "halden", "--json", "--dry-run", "--country", "US", stdout=out)
        report = json.loads(out.getvalue())
        assert report["rows"] == report["new"] + len({entry["row"] for entry in report["refused"]})
        assert all(entry["reason"].endswith((".", "”")) for entry in report["refused"])


def refusal(file: Path, what: str = "customers") -> str:
    with pytest.raises(CommandError) as caught:
        call_command("import", what, str(file), "--organization", "halden", stdout=io.StringIO())
    assert caught.value.returncode == 2
    assert not JobLease.objects.exists()
    return str(caught.value)


def test_a_file_of_five_gigabytes(ada: User, tmp_path: Path) -> None:
    file = tmp_path / "huge.csv"
    with file.open("wb") as out:
        out.write(b"Name\n")
        out.truncate(5 << 30)
    assert "5369 MB" in refusal(file)


def test_a_zip_bomb_named_xlsx(ada: User, tmp_path: Path) -> None:
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "<Types/>")
        with bomb.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(400):
                part.write(b"0" * (1 << 20))
    assert refusal(file).endswith(".")


def test_a_million_empty_columns(ada: User, tmp_path: Path) -> None:
    file = tmp_path / "wide.csv"
    file.write_text("Name" + "," * 1_000_000 + "\nA\n")
    try:
        report = run("customers", file, "--dry-run")
    except CommandError as error:
        assert "columns" in str(error)
    else:
        assert report["new"] == 1


def test_formulas_and_nul_bytes_do_no_harm(ada: User, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes(b'Name,City\n"=HYPERLINK(""http://x"")",Oslo\nA\x00B,Bergen\n')
    report = run("customers", file, code=1 if _has_nul_row(file) else 0)
    assert report["rows"] == 2
    assert "\0" not in json.dumps(report)
    assert Customer.objects.filter(name__startswith="=HYPERLINK").exists()


def _has_nul_row(file: Path) -> bool:
    from crm.imports.readers import open_table

    with open_table(file) as table:
        return any(row.problem for row in table.rows())


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 100, b"\x89PNG\r\n\x1a\n", b"<html></html>", b"Name\n"], ids=["empty", "nul", "png", "html", "no rows"]
)
def test_what_is_no_table_says_so_or_has_no_rows(ada: User, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file.csv"
    file.write_bytes(content)
    try:
        assert run("customers", file)["rows"] == 0
    except CommandError as error:
        assert len(str(error)) > 20
    assert not Customer.objects.exists()


def test_the_command_says_what_is_wrong_with_its_arguments(ada: User, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Name\nA\n")
    for arguments, words in (
        (["--organization", "nowhere"], "no organization"),
        (["--organization", "halden", "--as", "who@x.example"], "does not belong"),
        (["--organization", "halden", "--match", "email"], "cannot be matched"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("import", "customers", str(file), *arguments)
    with pytest.raises(CommandError, match="no file"):
        call_command("import", "customers", str(tmp_path / "none"), "--organization", "halden")


def test_a_dry_run_of_the_command_leaves_nothing(ada: User, tmp_path: Path, settings: Any) -> None:
    from crm.imports.models import Import, ImportRow

    file = tmp_path / "a.csv"
    file.write_text("Name\nA\n")
    assert run("customers", file, "--dry-run")["new"] == 1
    assert not Customer.objects.exists()
    assert not Import.objects.exists()
    assert not ImportRow.objects.exists()


def test_the_command_imports_as_whoever_is_named(ada: User, alice: User, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Name\nA\n")
    run("customers", file, "--as", alice.email)
    assert Customer.objects.get().owner == alice


def test_tasks_with_what_they_are_about(ada: User, alice: User, tmp_path: Path) -> None:
    from crm.activities.models import Task
    from tests.factories.customers import make_customer

    make_customer(ada, "Acme")
    file = tmp_path / "tasks.csv"
    file.write_text(
        "Subject,Due Date,Priority,Status,Assigned To,Account Name\n"
        f"Call,2026-12-24 15:00,High,Not Started,{alice.email},Acme\nOffer,2026-11-01,Normal,Completed,,\n"
    )
    report = run("tasks", file)
    assert (report["new"], report["mapping"]["Account Name"]) == (2, "customer")
    call, offer = Task.objects.get(subject="Call"), Task.objects.get(subject="Offer")
    assert (call.owner, call.priority, call.done_at, call.links.count()) == (alice, "high", None, 1)
    assert offer.done_at is not None


def test_windows_line_ends_and_a_foreign_encoding(ada: User, tmp_path: Path) -> None:
    file = tmp_path / "win.csv"
    file.write_bytes("Name;Ort\r\nMüller & Söhne;Köln\r\n".encode("cp1252"))
    run("customers", file)
    assert Customer.objects.get().billing_city == "Köln"


def test_the_command_adds_tags_where_it_is_asked_to_and_the_person_may(ada: User, alice: User, tmp_path: Path) -> None:
    file = tmp_path / "tagged.csv"
    file.write_text("Name,Tags\nA,fresh\n")
    with pytest.raises(CommandError, match="only administrators do"):
        run("customers", file, "--create-tags", "--as", alice.email)
    run("customers", file, "--create-tags")
    assert [tag.name for tag in Customer.objects.get().tags.all()] == ["fresh"]
