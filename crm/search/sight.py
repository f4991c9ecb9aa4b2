"""What a document says of a referenced record is for who sees that one: a contact is found by its customer's name only by them."""

from typing import Any

from crm.fields.record_types import RecordType, record_types
from crm.search.documents import parts_of
from crm.search.models import SearchDocument
from crm.users.models import User

Hit = tuple[SearchDocument, Any]


def said_in_sight(hits: list[Hit], query: str, user: User) -> list[Hit]:
    """Without those that match only by words of a record that the person does not see, or of a field that the role has come to withhold.

    Documents are written again after a role changed; this holds at once. `hits` are documents with their records. Asks for the records
    that are referred to, one statement for each type of them, where a record's own words do not say the query.
    """
    words = query.split()[:8]
    wrong: set[tuple[str, int]] = set()
    for kind in record_types:
        closed = _closed(kind, user)
        unsure = [record for d, record in hits if d.record_type == kind.key and not _says(d.title, words)] if may_tell(kind, user) else []
        unsure = [record for record in unsure if not _says(_words(kind, record, closed, own=True), words)]
        for reference in references_of(kind) if unsure else ():
            _recall(unsure, reference, user)
        wrong |= {(kind.key, record.pk) for record in unsure if not _says(_words(kind, record, closed, own=False), words)}
    return [(document, record) for document, record in hits if (document.record_type, document.record_id) not in wrong]


def may_tell(kind: RecordType, user: User) -> bool:
    """Whether documents of this type may hold words that are not for this person."""
    return bool(references_of(kind) or _closed(kind, user))


def references_of(kind: RecordType) -> set[str]:
    """The references across which the type is searched: "customer" for "customer.name"."""
    return {key.split(".")[0] for key in kind.search if "." in key}


def _recall(records: list[Any], reference: str, user: User) -> None:
    """Set what each record refers to, to nothing where the person does not see that one. In memory alone."""
    model: Any = records[0]._meta.get_field(reference).remote_field.model
    seen = model.objects.visible_to(user).in_bulk({getattr(record, f"{reference}_id") for record in records} - {None})
    for record in records:
        record._state.fields_cache[reference] = seen.get(getattr(record, f"{reference}_id"))


def _closed(kind: RecordType, user: User) -> set[str]:
    """The searched fields that the person's role hides or masks; a reference takes along what is read across it."""
    return {
        key
        for key in kind.searched
        if not all(kind.fields[part].readable_by(user) for part in {key, key.split(".")[0]} & kind.fields.keys())
    }


def _words(kind: RecordType, record: Any, closed: set[str], *, own: bool) -> str:
    return " ".join(part for key, part in parts_of(kind, record, without_references=own).items() if key not in closed)


def _says(text: str, words: list[str]) -> bool:
    return all((word if len(word) > 2 else f" {word}") in f" {text}" for word in words)
