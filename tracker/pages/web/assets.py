"""Files that pages load: read and compressed once, and kept by browsers for good under a name with their hash."""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from litestar import Response, get
from litestar.params import FromPath

from tracker.pages.web.request import Asking
from tracker.rules.refusals import NotThere

FOLDER = Path(__file__).resolve().parents[2] / "static"
KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
_NOT_SERVED = {"node_modules", "css"}  # folders
_COMPRESSED = {".css", ".js", ".svg", ".webmanifest"}
_IMPORT = re.compile(rb'@import "([^"]+)";')
_HASHED = re.compile(r"(?P<stem>.+)\.(?P<mark>[0-9a-f]{12})(?P<ending>\.[a-z0-9]+)")
_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent. `mark` is the start of its hash; `squeezed` its gzip, where that helps."""

    content: bytes
    kind: str
    mark: str
    squeezed: bytes | None


def asset(name: str) -> str:
    """The address of a file in `static/`, which changes when the file does. Refuses an unknown name with KeyError."""
    stem, dot, ending = name.rpartition(".")
    return f"/static/{stem}.{assets()[name].mark}{dot}{ending}"


@cache
def assets() -> Mapping[str, Asset]:
    """Every file that may be served, by its path below the folder. What `app.css` is joined of is not served apart."""
    paths = (path.relative_to(FOLDER) for path in sorted(FOLDER.rglob("*")) if path.suffix in KINDS)
    return {path.as_posix(): _read(FOLDER / path) for path in paths if _NOT_SERVED.isdisjoint(path.parts)}


@get("/static/{path:path}", sync_to_thread=False)
def show_asset(request: Asking, path: FromPath[str]) -> Response[bytes]:
    """A file by its plain or its hashed name. A hash of yesterday gets today's file, to be asked for again."""
    name, mark = _name_and_mark(path.lstrip("/"))
    found = assets().get(name)
    if found is None:
        raise NotThere("There is no such file.")
    etag = f'"{found.mark}"'
    headers = {
        "Cache-Control": _FOR_GOOD if mark == found.mark else _ASK_AGAIN,
        "ETag": etag,
        "Vary": "Accept-Encoding",
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=found.kind)
    if found.squeezed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.squeezed, headers={**headers, "Content-Encoding": "gzip"}, media_type=found.kind)
    return Response(found.content, headers=headers, media_type=found.kind)


@get("/favicon.ico", sync_to_thread=False)
def show_icon(request: Asking) -> Response[bytes]:
    """For programs that ask for it unbidden; pages name the icon themselves."""
    found = assets()["mark.svg"]
    return Response(found.content, headers={"Cache-Control": "public, max-age=86400"}, media_type=found.kind)


def _joined(sheet: Path) -> bytes:
    """A stylesheet with what it imports in the place of each import, so that a page asks for one file."""
    return _IMPORT.sub(lambda found: _joined(sheet.parent / found[1].decode()), sheet.read_bytes())


def _read(path: Path) -> Asset:
    content = path.read_bytes() if path.suffix != ".css" else _joined(path)
    squeezed = gzip.compress(content, 9, mtime=0) if path.suffix in _COMPRESSED else None
    return Asset(content, KINDS[path.suffix], hashlib.sha256(content).hexdigest()[:12], squeezed)


def _name_and_mark(path: str) -> tuple[str, str]:
    parts = _HASHED.fullmatch(path)
    return (parts["stem"] + parts["ending"], parts["mark"]) if parts else (path, "")


routes = [show_asset, show_icon]
