"""What a record type is to the people who use it: its fields, described once, read by every output."""
