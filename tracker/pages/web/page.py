"""Draw a page, or the one block of it that htmx wants replaced."""

from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from litestar import Response
from markupsafe import Markup, escape

from tracker.pages.web.assets import asset, assets
from tracker.pages.web.header import clock_here, frame_of, side_class
from tracker.pages.web.moments import READER, PageReader, by_own_clock, day, meets, moment, other_clock
from tracker.pages.web.request import Asking, htmx_target, now_of, visitor_in
from tracker.rules.lifecycle import SEVERITY_WORDS
from tracker.rules.wording import listed
from tracker.settings import packaged

HTML = "text/html"


def page(
    request: Asking, template: str, block: str | None = None, /, *, status: int = 200, **context: Any
) -> Response[bytes]:
    """A template drawn for whoever asks. With `block`, or when htmx replaces an element of that name, only the block.

    Every template has `frame` (None before signing in), `csrf` (for forms), `now` and `path`, and what is given here.
    """
    visitor = visitor_in(request)
    frame = frame_of(request, visitor) if visitor else None
    given = {"frame": frame, "csrf": frame["csrf"] if frame else "", "now": now_of(request), "path": request.url.path}
    clock = clock_here(request, visitor) if visitor else ZoneInfo("UTC")
    reading = READER.set(PageReader(clock, now_of(request)))
    try:
        drawn = _drawn(environment().get_template(template), block or htmx_target(request), {**given, **context})
    finally:
        READER.reset(reading)
    return Response(drawn.encode(), status_code=status, media_type=HTML)


@cache
def environment() -> Environment:
    """Templates with what they all use. In a checkout a changed template is read again; in a wheel none changes."""
    folder = packaged("templates")
    drawing = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload="_data" not in folder.parts,
        cache_size=-1,
    )
    drawing.globals.update(asset=asset, layout="layout.html")
    drawing.filters.update(moment=moment, day=day, by_own_clock=by_own_clock, meets=meets, other_clock=other_clock)
    drawing.filters.update(listed=listed, severity_words=SEVERITY_WORDS.__getitem__)
    drawing.filters["figure"] = figure
    drawing.filters["side"] = lambda organisation: side_class(organisation.position)
    return drawing


def figure(count: Any) -> Markup:
    """A number that leads to the issues behind it (`reports.sentences.Count`); no macro, because tables are full of
    them."""
    if count.issues and count.text:
        return Markup('<a href="{}">{}</a>').format(count.issues, count.text)
    return escape(count.text or "–")


def _drawn(template: Template, block: str, values: dict[str, Any]) -> str:
    if block not in template.blocks:
        return template.render(values)
    context = template.new_context(values)
    # What stands at the top of a template (imports, sets) runs before its layout says its first word; blocks need it.
    next(template.root_render_func(context), None)
    return "".join(template.blocks[block](context))


def kept(template: str, address: str, reader: PageReader, /, **context: Any) -> str:
    """The same template that the site draws, in the frame `standalone.html`. `address`: of the site, where its links
    lead; `reader`: where and when it is read, for the days in it."""
    look = Markup(f"<style>\n{assets()['app.css'].content.decode()}</style>")
    reading = READER.set(reader)
    try:
        found = environment().get_template(template)
        return found.render(context, layout="standalone.html", address=address, look=look)
    finally:
        READER.reset(reading)
