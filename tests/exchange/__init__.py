"""Files to and from the world."""
