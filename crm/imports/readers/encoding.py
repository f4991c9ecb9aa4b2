"""Which characters the bytes of a text file mean."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path
from typing import BinaryIO, NamedTuple

from charset_normalizer import from_bytes

NEVER_TEXT = {0xC0, 0xC1, 0xF5, 0xFE, 0xFF}
UNDECODABLE = "\udcff"
MARKING = "tern-mark"
BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
CHUNK = 1 << 20
SAMPLE = 1 << 17
# Legacy encodings that CRMs, spreadsheets and phones still write, the likeliest first.
LEGACY = [
    "cp1252", "cp932", "gb18030", "big5", "cp949", "euc_jp", "cp1251", "cp1250", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256",
    "cp1257", "cp874", "iso8859_2", "iso8859_15", "mac_roman", "cp850", "latin_1",
]  # fmt: skip
RARE = {"cp850": 0.3, "mac_roman": 0.2, "cp874": 0.1, "latin_1": 0.1}
COMMON_PUNCTUATION = set("\xa0€£’‘“”–—…«»°§„™®©•º")
COMMON_CYRILLIC = set("оаеинтсрвлкмдпу")
COMMON_LATIN = set("äöüßéèêëàâáçñóòôíìîïúùûåøæœãõÄÖÜÉÈÀÁÇÑÓÍÚÅØÆÕąćęłńśźżčďěňřšťůžőűğışāēīūģķļņųŁŚŻŹČŘŠŽİŞŽ")


class EncodingGuess(NamedTuple):
    """name: a Python codec; confidence: 0 to 1; damaged: some bytes do not fit the encoding."""

    name: str
    confidence: float
    damaged: bool = False


def _mark(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return UNDECODABLE, max(error.end, error.start + 1)
    raise error


codecs.register_error(MARKING, _mark)


def guess_encoding(path: Path) -> EncodingGuess:
    """Read the file once (a byte order mark ends it at once): valid UTF-8 is certain, else the likeliest legacy encoding."""
    with path.open("rb") as file:
        head = file.read(4096)
        for bom, name in BOMS:
            if head.startswith(bom):
                return EncodingGuess(name, 1.0)
        if wide := _wide_without_bom(head):
            return EncodingGuess(wide, 0.9)
        file.seek(0)
        if _is_utf8(file):
            return EncodingGuess("utf-8", 1.0)
        return guess_legacy(_telling_lines(file))


def with_byte_order(path: Path, name: str) -> str:
    """The codec for a file whose encoding somebody chose: a wide one without its mark needs one that names the order of the bytes."""
    if name not in {"utf-16", "utf-32"}:
        return name
    with path.open("rb") as file:
        head = file.read(4096)
    if any(head.startswith(bom) for bom, marked in BOMS if marked == name):
        return name
    wide = _wide_without_bom(head)
    return wide if wide.startswith(name) else f"{name}-le"


def guess_legacy(sample: bytes) -> EncodingGuess:
    """The encoding of bytes that are not valid UTF-8."""
    marked = sample.decode("utf-8", MARKING)
    wrong = marked.count(UNDECODABLE)
    good = sum(1 for char in marked if char > "\x7f") - wrong
    if good >= 3 * max(wrong, 1):
        return EncodingGuess("utf-8", 0.7, damaged=True)
    if not good and not set(sample) - set(range(128)) - NEVER_TEXT:
        return EncodingGuess("utf-8", 0.6, damaged=True)
    suspected = _suspected(sample)
    scores: list[tuple[float, str]] = []
    for rank, name in enumerate(LEGACY):
        try:
            text = sample.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        scores.append((plausibility(text) - 0.01 * rank - RARE.get(name, 0.0) + (0.15 if name in suspected else 0.0), name))
    scores.sort(reverse=True)
    best, name = scores[0]
    margin = best - scores[1][0] if len(scores) > 1 else 1.0
    return EncodingGuess(name, round(min(0.95, max(0.3, 0.5 + 0.25 * best + margin)), 2))


def _wide_without_bom(head: bytes) -> str:
    if len(head) < 4 or head.count(0) < len(head) // 5:
        return ""
    quarters = [head[offset::4].count(0) / max(len(head[offset::4]), 1) for offset in range(4)]
    if min(quarters[1:]) > 0.9 and quarters[0] < 0.2:
        return "utf-32-le"
    if min(quarters[:3]) > 0.9 and quarters[3] < 0.2:
        return "utf-32-be"
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 4 * even + 1:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd + 1 else ""


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(CHUNK):
            if decoder.getstate()[0] or not chunk.isascii():
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _telling_lines(file: BinaryIO) -> bytes:
    """Lines with bytes above 127 from the whole of the file, at most SAMPLE bytes of them."""
    found: list[bytes] = []
    size = 0
    file.seek(0)
    while size < SAMPLE and (chunk := file.read(CHUNK)):
        if chunk.isascii():
            continue
        taken = 0
        lines = chunk.splitlines(keepends=True)
        for line in lines if len(chunk) < CHUNK or len(lines) < 2 else lines[:-1]:
            if not line.isascii():
                found.append(line[:2000])
                taken += len(found[-1])
                if taken > SAMPLE // 8:
                    break
        size += taken
    return b"".join(found)


def _suspected(sample: bytes) -> set[str]:
    matches = from_bytes(sample[:8192], cp_isolation=LEGACY, enable_fallback=False)
    best = matches.best()
    return {best.encoding, *best.could_be_from_charset} if best else set()


def _script(char: str) -> str:
    """A coarse script name of one character above 127."""
    code = ord(char)
    if code < 0x250:
        return "latin"
    for low, high, name in (
        (0x370, 0x400, "greek"), (0x400, 0x530, "cyrillic"), (0x590, 0x600, "hebrew"), (0x600, 0x700, "arabic"),
        (0xE00, 0xE80, "thai"), (0x3040, 0x3100, "kana"), (0x4E00, 0xA000, "han"), (0xAC00, 0xD7B0, "hangul"),
    ):  # fmt: skip
        if low <= code < high:
            return name
    return "other"


def plausibility(text: str) -> float:
    """How much a decoded text looks like something people write: 1 for entirely, below 0 for mojibake."""
    total = points = 0.0
    kana = any("\u3040" <= char < "\u3100" for char in text)
    for position, char in enumerate(text):
        if char <= "\x7f":
            continue
        total += 1
        before = text[position - 1] if position else " "
        after = text[position + 1] if position + 1 < len(text) else " "
        points += _points(char, before, after, kana)
    return points / total if total else 0.0


def _points(char: str, before: str, after: str, kana: bool) -> float:
    category = unicodedata.category(char)
    if category in ("Cc", "Cn", "Co", "Cs"):
        return -2.0
    if not category.startswith(("L", "M")):
        inside = before.isalpha() and after.isalpha()
        return 0.9 if char in COMMON_PUNCTUATION else -1.5 if inside else 0.3
    if char.isupper() and before.islower():
        return -0.7
    script = _script(char)
    if script == "latin":
        surrounded = before.isalpha() and after.isalpha() and min(before, after) > "\x7f"
        return 0.1 if surrounded else 1.0 if char in COMMON_LATIN else 0.2
    return _points_beyond_latin(char, script, [other for other in (before, after) if other.isalpha()], kana)


def _points_beyond_latin(char: str, script: str, neighbours: list[str], kana: bool) -> float:
    if any(other < "\x80" for other in neighbours):
        return -1.0
    if script in ("han", "hangul", "kana"):
        lonely = not any(_script(other) in ("han", "hangul", "kana") for other in neighbours)
        return 0.0 if lonely else 1.2 if script != "han" or kana else 1.0
    if script == "other":
        return -0.5
    if script == "cyrillic" and char.lower() not in COMMON_CYRILLIC:
        return 0.6
    return 1.0 if neighbours else 0.1
