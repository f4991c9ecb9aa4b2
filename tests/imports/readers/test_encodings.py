"""Files of people who do not write in ASCII."""

import pytest

from crm.imports.readers import UnreadableFile, open_table
from crm.imports.readers.encoding import guess_encoding, guess_legacy

TEXTS = {
    "cp1252": "name,city\nJosé Müller,Köln\nBjörn,Malmö\nO’Brien,5 €\n",
    "cp1250": "imię,miasto\nŁukasz Wiśniewski,Łódź\nJiří Dvořák,Plzeň\nZażółć gęślą jaźń,x\n",
    "cp1251": "имя,город\nИван Петров,Москва\nАнна,Казань\n",
    "koi8_r": "имя,город\nИван Петров,Москва\nАнна,Казань\n",
    "cp932": "名前,都市\n山田太郎,東京\nスズキ,大阪\n",
    "gb18030": "姓名,城市\n王小明,北京\n李娜,上海\n",
    "big5": "姓名,城市\n王小明,臺北\n林志玲,高雄\n",
    "cp949": "이름,도시\n김철수,서울\n이영희,부산\n",
    "cp1253": "όνομα,πόλη\nΓιώργος,Αθήνα\n",
    "cp1254": "ad,şehir\nŞükrü Yılmaz,İstanbul\nÇağla,İzmir\n",
    "mac_roman": "name,city\nJosé Müller,Köln\nBjörn,Malmö\nFrançois,Orléans\n",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_legacy_encodings_are_guessed(encoding):
    raw = TEXTS[encoding].encode(encoding)
    assert raw.decode(guess_legacy(raw).name) == TEXTS[encoding]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_unicode_with_and_without_byte_order_mark(write, encoding):
    path = write("Name,Stadt\nJosé,Köln\nAnna,Łódź\n".encode(encoding))
    with open_table(path) as table:
        assert table.columns == ["Name", "Stadt"]
        assert [row.cells for row in table.rows()] == [["José", "Köln"], ["Anna", "Łódź"]]


@pytest.mark.parametrize("written", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_a_wide_encoding_that_somebody_chose_needs_no_mark(write, written):
    path = write("Name,Stadt\nJosé,Köln\n".encode(written))
    with open_table(path, encoding=written[:6]) as table:
        assert (table.columns, [row.cells for row in table.rows()]) == (["Name", "Stadt"], [["José", "Köln"]])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("content", [b"\xff\xff\x63C", b"a", b"Name,Ort\nAnna,Bonn\n", b"\x00"])
def test_a_wide_encoding_chosen_for_other_bytes_is_a_sentence_or_odd_cells_and_no_crash(write, encoding, content):
    try:
        with open_table(write(content), encoding=encoding) as table:
            list(table.rows())
    except UnreadableFile as error:
        assert str(error).endswith(".")


def test_an_accent_far_down_the_file_is_noticed(write):
    path = write(b"Name,Ort\n" + b"Anna,Bonn\n" * 200_000 + "Jörg,Köln\n".encode("cp1252"))
    assert guess_encoding(path).name == "cp1252"


def test_a_few_broken_bytes_in_utf8_refuse_their_rows_only(write):
    path = write(b"Name,Ort\n" + "Jörg,Köln\n".encode() * 5 + b"J\xf6rg,Bonn\n" + "Åsa,Malmö\n".encode())
    with open_table(path) as table:
        rows = list(table.rows())
    assert [row.number for row in rows if row.problem] == [7]
    assert "UTF-8" in next(row.problem for row in rows if row.problem)
    assert table.notes


def test_the_person_chooses_another_encoding(write):
    path = write("Name,Ort\nИван,Москва\n".encode("cp1251"))
    with open_table(path, encoding="cp1251") as table:
        assert next(table.rows()).cells == ["Иван", "Москва"]
    with pytest.raises(UnreadableFile, match="no encoding"):
        open_table(path, encoding="klingon")
