"""What can be typed after `tracker`: thin commands, a file for each kind of work."""
