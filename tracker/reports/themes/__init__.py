"""What keeps getting in the way: a frozen value, its sections, and its faces."""
