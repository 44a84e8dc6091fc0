"""The reports as pages and as files."""
