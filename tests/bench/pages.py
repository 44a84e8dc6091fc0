"""What is measured: pages and forms, by whom, and what each asks for the first, second, third time."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from secrets import token_hex
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlmodel import Session, col

from tests.bench import floor
from tests.bench.client import Ask
from tests.bench.lives import TALKED
from tests.bench.partnership import AREAS, KEY
from tests.bench.words import COMMON, RARE, Writer
from tracker.queries.issues import visible_issues
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.rules.lifecycle import Kind, State
from tracker.rules.rings import Ring, Viewer

FLOOR, DESK, LIST, ISSUE = "floor", "desk", "list, 50 rows", "issue, 10 notes"
RAISE, NOTE = "raise (POST)", "note (POST)"
RARE_SEARCH, COMMON_SEARCH = "search, rare word", "search, common word"
SIMILAR, THEMES = "similar issues", "theme report"
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


def material(session: Session, viewer: Viewer) -> Material:
    """What there is to look at for somebody."""
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


def pages(there: Material) -> tuple[Page, ...]:
    """All that is measured, the floor first."""
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

    def show_similar(turn: int, _: str) -> Ask:
        typed = urlencode({"title": titles[turn % _TEXTS], "detail": texts[turn % _TEXTS]})
        htmx = {"HX-Request": "true", "HX-Target": "div#similar"}
        return Ask(f"/issues/new?{typed}", headers=htmx)

    return (
        Page(FLOOR, "manager", _always(floor.PATH)),
        Page(DESK, "manager", _always("/")),
        Page(LIST, "manager", _always("/issues")),
        Page(ISSUE, "manager", show_issue),
        Page(RAISE, "front line", send_issue, 303),
        Page(NOTE, "manager", send_note, 303),
        Page(RARE_SEARCH, "manager", _always(f"/issues?q={RARE}")),
        Page(COMMON_SEARCH, "manager", _always(f"/issues?q={COMMON}")),
        Page(SIMILAR, "front line", show_similar),
        Page(THEMES, "steering", _always(f"/reports/{KEY}/themes")),
    )


def _always(path: str) -> Callable[[int, str], Ask]:
    return lambda _turn, _csrf: Ask(path)
