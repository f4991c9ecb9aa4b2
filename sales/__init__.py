"""Revenue: leads, opportunities, quotes, orders."""
