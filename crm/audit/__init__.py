"""Who changed what, from what, when."""
