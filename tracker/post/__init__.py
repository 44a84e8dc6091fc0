"""How word goes out: one file a channel."""
