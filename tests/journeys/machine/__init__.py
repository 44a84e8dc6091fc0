"""A machine that lets people of three organisations do at random what they may and may not, in random time."""
