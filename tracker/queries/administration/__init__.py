"""What leads read of what was done to an arrangement: its events, and what waits for them."""
