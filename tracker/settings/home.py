"""The home folder and what lies in it: for the eyes of its owner alone."""

import stat
from collections.abc import Iterator
from pathlib import Path

OWNERS_ALONE = 0o077  # the umask under which everything at home is made
_OURS = ("tracker.sqlite3", "secret")  # by which a folder is known as a home
_KEPT = ("tracker.sqlite3*", "secret*", "mail", "files", "*.key")


def keep_to_owner(home: Path) -> tuple[str, ...]:
    """Takes from everybody else what they may do with a home that an older version made, and with what lies in it.
    A sentence for each thing that this process may not change."""
    return tuple(_mended(home)) if any((home / name).exists() for name in _OURS) else ()


def _mended(home: Path) -> Iterator[str]:
    mode = home.stat().st_mode
    own = () if mode & stat.S_ISVTX else (home,)  # a folder that many share, like /tmp, stays theirs
    for path in (*own, *(found for pattern in _KEPT for found in sorted(home.glob(pattern)))):
        open_to_others = path.stat().st_mode & OWNERS_ALONE
        try:
            if open_to_others:
                path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OWNERS_ALONE)
        except PermissionError:
            yield f"{path} can be read by others on this machine. Its owner mends that: chmod go= {path}"
