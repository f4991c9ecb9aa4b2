"""Sources become sections of clean markup."""

from crm.help.markdown import sections_of

SOURCE = """# Lists

How they *work*.

## Filters & views

See [records](records.md) and [the code](../../crm), ![a list](../images/list.png)

## Filters & views

### Below `it`

| a | b |
|---|---|
| 1 | <script>alert(1)</script> |

[odd](javascript:alert(1))
"""


def address(target: str) -> str | None:
    return {"records.md": "/help/users/records/", "../images/list.png": "/help/images/list.png"}.get(target)


def test_headings_make_sections_with_anchors_as_github_writes_them() -> None:
    found = sections_of(SOURCE, address)
    assert [(section.title, section.level, section.anchor) for section in found] == [
        ("Lists", 1, "lists"),
        ("Filters & views", 2, "filters--views"),
        ("Filters & views", 2, "filters--views-1"),
        ("Below it", 3, "below-it"),
    ]
    assert found[0].text == "How they work."


def test_links_lead_into_the_help_and_what_leads_out_of_it_stays_text() -> None:
    section = sections_of(SOURCE, address)[1]
    assert 'href="/help/users/records/"' in section.html
    assert section.html.count("<a ") == 1
    assert "the code" in section.html
    assert 'src="/help/images/list.png"' in section.html
    assert 'alt="a list"' in section.html


def test_beside_a_page_links_open_a_page_of_their_own() -> None:
    section = sections_of(SOURCE, address)[1]
    assert 'target="_blank"' in section.beside
    assert 'target="_blank"' not in section.html


def test_markup_of_a_source_is_text_and_scripts_are_no_links() -> None:
    html = sections_of(SOURCE, address)[3].html
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "javascript:" not in html.replace("[odd](javascript:alert(1))", "")
    assert "<a " not in html
