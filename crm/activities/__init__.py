"""Tasks, calls, meetings, notes, e-mails; the timeline; reminders."""
