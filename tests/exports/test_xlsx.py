"""A list as a workbook: what Excel, and our own importer, read in it."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest

from crm.activities.actions.write import create_task
from crm.exports import actions, xlsx_file
from crm.exports.models import Export
from crm.jobs.run import run_here
from crm.users.models import User
from tests.exports.conftest import content
from tests.exports.test_jobs import FORM, again, done, interrupted_after
from tests.factories.customers import make_contact, make_customer

Exported = Callable[..., bytes]


def book(data: bytes) -> Any:
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    return openpyxl.load_workbook(io.BytesIO(data))


def values(data: bytes) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in book(data).worksheets[0].iter_rows()]


def test_numbers_are_numbers_days_are_days_and_text_is_text(alice: User, exported: Exported) -> None:
    alice.organization.time_zone = "Europe/Oslo"  # type: ignore[union-attr]
    alice.organization.save()  # type: ignore[union-attr]
    customer = make_customer(alice, "Vattvik", annual_revenue="1234.50", currency="SEK", size=12, registration_number="00012")
    make_contact(alice, birthday="1990-02-28")
    create_task([customer], by=alice, subject="Quote", due_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    found = values(exported(alice, "customer", "?cols=name,annual_revenue,size,registration_number,phone", format="xlsx"))
    assert found == [
        ["Name", "Annual revenue", "Currency", "Employees", "Registration number", "Phone"],
        ["Vattvik", 1234.5, "SEK", 12, "00012", None],
    ]
    assert values(exported(alice, "contact", "?cols=name,birthday", format="xlsx"))[1][1] == datetime(1990, 2, 28)
    assert values(exported(alice, "task", "?cols=subject,due_at", format="xlsx"))[1][1] == datetime(2026, 11, 23, 0, 30)


def test_days_look_as_the_organization_writes_them(alice: User, exported: Exported) -> None:
    alice.organization.date_format = "d.m.Y"  # type: ignore[union-attr]
    alice.organization.save()  # type: ignore[union-attr]
    make_contact(alice, birthday="1990-02-28")
    sheet = book(exported(alice, "contact", "?cols=name,birthday", format="xlsx")).worksheets[0]
    assert sheet["B2"].number_format == "dd.mm.yyyy"
    assert sheet.title == "Contacts" and sheet.freeze_panes == "A2" and sheet["A1"].font.bold


def test_what_begins_like_a_formula_is_text_and_stays_text(alice: User, exported: Exported) -> None:
    make_customer(alice, "=1+1", phone="+4930123456")
    data = exported(alice, "customer", "?cols=name,phone", format="xlsx")
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert '<c t="inlineStr" s="4"><is><t>=1+1</t></is></c>' in sheet and "<f>" not in sheet
    assert book(data).worksheets[0]["A2"].quotePrefix


@pytest.mark.parametrize("text", ["<b>&amp;</b>", " spaces ", "two\nlines", "emoji 🚀 é", 'say "x"', "]]>", "a\x0bb", "x" * 40_000])
def test_whatever_a_text_holds_is_a_file_that_opens(text: str, alice: User, exported: Exported) -> None:
    customer = make_customer(alice)
    type(customer).objects.filter(pk=customer.pk).update(description=text)
    found = values(exported(alice, "customer", "?cols=name,description", format="xlsx"))
    assert found[1][1] == text.replace("\x0b", "")[:32_767]


def test_numbers_that_sheets_cannot_hold_and_days_before_their_calendar_are_text() -> None:
    assert "inlineStr" in xlsx_file.number_cell("1234567890123456") and "inlineStr" not in xlsx_file.number_cell("-0.123456789012345")
    assert "inlineStr" in xlsx_file.day_cell("1899-01-01") and "inlineStr" in xlsx_file.time_cell("-12.5")
    assert "<v>46000</v>" in xlsx_file.time_cell("46000") and "<v>46000.5</v>" in xlsx_file.time_cell("46000.5")


def test_an_empty_list_is_a_sheet_with_a_header(alice: User, exported: Exported) -> None:
    assert len(values(exported(alice, "customer", "?f=name:is:nobody", format="xlsx"))) == 1


def test_a_worker_that_dies_leaves_a_workbook_that_opens(
    alice: User, alice_client: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    settings.EXPORT_CHUNK = 3
    monkeypatch.setattr(xlsx_file, "MOST_ROWS", 5)
    names = [f"Customer {number:02}" for number in range(17)]
    for name in names:
        make_customer(alice, name)
    alice_client.post("/exports/new/customer/?sort=name&cols=name", {**FORM, "format": "xlsx"})
    export = Export.objects.get()
    with interrupted_after(3):
        done(export)
    again(export)
    found = book(content(alice_client.get(f"/exports/{export.pk}/download/")))
    assert found.sheetnames == ["Customers", "Customers 2", "Customers 3", "Customers 4"]
    assert [row[0].value for sheet in found.worksheets for row in sheet.iter_rows(min_row=2)] == names
    assert [sheet["A1"].value for sheet in found.worksheets] == ["Name"] * 4


def test_our_own_importer_reads_it(alice: User, ada: User, exported: Exported) -> None:
    from crm.fields.record_types import record_types
    from crm.imports.actions import begin_import, start_check
    from crm.imports.models import Import

    make_customer(alice, "Vattvik", external_id="V-1", size=12)
    data = exported(alice, "customer", "?cols=name,external_id,size", format="xlsx")
    run = begin_import(record_types["customer"], "customers.xlsx", [data], by=alice)
    assert run_here(start_check(run, by=alice, queue_now=False)).error == ""
    assert Import.objects.get(pk=run.pk).count("s") == 1
