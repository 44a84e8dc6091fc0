"""Keeping the record provable: the key it is signed with, and its checkpoints."""
