"""What a backup has of the home folder, and how it is put back."""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from tracker.rules.refusals import Refused
from tracker.settings.secret_file import LOG_KEY, NEXT_LOG_KEY

FOLDERS = {"mail": "*.eml", "files": "*"}
_KEYS = ("secret", LOG_KEY, NEXT_LOG_KEY)
_INSIDE = "home/"


def kept_files(home: Path) -> Iterator[tuple[str, Path]]:
    """The names under which an archive has them, and where they are. Links are followed nowhere."""
    inside = (found for folder, pattern in FOLDERS.items() for found in sorted((home / folder).rglob(pattern)))
    for path in (*(home / name for name in _KEYS), *inside):
        if path.is_file() and not path.is_symlink():
            yield _INSIDE + path.relative_to(home).as_posix(), path


def place_of(name: str) -> PurePosixPath | None:
    """Where in the home folder a member belongs; None of a name that no backup has."""
    path = PurePosixPath(name.removeprefix(_INSIDE))
    is_plain = name == f"{_INSIDE}{path}" and "\\" not in name and "\0" not in name and ".." not in path.parts
    is_ours = str(path) in _KEYS or (len(path.parts) > 1 and path.parts[0] in FOLDERS)
    return path if is_plain and is_ours and not path.is_absolute() else None


class Placing:
    """Puts files into a home, each whole; takes those it made away again."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._made: list[Path] = []

    def put(self, place: PurePosixPath, chunks: Iterable[bytes]) -> None:
        """For the eyes of its owner alone. Refuses where another file is there; the same one may stay."""
        file = self._home / place
        self._make_folder(file.parent)
        draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
                for chunk in chunks:
                    kept.write(chunk)
                kept.flush()
                os.fsync(kept.fileno())
            if file.is_symlink() or file.exists():
                if file.read_bytes() != draft.read_bytes():
                    raise Refused(f"{file} is there already, and another one. A backup is restored into an empty home.")
                return
            draft.rename(file)
            self._made.append(file)
        finally:
            draft.unlink(missing_ok=True)

    def undo(self) -> None:
        for path in reversed(self._made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            self._make_folder(folder.parent)
            folder.mkdir(mode=0o700)
            self._made.append(folder)
