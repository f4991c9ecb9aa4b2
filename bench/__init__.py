"""How fast the pages are, each beside its floor: `manage.py bench`."""
