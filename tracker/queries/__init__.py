"""What we ask of the records."""
