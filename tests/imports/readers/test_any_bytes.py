# ruff: noqa: E501  # tables of data
"""Whatever somebody uploads, the reader gives rows, problems or one sentence, and comes to an end."""

import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.imports.readers import Limits, UnreadableFile, open_table

from .test_xlsx import PARTS

SMALL = Limits(max_cell=5_000, max_record=20_000, max_record_lines=200)
PIECES = st.sampled_from(
    [
        b'"',
        b"'",
        b",",
        b";",
        b"\t",
        b"|",
        b"\n",
        b"\r",
        b"\r\n",
        b"\\",
        b"a",
        b"1",
        b" ",
        b"\x00",
        b"\xff",
        b"\xc3\xa9",
        b"#",
        b'""',
        b"x" * 50,
    ]
)
CARD_PIECES = st.sampled_from(
    [b"BEGIN:VCARD\n", b"END:VCARD\n", b"FN:", b"N:", b"TEL;", b"ADR:", b"PHOTO;BASE64:", b"NOTE;ENCODING=QUOTED-PRINTABLE:", b"=\n", b"=C3", b"\n ", b"\n", b";", b":",
     b"\\", b'"', b",", b"a", b"item1.", b"AGENT:\n", b"VERSION:2.1\n", b"\x00", b"\xff", b"TYPE=pref", b"CHARSET=x"]
)  # fmt: skip


def exhaust(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        try:
            with open_table(path, limits=SMALL) as table:
                rows = list(table.rows())
        except UnreadableFile as error:
            assert str(error)
            return
    assert len(rows) <= content.count(b"\n") + content.count(b"\r") + len(content) + 2
    assert len(set(table.columns)) == len(table.columns)
    numbers = [row.number for row in rows]
    assert numbers == sorted(set(numbers))
    for row in rows:
        assert row.problem or len(row.cells) == len(table.columns)
        assert "\0" not in "".join(row.cells)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600))
def test_arbitrary_bytes(content):
    exhaust(content)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=120).map(b"".join))
def test_bytes_that_look_like_csv(content):
    exhaust(content)


@settings(max_examples=300, deadline=None)
@given(st.lists(CARD_PIECES, max_size=60).map(b"".join))
def test_bytes_that_look_like_vcards(content):
    exhaust(b"BEGIN:VCARD\n" + content)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(PARTS)), st.integers(0, 400), st.binary(max_size=12), st.integers(0, 30))
def test_damaged_workbooks(part, at, junk, cut):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            raw = text.encode()
            archive.writestr(name, raw[:at] + junk + raw[at + cut :] if name == part else raw)
    exhaust(stream.getvalue())


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1500), st.binary(min_size=1, max_size=8))
def test_workbooks_with_flipped_bytes(at, junk):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
    raw = stream.getvalue()
    exhaust(raw[:at] + junk + raw[at + len(junk) :])
