"""Writing a letter: what happened, as this reader may know it, issue by issue."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

from sqlmodel import Session, col, select

from tracker.queries.issues import with_parts
from tracker.queries.related_issues import as_known
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.ladder_context import ladder_context
from tracker.records.note import Note
from tracker.records.timer import TimerKind
from tracker.rules import addresses, ladder, names
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.events.decision import OfDecision, PackDiscarded, PackDrafted, PackPublished
from tracker.rules.events.issue import Noted
from tracker.rules.events.kinds import KINDS, REDACTED, EventKind, Passage
from tracker.rules.events.resolution import OUTCOME_WORDS, OfTwo
from tracker.rules.ladder import Rung, ahead_of, awaited, silent, silent_text
from tracker.rules.ladder.acting import absence_text, who_acts
from tracker.rules.letters import LetterEvent, LetterItem, RungLine
from tracker.rules.lifecycle import LIVE, Kind, State
from tracker.rules.rings import Ring, Viewer
from tracker.rules.rings.readers import known_name, only_text
from tracker.rules.wording import begun, city_of, listed, say_moment

_LINES = 40  # of one text in a letter


@dataclass(frozen=True, slots=True)
class LetterReader:
    """Who reads, and the organisation whose clock they read by; the issues that are told of, by their ids; and what was
    `written` for others who read the same."""

    session: Session
    arrangement: Arrangement
    viewer: Viewer
    organisation: Organisation
    now: datetime
    issues: Mapping[int, Issue]
    written: dict[Any, Any]

    def moment_text(self, at: datetime, organisation: Organisation | None = None) -> str:
        """A moment by the clock of the reader, or of an organisation: “Tue 12 May 16:30”."""
        zone = (organisation or self.organisation).calendar.tz
        return say_moment(at.astimezone(zone), self.now.astimezone(zone).year)

    def by_all_clocks(self, at: datetime, sides: Iterable[int]) -> str:
        """By the reader's clock, and by those of the sides where they show another time."""
        mine = self.moment_text(at)
        theirs = [self.arrangement.organisations[side] for side in sides]
        others = [(self.moment_text(at, each), each) for each in theirs]
        unlike = listed(
            f"{time} in {city_of(each.calendar.zone)} for {each.name}" for time, each in others if time != mine
        )
        return f"{mine} in {city_of(self.organisation.calendar.zone)} ({unlike})" if unlike else mine


def issues_to_tell(session: Session, issue_ids: Collection[int]) -> dict[int, Issue]:
    """Issues by their ids, with what letters say of them."""
    asked = select(Issue).where(col(Issue.id).in_(issue_ids)).execution_options(populate_existing=True)
    return {issue.id: issue for issue in with_parts(session, session.exec(asked).all())}


def about(reader: LetterReader, events: Sequence[Event]) -> tuple[LetterItem, ...]:
    """What happened, in the order in which each issue first comes up. The caller knows that the reader may read it."""
    first = {_subject(event): place for place, event in reversed(list(enumerate(events)))}
    ordered = sorted(events, key=lambda event: (first[_subject(event)], event.position))
    return tuple(_about(reader, of[0], tuple(some)) for of, some in groupby(ordered, _subject))


def _about(reader: LetterReader, issue_id: int | None, events: tuple[Event, ...]) -> LetterItem:
    """Written once for all who read the same: those who read by the same clock and belong to the same organisations,
    where no event tells of another issue, which one of them may not see."""
    write = partial(_about_issue, reader, issue_id, events) if issue_id else partial(_about_apart, reader, events)
    if any(issubclass(KINDS[event.kind], OfTwo) for event in events):
        return write()
    same = (reader.organisation.id, reader.viewer.organisation_ids, tuple(event.id for event in events))
    if same not in reader.written:
        reader.written[same] = write()
    item: LetterItem = reader.written[same]
    return item


def _subject(event: Event) -> tuple[int | None, int | None, int | None]:
    return event.issue_id, event.decision_id, event.pack_id


def _about_apart(reader: LetterReader, events: tuple[Event, ...]) -> LetterItem:
    """A decision, a pack, or the arrangement."""
    title, path = _named(events[0].read(), reader.arrangement)
    told = tuple(
        LetterEvent(
            reader.moment_text(event.at), f"{event.read().sentence(event.actor_name)}.", passages_text(event.read())
        )
        for event in events
    )
    return LetterItem("", title, path, told)


def _named(kind: EventKind, arrangement: Arrangement) -> tuple[str, str]:
    match kind:
        case OfDecision():
            return f"Decision {kind.number}: {kind.decision}", addresses.decision(arrangement.key, kind.number)
        case PackDrafted() | PackPublished():
            return f"The pack for {kind.meeting}", addresses.pack(arrangement.key, kind.number)
        case PackDiscarded():
            return f"The pack for {kind.meeting}", addresses.packs(arrangement.key)
    return f"The arrangement of {arrangement.name}", addresses.arrangements(arrangement.key)


def _about_issue(reader: LetterReader, issue_id: int, events: tuple[Event, ...]) -> LetterItem:
    issue = reader.issues[issue_id]
    return LetterItem(
        ref=issue.ref,
        title=issue.title,
        path=addresses.issue(issue.ref),
        told=tuple(_letter_event(reader, issue, event) for event in events),
        standing=tuple(_status(reader, issue)),
        readers="" if issue.crossed else _only(reader, issue.raised_for_id),
        sides=tuple(reader.arrangement.organisations[side].name for side in issue.side_ids),
        rungs=_rung_lines(reader, issue),
        is_named=issue.ring is Ring.NAMED,
    )


def _letter_event(reader: LetterReader, issue: Issue, event: Event) -> LetterEvent:
    kind = as_known(reader.session, event.read(), reader.viewer)
    return LetterEvent(
        at=reader.moment_text(event.at),
        sentence=f"{kind.sentence(names.doer_name(event.kind, event.person_id, event.words, issue, reader.viewer))}.",
        words=_words(reader, event, kind),
        readers=_readers(reader, issue, event, kind) if issue.crossed else "",
    )


def _readers(reader: LetterReader, issue: Issue, event: Event, kind: EventKind) -> str:
    """Who reads what not all sides do."""
    if event.ring is Ring.ORGANISATION:
        return _only(reader, event.organisation_id)
    agreed = reader.arrangement.ladder_version(issue.ladder_version_id)
    people: tuple[str, ...] = ()
    if isinstance(kind, Noted):
        writer = names.doer_name(event.kind, event.person_id, event.words, issue, reader.viewer)
        people = (writer, *(known_name(each, issue, reader.arrangement, reader.viewer) for each in kind.mentions))
    only = only_text(event.ring, "", agreed.tier_name(event.tier) if agreed else "", people)
    return f"{begun(only)} can read this." if only else ""


def _words(reader: LetterReader, event: Event, kind: EventKind) -> str:
    """What somebody wrote, where the sentence does not hold it."""
    match kind:
        case Noted(note=0):  # from history, its words in the sentence if it has any
            return ""
        case Noted():
            mine = (Note.issue_id == event.issue_id, Note.event_position == event.position)
            return reader.session.exec(select(col(Note.text)).where(*mine)).first() or REDACTED
    return passages_text(kind)


def passages_text(kind: EventKind) -> str:
    """The words below its sentence: by themselves where they are one text, else each under what it is called. Of a long
    plan the beginning; the page has all of it."""
    told = kind.passages()
    if len(told) == 1 and told[0].was is None:
        return _beginning(told[0].text)
    return "\n".join(_passage_text(each) for each in told)


def _passage_text(passage: Passage) -> str:
    was = "" if passage.was is None else f"\n(was: {passage.was or 'nothing'})"
    return f"{passage.label}: {passage.text or 'nothing'}{was}"


def _beginning(words: str) -> str:
    lines = words.splitlines()
    if len(lines) <= _LINES:
        return words
    return "\n".join((*lines[:_LINES], f"and {len(lines) - _LINES} lines more"))


def _only(reader: LetterReader, organisation_id: int | None) -> str:
    if organisation_id is None:
        return ""
    return f"Only people of {reader.arrangement.organisations[organisation_id].name} can read this."


def _status(reader: LetterReader, issue: Issue) -> Iterable[str]:
    """A sentence each. The issue comes with its sides, holders and timers."""
    if issue.state is State.RESOLVED:
        outcome = issue.outcome.value if issue.outcome else ""
        yield f"It is resolved: {OUTCOME_WORDS.get(outcome, outcome)}."
    elif issue.kind is Kind.EARLY_WARNING:
        yield "It is an early warning: no clock runs."
    elif issue.state is State.PROPOSED:
        yield from _waiting_for_answers(reader, issue)
    elif issue.tier:
        yield f"It is the turn of {_with_whom(reader, issue)}."
        sides = [reader.arrangement.organisations[side] for side in issue.side_ids]
        yield from filter(None, (absence_text(issue, reader.arrangement, side, reader.now) for side in sides))
        yield from _acknowledging(reader, issue)
        yield from _limit(reader, issue)


def _rung_lines(reader: LetterReader, issue: Issue) -> tuple[RungLine, ...]:
    """The ladder, top first; nothing where the issue is on none or resolved."""
    if not issue.tier or issue.is_resolved:
        return ()
    context = ladder_context(issue, reader.arrangement)
    return tuple(_rung_line(reader, issue, rung) for rung in ladder.rungs(context, issue, reader.now))


def _waiting_for_answers(reader: LetterReader, issue: Issue) -> Iterable[str]:
    silent = next((timer.due_at for timer in issue.timers if timer.kind is TimerKind.SILENCE), None)
    sides = listed(reader.arrangement.organisations[each].name for each in issue.unanswered)
    yield f"A resolution is proposed; an answer is wanted from {sides}."
    if silent:
        yield f"Answer by {reader.by_all_clocks(silent, issue.side_ids)}: after that, silence counts as agreement."


def _with_whom(reader: LetterReader, issue: Issue) -> str:
    organisation = reader.arrangement.organisations[issue.ball_with_id]
    acting = who_acts(issue, reader.arrangement, organisation.id, reader.now)
    return f"{organisation.name} ({names.person_name(acting[0], reader.arrangement)})" if acting else organisation.name


def _acknowledging(reader: LetterReader, issue: Issue) -> Iterable[str]:
    for side, by in awaited(issue.sides, issue.state, reader.viewer.organisation_ids):
        name = reader.arrangement.organisations[side.organisation_id].name
        verb = "was to acknowledge" if by <= reader.now else "acknowledges"
        yield f"{name} {verb} it by {reader.by_all_clocks(by, issue.side_ids)}."
    for side, since in silent(issue.sides, issue.state, reader.viewer.organisation_ids):
        yield silent_text(reader.arrangement.organisations[side.organisation_id].name, reader.moment_text(since))


def _limit(reader: LetterReader, issue: Issue) -> Iterable[str]:
    if issue.due_at is None:
        return
    context = ladder_context(issue, reader.arrangement)
    here = context.ladder.tiers[issue.tier - 1].name
    limit = reader.by_all_clocks(issue.due_at, issue.side_ids)
    above = next(iter(ahead_of(context, issue, reader.now)), None)
    if issue.due_at <= reader.now and above is None:
        yield f"The limit of {here} passed {limit}. It stays on their agenda until decided."
        return
    yield f"It is with {here} until {limit}."
    if above:
        yield f"If nothing ends it by then, it goes up to {above.tier.name}."
    else:
        yield "Nobody is above: after that it stays on their agenda until decided."


def _rung_line(reader: LetterReader, issue: Issue, rung: Rung) -> RungLine:
    is_here = rung.tier.number == issue.tier
    there = (
        [who_acts(issue, reader.arrangement, side, reader.now) for side in issue.side_ids] if is_here else rung.seats
    )
    words = f"from {reader.moment_text(rung.reached_at)}, if nothing ends it before" if rung.reached_at else ""
    if is_here and issue.due_at and issue.state in LIVE:
        words = f"{'until' if issue.due_at > reader.now else 'limit passed'} {reader.moment_text(issue.due_at)}"
    return RungLine(
        name=rung.tier.name,
        seats=tuple(names.person_name(each[0], reader.arrangement) if each else "" for each in there),
        words=words,
        now=is_here,
        ball=issue.side_ids.index(issue.ball_with_id) if is_here and issue.ball_with_id in issue.side_ids else None,
    )
