"""Views of one story to draw with: letters without the medication list, between the hospitals and the council."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tracker.pages.issues.ladder import RungView, SeatView
from tracker.pages.issues.lines import RowView
from tracker.pages.issues.standing import StandingView
from tracker.pages.issues.steps import ASKED, WRITTEN
from tracker.pages.issues.view import StoryItem
from tracker.pages.web.moments import READER, PageReader
from tracker.pages.web.page import environment
from tracker.pages.web.parts import Choice, FormState, Readers
from tracker.rules.arrangement import Ladder, Organisation
from tracker.rules.rings.readers import OrganisationReaders
from tracker.rules.working_time import Calendar

NOW = datetime(2026, 5, 8, 9, tzinfo=UTC)
LIMIT = datetime(2026, 5, 12, 15, 30, tzinfo=UTC)
OFFICE = Calendar("Europe/London", {day: ((time(9), time(17)),) for day in range(5)})
HOSPITALS = Organisation(1, "acute", "Riverside Hospitals", OFFICE, 0)
COUNCIL = Organisation(2, "council", "Riverside Council", OFFICE, 1)
CARE = Organisation(3, "care", "Community Care", OFFICE, 2)
BOTH = Readers(
    (OrganisationReaders(HOSPITALS, frozenset({1, 2})), OrganisationReaders(COUNCIL, frozenset({3}), ("Lee Park",)))
)
OWN = Readers((OrganisationReaders(HOSPITALS, frozenset({1, 2})),), private=True)
RINGS = (Choice("shared", "Both sides", readers=BOTH), Choice("organisation", "Only mine", readers=OWN))
STANDING = StandingView(
    COUNCIL, "Lee Park", due_at=LIMIT, remaining="2 working days from now", then="it goes to the Directors"
)
FRAME = {
    "csrf": "token",
    "drafts": "",
    "single_keys": True,
    "reads_only": False,
    "is_held": False,
    "without_lead": [],
    "name": "Jo Bell",
    "initials": "JB",
    "side": HOSPITALS,
    "sides": HOSPITALS.name,
    "partnership_key": "RIV",
    "partnership_name": "Riverside",
    "navigation": [("Issues", "/issues", "page")],
    "menu": [],
    "q": "",
    "address": "",
}

EVERY_PAGE = {"frame": FRAME, "csrf": "token", "lost": (), "now": NOW, "path": "/", "step_done": None}


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
        return environment().get_template(name).render(EVERY_PAGE, **context)


def part(name: str, macro: str, *given: Any, **more: Any) -> str:
    """One macro of `templates/parts/`."""
    with a_reader_in_london():
        return str(getattr(environment().get_template(f"parts/{name}.html").module, macro)(*given, **more))


def a_ladder(*sides: Organisation) -> dict[str, Any]:
    """Two rungs with somebody of every side on each; it stands on the lower one."""
    rungs = (_a_rung("Directors", "above", sides), _a_rung("Front", "now", sides))
    agreed = Ladder(2, "operational", 2, "Operational", True, ())
    href, here = "/arrangements/RIV/ladders/operational", "Front, tier 1 of 2"
    return {"agreed": agreed, "href": href, "here": here, "sides": sides, "rungs": rungs}


def a_note(text: str = "Rang Sam.", readers: str = "", at: datetime = NOW, mark: str = "n1") -> StoryItem:
    return StoryItem(mark, at, "Kim Doyle", "Riverside Council", "side-b", text=text, readers=readers)


def a_row(number: int) -> RowView:
    """A row with everything a row can show, at its usual lengths."""
    return RowView(
        ref=f"RIV-{number}", title="Nobody answers the discharge line after four o'clock on Fridays",
        marks="serious · happened 3 times · Different idea of good enough",
        mini="tier-2 of-4 left-side-a right-side-b ball-right",
        tier_name="Operational managers' group", tier_words="tier 2 of 4", ball="Riverside Council", ball_side="side-b",
        ball_who="Wilhelmina Featherstone", due_iso="2026-05-12T15:30:00Z", due="Tue 12 May, 16:30",
        due_words="in 2 working days", tone="soon",
    )  # fmt: skip


def an_issue(**changed: Any) -> dict[str, Any]:
    """RIV-41, open, with the council."""
    usual = {
        "ref": "RIV-41", "version": 7, "title": "Letters arrive without the medication list",
        "detail": "Third letter this month.", "kind": "issue", "ring": "shared", "state": "open", "state_words": "open",
        "severity": "serious", "raised_by": "Sam Okafor", "told": "Third letter this month.",
        "raised_side": "side-a", "raised_at": NOW, "readers": BOTH,
        "standing": STANDING, "happened_on": None, "occurrences": 1, "worked_round": False,
        "theme_confirmed": False, "service_area_key": "-", "changes": {"title": None, "detail": None},
        "ladder": a_ladder(HOSPITALS, COUNCIL), "story": [a_note()],
        "entries": 2, "news": 0, "unread": False, "wish": None,
    }  # fmt: skip
    nothing = (
        "words_of",
        "papers",
        "contested_since",
        "to_and_fro",
        "lost",
        "done",
        "no_ladder",
        "service_area",
        "route_why",
        "outside_ref",
        "promise",
        "theme",
        "proposal",
        "resolution",
    )
    empty = dict.fromkeys(nothing, "") | dict.fromkeys(
        ("other_themes", "side_themes", "linked", "decisions", "asks"), ()
    )
    return {**empty, **usual, **changed}


def steps(*names: str, **changed: Any) -> dict[str, Any]:
    """Steps by the last part of their address, each with an empty form."""
    may = {"may_reword": True, "may_redact": False, "unsettled": False}
    texts = dict.fromkeys(("best", "theme", "clause", "my_theme", "hours", "quoted", "quotable"), "")
    choices = (
        "speaking_for",
        "tiers",
        "tiers_below",
        "sides_to_remove",
        "other_sides",
        "not_yet_sides",
        "sides",
        "newer_ladder",
        "pause_cap",
        "papers_until",
        "paper",
        "causes",
        "outcomes",
        "severities",
        "themes",
        "clauses",
        "service_areas",
        "colleagues",
    )
    nothing = dict.fromkeys((*choices, "changed", "suggestions"), ())
    usual = {
        "version": 7,
        "today": date(2026, 4, 27),
        "once": "word",
        "forms": {name: FormState() for name in names},
        "asks": tuple(name for name in names if name in ASKED),
        "rings": RINGS,
        "written": WRITTEN,
    }
    absent: dict[str, Any] = {"suggests": False, "refused": None}
    absent |= {
        "outside": Choice("", "Somebody outside"),
        "readers": {"proposal": BOTH},
        "paper_readers": OWN,
        "goes_to": None,
        "quotation_readers": OWN,
        "most_letters": 500,
    }
    return {**may, **texts, **nothing, **absent, **usual, **changed}


def _a_rung(name: str, stands: str, sides: tuple[Organisation, ...]) -> RungView:
    people = ("Jo Bell", "Lee Park", "Nadia Amin")
    seats = tuple(
        SeatView(side, person, ball=side is COUNCIL and stands == "now")
        for side, person in zip(sides, people, strict=False)
    )
    line = ("from", LIMIT, "") if stands == "above" else ("", None, "")
    return RungView(name, stands, seats, line)
