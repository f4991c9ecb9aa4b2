"""The catalogues follow the source, say everything, and are read by Python's own gettext."""

import gettext
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from crm.runtime.translations.catalogues import Catalogue, faults, mo_bytes, po_text, read, updated
from crm.runtime.translations.source import Key, Message, messages

HEADER = "Language: de\nContent-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
FILES = {
    "crm/tasks.py": 'from django.utils.translation import gettext as _, ngettext, pgettext\nHI = _("Hi") + pgettext("ship", "Port")\n'
    'MANY = ngettext("%(n)d day", "%(n)d days", 2)\n',
    "crm/migrations/0001.py": 'from django.utils.translation import gettext as _\n_("Left alone")\n',
    "templates/page.html": '{% load i18n %}{% translate "Bye" %}{% firstof x _("Or this") %}\n'
    "{% blocktranslate count n=n %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}",
}


@pytest.fixture
def source(tmp_path: Path) -> dict[Key, Message]:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return messages(tmp_path)


def test_every_language_says_everything_and_is_compiled() -> None:
    call_command("translations", check=True)  # SystemExit where not; its output says what is missing


def test_every_language_that_people_can_choose_has_a_catalogue() -> None:
    chosen = {code for code, _ in settings.LANGUAGES} - {"en"}
    assert chosen == {path.parts[-3] for path in settings.BASE_DIR.glob("locale/*/LC_MESSAGES/django.po")}


def test_messages_are_found_in_python_and_templates(source: dict[Key, Message]) -> None:
    assert {(key.text, key.context, message.plural) for key, message in source.items()} == {
        ("Hi", None, None), ("Port", "ship", None), ("%(n)d day", None, "%(n)d days"),
        ("Bye", None, None), ("Or this", None, None), ("%(n)s row", None, "%(n)s rows"),
    }  # fmt: skip


def test_a_new_message_waits_for_its_translation_and_a_former_one_is_gone(source: dict[Key, Message]) -> None:
    catalogue = updated(Catalogue(HEADER, {Key("Hi"): ["Hallo"], Key("Former"): ["Einstig"]}), source)
    assert catalogue.translations[Key("Hi")] == ["Hallo"]
    assert catalogue.translations[Key("%(n)s row")] == ["", ""]
    assert Key("Former") not in catalogue.translations
    assert "Not translated: 'Bye'" in faults(catalogue)


@pytest.mark.parametrize("text", ["%(n)s Zeile", "Zeile", "%(n)d <b>Tag</b>"])
def test_placeholders_and_tags_are_those_of_the_message(text: str) -> None:
    key = Key("%(n)d day")
    assert len(faults(Catalogue(HEADER, {key: [text]}))) == 1
    assert faults(Catalogue(HEADER, {key: ["vor %(n)d Tag"]})) == []


def test_what_is_written_is_read_again_and_compiles(source: dict[Key, Message], tmp_path: Path) -> None:
    wanted = updated(Catalogue(HEADER, {Key("Hi"): ['Sagt „Hallo“ \\ "so"\n'], Key("Port", "ship"): ["Backbord"]}), source)
    wanted.translations[Key("%(n)d day")] = ["%(n)d Tag", "%(n)d Tage"]
    path = tmp_path / "django.po"
    path.write_text(po_text(wanted, source), "utf-8")
    assert read(path) == wanted
    path.with_suffix(".mo").write_bytes(mo_bytes(wanted))
    with path.with_suffix(".mo").open("rb") as file:
        said = gettext.GNUTranslations(file)
    assert said.gettext("Hi") == 'Sagt „Hallo“ \\ "so"\n'
    assert said.pgettext("ship", "Port") == "Backbord"
    assert [said.ngettext("%(n)d day", "%(n)d days", n) for n in (1, 2)] == ["%(n)d Tag", "%(n)d Tage"]
    assert said.gettext("Bye") == "Bye"
