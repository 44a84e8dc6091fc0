"""What stands on the page right after a step: what was done, who is told, and what comes next."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlmodel import Session

from tracker.pages.issues.ladder import IssueOnLadder
from tracker.pages.web.step_done import (
    NOBODY_TOLD,
    NOTHING_DONE,
    RAISER,
    SHOWN_FOR,
    Sentence,
    StepDone,
    by_organisation,
    told_of,
)
from tracker.queries.story import step_taken
from tracker.records.issue import Issue
from tracker.rules import names
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.events.asking import OfAsk
from tracker.rules.events.issue import Crossed, Noted, Occurred, Raised, Turned
from tracker.rules.events.kinds import EventKind
from tracker.rules.events.moving import Escalated, HandedDown, Rerouted
from tracker.rules.events.papers import PaperOpened
from tracker.rules.events.resolution import Resolved
from tracker.rules.ladder import awaited
from tracker.rules.lifecycle import LIVE, Kind, State
from tracker.rules.rings import Viewer
from tracker.rules.wording import listed

NOTHING = "nothing"  # in an address, instead of a form's word: what was sent is how it stood already
_IN_STORY = (Noted, Occurred)
_HANDS_ON = (Raised, Crossed, Turned, Rerouted, Escalated, HandedDown)  # whoever is told has it now


def draw_step_done(
    session: Session,
    issue: Issue,
    arrangement: Arrangement,
    viewer: Viewer,
    climb: IssueOnLadder | None,
    word: str,
    *,
    now: datetime,
    silence_at: datetime | None,
) -> StepDone | None:
    """What the form with this word did; None where it was not this person's, or not just now."""
    if word == NOTHING:
        return NOTHING_DONE
    events = step_taken(session, issue, viewer, word) if word else ()
    if not events or now - events[0].at > SHOWN_FOR:
        return None
    kinds = [each.read() for each in events]
    ends = [kind for kind in kinds[1:] if isinstance(kind, Resolved) and not issue.worked_round]
    opened = next((kind for kind in kinds[1:] if isinstance(kind, PaperOpened)), None)
    people = {person for told in told_of(session, events, lambda _: arrangement, now) for person in told}
    return StepDone(
        said=". ".join(each.to_doer() for each in (kinds[0], *ends)),
        told=_told_text(people, issue, arrangement, viewer, but=_having(kinds[0], climb)),
        comes=tuple(_comes(opened or kinds[0], issue, arrangement, viewer, climb, silence_at)),
        in_story=isinstance(kinds[0], _IN_STORY),
    )


def _having(kind: EventKind, climb: IssueOnLadder | None) -> set[int]:
    """Whom the sentence of what comes next says to have it now, and so need not be said to be told."""
    if climb is None or not isinstance(kind, _HANDS_ON):
        return set()
    return {acting[0] for side, _ in _waiting(climb) if (acting := climb.acting(side.id))}


def _told_text(people: set[int], issue: Issue, arrangement: Arrangement, viewer: Viewer, *, but: set[int]) -> str:
    """“Kim Tran at Riverside Council and whoever raised it are told”."""
    if not people:
        return NOBODY_TOLD
    people = people - but
    if not people:
        return ""
    known = {each for each in people if names.may_know(each, issue, viewer)}
    said = [*by_organisation(known, arrangement, viewer, issue.side_ids), *([RAISER] if people - known else [])]
    one, several = ("hears", "hear") if issue.worked_round else ("is told", "are told")
    ending = " of it in the daily digest" if issue.worked_round else ""
    return f"{listed(said)} {several if len(people) > 1 else one}{ending}"


def _comes(
    kind: EventKind,
    issue: Issue,
    arrangement: Arrangement,
    viewer: Viewer,
    climb: IssueOnLadder | None,
    silence_at: datetime | None,
) -> Iterator[Sentence]:
    if not issue.crossed:
        own = listed(arrangement.organisations[each].name for each in issue.side_ids)
        yield f"Only {own} sees it: no clock runs until it is shared with the other side.", None, ""
    elif issue.kind is Kind.EARLY_WARNING and not issue.is_resolved:
        yield "All sides read it, and no clock runs until somebody turns it into an issue.", None, ""
    elif issue.state is State.PROPOSED and silence_at:
        sides = [_whose(arrangement.organisations[each], viewer) for each in issue.unanswered]
        yield f"{listed(sides)} {_verb(sides)} by", silence_at, "; silence until then counts as agreement."
    elif isinstance(kind, OfAsk) and kind.next_text() and issue.asking:
        yield kind.next_text(), None, ""
    elif issue.state is State.PAUSED:
        yield "The clock stands still until the pause is over.", None, ""
    elif issue.state in LIVE and climb:
        yield from _of_live(kind, climb)


def _of_live(kind: EventKind, climb: IssueOnLadder) -> Iterator[Sentence]:
    issue, viewer = climb.issue, climb.viewer
    waiting = _waiting(climb)
    if kind.next_text():
        yield kind.next_text(), None, ""
    for side, by in waiting:
        if isinstance(kind, _HANDS_ON):
            yield f"{_holder(climb, side)} has it and should say so by", by, "."
        else:
            yield f"{side.name} should say by", by, " that they have it."
    if waiting and isinstance(kind, Raised | Crossed) and viewer.person_id == issue.raised_by_id:
        yield "We write to you when they answer.", None, ""
    elif not waiting and issue.due_at:
        ball = climb.context.arrangement.organisations[issue.ball_with_id]
        whose = "your side's" if ball.id in viewer.organisation_ids else f"{ball.name}'s"
        yield f"It is {whose} turn, by", issue.due_at, "."


def _waiting(climb: IssueOnLadder) -> list[tuple[Organisation, datetime]]:
    """The other sides that have yet to acknowledge, each with by when."""
    mine, sides = climb.viewer.organisation_ids, climb.context.arrangement.organisations
    waited_for = ((sides[each.organisation_id], by) for each, by in awaited(climb.issue.sides, climb.issue.state, mine))
    return [(side, by) for side, by in waited_for if side.id not in mine]


def _holder(climb: IssueOnLadder, side: Organisation) -> str:
    acting = climb.acting(side.id)
    return f"{climb.name(acting[0])} at {side.name}" if acting else side.name


def _whose(side: Organisation, viewer: Viewer) -> str:
    return "your side" if side.id in viewer.organisation_ids else side.name


def _verb(sides: Iterable[str]) -> str:
    return "answers" if len([*sides]) == 1 else "answer"
