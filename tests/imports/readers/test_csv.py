"""CSV as alice and her colleagues export it, well made or not."""

import csv

import pytest

from crm.imports.readers import Limits, UnreadableFile, open_table


def read(path, **options):
    with open_table(path, **options) as table:
        return table, list(table.rows())


def cells(path, **options):
    return [row.cells for row in read(path, **options)[1] if not row.problem]


def problems(path, **options):
    return [(row.number, row.problem) for row in read(path, **options)[1] if row.problem]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "\x1f", "^", "~"])
def test_delimiters_are_found(write, delimiter):
    rows = [["Name", "Email", "Revenue"], ["Acme", "info@acme.example", "1000"], ["Beta", "info@beta.example", "20"]]
    table, read_rows = read(write("\n".join(delimiter.join(row) for row in rows)))
    assert table.delimiter == delimiter
    assert table.columns == rows[0]
    assert [row.cells for row in read_rows] == rows[1:]


def test_decimal_commas_do_not_win_over_semicolons(write):
    table, rows = read(write("Name;Umsatz;Anteil\nAcme;1,5;2,5\nBeta;3,5;4,5\nGamma;5,5;6,5\n"))
    assert (table.delimiter, rows[0].cells) == (";", ["Acme", "1,5", "2,5"])


def test_names_with_commas_in_a_tab_file_stay_whole(write):
    assert cells(write("Name\tTitle\nDoe, Jane\tCEO, CFO\nRoe, Rick\tVP, Sales\n"))[0] == ["Doe, Jane", "CEO, CFO"]


def test_one_column_with_commas_now_and_then_is_one_column(write):
    table, rows = read(write("Remark\nfirst, then\nnothing\nagain, and, again\nend\n"))
    assert (table.delimiter, len(rows)) == ("", 4)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(write, end):
    table, rows = read(write(end.join(["a,b", '1,"x', 'y"', "2,z", ""])))
    assert table.columns == ["a", "b"]
    assert [row.cells[1].replace("\r\n", "\n").replace("\r", "\n") for row in rows] == ["x\ny", "z"]


def test_row_numbers_are_those_a_spreadsheet_shows(write):
    _table, rows = read(write('Name,Note\nAcme,"two\nlines"\n\nBeta,x\n'))
    assert [row.number for row in rows] == [2, 4]


def test_doubled_and_backslash_escaped_quotes(write):
    assert cells(write('Name,Note\n1,"say ""hi"""\n2,x\n'))[0] == ["1", 'say "hi"']
    table, rows = read(write('Name,Note\n1,"say \\"hi\\", bob"\n2,"Smith\\, Ann"\n'))
    assert table.escape == "\\"
    assert [row.cells[1] for row in rows] == ['say "hi", bob', "Smith, Ann"]


def test_windows_paths_keep_their_backslashes(write):
    table, rows = read(write('Name,Path\nAcme,"C:\\temp\\new"\nBeta,D:\\x\n'))
    assert table.escape == ""
    assert rows[0].cells[1] == "C:\\temp\\new"


def test_spaces_before_quotes(write):
    assert cells(write('a, b\n1, "x, y"\n2, "z"\n'))[0] == ["1", "x, y"]


def test_excels_sep_line_names_the_delimiter(write):
    table, rows = read(write("sep=;\r\na;b\r\n1,5;2\r\n"))
    assert (table.delimiter, table.columns, table.header_row, rows[0].number) == (";", ["a", "b"], 2, 3)
    assert table.preamble == ["sep=;"]


def test_linkedins_notes_before_the_header_are_skipped(write):
    text = (
        'Notes:\n"When exporting your connection data, you may notice that some of the email addresses are missing, as you asked."\n\n'
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Ann,Lee,https://www.linkedin.com/in/ann,,Acme,CTO,01 Jan 2023\nBo,Ray,https://www.linkedin.com/in/bo,,Beta,CFO,02 Feb 2023\n"
    )
    table, rows = read(write(text))
    assert table.columns[0] == "First Name"
    assert table.header_row == 4
    assert [row.number for row in rows] == [5, 6]
    assert "Notes:" in table.preamble[0]


def test_without_a_header_columns_are_named_by_position(write):
    table, rows = read(write("1,ann@acme.example,2026-01-01\n2,bob@acme.example,2026-01-02\n"))
    assert table.header_row == 0
    assert table.columns == ["Column 1", "Column 2", "Column 3"]
    assert len(rows) == 2


def test_the_person_decides_whether_there_is_a_header(write):
    path = write("red,green\nblue,black\n")
    assert len(read(path, header=False)[1]) == 2
    assert read(path, header=True)[0].columns == ["red", "green"]


def test_a_german_header_is_known_even_above_text_only(write):
    table, _rows = read(write("Firma;Ort\nAcme;Bonn\n"))
    assert table.columns == ["Firma", "Ort"]
    assert table.confidence["header"] > 0.9


def test_header_names_are_made_unique_and_never_empty(write):
    table, _rows = read(write("Name,Name,,Name\na,b,c,d\n"))
    assert table.columns == ["Name", "Name (2)", "Column 3", "Name (3)"]


def test_trailing_delimiters_are_harmless(write):
    table, rows = read(write("a,b,,\n1,2,,\n3,4\n"))
    assert table.columns == ["a", "b"]
    assert [row.cells for row in rows] == [["1", "2"], ["3", "4"]]


def test_rows_with_too_many_or_too_few_cells_are_reported_with_their_number(write):
    text = "a,b,c\n" + "1,2,3\n" * 20 + "1,2\n1,2,3,4\n1,2,3,,\n"
    found = problems(write(text))
    assert [number for number, _reason in found] == [22, 23]
    assert "2 of 3" in found[0][1]
    assert "4 cells" in found[1][1]


def test_short_rows_can_be_filled_up(write):
    path = write("a,b,c\n" + "1,2,3\n" * 5 + "1,2\n")
    with open_table(path) as table:
        assert [row.problem for row in table.rows(pad_short=True)] == [""] * 6


def test_an_unclosed_quote_does_not_swallow_the_file(write):
    lines = [f"{n},x{n},y{n}\n" for n in range(5000)]
    lines[2000] = '2000,"open,y\n'
    _table, rows = read(write("a,b,c\n" + "".join(lines)))
    bad = [row for row in rows if row.problem]
    assert len(rows) == 5000
    assert [row.number for row in bad] == [2002]
    assert "never closed" in bad[0].problem


def test_an_unclosed_quote_is_found_where_later_rows_have_quotes(write):
    lines = [f'{n},"Smith, {n}",y\n' for n in range(500)]
    lines[100] = '100,"open,y\n'
    _table, rows = read(write("a,b,c\n" + "".join(lines)))
    assert [row.number for row in rows if row.problem] == [102]
    assert len(rows) == 500


def test_an_unclosed_quote_in_the_last_row(write):
    assert [number for number, _reason in problems(write('a,b\n1,2\n3,4\n5,"6\n'))] == [4]


def test_stray_quotes_are_read_as_a_person_would(write):
    table, rows = read(write('id;name\n1;"the "big" one"\n2;"ANTON" GmbH\n3;"plain"\n4;x\n5;y\n'))
    assert [row.cells[1] for row in rows] == ['the "big" one', '"ANTON" GmbH', "plain", "x", "y"]
    assert table.mended == 2


def test_long_notes_with_line_breaks_stay_one_cell(write):
    note = "\n".join(f"line {n}, with commas" for n in range(300))
    assert cells(write(f'Name,Note\nAcme,"{note}"\nBeta,x\n')) == [["Acme", note], ["Beta", "x"]]


def test_nul_bytes_are_refused_in_a_sentence(write):
    path = write(b"a,b\n1,2\n3,\x004\n5,6\n")
    found = problems(path)
    assert [number for number, _reason in found] == [3]
    assert "NUL" in found[0][1]
    assert cells(path) == [["1", "2"], ["5", "6"]]


def test_comments_are_listed_not_dropped(write):
    table, rows = read(write("# made by hand\na;b\n1;2\n# not this\n3;4\n"))
    assert table.columns == ["a", "b"]
    assert [(row.number, bool(row.problem)) for row in rows] == [(3, False), (4, True), (5, False)]


def test_empty_files(write):
    for content in (b"", b"\n\n", b"\xef\xbb\xbf", b"  \r\n"):
        with pytest.raises(UnreadableFile, match="empty"):
            open_table(write(content))


def test_a_header_alone_is_a_table_without_rows(write):
    table, rows = read(write("First Name,Last Name\n"))
    assert (table.columns, rows) == (["First Name", "Last Name"], [])


def test_giant_cells_are_reported(write):
    path = write("a,b\n1," + "x" * 5000 + "\n2,y\n")
    assert problems(path, limits=Limits(max_cell=1000))[0][0] == 2
    assert problems(path) == []


def test_a_file_without_line_breaks_does_not_fill_the_memory(write):
    path = write("a,b\n1,2\n" + "x" * 3_000_000)
    assert len(problems(path, limits=Limits(max_record=100_000))) == 1


def test_too_many_columns_are_refused(write):
    with pytest.raises(UnreadableFile, match="50000 columns"):
        open_table(write(",".join(f"c{n}" for n in range(50_000)) + "\n1,2\n"))


def test_a_million_empty_columns_are_harmless(write):
    table, rows = read(write("Name,Email" + "," * 1_000_000 + "\nAcme,a@b.example" + "," * 1_000_000 + "\n"))
    assert table.columns == ["Name", "Email"]
    assert rows[0].cells == ["Acme", "a@b.example"]


def test_large_files_are_refused_by_size(write):
    with pytest.raises(UnreadableFile, match="split it"):
        open_table(write("a,b\n1,2\n"), limits=Limits(max_bytes=5))


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"\x1f\x8b\x08rest", "unpack"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "password"),
        (b"%PDF-1.4", "document"),
        (b"<html><table>", "web page"),
        (b"\x89PNG\r\n", "not a table"),
    ],
)
def test_other_formats_are_refused_in_a_sentence(write, head, word):
    with pytest.raises(UnreadableFile, match=word):
        open_table(write(head, "contacts.csv"))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        open_table(tmp_path / "none.csv")


def test_guesses_can_be_overruled(write):
    path = write("a;b,c\n1;2,3\n4;5,6\n")
    assert read(path, delimiter=",")[0].columns == ["a;b", "c"]
    assert read(path, delimiter="")[0].columns == ["a;b,c"]
    with pytest.raises(UnreadableFile, match="single character"):
        open_table(path, delimiter=";;")


def test_rows_can_be_read_again(write):
    with open_table(write("a,b\n1,2\n")) as table:
        assert list(table.rows()) == list(table.rows())
        assert table.sample(5) == [["1", "2"]]


def test_what_csv_writes_is_read_back(write, tmp_path):
    rows = [["Id", "Name", "Note"]] + [[str(n), f'O"Neil, {n}', f"a\nb;{n}\t|"] for n in range(50)]
    for dialect in (csv.excel, csv.excel_tab, csv.unix_dialect):
        path = tmp_path / f"{dialect.__name__}.csv"
        with path.open("w", newline="") as file:
            csv.writer(file, dialect).writerows(rows)
        assert cells(path) == rows[1:]
