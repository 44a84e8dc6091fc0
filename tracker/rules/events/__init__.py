"""What can happen, a frozen class for each kind, and who hears of it."""
