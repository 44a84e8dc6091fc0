"""Signing in by an organisation's own provider: asking it, whom it names, and what a lead says of it."""
