# ruff: noqa: E501  # tables of data
"""Whatever stands in headers and cells, recognition answers, and converters refuse with a sentence at most."""

from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm.imports.recognition import (
    DateFormat,
    NumberFormat,
    guess_date_format,
    guess_number_format,
    guess_record_type,
    label_of,
    match_choices,
    parse_yes_no,
    recognise,
    split_emails,
    split_full_name,
    split_phones,
    split_tags,
)  # fmt: skip

from .targets import TARGETS

DATE_PIECES = st.lists(
    st.sampled_from(
        ["1", "2", "0", "31", "2026", "26", "-", "/", ".", " ", ":", "T", "Z", "+", "AM", "PM", "Feb", "05", "99", "59", ",", "²", "٣"]
    ),
    max_size=12,
)
NUMBER_PIECES = st.lists(
    st.sampled_from(["1", "23", "456", ".", ",", "'", " ", "-", "(", ")", "$", "€", "EUR", "%", "k", "e", "9" * 30, "²", "٣"]), max_size=10
)
HEADERS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["Name", "Title", "E-mail 2 - Type", "Address 2: City", "Owner", "Organization - Name", "Street 3", " - ", "(Do Not Modify) X", "1"]
    ),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(DATE_PIECES.map("".join), st.text(max_size=20)), max_size=4))
@example(["20260223T105099"])
@example(["20261399"])
def test_dates(values):
    forms = [guess_date_format(values), *(DateFormat(order) for order in ("ymd", "dmy", "mdy", "ydm", "serial", "seconds", "milliseconds"))]
    for form in filter(None, forms):
        for value in values:
            with suppress(ValueError):
                form.parse(value)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(NUMBER_PIECES.map("".join), st.text(max_size=20)), max_size=4))
def test_numbers(values):
    for form in (guess_number_format(values), NumberFormat("."), NumberFormat(",")):
        for value in values:
            with suppress(ValueError):
                form.parse_money(value)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_words(text):
    split_full_name(text)
    label_of(text)
    for split in (split_emails, split_phones, split_tags):
        assert all(split(text))
    match_choices([text], {"a": "Alpha", "b": ""})
    with suppress(ValueError):
        parse_yes_no(text)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(HEADERS, max_size=8),
    st.lists(st.lists(st.text(max_size=12), max_size=8), max_size=3),
    st.sampled_from(["customer", "contact", "task"]),
)
def test_headers(columns, rows, record):
    guesses = recognise(columns, rows, TARGETS[record])
    assert [guess.header for guess in guesses] == columns
    assert all(guess.reason for guess in guesses)
    single = [guess.target.key for guess in guesses if guess.target and guess.part == "value" and not guess.target.takes_several]
    assert len(single) == len(set(single))
    assert len(guess_record_type(columns)) == 4
