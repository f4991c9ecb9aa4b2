"""The record pages: list, detail, create, edit, delete, and what hangs on every record."""
