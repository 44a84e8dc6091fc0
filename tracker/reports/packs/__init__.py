"""Packs: what a body has before it at a meeting, and its faces."""
