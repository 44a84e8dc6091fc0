"""The floor: the product with one more page, fifty rows in a bare table, which costs what no list can go below."""

from litestar import Litestar, Response, Router, get
from litestar.di import NamedDependency
from sqlalchemy import select
from sqlmodel import col

from tracker.app import from_environment
from tracker.database import Database
from tracker.pages.web.page import HTML, environment
from tracker.pages.web.visitor import signed_in
from tracker.records.issue import Issue

PATH, PATH_AT_HAND = "/bench/floor", "/bench/at-hand"

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
    app.register(Router("/bench", guards=[signed_in], route_handlers=[show_floor, show_rows_at_hand]))
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


def _drawn(rows: object) -> Response[bytes]:
    return Response(_template.render(names=_NAMES, rows=rows).encode(), media_type=HTML)


_template = environment().from_string(_TABLE)
