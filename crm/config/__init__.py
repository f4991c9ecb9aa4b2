"""Puts the house together: settings, addresses, processes. Imports everything, imported by nobody."""

from crm.config.celery import app as celery_app

__all__ = ["celery_app"]
