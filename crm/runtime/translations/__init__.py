"""What Tern says in other languages than English: found in the source, kept in locale/*/LC_MESSAGES. Needs Python alone."""
