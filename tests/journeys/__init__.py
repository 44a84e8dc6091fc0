"""Whole stories, from the first complaint to the decision."""
