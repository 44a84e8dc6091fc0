"""What keeps getting in the way."""
