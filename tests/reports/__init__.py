"""What a partnership is told."""
