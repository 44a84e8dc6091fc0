"""What happens to each seeded issue: who raises it with whom, how far it climbs, what is said, how it ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.bench.partnership import AREAS, FRONT_LINE, MANAGERS, ORGANISATIONS, address
from tests.bench.words import COMMON, RARE, SHARE_WITH_COMMON, Writer
from tracker.rules.arrangement import Arrangement, Organisation, Person
from tracker.rules.lifecycle import Kind, Outcome, Severity, State
from tracker.rules.rings import Ring

A_YEAR = 2000  # issues; the rate is steady, so ten times as many are ten times as many years
LASTS_DAYS = 28  # from raising to resolving, in the mean: some 150 are unresolved at any time
TALKED, MOST_TALKED = 10, 24  # so many notes have this many issues that are still open, and a few more
RARE_ONES = 5

_CLIMBS_AFTER = (timedelta(0), timedelta(days=5), timedelta(days=13), timedelta(days=28))  # to tier 1, 2, 3, 4
_PAIRS = ((0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1))
_PAIR_WEIGHTS = (34, 22, 16, 12, 9, 7)


@dataclass(frozen=True, slots=True)
class Remark:
    """A note."""

    at: datetime
    side: Organisation
    person: Person
    text: str
    ring: Ring


@dataclass(frozen=True, slots=True)
class Life:
    """One issue from its raising to where it stands. `tier` is the highest it reached; `happened`: days after."""

    id: int
    raised_at: datetime
    resolved_at: datetime | None
    state: State
    outcome: Outcome | None
    kind: Kind
    ring: Ring
    severity: Severity
    sides: tuple[Organisation, ...]
    raiser: Person
    tier: int
    title: str
    detail: str
    area: str
    theme: str | None
    theme_confirmed: bool
    stayed_fixed: str | None
    again_of_id: int | None
    happened: tuple[datetime, ...]
    notes: tuple[Remark, ...]

    @property
    def ball(self) -> Organisation:
        """Whose turn it is: who answers, or once that side has proposed how it ends, who raised it."""
        return self.sides[0] if self.state is State.PROPOSED else self.sides[-1]

    @property
    def has_clock(self) -> bool:
        return self.kind is Kind.ISSUE and self.outcome is not Outcome.WORKED_ROUND

    def reached(self) -> Iterator[tuple[int, datetime]]:
        """Each tier it came to, and when."""
        for number in range(1, self.tier + 1):
            yield number, self.raised_at + _CLIMBS_AFTER[number - 1]


class Fate:
    """Decides lives, the same for the same number."""

    def __init__(self, arrangement: Arrangement, count: int, end: datetime, a_year: int = A_YEAR) -> None:
        self.count, self.end, self._a_year = count, end, a_year
        self._random = Random(20)
        self._writer = Writer(self._random)
        self._organisations = sorted(arrangement.organisations.values(), key=lambda each: each.position)
        by_email = {each.email: each for each in arrangement.people.values()}
        self._people = {key: [by_email[address(key, each)] for each in range(20)] for key in ORGANISATIONS}
        self._themes = [theme.key for theme in arrangement.themes.values()]
        self._rare = {1 + place * count // RARE_ONES for place in range(RARE_ONES)}
        self._talked = 0

    def lives(self) -> Iterator[Life]:
        """All of them, oldest first."""
        for number in range(1, self.count + 1):
            yield self._life(number)

    def _life(self, number: int) -> Life:
        random, raised_at = self._random, self._raised_at(number)
        ring = random.choices((Ring.SHARED, Ring.ORGANISATION, Ring.NAMED), (96, 3, 1))[0]
        kind = Kind.EARLY_WARNING if random.random() < 0.03 else Kind.ISSUE
        sides = self._sides(ring)
        state, resolved_at, outcome = self._ending(raised_at)
        until = resolved_at or self.end
        worked_round = outcome is Outcome.WORKED_ROUND
        notes = () if worked_round else self._notes(sides, raised_at, until)
        return Life(
            id=number, raised_at=raised_at, resolved_at=resolved_at, state=state, outcome=outcome, kind=kind,
            ring=ring, severity=random.choices(tuple(Severity), (55, 38, 7))[0], sides=sides,
            raiser=random.choice(self._people[sides[0].key][: len(FRONT_LINE)]),
            tier=0 if ring is Ring.ORGANISATION else 1 if worked_round else self._tier(until - raised_at),
            title=self._title(number), detail=self._writer.text(12, 50), area=random.choice(AREAS),
            theme=self._theme(), theme_confirmed=random.random() < 0.7, stayed_fixed=self._stayed_fixed(resolved_at),
            again_of_id=random.randrange(1, number) if number > 1 and random.random() < 0.03 else None,
            happened=self._happened(raised_at, until), notes=notes,
        )  # fmt: skip

    def _raised_at(self, number: int) -> datetime:
        """Evenly over the years up to the end, in office hours."""
        before = timedelta(days=365.25) * ((self.count - number + self._random.random()) / self._a_year)
        day = (self.end - before).replace(minute=0, second=0, microsecond=0)
        at = day.replace(hour=9) + timedelta(minutes=self._random.randrange(8 * 60))
        return min(at, self.end - timedelta(minutes=30))

    def _sides(self, ring: Ring) -> tuple[Organisation, ...]:
        pair = self._random.choices(_PAIRS, _PAIR_WEIGHTS)[0]
        places = pair if self._random.random() > 0.05 else (*pair, 3 - sum(pair))
        sides = tuple(self._organisations[place] for place in places)
        return sides[:1] if ring is Ring.ORGANISATION else sides

    def _ending(self, raised_at: datetime) -> tuple[State, datetime | None, Outcome | None]:
        random = self._random
        if random.random() < 0.08:
            return State.RESOLVED, raised_at, Outcome.WORKED_ROUND
        resolved_at = raised_at + timedelta(days=random.expovariate(1 / LASTS_DAYS), hours=1)
        if resolved_at < self.end:
            weights = {Outcome.SOLVED: 80, Outcome.NOT_SOLVED: 11, Outcome.NOT_OURS: 5, Outcome.DUPLICATE: 4}
            return State.RESOLVED, resolved_at, random.choices(tuple(weights), tuple(weights.values()))[0]
        fresh = self.end - raised_at < timedelta(days=1)
        return random.choices((State.RAISED, State.OPEN, State.PROPOSED), (50 if fresh else 4, 80, 14))[0], None, None

    def _tier(self, age: timedelta) -> int:
        """Most are settled between opposite numbers, whatever the time it takes."""
        highest = sum(age >= each for each in _CLIMBS_AFTER)
        wanted = self._random.choices((1, 2, 3, 4), (66, 24, 7, 3))[0]
        return max(1, min(highest, wanted))

    def _title(self, number: int) -> str:
        words = self._writer.text(4, 9)
        if number in self._rare:
            return f"{words} {RARE}"
        return f"{words} {COMMON}" if self._random.random() < SHARE_WITH_COMMON else words

    def _theme(self) -> str | None:
        weights = [1 / (place + 2) for place in range(len(self._themes))]
        return self._random.choices([*self._themes, None], [*weights, sum(weights) / 6])[0]

    def _stayed_fixed(self, resolved_at: datetime | None) -> str | None:
        weeks = (self.end - resolved_at) / timedelta(weeks=1) if resolved_at else 0
        if weeks < 4:
            return None
        return self._random.choice(("asked", "yes")) if weeks < 8 else self._random.choice(("yes", "yes", "no", None))

    def _happened(self, since: datetime, until: datetime) -> tuple[datetime, ...]:
        more = self._random.randint(1, 3) if self._random.random() < 0.12 and until > since else 0
        return tuple(since + (until - since) * (place + 1) / (more + 2) for place in range(more))

    def _notes(self, sides: tuple[Organisation, ...], since: datetime, until: datetime) -> tuple[Remark, ...]:
        if until == self.end and len(sides) == 2 and sides[0].position == 0 and self._talked < MOST_TALKED:
            self._talked += 1
            many = TALKED
        else:
            many = self._random.choices(range(5), (52, 26, 13, 6, 3))[0]
        moments = (since + (until - since) * (place + 1) / (many + 2) for place in range(many))
        return tuple(self._remark(sides, at, private=many < TALKED) for at in moments)

    def _remark(self, sides: tuple[Organisation, ...], at: datetime, *, private: bool) -> Remark:
        side = self._random.choice(sides)
        person = self._random.choice(self._people[side.key][: MANAGERS.stop])
        ring = Ring.ORGANISATION if private and self._random.random() < 0.15 else Ring.SHARED
        text = self._writer.text(5, 30)
        return Remark(at, side, person, f"{text} {COMMON}" if self._random.random() < 0.05 else text, ring)
