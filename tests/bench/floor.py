"""The floor: the product with one more page, a bare table of fifty rows, which costs what no page can go below."""

from litestar import Litestar, Response, Router, get

from tracker.app import from_environment
from tracker.pages.drawing import HTML, environment
from tracker.pages.visitor import signed_in

PATH = "/bench/floor"

_COLUMNS = ("Issue", "Where it is", "Ball", "Limit")
_ROWS = tuple((f"BEN-{number}", "Operational managers' group", "Council", "Tue 12 May") for number in range(1, 51))
_TABLE = """<!doctype html>
<title>Fifty rows</title>
<table>
<thead><tr>{% for name in columns %}<th>{{ name }}</th>{% endfor %}</tr></thead>
<tbody>
{%- for ref, where, ball, limit in rows %}
<tr><th><a href="/issues/{{ ref }}">{{ ref }}</a></th><td>{{ where }}</td><td>{{ ball }}</td><td>{{ limit }}</td></tr>
{%- endfor %}
</tbody></table>"""


def create() -> Litestar:
    """The application as each web process makes it, with the floor behind the same door."""
    return with_floor(from_environment())


def with_floor(app: Litestar) -> Litestar:
    """The same application with one more page."""
    app.register(Router("/bench", guards=[signed_in], route_handlers=[show_floor]))
    return app


@get("/floor", sync_to_thread=True)
def show_floor() -> Response[bytes]:
    """Rows that are there already, drawn by the same templates' engine; no frame, and nothing asked but who asks."""
    drawn = _template.render(columns=_COLUMNS, rows=_ROWS)
    return Response(drawn.encode(), media_type=HTML)


_template = environment().from_string(_TABLE)
