"""The parts of an XLSX package: a capped ZIP archive, sheets, shared strings, number formats."""

from __future__ import annotations

import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, normpath
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, XMLParser
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from .table import Limits, UnreadableFile

CHUNK = 1 << 16
SMALL_PART = 32 << 20
SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"


class Sheet(NamedTuple):
    name: str
    part: str
    hidden: bool


@lru_cache(maxsize=1024)
def local(tag: str) -> str:
    """The tag's name without its namespace, either way of writing it."""
    return tag.rpartition("}")[2].rpartition(":")[2]


class Package:
    """The archive, its directory checked before anything is unpacked: size, ratio, number and names of parts."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise damaged() from error
        try:
            self._check_directory()
            self._parts = {info.filename.lstrip("/").lower(): info for info in self._zip.infolist()}
            self._refuse_other_formats()
        except UnreadableFile:
            self._zip.close()
            raise

    def close(self) -> None:
        self._zip.close()

    def _check_directory(self) -> None:
        infos = self._zip.infolist()
        unpacked = sum(info.file_size for info in infos)
        packed = sum(info.compress_size for info in infos)
        tight = any(info.file_size > SMALL_PART and info.file_size > self._limits.max_ratio * max(info.compress_size, 1) for info in infos)
        if unpacked > self._limits.max_unpacked or tight or (unpacked > SMALL_PART and unpacked > self._limits.max_ratio * max(packed, 1)):
            message = _(
                "Unpacked, the workbook would take %(size)d MB, too much to be a real table: save the sheet as CSV and import that."
            )
            raise UnreadableFile(message % {"size": unpacked // 1_000_000})
        if len(infos) > 20_000:
            raise UnreadableFile(_("The workbook has too many parts to be a real table: save the sheet as CSV and import that."))
        if any(info.flag_bits & 1 for info in infos):
            raise UnreadableFile(_("The workbook is protected by a password: save it without one."))

    def _refuse_other_formats(self) -> None:
        if "mimetype" in self._parts and self.small("mimetype")[:64].decode("ascii", "replace").startswith(SPREADSHEET[:38]):
            raise UnreadableFile(_("This is an OpenDocument file: save it as XLSX or CSV."))
        if "xl/workbook.bin" in self._parts:
            raise UnreadableFile(_("This is a binary Excel workbook (.xlsb): save it as .xlsx."))
        if not self.workbook():
            raise UnreadableFile(_("This is a ZIP archive, not a workbook: unpack it and choose the file inside."))

    def workbook(self) -> str:
        """The name of the part that lists the sheets, "" where there is none."""
        if "xl/workbook.xml" in self._parts:
            return "xl/workbook.xml"
        if "_rels/.rels" not in self._parts:
            return ""
        targets = [each.get("Target", "") for each in self.tree("_rels/.rels") if each.get("Type", "").endswith("/officeDocument")]
        return next((target.lstrip("/") for target in targets if self.has(target) and not target.startswith("word/")), "")

    def relations(self) -> dict[str, tuple[str, str]]:
        """Id to (kind, part) of everything the workbook part refers to."""
        workbook = self.workbook()
        folder = dirname(workbook)
        found: dict[str, tuple[str, str]] = {}
        for each in self.tree(f"{folder}/_rels/{workbook.rpartition('/')[2]}.rels"):
            target = each.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else normpath(f"{folder}/{target}")
            found[each.get("Id", "")] = (each.get("Type", "").rpartition("/")[2], part)
        return found

    def related(self, kind: str) -> str:
        """The part of this kind ("styles", "sharedStrings"), "" where there is none."""
        return next((part for found, part in self.relations().values() if found == kind and self.has(part)), "")

    def has(self, part: str) -> bool:
        return part.lstrip("/").lower() in self._parts

    def chunks(self, part: str, cap: int) -> Iterator[bytes]:
        """The bytes of a part; UnreadableFile when it is missing, broken, or gives more than `cap` bytes whatever the directory says."""
        total = 0
        try:
            with self._zip.open(self._parts[part.lstrip("/").lower()]) as file:
                while chunk := file.read(CHUNK):
                    total += len(chunk)
                    if total > cap:
                        raise UnreadableFile(_("A part of the workbook is too large: save the sheet as CSV and import that."))
                    yield chunk
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
            raise damaged() from error

    def small(self, part: str) -> bytes:
        return b"".join(self.chunks(part, SMALL_PART))

    def tree(self, part: str) -> Element:
        # Document types, the way to every XML attack on memory, are refused before the parser sees them.
        parser = XMLParser()  # noqa: S314
        try:
            for chunk in self.chunks(part, SMALL_PART):
                if b"<!DOCTYPE" in chunk:
                    raise damaged()
                parser.feed(chunk)
            root = parser.close()
        except (ParseError, ValueError) as error:
            raise damaged() from error
        if not isinstance(root, Element):
            raise damaged()
        return root

    def parse(
        self, part: str, cap: int, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], data: Callable[[str], None]
    ) -> Iterator[None]:
        """Feed a part through expat; yields after each chunk so that the caller can hand on what was found."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = data
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            for chunk in self.chunks(part, cap):
                parser.Parse(chunk, False)
                yield
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise damaged() from error
        yield


def damaged() -> UnreadableFile:
    return UnreadableFile(_("The workbook is damaged or is not a workbook at all: save it again as .xlsx or CSV."))


def _refuse_doctype(*_args: object) -> None:
    raise damaged()


def sheets_of(package: Package) -> tuple[list[Sheet], bool]:
    """The worksheets in their order, and whether dates count from 1904."""
    workbook = package.tree(package.workbook())
    targets = package.relations()
    sheets, since_1904 = [], False
    for element in workbook.iter():
        tag = local(element.tag)
        if tag == "workbookPr":
            since_1904 = element.get("date1904", "0") in ("1", "true")
        elif tag == "sheet":
            reference = next((value for key, value in element.attrib.items() if local(key) == "id" and key != "id"), "")
            kind, part = targets.get(reference, ("", ""))
            if package.has(part) and kind == "worksheet":
                sheets.append(Sheet(element.get("name", "") or part, part, element.get("state", "visible") != "visible"))
    if not sheets:
        raise UnreadableFile(_("The workbook has no sheet with cells: choose another file."))
    return sheets, since_1904


class Formats:
    """What the style number of a cell says about its value: "" plain, "date", "span" (a duration) or "percent"."""

    def __init__(self, package: Package) -> None:
        self._kinds: list[str] = []
        part = package.related("styles")
        if not part:
            return
        codes = dict(BUILTIN_FORMATS)
        root = package.tree(part)
        for element in root.iter():
            if local(element.tag) == "numFmt" and (number := element.get("numFmtId", "")).isdigit():
                codes[int(number)] = element.get("formatCode", "")
        for group in root:
            if local(group.tag) == "cellXfs":
                self._kinds = [self._kind(codes, style.get("numFmtId", "0")) for style in group]

    @staticmethod
    def _kind(codes: dict[int, str], number: str) -> str:
        code = codes.get(int(number), "") if number.isdigit() else ""
        if code and is_timedelta_format(code):
            return "span"
        if code and is_date_format(code):
            return "date"
        return "percent" if "%" in code else ""

    def __getitem__(self, style: str) -> str:
        if not style.isdigit() or int(style) >= len(self._kinds):
            return ""
        return self._kinds[int(style)]


class SharedStrings:
    """The table of strings, kept as one block of bytes: some 8 bytes beyond the text of each string."""

    def __init__(self, package: Package, limits: Limits) -> None:
        self._text = bytearray()
        self._ends = array("Q", [0])
        part = package.related("sharedStrings")
        if not part:
            return
        self._parts: list[str] = []
        self._inside = self._phonetic = False
        for _chunk in package.parse(part, limits.max_unpacked, self._start, self._end, self._data):
            if len(self._text) > limits.max_strings or len(self._parts) > 1_000_000:
                raise UnreadableFile(_("The workbook holds too much text: save the sheet as CSV and import that."))

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "t":
            self._inside = not self._phonetic
        elif name == "rPh":
            self._phonetic = True

    def _end(self, tag: str) -> None:
        name = local(tag)
        if name == "t":
            self._inside = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            self._text += "".join(self._parts).encode("utf-8", "replace")
            self._ends.append(len(self._text))
            self._parts.clear()

    def _data(self, text: str) -> None:
        if self._inside:
            self._parts.append(text)

    def __getitem__(self, number: int) -> str:
        """Raises IndexError for a number that is not in the table."""
        if not 0 <= number < len(self._ends) - 1:
            raise IndexError(number)
        return self._text[self._ends[number] : self._ends[number + 1]].decode("utf-8")
