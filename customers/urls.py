"""The table of contents of customers and contacts."""

from django.urls import URLPattern

customer_urls: list[URLPattern] = []
contact_urls: list[URLPattern] = []
