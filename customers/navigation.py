"""Menu entries of this domain."""
