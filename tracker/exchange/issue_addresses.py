"""Addresses of the list of issues, as pages and files give them for what a report counts."""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode


def listed_at(filters: Mapping[str, str]) -> str:
    """The address of the list with these filters."""
    return f"/issues?{'&'.join([_asked(name, value) for name, value in filters.items()])}"


@lru_cache(maxsize=4096)
def _asked(name: str, value: str) -> str:
    """Kept: a report asks of hundreds of numbers for the same few days, themes and pairs."""
    return urlencode({name: value})
