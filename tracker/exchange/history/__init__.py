"""Past issues, from a file of events."""
