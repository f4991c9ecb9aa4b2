"""What a document says of a referenced record is for who sees that one: a contact is found by its customer's name only by them."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from crm.fields.record_types import RecordType, record_types
from crm.search.documents import parts_of
from crm.search.models import SearchDocument
from crm.users.models import Reach, User


def within_sight(documents: list[SearchDocument], query: str, user: User) -> list[SearchDocument]:
    """Without those that match only by words of a record that the person does not see. One statement for each type that has such words."""
    words = query.split()[:8]
    wrong: set[tuple[str, int]] = set()
    for kind in record_types:
        references = {key.split(".")[0] for key in kind.search if "." in key}
        unsure = [d.record_id for d in documents if d.record_type == kind.key and not _says(d.title, words)] if references else []
        condition = _out_of_sight(kind, references, user) if unsure else None
        if condition:
            found = kind.objects().filter(condition, organization_id=user.organization_id, pk__in=unsure)
            wrong |= {(kind.key, record.pk) for record in found if not _says(_own_words(kind, record, user), words)}
    return [document for document in documents if (document.record_type, document.record_id) not in wrong] if wrong else documents


def _out_of_sight(kind: RecordType, references: set[str], user: User) -> Q | None:
    """Records that refer to one that the person does not see. None where the role sees all of those."""
    condition = Q()
    for reference in references:
        model: Any = kind.model._meta.get_field(reference).remote_field.model  # type: ignore[union-attr]  # a foreign key
        if user.reach(model._meta.model_name, "view") != Reach.ALL:
            seen = model.objects.visible_to(user).filter(pk=OuterRef(f"{reference}_id"))
            condition |= Q(**{f"{reference}__isnull": False}) & ~Q(Exists(seen))
    return condition or None


def _own_words(kind: RecordType, record: Any, user: User) -> str:
    parts = parts_of(kind, record, without_references=True)
    return " ".join(part for key, part in parts.items() if kind.fields[key].readable_by(user))


def _says(text: str, words: list[str]) -> bool:
    return all((word if len(word) > 2 else f" {word}") in f" {text}" for word in words)
