"""Cells of sheets that we write."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """A text as a cell that no spreadsheet takes for a formula: an apostrophe is put before one that looks like it."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
