"""Awkward CSVs that others collected: csv-spectrum with its expected JSON, DuckDB's files read as a person would."""

import json

import pytest

from crm.imports.readers import UnreadableFile, open_table

SPECTRUM = [
    "comma_in_quotes",
    "empty",
    "empty_crlf",
    "escaped_quotes",
    "json",
    "newlines",
    "newlines_crlf",
    "quotes_and_newlines",
    "simple",
    "simple_crlf",
    "utf8",
]

# File: columns, rows read, rows refused, first row.
EXPECTED = {
    "auto/backslash_escape.csv": (3, 3, 0, ["123", "TEST7", "text1"]),
    "auto/single_quote_backslash.csv": (3, 3, 0, ["123", "TEST8", "text1"]),
    "auto/tab_single_quote.csv": (3, 3, 0, ["123", "TEST13", "text1"]),
    "auto/utf8bom.csv": (2, 2, 0, ["1", "Mark"]),
    "auto/duplicate_header_columns.csv": (13, 2, 0, None),
    "bad_escape.csv": (2, 2, 0, ["332", "Surname, Firstname"]),
    "comments/error.csv": (2, 2726, 5, ["1", "3"]),
    "custom_date.csv": (2, 2, 0, ["123", "1/2/2023, 12:33 PM"]),
    "dates_special_format.csv": (1, 8, 0, ["Dec 8, 2022"]),
    "encodings/latin1.csv": (2, 12, 0, ["José Álvarez", "30"]),
    "encodings/shift_jis.csv": (2, 20, 0, None),
    "encodings/utf16.csv": (2, 20, 0, ["José Álvarez", "30"]),
    "error/banklist.csv": (7, 568, 0, None),
    "ignore_errors.csv": (2, 6, 0, ["bla,bla", "bla,bla"]),
    "lineitem-carriage.csv": (16, 10, 0, None),
    "locations_header_trailing_comma.csv": (4, 1, 0, ["1", "name", "0", "0"]),
    "nullbyte.csv": (3, 0, 1, None),
    "real/imdb_movie_info_escaped.csv": (4, 201, 0, None),
    "rejects/incorrect_columns/mix_columns.csv": (4, 2768, 4, ["1", "2", "3", "4"]),
    "rejects/multiple_errors/multiple_errors.csv": (4, 2, 5, None),
    "test/error_too_many.csv": (2, 5, 1, None),
    "unescaped_quotes/stops.csv": (4, 9, 0, None),
    "unescaped_quotes/unescaped_quote.csv": (2, 6, 0, ["1", 'pedro "pdet" holanda']),
    "validator/quoted_new_value.csv": (3, 3, 0, ["Tenacious D", "The pick of destiny", "2006"]),
}  # fmt: skip


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum(real_data, name):
    expected = json.loads((real_data / "csv/spectrum/json" / f"{name}.json").read_text())
    with open_table(real_data / "csv/spectrum/csvs" / f"{name}.csv", header=True) as table:
        rows = [dict(zip(table.columns, row.cells, strict=True)) for row in table.rows() if not row.problem]
    assert [{key: value.replace("\r\n", "\n") for key, value in row.items()} for row in rows] == [
        {key: value.replace("\r\n", "\n") for key, value in row.items()} for row in expected
    ]


@pytest.mark.parametrize("name", EXPECTED)
def test_duckdb_files_are_read_as_a_person_reads_them(real_data, name):
    columns, good, refused, first = EXPECTED[name]
    with open_table(real_data / "csv/duckdb/data/csv" / name) as table:
        rows = list(table.rows())
    assert len(table.columns) == columns
    assert sum(1 for row in rows if not row.problem) == good
    assert sum(1 for row in rows if row.problem) == refused
    if first:
        assert next(row.cells for row in rows if not row.problem) == first


def test_every_duckdb_file_is_read_or_refused_in_a_sentence(real_data):
    files = [path for path in sorted((real_data / "csv").rglob("*")) if path.suffix in (".csv", ".tsv", ".gz")]
    assert len(files) > 270
    for path in files:
        try:
            with open_table(path) as table:
                for row in table.rows():
                    assert row.problem or len(row.cells) == len(table.columns), path
                    assert "\0" not in "".join(row.cells), path
                    assert "\udcff" not in "".join(row.cells), path
        except UnreadableFile as error:
            assert len(str(error)) > 20, path
