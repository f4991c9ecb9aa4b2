"""The rule language: one tree for filters, saved views, segments and reports."""
