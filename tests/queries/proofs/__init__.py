"""Proving the record."""
