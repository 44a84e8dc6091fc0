"""Packs for a body's meetings: begun, read, published or discarded, taken away as paper or sheets."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.actions.begin_step import StepRequest
from tracker.actions.freeze_pack import Meeting, discard_pack, draft_pack, pack_to_change, publish_pack
from tracker.database import Database
from tracker.measures.periods import Period, in_words, period
from tracker.pages.governance.pack import DraftForm, PackLine, PacksView, draw_pack, file_content, read_pack
from tracker.pages.reports.periods import quarter_of
from tracker.pages.web.forms import Form, Shape, read, refused
from tracker.pages.web.page import page
from tracker.pages.web.parts import Choice, FormState
from tracker.pages.web.request import Asking, see_other
from tracker.pages.web.visitor import Visitor
from tracker.queries.packs import PackRow, load_pack, pack_rows
from tracker.records.relations import meetings
from tracker.reports.packs import faces as pack_files
from tracker.reports.packs.content import content_of
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement, Body
from tracker.rules.deciding import may_publish
from tracker.rules.refusals import FieldError, NotThere, WrongInput
from tracker.rules.rings import Viewer
from tracker.rules.spans import day_in
from tracker.rules.wording import say_moment

_STARTS = time(9)  # a meeting that is only a day
_TYPES = {
    "pack.pdf": "application/pdf",
    "pack.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MADE: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {
    "pack.pdf": pack_files.as_pdf,
    "pack.xlsx": pack_files.as_xlsx,
}


class PackForm(Shape):
    """For which meeting: a moment, or a day; and which period its theme report is of."""

    sentences: ClassVar = {"meets_at": "Choose a meeting, or give its day."}
    body: str
    meets_at: datetime
    period: str = ""


@get("/packs/{key:str}", sync_to_thread=True)
def list_packs(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """The packs that this person may read, and where they may begin one."""
    return _list(request, visitor, db, now, visitor.arrangement(key))


@post("/packs/{key:str}", sync_to_thread=True)
def begin_pack(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form], key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """Begun, and on to its page; or the list with what was wrong."""
    arrangement = visitor.arrangement(key)
    filled, state = read(PackForm, form)
    if filled is not None:
        try:
            meeting = _meeting(filled, arrangement, now)
            with db.write() as session:
                pack = draft_pack(session, arrangement, meeting, StepRequest(visitor.viewer, now))
            return see_other(addresses.pack(key, pack.number))
        except WrongInput as refusal:
            state = refused(state, refusal)
    return _list(request, visitor, db, now, arrangement, typed=state, status=422)


@get("/packs/{key:str}/{number:int}", sync_to_thread=True)
def show_pack(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    key: FromPath[str], number: FromPath[int],
) -> Response[bytes]:  # fmt: skip
    """One pack: live while a draft, as it was when published."""
    arrangement = visitor.arrangement(key)
    with db.read() as session:
        pack = load_pack(session, arrangement.id, number, visitor.viewer)
        found = read_pack(session, arrangement, pack, visitor.viewer, now)
    return page(request, "governance/pack.html", pack=draw_pack(arrangement, pack, visitor.viewer, found))


@post("/packs/{key:str}/{number:int}/publication", sync_to_thread=True)
def publish(
    visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    key: FromPath[str], number: FromPath[int],
) -> Response[bytes]:  # fmt: skip
    """Frozen as it stands now, for all its readers; each is shown of it what they may see."""
    arrangement, step_request = visitor.arrangement(key), StepRequest(visitor.viewer, now)
    with db.write() as session:
        pack = pack_to_change(session, arrangement, number, step_request)
        publish_pack(session, arrangement, pack, content_of(session, arrangement, pack, now), step_request)
    return see_other(addresses.pack(key, number))


@post("/packs/{key:str}/{number:int}/discarding", sync_to_thread=True)
def discard(
    visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    key: FromPath[str], number: FromPath[int],
) -> Response[bytes]:  # fmt: skip
    """A draft given up, and back to the list."""
    with db.write() as session:
        discard_pack(session, visitor.arrangement(key), number, StepRequest(visitor.viewer, now))
    return see_other(addresses.packs(key))


@get("/packs/{key:str}/{number:int}/{pack_file:str}", sync_to_thread=True)
def send_pack(
    visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    key: FromPath[str], number: FromPath[int], pack_file: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """`pack.pdf` or `pack.xlsx`, with what this person may see of it."""
    if pack_file not in _MADE:
        raise NotThere(f"There is no file {pack_file}.")
    arrangement = visitor.arrangement(key)
    with db.read() as session:
        pack = load_pack(session, arrangement.id, number, visitor.viewer)
        found = read_pack(session, arrangement, pack, visitor.viewer, now, whole=True)
    made = _MADE[pack_file](file_content(arrangement, pack, found))
    name = f"{key}-pack-{number}{pack_file.removeprefix('pack')}"
    return Response(
        made, media_type=_TYPES[pack_file], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )  # fmt: skip


def _list(
    request: Asking, visitor: Visitor, db: Database, now: datetime, arrangement: Arrangement, *,
    typed: FormState | None = None, status: int = 200,
) -> Response[bytes]:  # fmt: skip
    with db.read() as session:
        rows = pack_rows(session, visitor.viewer, arrangement.id)
    view = PacksView(
        arrangement.key, arrangement.name, tuple(_line(row, arrangement) for row in rows),
        tuple(_drafts(arrangement, visitor.viewer, now, typed)),
    )  # fmt: skip
    return page(request, "governance/packs.html", status=status, packs=view)


def _line(row: PackRow, arrangement: Arrangement) -> PackLine:
    body = next((each.name for each in arrangement.bodies.values() if each.id == row.body_id), "")
    href, words = addresses.pack(arrangement.key, row.number), in_words(period(row.period))
    return PackLine(row.number, href, body, row.meets_at, words, row.published_at, row.published_by)


def _drafts(arrangement: Arrangement, viewer: Viewer, now: datetime, typed: FormState | None) -> list[DraftForm]:
    bodies = [body for body in arrangement.bodies.values() if not body.retired]
    mine = [body for body in bodies if may_publish(viewer, body, arrangement)]
    return [_draft(body, arrangement, now, typed) for body in mine]


def _draft(body: Body, arrangement: Arrangement, now: datetime, typed: FormState | None) -> DraftForm:
    zone = ZoneInfo(arrangement.zone)
    coming = [at.astimezone(zone) for at in meetings(body, now)]
    choices = tuple(Choice(at.isoformat(), say_moment(at, now.astimezone(zone).year)) for at in coming)
    form = typed if typed and typed.values.get("body") == body.key else FormState()
    return DraftForm(body.key, body.name, choices, quarter_of(day_in(zone, now)).previous().name, form)


def _meeting(filled: PackForm, arrangement: Arrangement, now: datetime) -> Meeting:
    """Refuses what no form offered."""
    body = arrangement.bodies.get(filled.body)
    if body is None or body.retired:
        raise NotThere(f"There is no body {filled.body} in {arrangement.name}.")
    zone = ZoneInfo(arrangement.zone)
    at = filled.meets_at
    if at.tzinfo is None:
        at = (datetime.combine(at.date(), _STARTS) if at.time() == time.min else at).replace(tzinfo=zone)
    return Meeting(body, at, _period(filled.period, day_in(zone, now)).name)


def _period(asked: str, today: date) -> Period:
    """The last whole quarter where none is asked for. Refuses: WrongInput, also what has not begun."""
    last = quarter_of(today).previous()
    try:
        found = period(asked) if asked else last
    except ValueError as wrong:
        raise WrongInput(FieldError("period", f"Choose another period: {wrong}.")) from wrong
    if found.start > today:
        raise WrongInput(
            FieldError("period", f"{in_words(found)} has not begun yet. The last whole quarter is {last.name}.")
        )
    return found


routes = [list_packs, begin_pack, show_pack, publish, discard, send_pack]
