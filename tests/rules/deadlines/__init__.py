"""Deadlines: what a limit is, and why."""
