"""What one vCard says, out of its content lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from .vcard_lines import Line, split_value, unescape

ADDRESS_PARTS = ("street", "city", "region", "postal code", "country")
NOT_A_KIND = {"pref", "internet", "voice", "msg", "text", "video", "x400", "postal", "parcel", "intl", "dom", "iphone", "jpeg", "uri"}
PHONE_KINDS = {
    "cell": "mobile",
    "mobile": "mobile",
    "iphone": "mobile",
    "pager": "pager",
    "main": "main",
    "car": "car",
    "home": "home",
    "work": "work",
}
LABEL = re.compile(r"^_\$!<(.*)>!\$_$")


@dataclass
class Card:
    """single: the columns with one value. emails, phones: (value, kind), the preferred first. addresses: (kind, parts)."""

    single: dict[str, str] = field(default_factory=dict)
    emails: list[tuple[str, str]] = field(default_factory=list)
    phones: list[tuple[str, str]] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    addresses: list[tuple[str, dict[str, str]]] = field(default_factory=list)


SINGLE = {
    "FN": "Full name", "TITLE": "Job title", "ROLE": "Role", "UID": "UID", "LANG": "Language",
    "GENDER": "Gender", "KIND": "Kind", "X-ABSHOWAS": "Kind",
}  # fmt: skip
LISTS = {"NICKNAME": "Nickname", "CATEGORIES": "Categories"}
DAYS = {"BDAY": "Birthday", **dict.fromkeys(("ANNIVERSARY", "X-ANNIVERSARY", "X-MS-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY"), "Anniversary")}
NAME_PARTS = ("Last name", "First name", "Middle name", "Prefix", "Suffix")


def read_card(lines: list[Line]) -> Card:
    """Fold the lines between BEGIN and END into a Card; the first of a single value wins, notes are joined."""
    card = Card()
    labels = {line.group: unescape(line.value) for line in lines if line.group and line.name == "X-ABLABEL"}
    old = any(line.name == "VERSION" and line.value.strip().startswith("2") for line in lines)
    for line in sorted(lines, key=lambda each: not each.preferred):
        _take(card, line, _clean_label(labels.get(line.group, "")), old)
    if not card.single.get("Full name"):
        parts = [card.single.get(name, "") for name in ("Prefix", "First name", "Middle name", "Last name", "Suffix")]
        whole = " ".join(part for part in parts if part) or card.single.get("Organization", "")
        if whole:
            card.single["Full name"] = whole
    return card


def _take(card: Card, line: Line, label: str, old: bool) -> None:
    if not line.value.strip():
        return
    if line.name == "EMAIL":
        _add(card.emails, re.sub(r"(?i)^mailto:", "", unescape(line.value)), _email_kind(line, label))
    elif line.name == "TEL":
        _add(card.phones, _phone(unescape(line.value)), _phone_kind(line, label))
    elif line.name == "URL":
        card.urls += [url for url in [unescape(line.value)] if url not in card.urls]
    elif line.name == "ADR":
        _take_address(card, line, label, old)
    else:
        _take_single(card, line.name, line.value, old)


def _take_single(card: Card, name: str, value: str, old: bool) -> None:
    if name == "N":
        for column, part in zip(NAME_PARTS, split_value(value, ";"), strict=False):
            _set(card, column, _component(part, old, ", " if column == "Suffix" else " "))
    elif name == "ORG" and "Organization" not in card.single:
        parts = [unescape(each) for each in split_value(value, ";")]
        _set(card, "Organization", parts[0])
        _set(card, "Department", ", ".join(part for part in parts[1:] if part))
    elif name in LISTS:
        _set(card, LISTS[name], ", ".join(filter(None, map(unescape, split_value(value, ",")))))
    elif name in DAYS:
        _set(card, DAYS[name], iso_day(unescape(value)))
    elif name == "NOTE":
        text, before = unescape(value), card.single.get("Note", "")
        card.single["Note"] = f"{before}\n\n{text}" if before and text and text not in before else before or text
    elif name in SINGLE:
        _set(card, SINGLE[name], unescape(value))


def _set(card: Card, column: str, value: str) -> None:
    if value and not card.single.get(column):
        card.single[column] = value


def _add(values: list[tuple[str, str]], value: str, kind: str) -> None:
    if value and (value, kind) not in values:
        values.append((value, kind))


def _component(part: str, old: bool, between: str = ", ") -> str:
    """One part of a name or an address; from 3.0 on commas separate several."""
    return unescape(part) if old else between.join(filter(None, map(unescape, split_value(part, ","))))


def _clean_label(label: str) -> str:
    match = LABEL.match(label)
    return (match[1] if match else label).strip()


def _email_kind(line: Line, label: str) -> str:
    kinds = [kind for kind in line.types if kind not in NOT_A_KIND]
    return label or (kinds[0] if kinds else "")


def _phone_kind(line: Line, label: str) -> str:
    """ "work", "home", "mobile", "work fax", … or the person's own label."""
    types = set(line.types)
    if "fax" in types:
        return "home fax" if "home" in types else "work fax" if "work" in types else "fax"
    for kind, name in PHONE_KINDS.items():
        if kind in types:
            return name
    if re.sub(r"\W", "", label).lower() == "assistantphone":
        return "assistant"
    own = [kind for kind in line.types if kind not in NOT_A_KIND]
    return label or (own[0] if own else "")


def _phone(value: str) -> str:
    """A telephone URI as a number a person would write: tel:+1-418-656-9254;ext=102 is +1-418-656-9254 ext. 102."""
    if not value.lower().startswith("tel:"):
        return value
    number, *parameters = unquote(value[4:]).split(";")
    extension = next((each[4:] for each in parameters if each.lower().startswith("ext=")), "")
    return f"{number} ext. {extension}" if extension else number


def _take_address(card: Card, line: Line, label: str, old: bool) -> None:
    parts = [_component(part, old) for part in split_value(line.value, ";")]
    parts += [""] * (7 - len(parts))
    box, extended, street, city, region, code, country = parts[:7]
    if "LABEL" in line.parameters:
        # Some writers leave the colons of an unquoted LABEL parameter in: they end up before the post office box.
        box = box.rpartition(":")[2].strip()
    if box and not any(char.isalpha() for char in box):
        box = f"PO Box {box}"
    full = {
        "street": "\n".join(part for part in (street, extended, box) if part),
        "city": city,
        "region": region,
        "postal code": code,
        "country": country,
    }
    if any(full.values()):
        kind = "home" if "home" in line.types else "work" if "work" in line.types else label.lower() or "other"
        card.addresses.append((kind, full))


def iso_day(text: str) -> str:
    """19800322 and 1980-03-22T00:00:00Z as 1980-03-22, a day without a year as --02-03; anything else unchanged."""
    match = re.match(r"^(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?$", text)
    if match:
        return f"{match[1]}-{match[2]}-{match[3]}"
    match = re.match(r"^--(\d{2})-?(\d{2})$", text)
    return f"--{match[1]}-{match[2]}" if match else text
