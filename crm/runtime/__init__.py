"""Starts and stops processes: the embedded PostgreSQL and Valkey, `up`, `test`, `doctor`. Knows no app of Tern."""
