# ruff: noqa: E501  # tables of data
"""Workbooks as people save them, and files that only pretend to be workbooks."""

import datetime as dt
import struct
import zipfile

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from crm.imports.readers import Limits, UnreadableFile, open_table

PARTS = {
    "[Content_Types].xml": "<Types/>",
    "xl/workbook.xml": '<workbook xmlns="urn:m" xmlns:r="urn:r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="rId2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/sharedStrings.xml": "<sst><si><t>Name</t></si><si><r><t>Rich </t></r><r><t>text</t></r><rPh><t>no</t></rPh></si></sst>",
    "xl/worksheets/sheet1.xml": '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row></sheetData></worksheet>',
}


@pytest.fixture
def workbook(tmp_path):
    def _save(fill, name="book.xlsx"):
        book = openpyxl.Workbook()
        fill(book)
        book.save(tmp_path / name)
        return tmp_path / name

    return _save


@pytest.fixture
def package(tmp_path):
    def _pack(name="book.xlsx", **changed):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, text in {**PARTS, **changed.get("parts", {})}.items():
                archive.writestr(part, text)
        return path

    return _pack


def read(path, **options):
    with open_table(path, **options) as table:
        return table, list(table.rows())


def test_values_become_text_as_people_see_them(workbook):
    def fill(book):
        sheet = book.active
        sheet.append(["Name", "Number", "Price", "Day", "Moment", "Active", "Share", "Phone", "Sum", "Time"])
        sheet.append(
            [
                "Gä & <x>",
                7.0,
                0.1 + 0.2,
                dt.date(2026, 2, 3),
                dt.datetime(2026, 2, 3, 20, 55),
                True,
                0.25,
                33612345678,
                1e20,
                dt.time(12, 30),
            ]
        )
        sheet["G2"].number_format = "0%"

    table, rows = read(workbook(fill))
    assert table.kind == "xlsx"
    assert rows[0].cells == [
        "Gä & <x>",
        "7",
        "0.3",
        "2026-02-03",
        "2026-02-03T20:55:00",
        "TRUE",
        "25%",
        "33612345678",
        "100000000000000000000",
        "12:30:00",
    ]


def test_dates_that_count_from_1904(workbook):
    def fill(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book.active.append(["Day"])
        book.active.append([dt.date(2026, 2, 3)])

    assert read(workbook(fill))[1][0].cells == ["2026-02-03"]


def test_formulas_without_a_stored_result_and_errors_are_reported_by_cell(workbook):
    def fill(book):
        book.active.append(["Name", "Sum", "Look-up"])
        book.active.append(["Acme", "=1+1", "x"])
        book.active.append(["Beta", 2, "#N/A"])
        book.active.append(["Gamma", 3, "y"])

    _table, rows = read(workbook(fill))
    assert "B2" in rows[0].problem
    assert "stored result" in rows[0].problem
    assert "C3" in rows[1].problem
    assert "#N/A" in rows[1].problem
    assert rows[2].cells == ["Gamma", "3", "y"]


def test_stored_results_of_formulas_are_used(package):
    sheet = '<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Sum</t></is></c></row><row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>'
    assert read(package(parts={"xl/worksheets/sheet1.xml": sheet}))[1][0].cells == ["2"]


def test_titles_above_the_header_gaps_and_row_numbers(workbook):
    def fill(book):
        book.active.append(["Report of 2026"])
        book.active.append([])
        book.active.append(["Name", "Email"])
        book.active.append(["Acme", "info@acme.example"])
        book.active["A9"] = "Beta"

    table, rows = read(workbook(fill))
    assert (table.columns, table.header_row, table.preamble) == (["Name", "Email"], 3, ["Report of 2026"])
    assert [(row.number, row.cells) for row in rows] == [(4, ["Acme", "info@acme.example"]), (9, ["Beta", ""])]


def test_sheets_can_be_chosen_and_hidden_ones_come_last(workbook):
    def fill(book):
        book.active.title = "Hidden"
        book.active.append(["secret"])
        book.active.sheet_state = "hidden"
        book.create_sheet("Empty")
        book.create_sheet("People").append(["Name"])

    path = workbook(fill)
    table, _rows = read(path)
    assert (table.sheets, table.sheet) == (["Hidden", "Empty", "People"], "People")
    assert read(path, sheet="Hidden")[0].columns == ["secret"]
    with pytest.raises(UnreadableFile, match="choose one of"):
        open_table(path, sheet="Nope")
    with pytest.raises(UnreadableFile, match="empty"):
        open_table(path, sheet="Empty")


def test_formatted_but_empty_columns_and_rows_are_harmless(workbook):
    def fill(book):
        book.active.append(["Name", "Email"])
        book.active.append(["Acme", "a@b.example"])
        book.active["XFD3"].fill = PatternFill("solid")
        book.active["A1048576"].fill = PatternFill("solid")

    table, rows = read(workbook(fill))
    assert (table.columns, len(rows)) == (["Name", "Email"], 1)


def test_a_million_empty_rows_and_columns_in_the_xml(package):
    empty = "".join(f'<row r="{n}"><c r="ZZZZ{n}" s="1"/></row>' for n in range(3, 200_000))
    sheet = PARTS["xl/worksheets/sheet1.xml"].replace("</sheetData>", empty + "</sheetData>")
    table, rows = read(package(parts={"xl/worksheets/sheet1.xml": sheet}))
    assert (table.columns, [row.cells for row in rows]) == (["Name"], [["Rich text"]])


def test_a_value_far_beyond_the_columns_is_reported(package):
    sheet = PARTS["xl/worksheets/sheet1.xml"].replace(
        "</sheetData>", '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="XFD3"><v>1</v></c></row></sheetData>'
    )
    _table, rows = read(package(parts={"xl/worksheets/sheet1.xml": sheet}))
    assert [bool(row.problem) for row in rows] == [False, True]


def test_a_cell_that_refers_to_a_missing_string_is_reported(package):
    sheet = PARTS["xl/worksheets/sheet1.xml"].replace("<v>1</v>", "<v>99</v>")
    assert "A2" in read(package(parts={"xl/worksheets/sheet1.xml": sheet}))[1][0].problem


def test_zip_bombs_are_refused_before_they_unpack(package):
    bomb = package(parts={"xl/worksheets/sheet1.xml": "<worksheet><sheetData>" + " " * 60_000_000})
    assert bomb.stat().st_size < 100_000
    with pytest.raises(UnreadableFile, match="Unpacked"):
        open_table(bomb)


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_says(package):
    path = package(parts={"xl/sharedStrings.xml": "<sst>" + "<si><t>x</t></si>" * 500_000 + "</sst>"})
    raw = path.read_bytes()
    size = struct.pack("<L", len("<sst>" + "<si><t>x</t></si>" * 500_000 + "</sst>"))
    path.write_bytes(raw.replace(size, struct.pack("<L", 1000)))
    with pytest.raises(UnreadableFile, match="damaged"):
        open_table(path)


def test_too_much_text_is_refused(package):
    path = package(parts={"xl/sharedStrings.xml": "<sst>" + "<si><t>some text</t></si>" * 5000 + "</sst>"})
    with pytest.raises(UnreadableFile, match="too much text"):
        open_table(path, limits=Limits(max_strings=10_000))


def test_entity_bombs_are_refused(package):
    entity = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    for part in ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"):
        with pytest.raises(UnreadableFile, match="damaged"):
            open_table(package(parts={part: entity + PARTS[part]}))


def test_what_is_no_workbook_is_refused_in_a_sentence(tmp_path, package):
    path = tmp_path / "book.xlsx"
    for content, word in [(b"PK\x03\x04 and then nothing", "damaged"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "password")]:
        path.write_bytes(content)
        with pytest.raises(UnreadableFile, match=word):
            open_table(path)
    for name, text, word in [
        ("notes.txt", "hello", "ZIP archive"),
        ("xl/workbook.bin", "x", "binary"),
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
    ]:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, text)
        with pytest.raises(UnreadableFile, match=word):
            open_table(path)


def test_a_csv_named_xlsx_is_read_as_what_it_is(tmp_path):
    path = tmp_path / "export.xlsx"
    path.write_text("Name;Ort\nAcme;Bonn\n")
    assert read(path)[0].kind == "csv"


def test_a_workbook_cut_off_in_the_middle_is_refused(workbook, tmp_path):
    path = workbook(lambda book: [book.active.append(["Name", str(n)]) for n in range(2000)])
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(UnreadableFile, match="damaged"):
        open_table(path)
