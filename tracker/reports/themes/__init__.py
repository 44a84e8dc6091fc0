"""What keeps rubbing: a frozen value, its sections, and its faces."""
