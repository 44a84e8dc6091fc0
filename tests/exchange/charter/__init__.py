"""The charter file."""
