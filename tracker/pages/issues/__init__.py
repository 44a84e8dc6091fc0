"""Issues: raised, listed, read, and every step on them."""
