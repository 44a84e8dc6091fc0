"""How issues climb: measured, put together, said, and its faces."""
