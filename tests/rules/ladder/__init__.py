"""Ladders: who stands on their rungs, and who acts there."""
