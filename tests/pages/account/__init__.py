"""The account, and the door."""
