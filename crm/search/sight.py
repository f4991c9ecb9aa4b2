"""What a document says of a referenced record is for who sees that one: a contact is found by its customer's name only by them."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from crm.fields.record_types import RecordType, record_types
from crm.search.documents import parts_of
from crm.search.models import SearchDocument
from crm.users.models import Reach, User


def within_sight(documents: list[SearchDocument], query: str, user: User) -> list[SearchDocument]:
    """Without those that match only by words of a record that the person does not see, or of a field that the role has come to withhold.

    One statement or two for each type that has such words: documents are written again after a role changed, and this holds at once.
    """
    words = query.split()[:8]
    wrong: set[tuple[str, int]] = set()
    for kind in record_types:
        references = {key.split(".")[0] for key in kind.search if "." in key}
        closed = _closed(kind, user)
        unsure = [d.record_id for d in documents if d.record_type == kind.key and not _says(d.title, words)] if references or closed else []
        condition = _out_of_sight(kind, references, user) if unsure else None
        asked = kind.objects().filter(organization_id=user.organization_id, pk__in=unsure)
        if unsure and closed:
            unseen = set(asked.filter(condition).values_list("pk", flat=True)) if condition else set()
            told = ((record.pk, _words(kind, record, closed, own=record.pk in unseen)) for record in asked.select_related(*references))
            wrong |= {(kind.key, pk) for pk, text in told if not _says(text, words)}
        elif condition:
            wrong |= {
                (kind.key, record.pk) for record in asked.filter(condition) if not _says(_words(kind, record, closed, own=True), words)
            }
    return [document for document in documents if (document.record_type, document.record_id) not in wrong] if wrong else documents


def _closed(kind: RecordType, user: User) -> set[str]:
    """The searched fields that the person's role hides or masks; a reference takes along what is read across it."""
    return {
        key for key in kind.search if not all(kind.fields[part].readable_by(user) for part in {key, key.split(".")[0]} & kind.fields.keys())
    }


def _out_of_sight(kind: RecordType, references: set[str], user: User) -> Q | None:
    """Records that refer to one that the person does not see. None where the role sees all of those."""
    condition = Q()
    for reference in references:
        model: Any = kind.model._meta.get_field(reference).remote_field.model  # type: ignore[union-attr]  # a foreign key
        if user.reach(model._meta.model_name, "view") != Reach.ALL:
            seen = model.objects.visible_to(user).filter(pk=OuterRef(f"{reference}_id"))
            condition |= Q(**{f"{reference}__isnull": False}) & ~Q(Exists(seen))
    return condition or None


def _words(kind: RecordType, record: Any, closed: set[str], *, own: bool) -> str:
    return " ".join(part for key, part in parts_of(kind, record, without_references=own).items() if key not in closed)


def _says(text: str, words: list[str]) -> bool:
    return all((word if len(word) > 2 else f" {word}") in f" {text}" for word in words)
