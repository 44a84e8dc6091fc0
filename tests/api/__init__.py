"""What programs see."""
