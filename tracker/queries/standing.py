"""Where an issue stands, in sentences for one reader: who has the ball, by when, what happens next; and its ladder."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from tracker.queries.concerned import concerned_with
from tracker.records.issue import Issue
from tracker.records.timer import TimerKind
from tracker.rules.arrangement import Arrangement, Organisation, Tier
from tracker.rules.events.resolution import OUTCOME_WORDS
from tracker.rules.ladder import Ahead, Concerned, ahead, holders_at
from tracker.rules.letters import Rung
from tracker.rules.lifecycle import LIVE, Kind, State
from tracker.rules.rings import Viewer
from tracker.rules.wording import listed, say_moment


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, and the organisation whose clock they read by."""

    session: Session
    arrangement: Arrangement
    viewer: Viewer
    organisation: Organisation
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return self.organisation.calendar.tz

    def said(self, at: datetime) -> str:
        """A moment by the reader's clock: “Tue 12 May 16:30”."""
        return say_moment(at.astimezone(self.zone), self.now.astimezone(self.zone).year)

    def by_all_clocks(self, at: datetime, sides: Iterable[int]) -> str:
        """By the reader's clock, and by those of the sides where they show another time."""
        mine = self.said(at)
        theirs = {side: self.arrangement.organisations[side] for side in sides}
        others = {each.name: _by_clock_of(each, at, self.now) for each in theirs.values()}
        unlike = listed(f"{time} for {name}" for name, time in others.items() if time != mine)
        return f"{mine} ({unlike})" if unlike else mine


def standing(reading: Reading, issue: Issue) -> Iterable[str]:
    """A sentence each. The issue comes with its sides, holders and timers."""
    if issue.state is State.RESOLVED:
        outcome = issue.outcome.value if issue.outcome else ""
        yield f"It is resolved: {OUTCOME_WORDS.get(outcome, outcome)}."
    elif issue.kind is Kind.EARLY_WARNING:
        yield "It is an early warning: no clock runs."
    elif issue.state is State.PROPOSED:
        yield from _waiting_for_answers(reading, issue)
    elif issue.tier:
        yield f"The ball is with {_with_whom(reading, issue)}."
        yield from _limit(reading, issue)


def rungs(reading: Reading, issue: Issue) -> tuple[Rung, ...]:
    """The ladder, top first; nothing where the issue is on none or resolved."""
    if not issue.tier or issue.is_resolved:
        return ()
    concerned = concerned_with(issue, reading.arrangement)
    reached = {each.tier.number: each for each in _ahead(concerned, issue, reading.now)}
    tiers = reversed(concerned.ladder.tiers)
    return tuple(_rung(reading, issue, concerned, tier, reached.get(tier.number)) for tier in tiers)


def _waiting_for_answers(reading: Reading, issue: Issue) -> Iterable[str]:
    silent = next((timer.due_at for timer in issue.timers if timer.kind is TimerKind.SILENCE), None)
    names = listed(reading.arrangement.organisations[each].name for each in issue.unanswered)
    yield f"A resolution is proposed; an answer is wanted from {names}."
    if silent:
        yield f"Answer by {reading.by_all_clocks(silent, issue.side_ids)}: after that, silence counts as agreement."


def _with_whom(reading: Reading, issue: Issue) -> str:
    organisation = reading.arrangement.organisations[issue.ball_with_id]
    holding = (each for each in issue.holders_now() if each.first and each.organisation_id == organisation.id)
    holder = next((reading.arrangement.people[each.person_id].name for each in holding), "")
    return f"{organisation.name} ({holder})" if holder else organisation.name


def _limit(reading: Reading, issue: Issue) -> Iterable[str]:
    if issue.due_at is None:
        return
    concerned = concerned_with(issue, reading.arrangement)
    here = concerned.ladder.tiers[issue.tier - 1].name
    limit = reading.by_all_clocks(issue.due_at, issue.side_ids)
    above = next(iter(_ahead(concerned, issue, reading.now)), None)
    if issue.due_at <= reading.now and above is None:
        yield f"The limit of {here} passed {limit}. It stays on their agenda until decided."
        return
    yield f"It is with {here} until {limit}."
    if above:
        yield f"If nothing ends it by then, it goes up to {above.tier.name}."
    else:
        yield "Nobody is above: after that it stays on their agenda until decided."


def _ahead(concerned: Concerned, issue: Issue, now: datetime) -> tuple[Ahead, ...]:
    if issue.due_at is None or issue.state not in LIVE:
        return ()
    return ahead(concerned, issue.tier, max(issue.due_at, now))


def _rung(reading: Reading, issue: Issue, concerned: Concerned, tier: Tier, reached: Ahead | None) -> Rung:
    here = tier.number == issue.tier
    words = f"from {reading.said(reached.at)}, if nothing ends it before" if reached else ""
    if here and issue.due_at and issue.state in LIVE:
        words = f"{'until' if issue.due_at > reading.now else 'limit passed'} {reading.said(issue.due_at)}"
    at = reached.at if reached else reading.now
    return Rung(
        name=tier.name,
        seats=tuple(_seated(reading, issue, concerned, tier, side, at) for side in issue.side_ids),
        words=words,
        now=here,
        ball=issue.side_ids.index(issue.ball_with_id) if here and issue.ball_with_id in issue.side_ids else None,
    )


def _seated(reading: Reading, issue: Issue, concerned: Concerned, tier: Tier, side: int, at: datetime) -> str:
    """Who was written down when it came to the tier; above, who would be."""
    written = [each for each in issue.holders if (each.tier, each.organisation_id) == (tier.number, side)]
    if tier.number <= issue.tier and written:
        person_id = min(written, key=lambda each: (not each.active, not each.first, each.id)).person_id
    else:
        seated = holders_at(concerned, tier, side, at)
        person_id = seated[0].person_id if seated else 0
    person = reading.arrangement.people.get(person_id)
    return person.name if person else ""


def _by_clock_of(organisation: Organisation, at: datetime, now: datetime) -> str:
    zone = organisation.calendar.tz
    return say_moment(at.astimezone(zone), now.astimezone(zone).year)
