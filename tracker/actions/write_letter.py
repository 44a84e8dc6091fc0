"""Writing a letter: what happened, as this reader may know it, issue by issue."""

from collections.abc import Sequence
from itertools import groupby

from sqlmodel import col, select

from tracker.queries.issues import whole
from tracker.queries.linked import as_known
from tracker.queries.standing import Reading, rungs, standing
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.decision import OfDecision, PackDiscarded, PackDrafted, PackPublished
from tracker.rules.events.issue import Noted, Occurred, Raised
from tracker.rules.events.kinds import REDACTED, EventKind
from tracker.rules.events.resolution import Proposed
from tracker.rules.letters import About, Told
from tracker.rules.rings import Ring


def about(reading: Reading, events: Sequence[Event]) -> tuple[About, ...]:
    """What happened, in the order in which each issue first comes up. The caller knows that the reader may read it."""
    first = {_subject(event): place for place, event in reversed(list(enumerate(events)))}
    ordered = sorted(events, key=lambda event: (first[_subject(event)], event.position))
    return tuple(
        _about_issue(reading, of[0], tuple(some)) if of[0] else _about_apart(reading, tuple(some))
        for of, some in groupby(ordered, _subject)
    )


def _subject(event: Event) -> tuple[int | None, int | None, int | None]:
    return event.issue_id, event.decision_id, event.pack_id


def _about_apart(reading: Reading, events: tuple[Event, ...]) -> About:
    """A decision, a pack, or the arrangement."""
    title, path = _named(events[0].read(), reading.arrangement)
    told = tuple(Told(reading.said(event.at), f"{event.read().sentence(event.actor_name)}.") for event in events)
    return About("", title, path, told)


def _named(kind: EventKind, arrangement: Arrangement) -> tuple[str, str]:
    match kind:
        case OfDecision():
            return f"Decision {kind.number}: {kind.decision}", f"/decisions/{arrangement.key}/{kind.number}"
        case PackDrafted() | PackPublished():
            return f"The pack for {kind.meeting}", f"/packs/{arrangement.key}/{kind.number}"
        case PackDiscarded():
            return f"The pack for {kind.meeting}", f"/packs/{arrangement.key}"
    return f"The arrangement of {arrangement.name}", f"/arrangements/{arrangement.key}"


def _about_issue(reading: Reading, issue_id: int, events: tuple[Event, ...]) -> About:
    issue = reading.session.exec(select(Issue).where(Issue.id == issue_id).options(*whole())).one()
    return About(
        ref=issue.ref,
        title=issue.title,
        path=f"/issues/{issue.ref}",
        told=tuple(_told(reading, issue, event) for event in events),
        standing=tuple(standing(reading, issue)),
        readers="" if issue.crossed else _only(reading, issue.raised_for_id),
        sides=tuple(reading.arrangement.organisations[side].name for side in issue.side_ids),
        rungs=rungs(reading, issue),
    )


def _told(reading: Reading, issue: Issue, event: Event) -> Told:
    kind = as_known(reading.session, event.read(), reading.viewer)
    private = issue.crossed and event.ring is Ring.ORGANISATION
    return Told(
        at=reading.said(event.at),
        sentence=f"{kind.sentence(_doer(reading, issue, event))}.",
        words=_words(reading, event, kind),
        readers=_only(reading, event.organisation_id) if private else "",
    )


def _doer(reading: Reading, issue: Issue, event: Event) -> str:
    """A reporter may keep their name inside their organisation."""
    hidden = issue.hide_reporter and event.person_id is not None and event.person_id == issue.raised_by_id
    if not hidden or issue.raised_for_id in reading.viewer.organisation_ids:
        return event.actor_name
    return f"Somebody at {reading.arrangement.organisations[issue.raised_for_id].name}"


def _words(reading: Reading, event: Event, kind: EventKind) -> str:
    """What somebody wrote, where the sentence does not hold it."""
    match kind:
        case Noted(note=0):  # from history, its words in the sentence if it has any
            return ""
        case Noted():
            mine = (Note.issue_id == event.issue_id, Note.event_position == event.position)
            return reading.session.exec(select(col(Note.text)).where(*mine)).first() or REDACTED
        case Raised(detail=words) | Occurred(detail=words) | Proposed(done=words):
            return words
    return ""


def _only(reading: Reading, organisation_id: int | None) -> str:
    if organisation_id is None:
        return ""
    return f"Only people of {reading.arrangement.organisations[organisation_id].name} can read this."
