"""Packs for a body's meetings: begun, read, published or discarded, taken away as paper or sheets."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.params import FromPath

from tracker.actions.begin_step import StepRequest
from tracker.actions.freeze_pack import Meeting, body_of, discard_pack, draft_pack, named, pack_to_change, publish_pack
from tracker.database import Database
from tracker.measures.periods import in_words, period, twelve_months_to
from tracker.pages.governance.bodies import body_in
from tracker.pages.web.forms import Shape, TheForm, read, refused
from tracker.pages.web.header import clock_here
from tracker.pages.web.moments import moment_text
from tracker.pages.web.page import page
from tracker.pages.web.parts import Choice, FormState, Link
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor
from tracker.pages.web.step_done import done_by, see_done
from tracker.pages.web.visitor import Visitor
from tracker.queries.packs import load_pack, pack_rows
from tracker.records.ladder_context import meetings
from tracker.records.pack import Pack
from tracker.reports.formats import FORMATS
from tracker.reports.packs.changes import told_since_last
from tracker.reports.packs.content import content_of
from tracker.reports.packs.faces import FACES
from tracker.reports.packs.reading import PackReading, for_file, headlines, helped, ordinary, read_pack, standing_out
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement, Body
from tracker.rules.deciding import may_publish
from tracker.rules.refusals import FieldError, NotThere, WrongInput
from tracker.rules.rings import Viewer
from tracker.rules.spans import day_in

_STARTS = time(9)  # a meeting that is only a day


class PackForm(Shape):
    """For which meeting: a moment, or a day; and which period its theme report is of."""

    sentences: ClassVar = {"meets_at": "Choose a meeting, or give its day."}
    body: str
    meets_at: datetime
    period: str = ""


@get("/packs/{key:str}", sync_to_thread=True)
def list_packs(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, key: FromPath[str]
) -> Response[bytes]:
    """The packs that this person may read, and where they may begin one."""
    return _list(request, visitor, db, now, visitor.arrangement(key))


@post("/packs/{key:str}", sync_to_thread=True)
def begin_pack(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, form: TheForm, key: FromPath[str]
) -> Response[bytes]:
    """Begun, and on to its page; or the list with what was wrong."""
    arrangement = visitor.arrangement(key)
    filled, state = read(PackForm, form)
    if filled is not None:
        try:
            meeting = _meeting(filled, arrangement, now)
            with db.write() as session:
                pack = draft_pack(session, arrangement, meeting, StepRequest(visitor.viewer, now))
                done = done_by(session, visitor.viewer, now)
            return see_done(request, addresses.pack(key, pack.number), done)
        except WrongInput as refusal:
            state = refused(state, refusal)
    return _list(request, visitor, db, now, arrangement, typed=state, status=422)


@get("/packs/{key:str}/{number:int}", sync_to_thread=True)
def show_pack(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, key: FromPath[str], number: FromPath[int]
) -> Response[bytes]:
    """One pack: live while a draft, as it was when published."""
    arrangement = visitor.arrangement(key)
    with db.snapshot() as session:
        pack = load_pack(session, arrangement.id, number, visitor.viewer)
        reading = read_pack(session, arrangement, pack, visitor.viewer, now)
    return page(request, "governance/pack.html", **_shown(arrangement, pack, visitor.viewer, reading))


@post("/packs/{key:str}/{number:int}/publication", sync_to_thread=True)
def publish(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, key: FromPath[str], number: FromPath[int]
) -> Response[bytes]:
    """Frozen as it stands now, for all its readers; each is shown of it what they may see."""
    arrangement, step_request = visitor.arrangement(key), StepRequest(visitor.viewer, now)
    with db.write() as session:
        pack = pack_to_change(session, arrangement, number, step_request)
        publish_pack(session, arrangement, pack, content_of(session, arrangement, pack, now), step_request)
        done = done_by(session, visitor.viewer, now)
    return see_done(request, addresses.pack(key, number), done)


@post("/packs/{key:str}/{number:int}/discarding", sync_to_thread=True)
def discard(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, key: FromPath[str], number: FromPath[int]
) -> Response[bytes]:
    """A draft given up, and back to the list."""
    with db.write() as session:
        discard_pack(session, visitor.arrangement(key), number, StepRequest(visitor.viewer, now))
        done = done_by(session, visitor.viewer, now)
    return see_done(request, addresses.packs(key), done)


@get("/packs/{key:str}/{number:int}/{pack_file:str}", sync_to_thread=True)
def send_pack(
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    key: FromPath[str],
    number: FromPath[int],
    pack_file: FromPath[str],
) -> Response[bytes]:
    """`pack.pdf`, `pack.xlsx` or `pack.json`, with what this person may see of it."""
    name, _, ending = pack_file.partition(".")
    if name != "pack" or ending not in FACES:
        raise NotThere(f"There is no file {pack_file}.")
    arrangement = visitor.arrangement(key)
    with db.snapshot() as session:
        pack = load_pack(session, arrangement.id, number, visitor.viewer)
        reading = read_pack(session, arrangement, pack, visitor.viewer, now, whole=True)
    content = FACES[ending](for_file(arrangement, pack, reading))
    headers = {"Content-Disposition": f'attachment; filename="{key}-pack-{number}.{ending}"'}
    return Response(content, media_type=FORMATS[ending].media_type, headers=headers)


def _list(
    request: Asking,
    visitor: Visitor,
    db: Database,
    now: datetime,
    arrangement: Arrangement,
    *,
    typed: FormState | None = None,
    status: int = 200,
) -> Response[bytes]:
    with db.read() as session:
        rows = pack_rows(session, visitor.viewer, arrangement.id)
    return page(
        request,
        "governance/packs.html",
        status=status,
        arrangement=arrangement,
        packs=rows,
        bodies={body.id: body.name for body in arrangement.bodies.values()},
        drafts=[*_drafts(arrangement, visitor.viewer, now, clock_here(request, visitor).key, typed)],
    )


def _drafts(
    arrangement: Arrangement, viewer: Viewer, now: datetime, zone: str, typed: FormState | None
) -> Iterator[tuple[Body, list[Choice], FormState]]:
    """The forms that begin a pack: for a body, with its next meetings; none where it meets when called."""
    for body in arrangement.bodies.values():
        if not body.retired and may_publish(viewer, body, arrangement):
            choices = [Choice(at.isoformat(), moment_text(at, zone, now.year)) for at in meetings(body, now)]
            yield body, choices, typed if typed and typed.values.get("body") == body.key else FormState()


def _shown(arrangement: Arrangement, pack: Pack, viewer: Viewer, reading: PackReading) -> Mapping[str, Any]:
    """What its page shows: see the template."""
    key, body, themes = arrangement.key, body_of(pack, arrangement), reading.content["themes"]
    months = reading.content["period"]
    effects, found = (helped(themes), headlines(themes)) if themes else ((), None)
    return {
        "key": key,
        "zone": arrangement.zone,
        "pack": pack,
        "meeting": named(pack, arrangement),
        "body_href": addresses.body(key, body.key),
        "content": reading.content,
        "changes": reading.changes,
        "files": [Link(FORMATS[ending].words, addresses.pack(key, pack.number, ending)) for ending in FACES],
        "theme_report": Link(in_words(period(months)), addresses.report(key, "themes", period=months)),
        "out": None if found is None else standing_out(found),
        "eased": [each for each in found or () if each.easing],
        "ordinary": ordinary(themes) if themes else "",
        "helped": [(Link(words, addresses.decision(key, number)), how, told) for number, words, how, told in effects],
        "since_last": [(Link(what, href), words) for what, href, words in told_since_last(reading.content)],
        "may_publish": pack.published_at is None and may_publish(viewer, body, arrangement),
    }


def _meeting(filled: PackForm, arrangement: Arrangement, now: datetime) -> Meeting:
    """Refuses what no form offered."""
    body = body_in(arrangement, filled.body)
    zone = ZoneInfo(arrangement.zone)
    at = filled.meets_at
    if at.tzinfo is None:
        at = (datetime.combine(at.date(), _STARTS) if at.time() == time.min else at).replace(tzinfo=zone)
    return Meeting(body, at, _period(filled.period, day_in(zone, now), arrangement.report.year_starts))


def _period(asked: str, today: date, year_starts: int) -> str:
    """The name of the one asked for, "" for none. Refuses: WrongInput, also what has not begun."""
    if not asked:
        return ""
    try:
        found = period(asked, year_starts)
    except ValueError as wrong:
        raise WrongInput(FieldError("period", f"Choose another period: {wrong}.")) from wrong
    if found.start > today:
        last = twelve_months_to(today).name
        raise WrongInput(
            FieldError("period", f"{in_words(found)} has not begun yet. The last twelve whole months are {last}.")
        )
    return found.ending(found.length).name


routes = [list_packs, begin_pack, show_pack, publish, discard, send_pack]
