"""How word goes out."""
