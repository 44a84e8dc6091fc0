"""What happened to seeded issues, as the product's own verbs would have recorded it: each event a link of a chain."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from random import Random

from tests.bench.lives import Life, Remark
from tests.bench.rows import A_DAY, DONE, Rows, Standing
from tracker.measures.cut_text import cut
from tracker.records.event import event_row
from tracker.rules.arrangement import Arrangement, Organisation, Person
from tracker.rules.digest import Head, Word, next_on, readers_of, with_head
from tracker.rules.events.issue import Acknowledged, Noted, Occurred, Raised, Routed
from tracker.rules.events.kinds import CLOCK, Actor, EventKind
from tracker.rules.events.moving import Escalated
from tracker.rules.events.resolution import Agreed, Proposed, Resolved
from tracker.rules.lifecycle import Cause, Outcome, State
from tracker.rules.rings import Ring
from tracker.rules.routing import NO_ROUTE


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened: who did it, and where the issue stood afterwards."""

    at: datetime
    actor: Actor
    kind: EventKind
    tier: int
    state: State = State.OPEN
    remark: Remark | None = None


class Chronicle:
    """Writes lives down. Ids of notes and occurrences are given here, because their events name them."""

    def __init__(self, arrangement: Arrangement, end: datetime, *, bare: bool = False) -> None:
        """`bare`: without the events that say so."""
        self._home, self._end, self._bare = arrangement.id, end, bare
        self._ladder = next(iter(arrangement.ladders.values()))
        self._standing = Standing(arrangement, self._ladder, end)
        self._people = {
            side.id: next(each for each in arrangement.people.values() if side.key in each.roles)
            for side in arrangement.organisations.values()
        }
        self._note_ids, self._occurrence_ids = count(1), count(1)
        self._random = Random(3)

    def rows(self, lives: Iterable[Life]) -> Rows:
        """The rows of these issues, for every table."""
        rows = Rows()
        for life in lives:
            heads: dict[str, Head] = {}
            position = 0
            steps = sorted(self._steps(life, rows), key=lambda each: each.at)
            for position, step in enumerate(() if self._bare else steps, start=1):
                heads = self._append(life, step, position, heads, rows)
            self._standing.write(life, rows, heads=heads, events=position)
        return rows

    def _append(self, life: Life, step: Step, position: int, heads: dict[str, Head], rows: Rows) -> dict[str, Head]:
        kind, ring = step.kind, Ring.SHARED
        sealed: dict[str, Word] = {}
        if step.remark:
            kind, ring, sealed = self._note(life, step.remark, position, rows)
        ring = Ring.ORGANISATION if life.ring is Ring.ORGANISATION else ring
        readers = readers_of(
            ring, [side.id for side in life.sides], organisation_id=step.actor.organisation_id,
            people=[], tier=step.tier, personal=False,
        )  # fmt: skip
        row = event_row(
            kind, step.actor, step.at, readers=readers, on=next_on(heads, readers), sealed=sealed,
            partnership_id=self._home, issue_id=life.id, position=position, ring=ring, tier=step.tier,
            ball_with_id=life.sides[-1].id, state=step.state.value, once=self._once(step.actor), announced=True,
        )  # fmt: skip
        rows.event.append(row)
        return with_head(heads, readers, Head(row["place"], row["digest"]))

    def _steps(self, life: Life, rows: Rows) -> Iterator[Step]:
        """What happened; not in order."""
        raiser, answers = _actor(life.raiser, life.sides[0]), self._somebody(life.sides[-1])
        yield Step(life.raised_at, raiser, _raised(life), 0, State.RAISED)
        self._occurrence(life, life.raised_at, raiser, rows)
        if life.tier:
            yield Step(life.raised_at, CLOCK, self._routed(life), 1, State.RAISED)
        if life.state is not State.RAISED and life.has_clock and len(life.sides) > 1:
            yield Step(min(life.raised_at + A_DAY, life.resolved_at or self._end), answers, Acknowledged(), 1)
        for number, at in list(life.reached())[1:]:
            yield Step(at, CLOCK, self._escalated(number), number)
        for at in life.happened:
            occurrence = self._occurrence(life, at, answers, rows)
            occurred = Occurred(occurrence=occurrence, occurred_on=at.date().isoformat(), too=True)
            yield Step(at, answers, occurred, life.tier)
        for remark in life.notes:
            yield Step(remark.at, _actor(remark.person, remark.side), Noted(), life.tier, remark=remark)
        yield from self._ending(life, raiser, answers)

    def _ending(self, life: Life, raiser: Actor, answers: Actor) -> Iterator[Step]:
        if life.state is State.PROPOSED:
            yield Step(self._end, answers, Proposed(done=DONE), life.tier, State.PROPOSED)
        elif life.resolved_at and life.outcome:
            at, outcome = life.resolved_at, life.outcome.value
            if life.outcome is not Outcome.WORKED_ROUND:
                yield Step(at, answers, Proposed(outcome=outcome, done=DONE), life.tier, State.PROPOSED)
                yield Step(at, raiser, Agreed(), life.tier, State.PROPOSED)
            yield Step(at, CLOCK, Resolved(outcome=outcome), life.tier, State.RESOLVED)

    def _routed(self, life: Life) -> Routed:
        return Routed(
            ladder=self._ladder.key, version=1, answers=life.sides[-1].key, tier_name=self._ladder.tiers[0].name,
            ladder_name=self._ladder.name, why=NO_ROUTE,
        )  # fmt: skip

    def _escalated(self, number: int) -> Escalated:
        left, entered = self._ladder.tiers[number - 2 : number]
        return Escalated(
            from_tier=left.number, to=entered.number, cause=Cause.LIMIT.value, from_name=left.name,
            tier_name=entered.name,
        )  # fmt: skip

    def _note(self, life: Life, remark: Remark, position: int, rows: Rows) -> tuple[Noted, Ring, dict[str, Word]]:
        word, number = Word.of(remark.text), next(self._note_ids)
        ring = Ring.ORGANISATION if life.ring is Ring.ORGANISATION else remark.ring
        rows.note.append({
            "id": number, "issue_id": life.id, "event_position": position, "ring": ring,
            "organisation_id": remark.side.id, "person_id": remark.person.id, "person_name": remark.person.name,
            "text": word.value, "cut_words": cut(word.value), "salt": word.salt, "spoke": False, "at": remark.at,
        })  # fmt: skip
        return Noted(note=number), ring, {"text": word}

    def _occurrence(self, life: Life, at: datetime, actor: Actor, rows: Rows) -> int:
        number = next(self._occurrence_ids)
        rows.occurrence.append({
            "id": number, "number": number, "issue_id": life.id, "occurred_on": at.date(),
            "organisation_id": actor.organisation_id,
            "person_id": actor.person_id, "person_name": actor.name, "detail": "", "recorded_at": at,
        })  # fmt: skip
        return number

    def _once(self, actor: Actor) -> str | None:
        """The random word of the form that somebody sent."""
        return f"{self._random.getrandbits(64):016x}" if actor.person_id else None

    def _somebody(self, side: Organisation) -> Actor:
        return _actor(self._people[side.id], side)


def _raised(life: Life) -> Raised:
    worked_round = life.outcome is Outcome.WORKED_ROUND
    return Raised(
        kind=life.kind.value, severity=life.severity.value, worked_round=worked_round, title=life.title,
        detail=life.detail,
    )  # fmt: skip


def _actor(person: Person, side: Organisation) -> Actor:
    return Actor(person.id, person.name, side.id, side.key, side.name)
