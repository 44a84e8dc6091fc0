"""Counting anew what reports add up: months, and how issues climbed."""
