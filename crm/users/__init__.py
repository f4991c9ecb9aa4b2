"""People, their teams and roles."""
