"""Every page in German says nothing in English: the same text in both languages is somebody's data, or the same word in both.

The help alone may hold parts in English, where they are marked as such: pages of administrators."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client

from crm.lib.languages import time_zone_choices
from crm.runtime.translations.catalogues import read
from crm.tenancy.models import Organization
from crm.users.models import Team, User
from tests.access.rows import ROWS, World
from tests.access.test_urls import ask

pytestmark = pytest.mark.usefixtures("savepoint")
SAID_TO_READERS = {"aria-label", "title", "placeholder", "alt", "data-text", "data-one", "data-many", "data-none", "data-done"}
SILENT = {"script", "style", "code", "pre", "kbd", "title"}
TECHNICAL = {"api-docs"}
HELP = {"help", "help-page"}
WITHOUT_END = {"img", "br", "hr", "input", "meta", "link", "use", "path", "wbr", "col", "source"}
WORLD = {
    "Tern CRM", "Vattvik Energi AB", "Nordhavn Brewing", "Partner of Nordhavn Brewing", "Elin Sjöberg", "Elin", "Sjöberg", "Adviser",
    "Send the quote", ": Send the quote", "Asked for the quote", "Kick-off", "Met at the fair", "The quote", "Machine number", "reference",
    "Matrix", "a.csv", "Dry run", "EUR – Euro", "Name: — → Matrix", "Team: — → —",
    "Flow meters for plant 3", "Flow meters for plant 3 verschieben", "Sales", "Qualified", "Needs analysis", "Proposal", "Negotiation",
    "Verbal yes", "Won", "Lost", "· Alice",
}  # fmt: skip
SAME = re.compile(r"\d+ \w{3} \d{4}.*|tern_[\w-]+…|.*@\w+\.example.*|April|August|September|November|UTC|.* · Tern CRM")


class Texts(HTMLParser):
    """What a page says, in texts and in attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()
        self.silent = 0
        self.foreign: list[str] = []  # the open elements of a part that says itself that it is English
        self.marked: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        if tag not in WITHOUT_END and (self.foreign or (tag != "html" and dict(attrs).get("lang") == "en")):
            self.foreign.append(tag)
        self.heard().update(value.strip() for name, value in attrs if name in SAID_TO_READERS and value)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT
        if self.foreign and tag == self.foreign[-1]:
            self.foreign.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.heard().add(" ".join(data.split()))

    def heard(self) -> set[str]:
        return self.marked if self.foreign else self.said


def words_of(client: Client, name: str, world: World) -> set[str]:
    answer = ask(client, name, world)
    texts = Texts()
    if answer.get("Content-Type", "").startswith("text/html"):
        texts.feed(answer.content.decode())
    said = texts.said if name in HELP else texts.said | texts.marked
    return {text for text in said if re.search(r"[A-Za-z]{3}", text) and not SAME.fullmatch(text)}


def speak(person: User, language: str) -> None:
    User.objects.filter(pk=person.pk).update(language=language)


@pytest.fixture
def known(standing: World) -> set[str]:
    """All that the catalogue says, and what people wrote or are called."""
    catalogue = read(settings.BASE_DIR / "locale/de/LC_MESSAGES/django.po")
    german = {" ".join(text.split()) for texts in catalogue.translations.values() for text in texts}
    names = {str(one) for one in (*standing.people.values(), *Team.objects.all(), *Organization.objects.all(), *User.objects.all())}
    return german | WORLD | names | {place for _area, zones in time_zone_choices() for _zone, place in zones}


PAGES = sorted(
    name
    for name, row in ROWS.items()
    if row.method == "GET" and row.statuses["ada"] == 200 and not row.json and not name.startswith("admin:") and name not in TECHNICAL
)


def test_no_page_says_anything_in_english(standing: World, known: set[str], browser_of: Callable[[User], Client]) -> None:
    ada = standing.people["ada"]
    client = browser_of(ada)
    left: dict[str, list[str]] = {}
    for name in PAGES:
        speak(ada, "en")
        english = words_of(client, name, standing) - known
        speak(ada, "de")
        for text in english & words_of(client, name, standing):
            left.setdefault(text, []).append(name)
    assert left == {}


def test_a_german_organization_speaks_german_and_who_prefers_english_reads_english(
    standing: World, browser_of: Callable[[User], Client]
) -> None:
    alice, bob = standing.people["alice"], standing.people["bob"]
    Organization.objects.filter(pk=alice.organization_id).update(language="de")
    speak(bob, "en")
    german, english = (browser_of(person).get("/customers/").content.decode() for person in (alice, bob))
    assert '<html lang="de"' in german
    assert "Kunde anlegen" in german
    assert '<html lang="en"' in english
    assert "Kunde anlegen" not in english


def test_before_the_sign_in_the_browsers_language_is_spoken() -> None:
    assert "Kennwort vergessen?" in Client().get("/accounts/login/", headers={"Accept-Language": "de-AT,en;q=0.5"}).content.decode()
    assert "Forgot password?" in Client().get("/accounts/login/", headers={"Accept-Language": "sv"}).content.decode()


def test_errors_of_forms_and_error_pages_are_german(standing: World, browser_of: Callable[[User], Client]) -> None:
    alice = standing.people["alice"]
    speak(alice, "de")
    client = browser_of(alice)
    assert "Füllen Sie das aus." in client.post("/customers/new/", {"name": ""}).content.decode()
    assert "Hier gibt es nichts für Sie" in client.get("/customers/999999/").content.decode()


def test_the_api_answers_in_the_language_that_is_asked_for(standing: World, browser_of: Callable[[User], Client]) -> None:
    client = browser_of(standing.people["alice"])
    say = {language: client.get("/api/v1/customers/999999", headers={"Accept-Language": language}).json() for language in ("de", "en")}
    assert "Das gibt es nicht mehr" in str(say["de"])
    assert "This is gone" in str(say["en"])


def test_a_ready_roles_name_is_shown_in_german_until_it_is_changed(standing: World, browser_of: Callable[[User], Client]) -> None:
    ada = standing.people["ada"]
    speak(ada, "de")
    role = standing.people["alice"].role
    assert role is not None
    assert "Vertriebsleitung" in browser_of(ada).get("/setup/roles/", follow=True).content.decode()
    role.name = "Key accounts"
    assert str(role) == "Key accounts"
