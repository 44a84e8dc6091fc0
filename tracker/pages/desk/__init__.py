"""My desk."""
