"""The platform: what every record has. It never imports a domain."""
