"""The content lines of vCards 2.1, 3.0 and 4.0: unfolded, decoded, split into name, parameters and value."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from .encoding import UNDECODABLE

PROPERTY = re.compile(r"^(?:([\w-]+)\.)?([A-Za-z][\w-]*)((?:;(?:[^:;\"]|\"[^\"]*\")*)*):(.*)$", re.DOTALL)
PARAMETER = re.compile(r';((?:[^;"]|"[^"]*")*)')
SKIPPED = {"PHOTO", "LOGO", "SOUND", "KEY", "X-MS-OL-DESIGN", "X-MS-CARDPICTURE", "X-THUMBNAIL", "LABEL", "FBURL"}
BARE_ENCODINGS = {"QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"}


@dataclass
class Line:
    """One property. value is raw: still escaped, but without folding and quoted-printable.

    types: lower case, from TYPE= and from bare 2.1 parameters; preferred: marked by PREF in any of its forms.
    """

    name: str
    value: str
    group: str = ""
    types: list[str] = field(default_factory=list)
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def preferred(self) -> bool:
        return "pref" in self.types or self.parameters.get("PREF", "") == "1"


def content_lines(stream: TextIO, limit: int) -> Iterator[Line]:
    """The properties of a file in their order, BEGIN and END among them; pictures, sounds and keys come without a value.

    A line longer than `limit` is cut there. What is no property at all continues the text before it.
    """
    collected: list[str] = []
    for raw in _physical(stream, limit):
        if collected and _continues(collected, raw):
            _append(collected, raw, limit)
            continue
        if collected:
            yield _parse(collected)
        collected = [raw] if raw.strip() else []
    if collected:
        yield _parse(collected)


def _physical(stream: TextIO, limit: int) -> Iterator[str]:
    while line := stream.readline(limit):
        if len(line) >= limit and not line.endswith(("\n", "\r")):
            while (rest := stream.readline(limit)) and not rest.endswith(("\n", "\r")):
                pass
        yield line.rstrip("\r\n").lstrip("\ufeff")


def _header(first: str) -> str:
    return first.partition(":")[0].upper()


def _is_base64(header: str) -> bool:
    return "BASE64" in header or "ENCODING=B" in header


def _continues(collected: list[str], raw: str) -> bool:
    header = _header(collected[0])
    if "QUOTED-PRINTABLE" in header and collected[-1].endswith("="):
        return not re.match(r"(?i)(begin|end):vcard\s*$", raw)
    if raw[:1] in (" ", "\t"):
        return True
    if not raw.strip() or PROPERTY.match(raw):
        return False
    return not re.match(r"(?i)(begin|end)\s*:", collected[0])


def _append(collected: list[str], raw: str, limit: int) -> None:
    header = _header(collected[0])
    skipped = _is_base64(header) or header.partition(";")[0].rpartition(".")[2] in SKIPPED
    if skipped or sum(map(len, collected)) > limit:
        collected[1:] = [raw]
        return
    if "QUOTED-PRINTABLE" in header and collected[-1].endswith("="):
        collected[-1] = collected[-1][:-1]
        collected.append(raw)
    elif raw[:1] in (" ", "\t"):
        collected.append(raw[1:])
    else:
        collected.append("\n" + raw)


def _parse(collected: list[str]) -> Line:
    text = "".join(collected)
    match = PROPERTY.match(text)
    if not match:
        return Line("", text)
    group, name, parameters, value = match[1] or "", match[2].upper(), match[3], match[4]
    line = Line(name, value, group.lower())
    for each in PARAMETER.findall(parameters):
        key, equals, content = each.partition("=")
        key, content = key.strip().upper(), content.replace('"', "").strip()
        if not equals:
            key, content = ("ENCODING" if key in BARE_ENCODINGS else "TYPE"), key
        if key == "TYPE":
            line.types += [part.strip().lower() for part in content.split(",") if part.strip()]
        else:
            line.parameters[key] = content
    if _is_base64(_header(collected[0])) or name in SKIPPED:
        line.value = ""
    elif line.parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
        line.value = _unquoted(value, line.parameters.get("CHARSET", ""))
    return line


def _unquoted(value: str, charset: str) -> str:
    raw = quopri.decodestring(value.encode("utf-8", "surrogatepass"))
    for name in (charset, "utf-8", "cp1252"):
        try:
            return raw.decode(name)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return raw.decode("latin-1").replace("\x00", UNDECODABLE)


def split_value(value: str, separator: str) -> list[str]:
    """Cut at separators that no backslash protects; the parts stay escaped."""
    if "\\" not in value:
        return value.split(separator)
    parts: list[str] = []
    current: list[str] = []
    escaped = False
    for char in value:
        if escaped:
            current.append(char)
            escaped = False
        elif char == separator:
            parts.append("".join(current))
            current = []
        else:
            current.append(char)
            escaped = char == "\\"
    return [*parts, "".join(current)]


def unescape(value: str) -> str:
    r"""Turn \n, \, \; \: \\ and the like into what they stand for, ends stripped."""
    if "\\" in value:
        value = re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value, flags=re.DOTALL)
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()
