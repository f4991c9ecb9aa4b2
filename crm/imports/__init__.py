"""Bringing files of other systems in: readers, recognition, wizard, commit."""
