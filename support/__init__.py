"""Help: tickets, service levels, articles."""
