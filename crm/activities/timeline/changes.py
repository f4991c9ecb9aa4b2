"""Changes of the record itself as entries, one for each save, under the reader's field access."""

from django.utils.translation import gettext_lazy as _

from crm.activities.timeline.entries import Ask, Entry, Source, timeline_source
from crm.records.history import HistoryEntry, history_of

RANK, SHOW = 90, "changes"
SHARING = (".shared", ".unshared")
PLAIN = {"created", "deleted", "restored", "shared", "unshared", "linked", "unlinked", "attendees", "completed", "reopened"}
"""Verbs that say everything: no field is named beside them."""


def load(ask: Ask) -> list[Entry]:
    if ask.show not in {"", SHOW} or ask.filters.words or ask.coming:
        return []
    condition = ask.beyond(RANK, "timestamp", "pk")
    entries = history_of(ask.record, ask.user, size=ask.size, only=condition, by=ask.actor)
    return [entry for entry in map(_entry, entries) if entry]


def _entry(change: HistoryEntry) -> Entry | None:
    created, deleted = change.verb.endswith(".created"), change.verb.endswith(".deleted")
    sharing = change.verb.endswith(SHARING)
    readable = [each for each in change.changes if not each.withheld]
    icon = "plus" if created else "trash" if deleted else "share" if sharing else "pencil"
    facts = {
        "verb": change.verb.rpartition(".")[2],
        "first": readable[0] if readable and change.verb.rpartition(".")[2] not in PLAIN else None,
        "others": max(0, len(change.changes) - 1),
        "changes": readable,
    }
    return Entry(RANK, change.pk, change.at, SHOW, icon, "activities/entries/change.html", change.actor, "", facts)


timeline_source(Source("changes", RANK, load, ((SHOW, _("Changes")),)))
