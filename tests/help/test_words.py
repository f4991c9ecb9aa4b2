"""What the users' pages call a button, a page or a choice is called so in the product: each *word* in slanted letters."""

import re

import pytest
from django.conf import settings

from crm.help.library import DOCS, NAMES
from crm.runtime.translations.catalogues import read

USERS = sorted(name for name in NAMES if name.startswith("users/"))
# Of calendar programs, of the demonstration, and what is put together from two words.
ELSEWHERE = {
    "en": {
        "Add calendar",
        "From internet",
        "New calendar subscription",
        "From URL",
        "On the network",
        "New customer",
        "New contact",
        "Add customer",
    },
    "de": {"Kunde anlegen", "Ansprechpartner anlegen"},
}


def said(language: str) -> set[str]:
    catalogue = read(settings.BASE_DIR / "locale/de/LC_MESSAGES/django.po")
    if language == "de":
        texts = {text for texts in catalogue.translations.values() for text in texts}
    else:
        texts = {key.text for key in catalogue.translations}
    plain = {re.sub(r"%\(\w+\)s|\{\w+\}", "…", text) for text in texts}
    return {text.strip(" …").casefold() for text in plain}


@pytest.mark.parametrize("name", USERS)
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_button_has_the_name_that_the_help_gives_it(name: str, language: str) -> None:
    path = DOCS / f"{name}.md" if language == "en" else DOCS / language / f"{name}.md"
    named = {" ".join(word.split()) for word in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", path.read_text())}
    known = said(language)
    assert {word for word in named - ELSEWHERE[language] if word.strip(" …").casefold() not in known} == set()
