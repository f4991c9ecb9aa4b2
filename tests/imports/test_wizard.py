"""The wizard in a browser without scripts: file, columns, duplicates, dry run, import, undo."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from crm.imports.models import Import, ImportMapping, Stage
from crm.jobs.models import Job
from crm.jobs.run import run_here
from crm.users.models import Role, User
from customers.models import Customer, Tag
from tests.factories.customers import make_customer

FILE = "Name;Industry;Umsatz;Gegründet\nA;Software;1.204,50;1999\nB;Moonshine;99,90;2001\n"


def upload(client: Client, content: str | bytes = FILE, name: str = "customers.csv", **data: str) -> Any:
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return client.post("/imports/new/", {"file": file, **data})


def _uploaded(client: Client, content: str) -> int:
    assert upload(client, content).status_code == 302
    return Import.objects.latest("pk").pk


def work() -> None:
    """What a worker would do."""
    for job in Job.objects.exclude(state__in=("done", "failed", "cancelled")):
        assert run_here(job).state == "done"


def test_from_the_file_to_the_records_and_back(alice: User, alice_client: Client) -> None:
    page = upload(alice_client)
    run = Import.objects.get()
    assert page["Location"] == f"/imports/{run.pk}/columns/"
    columns = alice_client.get(page["Location"]).content.decode()
    for words in ("Map columns", "Umsatz", "1.204,50", "3 of 4 go to a field", "UTF-8 (detected)", "Semicolon ; (detected)"):
        assert words in columns
    answer = alice_client.post(page["Location"], {"column-0": "name", "column-1": "industry", "column-2": "annual_revenue", "column-3": ""})
    assert answer["Location"] == f"/imports/{run.pk}/match/"
    assert "Recognise records by" in alice_client.get(answer["Location"]).content.decode()
    answer = alice_client.post(answer["Location"], {"match": "name", "mode": "both", "problems": "skip"})
    assert answer["Location"] == f"/imports/{run.pk}/"
    assert 'hx-trigger="every 2s"' in alice_client.get(answer["Location"]).content.decode()
    work()
    result = alice_client.get(answer["Location"]).content.decode()
    assert "Nothing saved yet" in result
    assert "“Moonshine” is none of the choices" in result
    assert "Software" in alice_client.get(f"{answer['Location']}?rows=n").content.decode()
    assert not Customer.objects.exists()
    alice_client.post(f"/imports/{run.pk}/commit/")
    work()
    assert Customer.objects.get(name="A").annual_revenue == 1204.5
    assert "Undo the import" in alice_client.get(answer["Location"]).content.decode()
    alice_client.post(f"/imports/{run.pk}/undo/")
    work()
    assert not Customer.objects.filter(deleted_at=None).exists()
    assert "Undone: 2 removed" in alice_client.get(answer["Location"]).content.decode()


def test_a_running_page_reloads_when_the_work_is_done(alice: User, alice_client: Client) -> None:
    upload(alice_client)
    run = Import.objects.get()
    alice_client.post(f"/imports/{run.pk}/match/", {"match": "name", "mode": "both", "problems": "skip"})
    part = alice_client.get(f"/imports/{run.pk}/", headers={"HX-Request": "true"})
    assert "HX-Refresh" not in part
    assert "<html" not in part.content.decode()
    work()
    assert alice_client.get(f"/imports/{run.pk}/", headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_encoding_and_delimiter_can_be_corrected_and_the_first_rows_show_it(alice: User, alice_client: Client) -> None:
    upload(alice_client, "Name;Ort\nMüller;Köln\n".encode("cp1252"))
    run = Import.objects.get()
    page = f"/imports/{run.pk}/columns/"
    alice_client.post(page, {"reread": "1", "encoding": "cp437", "delimiter": ";"})
    assert "Müller" not in alice_client.get(page).content.decode()
    alice_client.post(page, {"reread": "1", "encoding": "cp1252", "delimiter": ";"})
    assert "Müller" in alice_client.get(page).content.decode()


def test_values_of_a_picklist_are_mapped_by_hand(alice: User, alice_client: Client) -> None:
    upload(alice_client)
    run = Import.objects.get()
    page = f"/imports/{run.pk}/choices/1/"
    shown = alice_client.get(page).content.decode()
    assert "Moonshine" in shown
    assert "Unknown" in shown
    alice_client.post(page, {"value-0": "software", "value-1": "food"})
    assert Import.objects.get().mapping[1]["choices"] == {"Software": "software", "Moonshine": "food"}
    alice_client.post(page, {"value-1": "no such choice"})
    assert Import.objects.get().mapping[1]["choices"]["Moonshine"] == "food"


def test_the_next_file_with_this_header_is_mapped_as_the_last_one(alice: User, alice_client: Client, bob_client: Client) -> None:
    upload(alice_client)
    run = Import.objects.get()
    alice_client.post(f"/imports/{run.pk}/columns/", {"column-0": "legal_name", "column-1": "", "column-2": "", "column-3": "name"})
    alice_client.post(f"/imports/{run.pk}/match/", {"match": "", "mode": "both", "problems": "skip"})
    assert ImportMapping.objects.count() == 1
    upload(alice_client)
    assert [column["target"] for column in Import.objects.latest("pk").mapping] == ["legal_name", "", "", "name"]
    upload(bob_client)
    assert Import.objects.latest("pk").mapping[0]["target"] == "name", "what alice chose is hers"


def test_two_columns_for_one_field_are_refused_with_words(alice: User, alice_client: Client) -> None:
    upload(alice_client)
    run = Import.objects.get()
    alice_client.post(f"/imports/{run.pk}/columns/", {"column-0": "name", "column-1": "industry", "column-2": "size", "column-3": "size"})
    answer = alice_client.post(f"/imports/{run.pk}/match/", {"match": "name", "mode": "both", "problems": "skip"})
    assert answer.status_code == 422
    assert "Two columns go to the same field" in answer.content.decode()


def test_a_field_that_is_not_offered_cannot_be_chosen(alice: User, alice_client: Client) -> None:
    Role.objects.filter(pk=alice.role_id).update(levels={"customer": {"annual_revenue": "hidden"}})
    upload(alice_client)
    run = Import.objects.get()
    assert "Annual revenue" not in alice_client.get(f"/imports/{run.pk}/columns/").content.decode()
    alice_client.post(f"/imports/{run.pk}/columns/", {"column-2": "annual_revenue"})
    assert Import.objects.get().mapping[2]["target"] == ""


def test_a_file_that_cannot_be_read_says_why(alice: User, alice_client: Client) -> None:
    answer = upload(alice_client, b"\x89PNG\r\n\x1a\n" + b"0" * 50, "picture.png")
    assert answer.status_code == 422
    assert "choose a CSV, XLSX or vCard file" in answer.content.decode()
    assert not Import.objects.exists()


def test_a_file_over_the_limit_is_refused(alice: User, alice_client: Client, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 20
    answer = upload(alice_client)
    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()


def test_stopping_on_problems(alice: User, alice_client: Client) -> None:
    upload(alice_client, "Name,Employees\nA,12\nB,many\n")
    run = Import.objects.get()
    alice_client.post(f"/imports/{run.pk}/match/", {"match": "name", "mode": "both", "problems": "stop"})
    work()
    assert "Mend the file" in alice_client.get(f"/imports/{run.pk}/").content.decode()
    alice_client.post(f"/imports/{run.pk}/commit/")
    assert Import.objects.get().stage == Stage.CHECKED
    refused = alice_client.get(f"/imports/{run.pk}/refused.csv")
    assert b"B,many" in b"".join(refused.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["", "columns/", "match/", "refused.csv", "choices/1/"])
def test_others_get_404(alice: User, alice_client: Client, bob_client: Client, charlie_client: Client, path: str) -> None:
    upload(alice_client)
    address = f"/imports/{Import.objects.get().pk}/{path}"
    assert bob_client.get(address).status_code == 404
    assert charlie_client.get(address).status_code == 404


@pytest.mark.parametrize("path", ["commit/", "undo/", "discard/"])
def test_others_cannot_act_on_it(alice: User, alice_client: Client, bob_client: Client, charlie_client: Client, path: str) -> None:
    upload(alice_client)
    address = f"/imports/{Import.objects.get().pk}/{path}"
    assert bob_client.post(address).status_code == 404
    assert charlie_client.post(address).status_code == 404
    assert Import.objects.exists()


def test_the_administrator_sees_all_imports_and_bob_only_his(
    alice: User, alice_client: Client, bob_client: Client, ada_client: Client
) -> None:
    upload(alice_client)
    assert b"customers.csv" in ada_client.get("/imports/").content
    assert b"customers.csv" not in bob_client.get("/imports/").content


def test_rita_who_only_reads_is_told_so(cast: dict[str, User], client_of: Callable[[User], Client]) -> None:
    assert upload(client_of(cast["rita"])).status_code == 403


def test_the_dry_run_shows_no_hidden_record(alice: User, dora: User, alice_client: Client) -> None:
    make_customer(dora, "Zanzibar Secret", external_id="7")
    upload(alice_client, "Id,Name\n7,Guess\n")
    run = Import.objects.get()
    alice_client.post(f"/imports/{run.pk}/match/", {"match": "external_id", "mode": "both", "problems": "skip"})
    work()
    for kind in "rcns":
        assert b"Zanzibar" not in alice_client.get(f"/imports/{run.pk}/?rows={kind}").content
    assert "outside of what you see. Ask Ada" in alice_client.get(f"/imports/{run.pk}/").content.decode()


def test_pages_of_rows_follow_each_other(alice: User, alice_client: Client) -> None:
    upload(alice_client, "Name\n" + "".join(f"Customer {n:03}\n" for n in range(120)))
    run = Import.objects.get()
    alice_client.post(f"/imports/{run.pk}/match/", {"match": "", "mode": "both", "problems": "skip"})
    work()
    seen, address = [], f"/imports/{run.pk}/?rows=n"
    for _page in range(3):
        page = alice_client.get(address)
        seen += [line["row"].label for line in page.context["rows"]]
        address = f"/imports/{run.pk}/{page.context['next']}"
    assert seen == [f"Customer {n:03}" for n in range(120)]


def test_throwing_it_away(alice: User, alice_client: Client) -> None:
    upload(alice_client)
    alice_client.post(f"/imports/{Import.objects.get().pk}/discard/")
    assert not Import.objects.exists()


def test_a_second_window_is_led_to_where_the_import_is_by_now(alice: User, alice_client: Client) -> None:
    pk = _uploaded(alice_client, "Name\nAcme\n")
    for path in ("columns", "match"):
        assert alice_client.post(f"/imports/{pk}/{path}/", {"mode": "both", "problems": "skip", "column-0": "name"}).status_code == 302
    assert Import.objects.get(pk=pk).stage == "checking"
    for path in ("columns", "match"):
        answer = alice_client.post(f"/imports/{pk}/{path}/", {"mode": "both", "problems": "skip"})
        assert (answer.status_code, answer["Location"]) == (302, f"/imports/{pk}/")
        assert alice_client.get(f"/imports/{pk}/{path}/")["Location"] == f"/imports/{pk}/"
    assert Job.objects.filter(kind="import.check").count() == 1, "the second click starts no second dry run"


def test_the_decimal_mark_that_was_chosen_stays(alice: User, alice_client: Client) -> None:
    pk = _uploaded(alice_client, "Name,Annual revenue\nAcme,1.204\n")
    columns = {"column-0": "name", "column-1": "annual_revenue"}
    for mark in (",", ".", ","):
        alice_client.post(f"/imports/{pk}/columns/", {**columns, "decimal-1": mark})
        assert Import.objects.get(pk=pk).mapping[1]["decimal"] == mark


def test_formats_are_those_of_the_file_and_not_of_the_last_one(alice: User, alice_client: Client) -> None:
    columns = {"column-0": "name", "column-1": "created_at"}
    first = _uploaded(alice_client, "Name,Created\nAcme,31/01/2026\n")
    alice_client.post(f"/imports/{first}/columns/", columns)
    alice_client.post(f"/imports/{first}/match/", {"mode": "both", "problems": "skip"})
    second = _uploaded(alice_client, "Name,Created\nOther,01/31/2026\n")
    assert Import.objects.get(pk=second).mapping[1]["date"] == "mdy"


def test_the_page_says_when_no_column_goes_to_what_every_record_needs(alice: User, alice_client: Client) -> None:
    pk = _uploaded(alice_client, "Id,City\n1,Oslo\n")
    assert b"No column goes to Name" in alice_client.get(f"/imports/{pk}/columns/").content


def test_a_file_over_the_limit_is_read_past_and_kept_nowhere(alice: User, alice_client: Client, settings: Any, tmp_path: Path) -> None:
    settings.IMPORT_MAX_BYTES, settings.FILE_UPLOAD_TEMP_DIR, settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000, str(tmp_path), 0
    for size in (1_500_000, 3_000_000):
        answer = upload(alice_client, b"Name\n" + b"A\n" * (size // 2))
        assert answer.status_code == 422
        assert "larger than the 1.0\xa0MB" in answer.content.decode()
        assert list(tmp_path.iterdir()) == []
    assert not Import.objects.exists()


def test_an_upload_from_somewhere_else_is_refused(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert upload(client).status_code == 403


def test_a_stopped_dry_run_leads_the_whole_page_back_to_the_columns(alice: User, alice_client: Client) -> None:
    pk = _uploaded(alice_client, "Name\nAcme\n")
    alice_client.post(f"/imports/{pk}/match/", {"mode": "both", "problems": "skip"})
    job = Job.objects.get()
    alice_client.post(f"/jobs/{job.pk}/cancel/")
    assert run_here(job).state == "cancelled"
    asked = alice_client.get(f"/imports/{pk}/", headers={"HX-Request": "true"})
    assert (asked.status_code, asked["HX-Redirect"], asked.content) == (204, f"/imports/{pk}/columns/", b"")
    assert b"The dry run was stopped" in alice_client.get(f"/imports/{pk}/columns/").content
    assert alice_client.get(f"/imports/{pk}/")["Location"] == f"/imports/{pk}/columns/"


def test_values_are_shown_as_people_read_them(alice: User, alice_client: Client) -> None:
    make_customer(alice, "Acme", external_id="1", annual_revenue=1200, billing_country="NO", created_at=timezone.now())
    pk = _uploaded(alice_client, "Id,Name,Annual revenue,Country,Industry\n1,Acme,1204.5,Sweden,Software\n2,New,7,,\n")
    alice_client.post(f"/imports/{pk}/match/", {"mode": "both", "problems": "skip", "match": "external_id"})
    work()
    page = alice_client.get(f"/imports/{pk}/?rows=c").content.decode()
    assert '<del class="mut">1,200</del> → 1,204.50' in page
    assert '<del class="mut">Norway</del> → Sweden' in page
    assert "→ Software" in page


def test_dates_numbers_and_yes_or_no_are_shown_as_they_are_read(alice: User, alice_client: Client) -> None:
    pk = _uploaded(alice_client, "Last name;Birthday;Do not call\nEk;31/01/1980;nein\nDahl;01.02.1975;ja\nBerg;31/31/1980;vielleicht\n")
    page = alice_client.get(f"/imports/{pk}/columns/").content.decode()
    assert "01.02.1975 → <b>1 Feb 1975</b>" in page
    assert '<code class="bad">31/31/1980</code>' in page
    assert "1 value unclear" in page
    assert "nein → <b>No</b>" in page
    columns = {"column-0": "last_name", "column-1": "birthday", "column-2": "do_not_call"}
    alice_client.post(f"/imports/{pk}/columns/", {**columns, "date-1": "mdy", "reread": "1"})
    assert "01.02.1975 → <b>2 Jan 1975</b>" in alice_client.get(f"/imports/{pk}/columns/").content.decode()


def test_a_decimal_comma_is_shown_as_it_is_read(alice: User, alice_client: Client) -> None:
    pk = _uploaded(alice_client, "Name;Umsatz\nA;1.204,50\n")
    assert "1.204,50 → <b>1,204.50</b>" in alice_client.get(f"/imports/{pk}/columns/").content.decode()


def test_nobody_is_warned_of_an_owner_that_the_next_step_asks_for(alice: User, alice_client: Client) -> None:
    pk = _uploaded(alice_client, "Name\nAcme\n")
    assert b"No column goes to" not in alice_client.get(f"/imports/{pk}/columns/").content


def test_refused_rows_show_the_value_that_was_refused(alice: User, alice_client: Client) -> None:
    pk = _uploaded(alice_client, "Name,Email,Employees\nA,no address,many\n,b@x.example,2\n")
    alice_client.post(f"/imports/{pk}/match/", {"match": "", "mode": "both", "problems": "skip"})
    work()
    page = alice_client.get(f"/imports/{pk}/?rows=r").content.decode()
    assert "<th>Value</th>" in page
    assert '<code class="bad">no address</code>' in page
    assert '<code class="bad">many</code>' in page
    assert [line["remarks"][0][:2] for line in alice_client.get(f"/imports/{pk}/?rows=r").context["rows"]] == [
        ("Email", "no address"),
        ("Name", ""),
    ]


def test_tags_that_do_not_exist_are_named_and_offered_to_whoever_may_add_them(
    alice: User, alice_client: Client, ada: User, ada_client: Client
) -> None:
    file = 'Name,Tags\nA,"VIP; partner"\nB,vip\n'
    pk = _uploaded(ada_client, file)
    page = ada_client.get(f"/imports/{pk}/match/").content.decode()
    assert "Add tags that do not exist yet" in page
    assert "In the file and not here yet: VIP, partner" in page
    ada_client.post(f"/imports/{pk}/match/", {"match": "name", "mode": "both", "problems": "skip", "create_tags": "on"})
    work()
    ada_client.post(f"/imports/{pk}/commit/")
    work()
    assert {tag.name for tag in Tag.objects.all()} == {"VIP", "partner"}
    pk = _uploaded(alice_client, file.replace("partner", "unheard of"))
    page = alice_client.get(f"/imports/{pk}/match/").content.decode()
    assert "they are left out: unheard of." in page
    assert "Add tags that do not exist yet" not in page


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "The file is empty"),
        ("a.csv", b"   \n  \n", "The file is empty"),
        ("a.xlsx", OLD + "EncryptedPackage".encode("utf-16-le"), "This workbook has a password"),
        ("a.xls", OLD + "Workbook".encode("utf-16-le"), "This is a workbook of an old Excel (.xls)"),
        ("a.csv", b'[{"name": "A"}]', "JSON files cannot be imported"),
        ("a.csv", b"%PDF-1.7 1 0 obj", "This is a document, not a table"),
    ],
)
def test_a_file_that_cannot_be_imported_is_refused_with_what_to_do(
    alice: User, alice_client: Client, name: str, content: bytes, sentence: str
) -> None:
    answer = upload(alice_client, content, name)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_header_without_rows_and_a_delimiter_that_was_missed_are_pointed_out(alice: User, alice_client: Client) -> None:
    pk = _uploaded(alice_client, "Name,City\n")
    assert "no row below it" in alice_client.get(f"/imports/{pk}/columns/").content.decode()
    pk = _uploaded(alice_client, "Name,City\nA,Oslo\n")
    alice_client.post(f"/imports/{pk}/columns/", {"reread": "1", "delimiter": "none"})
    assert "Each row was read as a single value" in alice_client.get(f"/imports/{pk}/columns/").content.decode()


def test_columns_of_the_same_name_are_told_apart_and_the_page_says_how(alice: User, alice_client: Client) -> None:
    pk = _uploaded(alice_client, "Name,City,City\nA,Oslo,Bergen\n")
    assert "told apart as “City”, “City (2)”." in alice_client.get(f"/imports/{pk}/columns/").content.decode()


def test_where_nothing_can_be_imported_the_page_says_why(alice: User, alice_client: Client) -> None:
    for file, sentence in (("Name,Employees\nA,many\n", "No row can be imported"), ("Name\n", "the file has no rows")):
        pk = _uploaded(alice_client, file)
        alice_client.post(f"/imports/{pk}/match/", {"match": "name", "mode": "both", "problems": "skip"})
        work()
        page = alice_client.get(f"/imports/{pk}/").content.decode()
        assert sentence in page
        assert "Import customers</button>" not in page


def test_a_name_of_spaces_is_no_name(alice: User, alice_client: Client) -> None:
    pk = _uploaded(alice_client, "Name,City\n  ,  \nA,Oslo\n")
    alice_client.post(f"/imports/{pk}/match/", {"match": "", "mode": "both", "problems": "skip"})
    work()
    assert "There is no name. Fill it in" in alice_client.get(f"/imports/{pk}/").content.decode()
