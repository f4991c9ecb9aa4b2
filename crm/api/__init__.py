"""The REST API: the same records under the same rights as on the pages, for programs that carry a token."""
