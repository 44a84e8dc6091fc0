"""The floors: the product with pages that cost what none can go below.

Fifty rows in a bare table; and for each page that is measured its own statements, with nothing made of what they find.
"""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Litestar, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy import select
from sqlmodel import col

from tracker.app import from_environment
from tracker.database import Database
from tracker.pages.web.page import HTML, environment
from tracker.pages.web.request import Asking, settings_of
from tracker.pages.web.visitor import signed_in
from tracker.records.issue import Issue

PATH, PATH_AT_HAND, PATHS_BARE = "/bench/floor", "/bench/at-hand", "/bench/bare"
_FILE = "bare.pickle"

_NAMES = ("ref", "title", "severity", "state", "raised_at", "due_at")
_ROWS = select(*(getattr(Issue, name) for name in _NAMES)).order_by(col(Issue.id).desc()).limit(50)
_AT_HAND = tuple((f"BEN-{each}", "A letter late", "serious", "open", "1 May", "12 May") for each in range(1, 51))
_TABLE = """<!doctype html>
<title>Fifty rows</title>
<table>
<thead><tr>{% for name in names %}<th>{{ name }}</th>{% endfor %}</tr></thead>
<tbody>
{%- for ref, title, severity, state, raised_at, due_at in rows %}
<tr><th><a href="/issues/{{ ref }}">{{ ref }}</a></th><td>{{ title }}</td><td>{{ severity }}</td><td>{{ state }}</td>
<td>{{ raised_at }}</td><td>{{ due_at }}</td></tr>
{%- endfor %}
</tbody></table>"""


def create() -> Litestar:
    """The application as each web process makes it, with the floor behind the same door."""
    return with_floor(from_environment())


def with_floor(app: Litestar) -> Litestar:
    """The same application with the floor among its pages."""
    app.register(Router("/bench", guards=[signed_in], route_handlers=[show_floor, show_rows_at_hand, show_bare]))
    return app


@get("/floor", sync_to_thread=True)
def show_floor(db: NamedDependency[Database]) -> Response[bytes]:
    """One plain statement for fifty rows, and the same templates' engine; no frame, no filter, no visibility."""
    with db.read() as session:
        rows = session.execute(_ROWS).all()
    return _drawn(rows)


@get("/at-hand", sync_to_thread=True)
def show_rows_at_hand() -> Response[bytes]:
    """The same without the statement: what the server, the door and the drawing take."""
    return _drawn(_AT_HAND)


@dataclass(frozen=True, slots=True)
class Bare:
    """What a page sends to the database after the door let somebody in, with its parameters; the bytes it answers."""

    statements: tuple[tuple[str, Any], ...]
    size: int


def keep_bare(home: Path, pages: Mapping[int, Bare]) -> None:
    """For the server of this home, by a number."""
    (home / _FILE).write_bytes(pickle.dumps(pages))


@get("/bare/{number:int}", sync_to_thread=True)
def show_bare(request: Asking, db: NamedDependency[Database], number: FromPath[int]) -> Response[bytes]:
    """A page's own statements and as many bytes."""
    page = _kept_bare(settings_of(request).home)[number]
    with db.read() as session:
        connection = session.connection()
        for statement, parameters in page.statements:
            connection.exec_driver_sql(statement, parameters).all()
    return Response(b" " * page.size, media_type=HTML)


@cache
def _kept_bare(home: Path) -> Mapping[int, Bare]:
    found: Mapping[int, Bare] = pickle.loads((home / _FILE).read_bytes())
    return found


def _drawn(rows: object) -> Response[bytes]:
    return Response(_template.render(names=_NAMES, rows=rows).encode(), media_type=HTML)


_template = environment().from_string(_TABLE)
