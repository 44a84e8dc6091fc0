"""A person and their account; the door."""
