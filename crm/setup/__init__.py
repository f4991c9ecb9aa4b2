"""The organization's own settings: people, roles, teams."""
