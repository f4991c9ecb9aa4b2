"""One door for all files: what a file is, its content says, never its name."""

from __future__ import annotations

import os
import re
from pathlib import Path

from django.utils.translation import gettext as _

from .csv_table import CsvTable
from .table import Limits, Table, UnreadableFile
from .vcard_table import VCardTable

JSON = re.compile(rb"""(?:\[\s*)?\{\s*"[^"]+"\s*:""")
SEARCHED = 16 << 20
BEGIN_CARD = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*BEGIN\s*:\s*VCARD", re.IGNORECASE)


def open_table(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    quote: str | None = None,
    escape: str | None = None,
    header: bool | None = None,
    limits: Limits | None = None,
) -> Table:
    """Open a CSV, XLSX or vCard file; what is not given is guessed, and table.confidence says how surely.

    encoding: a Python codec name. delimiter: one character, "" for a single column. quote: one character, "" for none. escape: "" or a
    backslash. sheet: the name of a sheet. header: whether there is one.
    Raises UnreadableFile for everything that cannot be read.
    """
    limits = limits or Limits()
    path = Path(path)
    head = _head(path, limits)
    for mark in (delimiter, quote, escape):
        if mark is not None and (len(mark) > 1 or mark in ("\r", "\n")):
            raise UnreadableFile(_("A delimiter, quote or escape is a single character: choose one of the list."))
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        from .xlsx_table import XlsxTable  # noqa: PLC0415  # each start of a process would pay for what only spreadsheets need

        return XlsxTable(path, limits, sheet=sheet, header=header)
    _refuse_foreign(head, path)
    if _is_vcard(head):
        return VCardTable(path, limits, encoding=encoding)
    return CsvTable(path, limits, encoding=encoding, delimiter=delimiter, quote=quote, escape=escape, header=header)


def _head(path: Path, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(2048)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise UnreadableFile(_("The file cannot be opened (%(reason)s): choose it again.") % {"reason": reason}) from error
    if size > limits.max_bytes:
        message = _("The file has %(size)d MB, more than the %(limit)d MB that can be imported at once: split it.")
        raise UnreadableFile(message % {"size": -(-size // 1_000_000), "limit": limits.max_bytes // 1_000_000})
    if not size:
        raise UnreadableFile(_("The file is empty: export it again and choose the new file."))
    return head


def _is_vcard(head: bytes) -> bool:
    if BEGIN_CARD.match(head):
        return True
    return head[:2] in (b"\xff\xfe", b"\xfe\xff") and bool(BEGIN_CARD.match(head[2:].replace(b"\0", b"")))


def _refuse_foreign(head: bytes, path: Path) -> None:
    """Files that other programs write and that are no table of text."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise UnreadableFile(_compound(path))
    if head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")):
        raise UnreadableFile(_("The file is compressed: unpack it first and choose the file inside."))
    if head.startswith(b"%PDF") or start.startswith(b"{\\rtf"):
        raise UnreadableFile(_("This is a document, not a table: export the data as CSV or XLSX."))
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml", b"<workbook")):
        raise UnreadableFile(_("This is a web page or XML, not a table: open it in a spreadsheet program and save it as CSV or XLSX."))
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"SQLite format 3\0", b"PAR1", b"\x7fELF", b"MZ\x90")):
        raise UnreadableFile(_("This is not a table: choose a CSV, XLSX or vCard file."))
    if JSON.match(start) or (path.suffix.lower() == ".json" and start.startswith((b"{", b"["))):
        raise UnreadableFile(_("JSON files cannot be imported: export the data as CSV or XLSX."))


def _compound(path: Path) -> str:
    """What the older programs of Microsoft wrote, and what workbooks with a password are still wrapped in."""
    with path.open("rb") as file:
        content = file.read(SEARCHED)
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _("This workbook has a password: save it as .xlsx without one.")
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return _("This is a workbook of an old Excel (.xls): open it and save it as .xlsx or CSV.")
    return _("This is a document of an old Office, or a workbook with a password: save the table as .xlsx or CSV without a password.")
