"""However the documents are read, the same are found, and only those within the person's reach."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.records.actions import share_record
from crm.search import candidates as module
from crm.search.candidates import Sample, candidates
from crm.search.find import find
from crm.search.models import SearchDocument
from crm.users.models import User
from tests.factories.customers import make_customer


@pytest.mark.parametrize("way", ["words", "reach", "newest"])
@pytest.mark.parametrize("query", ["halde", "ha", "instruments halden", "100%"])
def test_every_way_of_reading_finds_the_same(alice: User, monkeypatch: pytest.MonkeyPatch, way: str, query: str) -> None:
    for number in range(6):
        make_customer(alice, name=f"Halden 100% Instruments {number}")
        make_customer(alice, name=f"Other 1000 {number}")
    expected = {document.title for document in candidates(query, alice)}
    monkeypatch.setattr(module, "NEWEST_ONES", 3)
    monkeypatch.setattr(Sample, "cheapest", lambda self: way)
    assert {document.title for document in candidates(query, alice)} == expected
    assert len(expected) == 6


@pytest.mark.parametrize("way", ["words", "reach", "newest"])
def test_no_way_of_reading_leaves_the_persons_reach(alice: User, dora: User, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    hers = [make_customer(alice, name=f"Halden {number}") for number in range(5)]
    share_record(hers[3], dora, by=alice)
    monkeypatch.setattr(module, "NEWEST_ONES", 2)
    monkeypatch.setattr(Sample, "cheapest", lambda self: way)
    assert [document.title for document in candidates("halden", dora)] == ["halden 3"]
    assert [found.record for found in find("halden", dora).found] == [hers[3]]


def test_the_cheapest_way_follows_from_the_sample() -> None:
    assert Sample(total=5_000_000, newest=1500, hits=1, size=1000, seen=300, said=2, both=1).cheapest() == "words"
    assert Sample(total=5_000_000, newest=1500, hits=0, size=1000, seen=1, said=80, both=0).cheapest() == "reach"
    assert Sample(total=5_000_000, newest=1500, hits=34, size=1000, seen=300, said=80, both=23).cheapest() == "newest"


def test_what_was_imported_last_does_not_hide_how_common_a_word_is(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = timezone.now() - timedelta(days=80)
    for number in range(8):
        make_customer(alice, name=f"Halden {number}")
        SearchDocument.objects.filter(title=f"halden {number}").update(updated_at=begun + timedelta(days=10 * number))
    for number in range(6):
        make_customer(alice, name=f"Imported {number}")
    samples: list[Sample] = []
    monkeypatch.setattr(module, "NEWEST_ONES", 5)
    monkeypatch.setattr(module, "OF_EACH", 1)
    monkeypatch.setattr(Sample, "cheapest", lambda self: samples.append(self) or "words")
    assert len(candidates("halden", alice)) == 8
    assert (samples[0].newest, samples[0].hits) == (5, 0)
    assert samples[0].both == samples[0].said >= 6


def test_a_sample_of_everything_needs_no_second_look(alice: User, django_assert_num_queries: object) -> None:
    make_customer(alice, name="Halden")
    candidates("halden", alice)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(candidates("halden", alice)) == 1


def test_more_are_read_while_too_few_are_visible(alice: User) -> None:
    customers = [make_customer(alice, name=f"Halden {number}") for number in range(12)]
    type(customers[0])._base_manager.filter(pk__in=[one.pk for one in customers[2:]]).update(
        organization_id=alice.organization_id, deleted_at=customers[0].created_at
    )
    assert {found.record for found in find("halden", alice, size=3).found} == set(customers[:2])


def test_a_long_number_is_found_inside_others_without_a_sample(alice: User, dora: User) -> None:
    customer = make_customer(alice, name="Halden", phone="+493012345678")
    assert [document.record_id for document in candidates("301234567", alice)] == [customer.pk]
    assert candidates("301234567", dora) == []
