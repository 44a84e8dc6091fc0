"""What reports add up."""
