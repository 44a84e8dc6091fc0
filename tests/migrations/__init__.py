"""What migrations make of rows that were there before."""
