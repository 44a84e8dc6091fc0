"""Who may come in, and what counts then."""
