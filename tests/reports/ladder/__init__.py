"""How issues climb."""
