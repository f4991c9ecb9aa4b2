"""Outreach: segments, campaigns, journeys."""
