"""One record of the problems at the boundary between organisations, and what became of them."""
