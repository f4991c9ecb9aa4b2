"""What happened on a record, newest first, from every source that keeps something about it."""

from crm.activities.timeline.entries import Ask, Cursor, Entry, Filters, Source, timeline_source
from crm.activities.timeline.page import Timeline, people_on, timeline_of

__all__ = ["Ask", "Cursor", "Entry", "Filters", "Source", "Timeline", "people_on", "timeline_of", "timeline_source"]
