"""Draws the page of one issue for one reader: its head, the sentence that opens it, its story."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.pages.governance.decision import clause_link, theme_link
from tracker.pages.issues.ladder import IssueOnLadder, draw_ladder
from tracker.pages.web.header import side_class
from tracker.pages.web.moments import elsewhere
from tracker.pages.web.parts import Readers
from tracker.queries.related_issues import LinkedIssue
from tracker.queries.story import StoryEvent
from tracker.records.issue import Issue
from tracker.rules import names
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.deadlines import passing, remaining
from tracker.rules.events.issue import Amended, Raised
from tracker.rules.events.kinds import EventKind, Passage
from tracker.rules.events.resolution import (
    OUTCOME_WORDS,
    HappenedAgain,
    Proposed,
    SilenceAgreed,
    unlinked,
)
from tracker.rules.ladder import awaited
from tracker.rules.ladder.acting import absence_text
from tracker.rules.lifecycle import STATE_WORDS, Kind, Outcome, State
from tracker.rules.rings import Ring, Viewer
from tracker.rules.spans import day_in
from tracker.rules.wording import listed

_NO_LIMIT_SAID = frozenset({State.PROPOSED, State.RESOLVED})  # another date is: when silence agrees, when it ended


@dataclass(frozen=True, slots=True)
class StandingView:
    """The sentence that opens the page.

    Which words are used follows from the issue's state; unused ones stay empty.

    `holder`: who acts for the side with the ball; `absence`: a sentence about who is away.

    `due_at` and `remaining` ("2 working days from now", "3
    working days ago"): the limit, while paused the one it had. `late`: it has passed. `then`: what happens
    if nothing happens, as the end of that sentence ("it goes to the Directors"). `why`: the steps of the
    date. `elsewhere`: the same moment on the clocks of others ("Thu 30 Apr 16:00 at Riverside Council").
    `acknowledging`: the sides that have yet to acknowledge, the reader's own first.
    """

    ball: Organisation | None
    holder: str = ""
    absence: str = ""
    holder_is_me: bool = False
    ball_is_mine: bool = False
    due_at: datetime | None = None
    remaining: str = ""
    late: bool = False
    at_top: bool = False
    then: str = ""
    why: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    acknowledging: tuple["AcknowledgingView", ...] = ()


@dataclass(frozen=True, slots=True)
class AcknowledgingView:
    """A side that has yet to acknowledge, by when, and how far that is ("2 working hours from now")."""

    who: str
    by: datetime
    remaining: str
    is_mine: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class StoryItem:
    """One thing that happened: a note (`text`) or an event (`sentence`), never both.

    `id`: anchor on the page, by its place in what this reader may read. `tone` of an event: "", "up", "down", "end",
    "pause", "again". `readers`: who reads a private note ("only Riverside Hospitals"); "" when all sides do.
    `passages`: words below the sentence.
    """

    id: str
    at: datetime
    who: str = ""
    organisation: str = ""
    side: str = ""
    text: str | None = None
    sentence: str = ""
    tone: str = ""
    readers: str = ""
    spoke: bool = False
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class WordChange:
    """Whose change of a title or detail it is that stands there now: in a sentence, when, and where that is told."""

    by: str
    at: datetime
    href: str


# What everybody who may open an issue reads of its record. Nothing else of that gets to a template: of who raised it,
# proposed how it ends or said something, each reader is shown what they may know.
_FACTS = (
    *("ref", "version", "title", "detail", "kind", "ring", "state", "severity", "raised_at"),
    *("occurrences", "worked_round", "outside_ref", "theme_confirmed"),
)


def draw_issue(
    climb: IssueOnLadder | None,
    issue: Issue,
    arrangement: Arrangement,
    viewer: Viewer,
    now: datetime,
    story: tuple[StoryEvent, ...],
    linked: tuple[LinkedIssue, ...],
    silence_at: datetime | None,
) -> dict[str, Any]:
    """One issue as this reader may see it. `climb` is None where it is on no ladder; `story`, `linked`: as the reader
    may see.

    `raised_by`: a name, or only the organisation where the name stays inside it. A theme that is not `theme_confirmed`
    is a suggestion. `changes`: by "title" or "detail", the change it has as it stands. `words_of`: the issue from
    which its text was taken over, "" where it was not or where the reader may not see that. `side_themes`: why it rubs
    as each side sees it, "" of one that has not said. `no_ladder`: why there is no clock.
    """
    raised_for = arrangement.organisations[issue.raised_for_id]
    area, clause = arrangement.service_area(issue.service_area), arrangement.clause(issue.clause)
    theme = arrangement.themes.get(issue.theme or "")
    return {name: getattr(issue, name) for name in _FACTS} | {
        "state_words": _state_words(issue),
        "raised_by": _reporter(issue, viewer, raised_for),
        "raised_side": side_class(raised_for.position),
        "changes": _changes(story),
        "words_of": _words_of(story, linked),
        "readers": who_reads(issue, arrangement),
        "standing": _standing(climb, silence_at) if climb else StandingView(ball=None),
        "happened_on": _happened_on(issue, raised_for),
        "ladder": draw_ladder(climb) if climb else None,
        "no_ladder": "" if climb else _no_ladder(issue),
        "story": [
            _item(place, entry, issue, arrangement, linked)
            for place, entry in enumerate(story)
            if not isinstance(entry.event, Raised)
        ],
        "service_area": area.name if area else "",
        "service_area_key": area.key if area else "-",
        "promise": clause_link(clause.key, arrangement) if clause else None,
        "theme": theme_link(theme.key, arrangement) if theme else None,
        "other_themes": [arrangement.themes[key].name for key in issue.other_themes if key in arrangement.themes],
        "side_themes": _side_themes(issue, arrangement),
        "route_why": issue.route_why,
        "proposal": _proposal(climb, silence_at) if climb else None,
        "resolution": _resolution(issue, arrangement, story),
        "linked": linked,
    }


def who_reads(issue: Issue, arrangement: Arrangement) -> Readers:
    """Who reads an issue, by organisation, and who joins when it goes up."""
    sides = tuple(arrangement.organisations[side] for side in issue.side_ids)
    ladder = arrangement.ladders.get(issue.ladder_version_id or 0)
    bodies = [tier for tier in ladder.tiers if tier.whole_body and tier.number >= issue.tier] if ladder else []
    later = ""
    if bodies and issue.ring is Ring.SHARED:
        reached = "which it has reached" if bodies[0].number == issue.tier else "when it reaches them"
        later = f"the members of {bodies[0].name}, {reached}"
    named = "whoever raised it" if issue.ring is Ring.NAMED else ""
    return Readers(sides, private=not issue.crossed, later=later, named=named)


def _standing(climb: IssueOnLadder, silence_at: datetime | None) -> StandingView:
    """The sentence that opens the page: whose turn it is, by when, and what happens if nothing happens."""
    issue = climb.issue
    has_ball = not issue.is_resolved and issue.kind is Kind.ISSUE
    ball = next((side for side in climb.organisations if has_ball and side.id == issue.ball_with_id), None)
    acting = climb.acting(issue.ball_with_id)
    limit = None if issue.state in _NO_LIMIT_SAID else issue.due_at
    shown, late = limit or silence_at, limit is not None and limit < climb.now
    return StandingView(
        ball=ball,
        ball_is_mine=ball is not None and ball.id in climb.viewer.organisation_ids,
        holder=climb.name(acting[0]) if acting else "",
        holder_is_me=climb.viewer.person_id in acting,
        absence=absence_text(issue, climb.context.arrangement, ball, climb.now) if ball else "",
        due_at=issue.due_at,
        remaining=_distance(climb, issue.due_at),
        late=late,
        at_top=climb.above is None,
        then=_then(climb, late),
        why=_why(climb, limit) if limit else (),
        elsewhere=elsewhere(shown, climb.organisations, climb.clock) if shown else (),
        acknowledging=tuple(_acknowledging(climb)),
    )


def _acknowledging(climb: IssueOnLadder) -> Iterator[AcknowledgingView]:
    mine = climb.viewer.organisation_ids
    for side, by in awaited(climb.issue.sides, climb.issue.state, mine):
        organisation = climb.context.arrangement.organisations[side.organisation_id]
        late = by <= climb.now
        yield AcknowledgingView(organisation.name, by, _distance(climb, by), organisation.id in mine, late)


def _why(climb: IssueOnLadder, limit: datetime) -> tuple[str, ...]:
    """How the limit follows from what gave it, by the reader's clock."""
    origin = climb.issue.limit_origin
    if origin is None:
        return ()
    found = climb.context.reckon(origin, climb.clock)
    kept = () if found.at == limit else (f"it stays as it was given: {passing(limit, origin.at, climb.clock)}",)
    return (*found.why, *kept)


def _happened_on(issue: Issue, raised_for: Organisation) -> date | None:
    """The day it happened, where that is not the day on which it was raised, by the raiser's clock."""
    raised_on = day_in(raised_for.calendar.tz, issue.raised_at)
    return issue.occurred_on if issue.occurred_on != raised_on else None


def _reporter(issue: Issue, viewer: Viewer, raised_for: Organisation) -> str:
    """A name and its organisation; only the organisation, where the name stays inside it or history has none."""
    name = issue.raised_by_name if names.may_know_reporter(issue, viewer) else ""
    return f"{name}, {raised_for.name}" if name else raised_for.name


def _changes(story: tuple[StoryEvent, ...]) -> dict[str, WordChange | None]:
    return {"title": None, "detail": None} | {
        field: WordChange(names.within_a_sentence(_who(entry)), entry.at, f"#{_mark(place)}")
        for place, entry in enumerate(story)
        if isinstance(entry.event, Amended)
        for field in entry.event.fields
    }


def _words_of(story: tuple[StoryEvent, ...], linked: tuple[LinkedIssue, ...]) -> str:
    taken_over = any("detail" in each.event.taken_over for each in story if isinstance(each.event, Raised))
    return next((each.ref for each in linked if taken_over and each.how == "again of"), "")


def _who(entry: StoryEvent) -> str:
    """“Jo Bell (Riverside Hospitals)”, or whoever it was as this reader may know them."""
    return f"{entry.who} ({entry.organisation})" if entry.organisation and entry.is_named else entry.who


def _mark(place: int) -> str:
    """The anchor of what happened, by its place in what this reader may read."""
    return f"event-{place}"


def _side_themes(issue: Issue, arrangement: Arrangement) -> tuple[tuple[Organisation, str], ...]:
    """How each side sees it, once one has said."""
    keys = [(arrangement.organisations[side], issue.side(side).theme or "") for side in issue.side_ids]
    called = {key: theme.name for key, theme in arrangement.themes.items()}
    return tuple((side, called.get(key, key)) for side, key in keys) if any(key for _, key in keys) else ()


def _state_words(issue: Issue) -> str:
    if issue.is_resolved and issue.outcome not in (None, Outcome.SOLVED):
        return f"resolved, {OUTCOME_WORDS[issue.outcome or '']}"
    return STATE_WORDS[issue.state]


def _no_ladder(issue: Issue) -> str:
    if not issue.crossed:
        return "It climbs no ladder while only one organisation knows of it."
    return "It came from elsewhere and is on no ladder here."


def _distance(climb: IssueOnLadder, at: datetime | None) -> str:
    """“2 working days from now”, “3 working days ago”."""
    if at is None:
        return ""
    now, calendar = climb.now, climb.context.calendar
    return f"{remaining(at, now, calendar)} ago" if at < now else f"{remaining(now, at, calendar)} from now"


def _then(climb: IssueOnLadder, late: bool) -> str:
    if climb.issue.due_at is None:
        return "It is with somebody outside the partnership, so no limit runs" if climb.issue.kind is Kind.ISSUE else ""
    if climb.above:
        return f"it goes to {climb.above.tier.name}"
    body = climb.context.ladder.tiers[climb.issue.tier - 1].name
    return (
        f"it stays on the agenda of {body} until decided" if late else f"it stays with {body} and the chairs are told"
    )


def _item(
    place: int, entry: StoryEvent, issue: Issue, arrangement: Arrangement, linked: tuple[LinkedIssue, ...]
) -> StoryItem:
    organisation = arrangement.organisations.get(entry.organisation_id or 0)
    mark, side = _mark(place), side_class(organisation.position) if organisation else ""
    if entry.text is None:
        event = _known(entry.event, linked)
        said, below = event.sentence(_who(entry)), event.passages()
        return StoryItem(mark, entry.at, side=side, sentence=said, tone=event.tone, passages=below)
    is_private = entry.ring is Ring.ORGANISATION and issue.crossed and organisation is not None
    return StoryItem(
        mark,
        entry.at,
        entry.who,
        "" if entry.who == entry.organisation else entry.organisation,
        side,
        text=entry.text,
        spoke=entry.spoke,
        readers=f"only {entry.organisation}" if is_private else "",
    )


def _known(event: EventKind, linked: tuple[LinkedIssue, ...]) -> EventKind:
    """Without the reference of an issue that this reader may not see."""
    if isinstance(event, HappenedAgain) and event.again not in {each.ref for each in linked}:
        return unlinked(event)
    return event


def _proposal(climb: IssueOnLadder, silence_at: datetime | None) -> dict[str, Any] | None:
    """What one side proposes. `waits_for`: the sides that must still answer."""
    issue, kept = climb.issue, climb.issue.proposal
    event = next((event for event in reversed(climb.story) if isinstance(event.event, Proposed)), None)
    if issue.state is not State.PROPOSED or kept is None or issue.proposed_at is None or event is None:
        return None
    organisations = climb.context.arrangement.organisations
    organisation = organisations[kept["by"]]
    return {
        "by": event.who,
        "organisation": organisation.name if event.is_named else "",
        "side": side_class(organisation.position),
        "at": issue.proposed_at,
        "outcome": OUTCOME_WORDS[kept["outcome"]],
        "done": kept["done"],
        "cause": kept["cause"],
        "changes_agreement": kept["changes_agreement"],
        "waits_for": [organisations[each] for each in issue.unanswered],
        "silence_at": silence_at,
        "mine_to_answer": bool(set(issue.unanswered) & climb.viewer.organisation_ids),
    }


def _resolution(issue: Issue, arrangement: Arrangement, story: tuple[StoryEvent, ...]) -> dict[str, Any] | None:
    """How it ended. `stayed_fixed`: None before anybody is asked, "asked", "yes" or "no"."""
    if not issue.is_resolved or issue.resolved_at is None:
        return None
    kept = issue.proposal or {}
    return {
        "at": issue.resolved_at,
        "outcome": OUTCOME_WORDS[issue.outcome] if issue.outcome else "how is not recorded",  # history may not say
        "solved": issue.outcome in (None, Outcome.SOLVED),
        "done": kept.get("done", ""),
        "cause": kept.get("cause", ""),
        "agreed": _agreed(issue, arrangement, story),
        "stayed_fixed": issue.stayed_fixed,
    }


def _agreed(issue: Issue, arrangement: Arrangement, story: tuple[StoryEvent, ...]) -> str:
    sides = [arrangement.organisations[side.organisation_id].name for side in issue.sides if side.agreed_at]
    silent = next((entry.event for entry in reversed(story) if isinstance(entry.event, SilenceAgreed)), None)
    said = f"Agreed by {listed(sides)}" if sides else ""
    return f"{said}; {silent.silent_names} by silence" if silent and said else said
