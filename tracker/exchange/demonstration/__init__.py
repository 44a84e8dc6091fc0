"""The demonstration: an invented partnership, a year in its life that ends today, and the list of what was before."""
