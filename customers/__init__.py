"""Who the organization works with: customers, their contacts, addresses and relationships."""
