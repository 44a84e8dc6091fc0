"""The file of a backup: a zip with a manifest of its members.

The manifest names every member with its digest, and the comment of the zip is the digest of all that comes before it.
"""

import json
import os
import secrets
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from io import BufferedReader
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from tracker.rules.refusals import Refused

FORMAT = 1
MANIFEST = "manifest.json"
_MARK, _DIGITS = b"sha256:", 64
_CHUNK = 1 << 20
_LEVEL = 3  # of compression: more takes twice as long for a tenth
_UNREADABLE = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError, TypeError)


class DamagedArchive(Refused):
    """A file is no backup, or not as it was written."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file} cannot be restored: {why}. Nothing was restored.")


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """What a manifest says of a member; `rows`: of a table."""

    size: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """`schema`: the newest migration that had run; `left_out`: what has to come from elsewhere, a sentence each."""

    taken_at: datetime
    schema: str
    program: str
    left_out: tuple[str, ...]
    members: Mapping[str, ArchiveMember]

    @property
    def rows(self) -> int:
        return sum(each.rows or 0 for each in self.members.values())

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        """Raises one of the errors of what cannot be read."""
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise ValueError(f"it has format {told['format']}, and this program reads {FORMAT}")
        return cls(
            datetime.fromisoformat(told["taken_at"]),
            str(told["schema"]),
            str(told["program"]),
            tuple(told["left_out"]),
            {name: ArchiveMember(**each) for name, each in told["members"].items()},
        )

    def written(self) -> bytes:
        told = asdict(self) | {"format": FORMAT, "taken_at": self.taken_at.isoformat()}
        return json.dumps(told, indent=1, sort_keys=True).encode()


class ArchiveWriter:
    """Members are written one after the other."""

    def __init__(self, members: ZipFile) -> None:
        self._zip = members
        self.members: dict[str, ArchiveMember] = {}

    def put(self, name: str, chunks: Iterable[bytes], *, of_rows: bool = False) -> ArchiveMember:
        """`of_rows`: a chunk is a line of a table, the first one that of its columns."""
        digest, size, count = sha256(), 0, 0
        with self._zip.open(_info(name), "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                count += 1
        self.members[name] = ArchiveMember(size, digest.hexdigest(), count - 1 if of_rows else None)
        return self.members[name]

    def close(self, manifest: Manifest) -> None:
        with self._zip.open(_info(MANIFEST), "w") as member:
            member.write(manifest.written())


@contextmanager
def new_archive(file: Path) -> Iterator[ArchiveWriter]:
    """Written for its owner alone, under another name until it is whole. Refuses where something is there already."""
    if file.exists():
        raise Refused(f"{file} is there already. Give another name, or remove it.")
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as kept:
            with ZipFile(kept, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as members:
                members.comment = _MARK + b"0" * _DIGITS
                yield ArchiveWriter(members)
            _seal(kept)
        draft.rename(file)
        _sync(file.absolute().parent)
    except OSError as fault:
        where = file if fault.filename in {None, str(draft)} else fault.filename
        raise Refused(f"{where}: {fault.strerror or fault}. No backup was written.") from fault
    finally:
        draft.unlink(missing_ok=True)


class Archive:
    """A whole archive, member by member. What is not as it was written is refused with DamagedArchive."""

    def __init__(self, file: Path, members: ZipFile) -> None:
        self._file, self._zip = file, members
        with self._refusing():
            self.manifest = Manifest.read(members.read(MANIFEST))
        if sorted(members.namelist()) != sorted([MANIFEST, *self.manifest.members]):
            raise self.damaged("its members are not those that its manifest names")

    def damaged(self, why: str) -> DamagedArchive:
        return DamagedArchive(self._file, why)

    def lines(self, name: str) -> Iterator[bytes]:
        """Its lines, the last of which are there only if all were as they were written."""
        with self._refusing(), self._zip.open(name) as member:
            yield from self._checked(name, BufferedReader(member, _CHUNK))  # type: ignore[type-var]

    def content(self, name: str) -> Iterator[bytes]:
        with self._refusing(), self._zip.open(name) as member:
            yield from self._checked(name, iter(lambda: member.read(_CHUNK), b""))

    def _checked(self, name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
        digest, size, count = sha256(), 0, 0
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            count += 1
            yield chunk
        told = self.manifest.members[name]
        if (size, digest.hexdigest()) != (told.size, told.sha256) or told.rows not in (None, count - 1):
            raise self.damaged(f"{name} is not as it was written")

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except _UNREADABLE as fault:
            raise self.damaged(str(fault) or type(fault).__name__) from fault


@contextmanager
def opened_archive(file: Path) -> Iterator[Archive]:
    """Refuses with DamagedArchive what is not whole, before anything is read of it."""
    try:
        with file.open("rb") as kept:
            _refuse_unless_whole(file, kept)
            with ZipFile(kept) as members:
                yield Archive(file, members)
    except BadZipFile as fault:
        raise DamagedArchive(file, "it is no backup") from fault


def _refuse_unless_whole(file: Path, kept: IO[bytes]) -> None:
    end = kept.seek(0, os.SEEK_END) - _DIGITS
    kept.seek(max(0, end - len(_MARK)))
    mark, told = kept.read(len(_MARK)), kept.read()
    if mark != _MARK:
        raise DamagedArchive(file, "it is no backup, or its end is missing")
    if _digest(kept, end).encode() != told:
        raise DamagedArchive(file, "it is not as it was written, for its digest is another one")
    kept.seek(0)


def _seal(kept: IO[bytes]) -> None:
    end = kept.seek(0, os.SEEK_END) - _DIGITS
    digits = _digest(kept, end).encode()
    kept.seek(end)
    kept.write(digits)
    kept.flush()
    os.fsync(kept.fileno())


def _digest(kept: IO[bytes], end: int) -> str:
    """Of what stands before `end`, as hex digits."""
    digest = sha256()
    kept.seek(0)
    while chunk := kept.read(min(_CHUNK, end - kept.tell())):
        digest.update(chunk)
    return digest.hexdigest()


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name)
    info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
    return info


def _sync(folder: Path) -> None:
    with suppress(OSError):  # not every file system has that
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
