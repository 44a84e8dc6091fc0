"""Where things stand: the folders that travel with the package."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def packaged(name: str) -> Path:
    """The folder `templates` or `migrations`: inside an installed wheel, else beside the package in a checkout."""
    inside = _PACKAGE / "_data" / name
    return inside if inside.exists() else _PACKAGE.parent / name
