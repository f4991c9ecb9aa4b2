"""Insight: metrics, reports, dashboards."""
