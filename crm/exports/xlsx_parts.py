"""What stands around the rows of an XLSX file: the parts that say what the other parts are."""

import re

DAY, TIME, BOLD, QUOTED = 1, 2, 3, 4
"""Places in the list of cell formats below."""
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FORMATS = {"Y-m-d": "yyyy\\-mm\\-dd", "d.m.Y": "dd.mm.yyyy", "d/m/Y": "dd\\/mm\\/yyyy", "m/d/Y": "mm\\/dd\\/yyyy", "j M Y": "d mmm yyyy"}
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31
WIDTH = 20
SHEET_FOOT = "</sheetData></worksheet>"


def sheet_name(title: str, number: int) -> str:
    """ "Customers", "Customers 2" """
    behind = f" {number}" if number > 1 else ""
    return (FORBIDDEN.sub(" ", title).strip() or "Sheet")[: LONGEST_NAME - len(behind)] + behind


def sheet_path(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


def sheet_head(columns: int) -> str:
    """The header stays in sight."""
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    widths = f'<cols><col min="1" max="{max(1, columns)}" width="{WIDTH}" customWidth="1"/></cols>'
    return f'{XML}<worksheet xmlns="{MAIN}">{view}{widths}<sheetData>'


def around(names: list[str], date_format: str) -> dict[str, str]:
    """All other parts by path."""
    numbers = range(1, len(names) + 1)
    return {
        "[Content_Types].xml": _content_types(numbers),
        "_rels/.rels": _relations([("rId1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(names),
        "xl/_rels/workbook.xml.rels": _relations(
            [*((f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers), (f"rId{len(names) + 1}", "styles", "styles.xml")]
        ),
        "xl/styles.xml": _styles(FORMATS.get(date_format, FORMATS["Y-m-d"])),
    }


def _content_types(numbers: range) -> str:
    sheets = "".join(f'<Override PartName="/{sheet_path(n)}" ContentType="{KIND}.worksheet+xml"/>' for n in numbers)
    return (
        f'{XML}<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>{sheets}</Types>'
    )


def _relations(targets: list[tuple[str, str, str]]) -> str:
    entries = "".join(f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>' for key, kind, target in targets)
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'


def _workbook(names: list[str]) -> str:
    sheets = "".join(
        f'<sheet name="{name.replace("&", "&amp;").replace("<", "&lt;").replace(chr(34), "&quot;")}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, 1)
    )
    return f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _styles(day: str) -> str:
    """Cell formats: 0 usual, 1 day, 2 time, 3 bold, 4 text that begins like a formula and stays text."""
    return (
        f'{XML}<styleSheet xmlns="{MAIN}">'
        f'<numFmts count="2"><numFmt numFmtId="164" formatCode="{day}"/><numFmt numFmtId="165" formatCode="{day} hh:mm"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
