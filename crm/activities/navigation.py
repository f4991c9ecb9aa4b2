"""Menu entries and commands of this floor."""
