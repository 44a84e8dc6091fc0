"""Asking the other sides, answering, and what is done once every side has agreed."""
