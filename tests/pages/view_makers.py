"""Views of one story to draw with: letters without the medication list, between the hospitals and the council."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tracker.pages.issues.ladder import LadderView, RungView, SeatView, SideView
from tracker.pages.issues.lines import RowView
from tracker.pages.issues.steps_view import StepsView
from tracker.pages.issues.view import IssueView, StandingView, StoryItem
from tracker.pages.web.header import Frame, NavLink
from tracker.pages.web.moments import READER, PageReader
from tracker.pages.web.page import environment
from tracker.pages.web.parts import Choice, FormState, Reader, Readers

NOW = datetime(2026, 5, 8, 9, tzinfo=UTC)
LIMIT = datetime(2026, 5, 12, 15, 30, tzinfo=UTC)
HOSPITALS = SideView("Riverside Hospitals", "side-a", mine=True)
COUNCIL = SideView("Riverside Council", "side-b", ball=True)
CARE = SideView("Community Care", "side-c")
BOTH = Readers((Reader("Riverside Hospitals", "side-a"), Reader("Riverside Council", "side-b")))
OWN = Readers((Reader("Riverside Hospitals", "side-a"),), private=True)
RINGS = (Choice("shared", "Both sides", readers=BOTH), Choice("organisation", "Only mine", readers=OWN))
STANDING = StandingView(
    COUNCIL, "Lee Park", due_at=LIMIT, remaining="2 working days from now", then="it goes to the Directors"
)
FRAME = Frame(
    "token", "Jo Bell", "Riverside Hospitals", "side-a", "RIV", "Riverside", (NavLink("Issues", "/issues", "page"),)
)


@contextmanager
def a_reader_in_london() -> Iterator[None]:
    """Whoever the page is drawn for, on the morning of Friday 8 May 2026."""
    before = READER.set(PageReader(ZoneInfo("Europe/London"), NOW))
    try:
        yield
    finally:
        READER.reset(before)


def draw(name: str, **context: Any) -> str:
    """A whole page."""
    with a_reader_in_london():
        return environment().get_template(name).render(frame=FRAME, csrf="token", now=NOW, path="/", **context)


def part(name: str, macro: str, *given: Any, **more: Any) -> str:
    """One macro of `templates/parts/`."""
    with a_reader_in_london():
        return str(getattr(environment().get_template(f"parts/{name}.html").module, macro)(*given, **more))


def a_ladder(*sides: SideView) -> LadderView:
    """Two rungs with somebody of every side on each; it stands on the lower one."""
    rungs = (_a_rung("Directors", "above", sides), _a_rung("Front", "now", sides))
    return LadderView("Operational", 2, sides, rungs, "/arrangements/RIV/ladders/operational")


def a_note(text: str = "Rang Sam.", readers: str = "", at: datetime = NOW, mark: str = "n1") -> StoryItem:
    return StoryItem(mark, at, "Kim Doyle", "Riverside Council", "side-b", text=text, readers=readers)


def a_row(number: int) -> RowView:
    """A row with everything a row can show, at its usual lengths."""
    return RowView(
        ref=f"RIV-{number}", title="Nobody answers the discharge line after four o'clock on Fridays",
        marks="serious · happened 3 times · Different idea of good enough",
        mini="tier-2 of-4 left-side-a right-side-b ball-right",
        where="Operational managers' group", tier_words="tier 2 of 4", ball="Riverside Council", ball_side="side-b",
        ball_who="Wilhelmina Featherstone", due_iso="2026-05-12T15:30:00Z", due="Tue 12 May, 16:30",
        due_words="in 2 working days", tone="soon",
    )  # fmt: skip


def an_issue(**changed: Any) -> IssueView:
    """RIV-41, open, with the council."""
    usual = {
        "ref": "RIV-41", "version": 7, "title": "Letters arrive without the medication list",
        "detail": "Third letter this month.", "kind": "issue", "ring": "shared", "state": "open", "state_words": "open",
        "severity": "serious", "raised_by": "Sam Okafor",
        "raised_side": "side-a", "raised_at": NOW, "readers": BOTH,
        "standing": STANDING,
        "ladder": a_ladder(HOSPITALS, COUNCIL), "story": (a_note(),),
    }  # fmt: skip
    return IssueView(**{**usual, **changed})


def steps(*names: str, **changed: Any) -> StepsView:
    """Steps by the last part of their address, each with an empty form."""
    return StepsView(
        **{"version": 7, "once": "word", "forms": {name: FormState() for name in names}, "rings": RINGS, **changed}
    )


def _a_rung(name: str, stands: str, sides: tuple[SideView, ...]) -> RungView:
    people = ("Jo Bell", "Lee Park", "Nadia Amin")
    seats = tuple(
        SeatView(side.name, side.side, person, ball=side.ball and stands == "now")
        for side, person in zip(sides, people, strict=False)
    )
    return RungView(
        name, stands, seats, before="from" if stands == "above" else "", at=LIMIT if stands == "above" else None
    )
