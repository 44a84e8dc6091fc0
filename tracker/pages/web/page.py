"""Draw a page, or the one block of it that htmx wants replaced."""

import re
from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from litestar import Response
from litestar.status_codes import HTTP_400_BAD_REQUEST
from markupsafe import Markup, escape

from tracker.pages.web.assets import asset, assets
from tracker.pages.web.given_back import lost_in
from tracker.pages.web.header import clock_here, form_token, frame_of, side_class
from tracker.pages.web.moments import READER, PageReader, ago, by_own_clock, day, day_text, meets, moment, other_clock
from tracker.pages.web.request import Asking, htmx_target, now_of, visitor_in
from tracker.pages.web.step_done import step_done_in
from tracker.rules.lifecycle import SEVERITY_WORDS
from tracker.rules.wording import city_of, ended, listed, say_people
from tracker.settings import packaged

HTML = "text/html"
_FOLDER: ContextVar[str] = ContextVar("folder", default="")  # of the page drawn; "" for a part, which any page may hold


def page(
    request: Asking,
    template: str,
    block: str | None = None,
    /,
    *,
    status: int = 200,
    keep: tuple[str, dict[str, str]] | None = None,
    **context: Any,
) -> Response[bytes]:
    """A template drawn for whoever asks. With `block`, or when htmx replaces an element of that name, only the block.

    Every template has `frame` (None before signing in, and where no place of theirs counts), `csrf` (for forms), `now`,
    `path`, `step_done` (what the form that led here did) and what is given here. A refused form whose place is not on
    the page any more leaves what was written in it on top (`lost`). `keep`: a block that is drawn once for all who read
    by the same clock on a day, in the same folder, and where that is kept; nothing in it may be one reader's.
    """
    visitor = visitor_in(request)
    reads = visitor if visitor and visitor.sides else None
    frame = frame_of(request, reads) if reads else None
    token = form_token(request, visitor) if visitor else ""
    given: dict[str, Any] = {"frame": frame, "csrf": token, "now": now_of(request), "path": request.url.path}
    given["step_done"] = step_done_in(request)
    clock = clock_here(request, reads) if reads else ZoneInfo("UTC")
    reading, part = READER.set(PageReader(clock, now_of(request))), block or htmx_target(request)
    beside = _FOLDER.set("" if part else _folder_of(request))
    found = environment().get_template(template)
    try:
        drawn = _drawn(found, part, {**given, "lost": (), **context}, keep)
        if status >= HTTP_400_BAD_REQUEST and not part and (lost := lost_in(request, drawn)):
            drawn = _drawn(found, part, {**given, **context, "lost": lost})
    finally:
        READER.reset(reading)
        _FOLDER.reset(beside)
    return Response(drawn.encode(), status_code=status, media_type=HTML)


def _folder_of(request: Asking) -> str:
    """From where a browser reads links that begin with no “/”; "" where the address ends in one that `path` lacks."""
    is_exact = not (request.scope.get("raw_path") or b"/").endswith(b"/")
    return request.url.path.rpartition("/")[0] + "/" if is_exact else ""


_special = re.compile("[&<>'\"]").search


def escaped(value: Any) -> str:
    """As `markupsafe.escape` has it, which marks every piece as safe: here they are joined at once, and most are plain
    words. A page has more than a thousand."""
    if type(value) is str:
        return value if _special(value) is None else escape(value)
    return value if type(value) is Markup else escape(value)


class _QuickEnvironment(Environment):
    """What a template asks of a view, which is a dictionary, is one of its keys: jinja looks for an attribute first,
    and fails, many hundred times a page."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        try:
            return obj[attribute] if type(obj) is dict else getattr(obj, attribute)
        except (KeyError, AttributeError):
            return super().getattr(obj, attribute)


class _QuickTemplate(Template):
    """A template that puts its pieces in by `escaped`; as none has names of its own for all it imports, what it imports
    is the same for all."""

    @classmethod
    def from_code(cls, *compiled: Any) -> Template:
        template = super().from_code(*compiled)
        template.root_render_func.__globals__["escape"] = escaped
        return template

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


@cache
def environment() -> Environment:
    """Templates with what they all use. In a checkout a changed template is read again; in a wheel none changes."""
    folder = packaged("templates")
    drawing = _QuickEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload="_data" not in folder.parts,
        cache_size=-1,
    )
    drawing.template_class = _QuickTemplate
    drawing.globals.update(asset=asset, layout="layout.html")
    drawing.filters.update(
        moment=moment, ago=ago, day=day, by_own_clock=by_own_clock, meets=meets, other_clock=other_clock
    )
    drawing.filters.update(ended=ended, listed=listed, people=say_people, severity_words=SEVERITY_WORDS.__getitem__)
    drawing.filters.update(city=city_of, figure=figure)
    drawing.filters["side"] = lambda organisation: side_class(organisation.position)
    return drawing


def figure(count: Any) -> Markup:
    """A number that leads to the issues behind it (`reports.sentences.Count`); no macro, because tables are full of
    them, and from the page's own folder on: they are a third of a report."""
    if count.issues and count.text:
        return Markup(f'<a href="{escape(count.issues.removeprefix(_FOLDER.get()))}">{escape(count.text)}</a>')
    return escape(count.text or "–")


def _drawn(
    template: Template, block: str, values: dict[str, Any], keep: tuple[str, dict[str, str]] | None = None
) -> str:
    context = template.new_context(values)
    if block in template.blocks:
        # What stands at the top of a template (imports, sets) runs before its layout says a word; blocks need it.
        next(template.root_render_func(context), None)
        return "".join(template.blocks[block](context))
    if keep:
        _keep_block(context, *keep)
    try:
        return "".join(template.root_render_func(context))
    except Exception:
        template.environment.handle_exception()


def _keep_block(context: Context, name: str, kept: dict[str, str]) -> None:
    reader, draw = READER.get(), context.blocks[name][0]
    way = f"{name} by the clock of {reader.zone} on {day_text(reader.now, reader.zone)}, from {_FOLDER.get()}"

    def drawn(context: Context) -> Iterator[str]:
        if way not in kept:
            kept[way] = "".join(draw(context))
        yield kept[way]

    context.blocks[name][0] = drawn


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
