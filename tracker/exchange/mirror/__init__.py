"""A live copy of what an organisation may read, in a database of its own, verified as it goes."""
