"""The administrators' workshop at /admin/: Django's admin, in which reading goes through sight and writing through actions."""
