"""Catalogues of translations, as GNU gettext defines them: .po for people, .mo for the program. Read, written, compared with the source."""

import ast
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crm.runtime.translations.source import Key, Message

_LINE = re.compile(r'(?P<word>msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) (?P<text>".*")')
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)(?:%%)*%[sd]|\{\w*\}|</?\w+[^>]*>")
_MAGIC = 0x950412DE


@dataclass
class Catalogue:
    """One language: its header, and the translations (one, or one for each plural form) by key."""

    header: str
    translations: dict[Key, list[str]] = field(default_factory=dict)
    plurals: dict[Key, str] = field(default_factory=dict)


def read(path: Path) -> Catalogue:
    """A .po file. Only what it translates now: comments and former entries are left."""
    catalogue = Catalogue("")
    for block in re.split(r"\n\s*\n", path.read_text("utf-8")):
        parts = _parts(block)
        texts = [text for word, text in parts.items() if word.startswith("msgstr")]
        if not parts.get("msgid") and texts:
            catalogue.header = texts[0]
        elif texts:
            key = Key(parts["msgid"], parts.get("msgctxt"))
            catalogue.translations[key] = texts
            if "msgid_plural" in parts:
                catalogue.plurals[key] = parts["msgid_plural"]
    return catalogue


def _parts(block: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    word = ""
    for line in block.splitlines():
        if found := _LINE.match(line):
            word = found["word"]
            parts[word] = ast.literal_eval(found["text"])
        elif line.startswith('"'):
            parts[word] += ast.literal_eval(line)
    return parts


def updated(catalogue: Catalogue, source: Mapping[Key, Message]) -> Catalogue:
    """The catalogue for this source: new messages without a translation, those that are gone left out."""
    forms = int(found[1]) if (found := re.search(r"nplurals=(\d)", catalogue.header)) else 2
    new = Catalogue(catalogue.header)
    for key, message in sorted(source.items(), key=lambda item: item[1].file):
        known = catalogue.translations.get(key, [])
        wanted = forms if message.plural else 1
        new.translations[key] = known if len(known) == wanted else [""] * wanted
        if message.plural:
            new.plurals[key] = message.plural
    return new


def po_text(catalogue: Catalogue, source: Mapping[Key, Message]) -> str:
    """What the .po file says: in the order of the source's files, so that what belongs together is translated together."""
    blocks, last = [f'msgid ""\nmsgstr {_quoted_lines(catalogue.header)}'], ""
    for key, texts in catalogue.translations.items():
        lines = [f"msgctxt {_quoted(key.context)}"] if key.context is not None else []
        lines.append(f"msgid {_quoted(key.text)}")
        if plural := catalogue.plurals.get(key):
            lines += [f"msgid_plural {_quoted(plural)}", *(f"msgstr[{n}] {_quoted(text)}" for n, text in enumerate(texts))]
        else:
            lines.append(f"msgstr {_quoted(texts[0])}")
        if source[key].file != last:
            last = source[key].file
            lines.insert(0, f"#: {last}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def mo_bytes(catalogue: Catalogue) -> bytes:
    """The compiled file. What has no translation is left out: it is said in English, or as the library that says it, too, has it."""
    entries = {b"": catalogue.header.encode()}
    for key, texts in catalogue.translations.items():
        if all(texts):
            name = key.text if key.context is None else f"{key.context}\x04{key.text}"
            plural = catalogue.plurals.get(key)
            entries[(f"{name}\0{plural}" if plural else name).encode()] = "\0".join(texts).encode()
    names = sorted(entries)
    start = 28 + 16 * len(names)
    name_table, place = _table(names, start)
    text_table, _ = _table([entries[name] for name in names], place)
    head = struct.pack("<7I", _MAGIC, 0, len(names), 28, 28 + 8 * len(names), 0, start)
    return head + name_table + text_table + b"".join(text + b"\0" for text in [*names, *(entries[name] for name in names)])


def _table(texts: Iterable[bytes], place: int) -> tuple[bytes, int]:
    rows = b""
    for text in texts:
        rows += struct.pack("<2I", len(text), place)
        place += len(text) + 1
    return rows, place


def faults(catalogue: Catalogue) -> list[str]:
    """Missing translations, and those whose placeholders, HTML tags or line ends are not those of the message."""
    said = []
    for key, texts in catalogue.translations.items():
        models = [key.text, catalogue.plurals.get(key, key.text)]
        for text, model in zip(texts, [models[0], *models[1:] * len(texts)], strict=False):
            if not text:
                said.append(f"Not translated: {key.text!r}")
            elif _marks(text) != _marks(model):
                said.append(f"Other placeholders or tags than the message: {key.text!r}: {text!r}")
    return said


def _marks(text: str) -> list[str]:
    return sorted(set(_PLACEHOLDER.findall(text)))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def _quoted_lines(text: str) -> str:
    return '""\n' + "\n".join(_quoted(line + "\n") for line in text.splitlines())
