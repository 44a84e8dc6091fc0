"""The pages of an organisation's copy: its issues and their stories, to be read by its own people."""

from tracker.pages.copies.reading import routes

__all__ = ["routes"]
