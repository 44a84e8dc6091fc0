"""What sides do with an issue together."""
