"""The outbox: what happened, written with the change and handled after it."""
