"""What is done to people as such: invited, accepted, called, addressed, away."""
