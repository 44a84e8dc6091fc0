"""All that a server keeps, as one file, and a server put together from it."""
