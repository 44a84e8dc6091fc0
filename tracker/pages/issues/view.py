"""Draws the page of one issue for one reader: its head, the sentence that opens it, its story."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tracker.pages.governance.decision import clause_link, theme_link
from tracker.pages.issues.ladder import IssueOnLadder, draw_ladder
from tracker.pages.issues.readers import ReadingAhead
from tracker.pages.issues.standing import StandingView, standing
from tracker.pages.web.header import side_class
from tracker.pages.web.links import linked_text, references
from tracker.queries.related_issues import LinkedIssue
from tracker.queries.story import NEWS, StoryEvent
from tracker.records.issue import Issue
from tracker.rules import names
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.events.issue import Amended, Noted, Occurred, OccurrenceTakenBack, Raised
from tracker.rules.events.kinds import REDACTED, EventKind, Passage
from tracker.rules.events.resolution import (
    OUTCOME_WORDS,
    OfTwo,
    Proposed,
    SilenceAgreed,
    unlinked,
)
from tracker.rules.lifecycle import STATE_WORDS, Outcome, State
from tracker.rules.notices import NOTE_IS_TAKEN_BACK
from tracker.rules.resolution import Proposal
from tracker.rules.rings import Viewer
from tracker.rules.rings.readers import only_text, reader_names
from tracker.rules.routing import NO_ROUTE
from tracker.rules.spans import day_in
from tracker.rules.wording import listed, say_hours, say_hours_lost


@dataclass(frozen=True, slots=True)
class StoryItem:
    """One thing that happened: a note (`text`) or an event (`sentence`), never both.

    `id`: anchor on the page, by its place in what this reader may read. `tone` of an event: "", "up", "down", "end",
    "pause", "again", "back". `readers`: who reads a private note ("only Riverside Hospitals"); "" when all sides do.
    `passages`: words below the sentence. `routine`: what it is called where it is folded among others, "" where it
    stands by itself. `is_new`: others did it since the reader looked. `takes_back`: by which number the reader can
    still take it back, a note or that it happened; None where they cannot.
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
    routine: str = ""
    is_new: bool = False
    takes_back: int | None = None


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
    refs: Collection[str] = frozenset(),
) -> dict[str, Any]:
    """One issue as this reader may see it. `climb` is None where it is on no ladder; `story`, `linked`: as the reader
    may see; `refs`: those in its texts that lead somewhere for this reader.

    `raised_by`: a name, or only the organisation where the name stays inside it. A theme that is not `theme_confirmed`
    is a suggestion. `changes`: by "title" or "detail", the change it has as it stands. `words_of`: the issue from
    which its text was taken over, "" where it was not or where the reader may not see that. `side_themes`: why it rubs
    as each side sees it, "" of one that has not said. `no_ladder`: why there is no clock. `entries`: how many the story
    has for this reader, `news` of them since they looked; `unread`: that they have now looked is to be kept.
    """
    raised_for = arrangement.organisations[issue.raised_for_id]
    area, clause = arrangement.service_area(issue.service_area), arrangement.clause(issue.clause)
    theme = arrangement.themes.get(issue.theme or "")
    mine = _can_be_taken_back(story, now)
    return {name: getattr(issue, name) for name in _FACTS} | {
        "state_words": _state_words(issue),
        "raised_by": _reporter(issue, viewer, raised_for),
        "told": linked_text(issue.detail, refs),
        "raised_side": side_class(raised_for.position),
        "changes": _changes(story),
        "words_of": _words_of(story, linked),
        "readers": ReadingAhead(issue, arrangement, viewer, now).as_it_is(),
        "standing": standing(climb, silence_at) if climb else StandingView(ball=None),
        "lost": _lost_text(issue, story),
        "happened_on": _happened_on(issue, raised_for),
        "ladder": draw_ladder(climb) if climb else None,
        "no_ladder": "" if climb else _no_ladder(issue),
        "story": [
            _item(place, entry, issue, arrangement, viewer, linked, refs, place if mine(entry) else None)
            for place, entry in enumerate(story)
            if not isinstance(entry.event, Raised)
        ],
        "entries": len(story),
        "news": sum(bool(entry.is_new) for entry in story),
        "unread": any(_is_unread(entry, now) for entry in story),
        "service_area": area.name if area else "",
        "service_area_key": area.key if area else "-",
        "promise": clause_link(clause.key, arrangement) if clause else None,
        "theme": theme_link(theme.key, arrangement) if theme else None,
        "other_themes": [arrangement.themes[key].name for key in issue.other_themes if key in arrangement.themes],
        "side_themes": _side_themes(issue, arrangement),
        "route_why": issue.route_why or (NO_ROUTE if issue.ladder_version_id else ""),
        "proposal": _proposal(climb, silence_at) if climb else None,
        "resolution": _resolution(issue, arrangement, story),
        "linked": linked,
    }


def mentioned(issue: Issue, story: tuple[StoryEvent, ...], linked: tuple[LinkedIssue, ...]) -> tuple[str, ...]:
    """The references in what this reader reads on the page of an issue."""
    return references(_texts(issue, story, linked))


def _texts(issue: Issue, story: tuple[StoryEvent, ...], linked: tuple[LinkedIssue, ...]) -> Iterable[str]:
    yield issue.detail
    for entry in story:
        event = known(entry.event, linked)
        yield entry.text or event.sentence("")
        yield from (each.text for each in event.passages())


def _is_unread(entry: StoryEvent, now: datetime) -> bool:
    return entry.is_new or (entry.is_new is None and entry.at > now - NEWS)


def _happened_on(issue: Issue, raised_for: Organisation) -> date | None:
    """The day it happened, where that is not the day on which it was raised, by the raiser's clock."""
    raised_on = day_in(raised_for.calendar.tz, issue.raised_at)
    return issue.occurred_on if issue.occurred_on != raised_on else None


def _lost_text(issue: Issue, story: tuple[StoryEvent, ...]) -> str:
    """“about 6 working hours lost, 2.5 when it was raised”; empty where nobody said."""
    if issue.lost_minutes is None:
        return ""
    at_first = next((each.event.lost_minutes for each in story if isinstance(each.event, Raised)), None)
    before = "" if at_first in (None, issue.lost_minutes) else f", {_hours(at_first)} when it was raised"
    return f"{say_hours_lost(issue.lost_minutes)}{before}"


def _hours(minutes: int | None) -> str:
    return "" if minutes is None else say_hours(minutes)


def _reporter(issue: Issue, viewer: Viewer, raised_for: Organisation) -> str:
    """A name and its organisation; only the organisation, where the name stays inside it or history has none."""
    name = issue.raised_by_name if names.may_know_reporter(issue, viewer) else ""
    return f"{name}, {raised_for.name}" if name else raised_for.name


def _changes(story: tuple[StoryEvent, ...]) -> dict[str, WordChange | None]:
    return {"title": None, "detail": None} | {
        field: WordChange(names.within_a_sentence(doer_text(entry)), entry.at, f"#{_mark(place)}")
        for place, entry in enumerate(story)
        if isinstance(entry.event, Amended)
        for field in entry.event.fields
    }


def _words_of(story: tuple[StoryEvent, ...], linked: tuple[LinkedIssue, ...]) -> str:
    taken_over = any("detail" in each.event.taken_over for each in story if isinstance(each.event, Raised))
    return next((each.ref for each in linked if taken_over and each.how == "again of"), "")


def doer_text(entry: StoryEvent) -> str:
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


def _item(
    place: int,
    entry: StoryEvent,
    issue: Issue,
    arrangement: Arrangement,
    viewer: Viewer,
    linked: tuple[LinkedIssue, ...],
    refs: Collection[str],
    takes_back: int | None,
) -> StoryItem:
    organisation = arrangement.organisations.get(entry.organisation_id or 0)
    mark, side = _mark(place), side_class(organisation.position) if organisation else ""
    if entry.text is None:
        event = known(entry.event, linked)
        said = linked_text(event.sentence(doer_text(entry)), refs)
        below = tuple(replace(each, text=linked_text(each.text, refs)) for each in event.passages())
        return StoryItem(
            mark,
            entry.at,
            side=side,
            sentence=said,
            tone=event.tone,
            passages=below,
            routine="" if entry.is_new else event.folded_text(),
            is_new=bool(entry.is_new),
            takes_back=takes_back,
        )
    return StoryItem(
        mark,
        entry.at,
        entry.who,
        "" if entry.who == entry.organisation else entry.organisation,
        side,
        text=linked_text(entry.text, refs),
        spoke=entry.spoke,
        readers=_only_text(entry, issue, arrangement, viewer) if issue.crossed else "",
        is_new=bool(entry.is_new),
        takes_back=takes_back,
    )


def _only_text(entry: StoryEvent, issue: Issue, arrangement: Arrangement, viewer: Viewer) -> str:
    """Who reads a note that is not for all sides."""
    agreed = arrangement.ladder_version(issue.ladder_version_id)
    tier = agreed.tier_name(entry.tier) if agreed else ""
    people: tuple[str, ...] = ()
    if isinstance(entry.event, Noted):
        writer = "you" if entry.is_mine else entry.who
        people = (writer, *reader_names(entry.event.mentions, issue, arrangement, viewer))
    return only_text(entry.ring, entry.organisation, tier, people)


def _can_be_taken_back(story: tuple[StoryEvent, ...], now: datetime) -> Callable[[StoryEvent], bool]:
    """Whether the reader can take back a note in its first minutes, or that it happened as long as that counts."""
    gone = {entry.event.occurrence for entry in story if isinstance(entry.event, OccurrenceTakenBack)}

    def can_be(entry: StoryEvent) -> bool:
        if isinstance(entry.event, Occurred):
            return entry.is_mine and entry.event.occurrence not in gone
        is_young = now - entry.at <= NOTE_IS_TAKEN_BACK
        return is_young and entry.is_mine and entry.text not in (None, REDACTED)

    return can_be


def known(event: EventKind, linked: tuple[LinkedIssue, ...]) -> EventKind:
    """Without the reference of an issue that this reader may not see."""
    if isinstance(event, OfTwo) and event.again not in {each.ref for each in linked}:
        return unlinked(event)
    return event


def _proposal(climb: IssueOnLadder, silence_at: datetime | None) -> dict[str, Any] | None:
    """What one side proposes. `waits_for`: the sides that must still answer."""
    issue, kept = climb.issue, climb.issue.proposal
    event = next((event for event in reversed(climb.story) if isinstance(event.event, Proposed)), None)
    if issue.state is not State.PROPOSED or kept is None or issue.proposed_at is None or event is None:
        return None
    organisations = climb.context.arrangement.organisations
    proposal = Proposal.read(kept)
    organisation = organisations[proposal.by]
    return {
        "by": event.who,
        "organisation": organisation.name if event.is_named else "",
        "side": side_class(organisation.position),
        "at": issue.proposed_at,
        "outcome": OUTCOME_WORDS[Outcome(proposal.outcome)],
        "done": proposal.done,
        "cause": proposal.cause,
        "changes_agreement": proposal.changes_agreement,
        "hours": _hours(proposal.lost_minutes),
        "confirms": climb.context.ladder.tiers[issue.tier - 1].name if issue.is_confirming else "",
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
