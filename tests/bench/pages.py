"""What is measured: pages and forms, by whom, and what each asks for the first, second, third time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from secrets import token_hex

from sqlalchemy import func, select
from sqlmodel import Session, col

from tests.bench import floor
from tests.bench.client import Ask
from tests.bench.lives import TALKED
from tests.bench.partnership import AREAS, KEY, PEOPLE, address
from tests.bench.words import COMMON, RARE, Writer
from tracker.database import Database
from tracker.queries.issues import visible_issues
from tracker.queries.visitors import visitor_by_email
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.rules.lifecycle import Kind, State
from tracker.rules.rings import Ring, Viewer

FLOOR, AT_HAND = "floor: 50 bare rows", "the same, rows at hand"
DESK, FULL_DESK, LIST, ISSUE = "desk", "desk, 200 things", "list, 50 rows", "issue, 10 notes"
RAISE, NOTE = "raise (POST)", "note (POST)"
RARE_SEARCH, COMMON_SEARCH = "search, rare word", "search, common word"
SIMILAR, THEMES, LADDER = "similar issues", "theme report", "ladder report"
PAPER, PACK = "theme report, PDF", "pack, PDF"
FORMS = (RAISE, NOTE)
OF_COUNTS = (FLOOR, AT_HAND, THEMES, PAPER)  # what a database without events can show
_NOTED = 400  # issues that take the notes in turn, so that none grows into another page
_TEXTS = 40


@dataclass(frozen=True, slots=True)
class Page:
    """A page or a form. `ask` takes how often it was asked before and the form token of whoever asks."""

    name: str
    who: str
    ask: Callable[[int, str], Ask]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Material:
    """References in one database: of issues with ten notes, and of issues that take more."""

    talked: tuple[str, ...]
    quiet: tuple[str, ...]


def pages_of(database: Database) -> tuple[Page, ...]:
    """All that is measured over a database, the floor first."""
    with database.read() as session:
        visitor = visitor_by_email(session, address("acute", PEOPLE["manager"]), datetime.now(UTC))
        if visitor is None:
            raise RuntimeError("the database holds another partnership")
        return _pages(_material(session, visitor.viewer))


def _material(session: Session, viewer: Viewer) -> Material:
    mine = visible_issues(viewer)
    talked = (
        select(col(Issue.ref))
        .join(Note, col(Note.issue_id) == col(Issue.id))
        .where(col(Issue.state) == State.OPEN, mine)
        .group_by(col(Issue.id), col(Issue.ref))
        .having(func.count() == TALKED)
        .order_by(col(Issue.id))
    )
    quiet = (
        select(col(Issue.ref))
        .where(col(Issue.state) == State.RESOLVED, col(Issue.kind) == Kind.ISSUE, col(Issue.ring) == Ring.SHARED, mine)
        .order_by(col(Issue.id).desc())
        .limit(_NOTED)
    )
    found = [tuple(session.execute(each).scalars()) for each in (talked, quiet)]
    return Material(*found)


def _pages(there: Material) -> tuple[Page, ...]:
    writer = Writer(Random(7))
    titles = [f"{writer.text(5, 9)} {COMMON if number % 3 == 0 else ''}".strip() for number in range(_TEXTS)]
    texts = [writer.text(12, 50) for _ in range(_TEXTS)]

    def show_issue(turn: int, _: str) -> Ask:
        return Ask(f"/issues/{there.talked[turn % len(there.talked)]}")

    def send_issue(turn: int, csrf: str) -> Ask:
        said = {"title": titles[turn % _TEXTS], "detail": texts[turn % _TEXTS], "severity": "serious"}
        where = {"speaking_for": f"{KEY}:acute", "with": "council", "service_area": AREAS[turn % len(AREAS)]}
        return Ask("/issues/new", {"csrf": csrf, "once": token_hex(8), "as_it_is": "on", **said, **where})

    def send_note(turn: int, csrf: str) -> Ask:
        ref, text = there.quiet[turn % len(there.quiet)], texts[turn % _TEXTS]
        return Ask(f"/issues/{ref}/notes", {"csrf": csrf, "once": token_hex(8), "text": text, "ring": "shared"})

    def show_similar(turn: int, csrf: str) -> Ask:
        typed = {"csrf": csrf, "title": titles[turn % _TEXTS], "detail": texts[turn % _TEXTS]}
        return Ask("/issues/similar", typed, {"HX-Request": "true", "HX-Target": "div#similar"})

    return (
        Page(FLOOR, "manager", always(floor.PATH)),
        Page(AT_HAND, "manager", always(floor.PATH_AT_HAND)),
        Page(DESK, "manager", always("/")),
        Page(FULL_DESK, "busy manager", always("/")),
        Page(LIST, "manager", always("/issues")),
        Page(ISSUE, "manager", show_issue),
        Page(RAISE, "front line", send_issue, 303),
        Page(NOTE, "manager", send_note, 303),
        Page(RARE_SEARCH, "manager", always(f"/issues?q={RARE}")),
        Page(COMMON_SEARCH, "manager", always(f"/issues?q={COMMON}")),
        Page(SIMILAR, "front line", show_similar),
        Page(THEMES, "steering", always(f"/reports/{KEY}/themes")),
        Page(LADDER, "steering", always(f"/reports/{KEY}/ladder")),
        Page(PAPER, "steering", always(f"/reports/{KEY}/themes.pdf")),
        Page(PACK, "steering", always(f"/packs/{KEY}/1/pack.pdf")),
    )


def always(path: str) -> Callable[[int, str], Ask]:
    """Asks for the same page every time."""
    return lambda _turn, _csrf: Ask(path)
