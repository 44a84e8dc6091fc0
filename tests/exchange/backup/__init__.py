"""Backups: taken, damaged, restored."""
