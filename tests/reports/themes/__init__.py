"""What keeps rubbing."""
