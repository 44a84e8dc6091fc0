"""The demonstration: an invented partnership, and a year in its life that ends today."""
