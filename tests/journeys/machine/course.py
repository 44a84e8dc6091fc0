"""Where an issue stands by what happened to it: whose turn it is, who has it, who may read it. product.md, in small."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tests.journeys.machine.people import People, Rung
from tests.records.expected_clocks import Clocks
from tracker.records.event import Event

Ladders = Mapping[int, tuple[Rung, ...]]  # by the number of the version


@dataclass
class Course:
    """One issue. `ring`: organisation, shared or named; organisations are keys. `holders`: for each side who has it on
    the tier it is on; `held`: who has or had it, for whom and on which tier; `sight`: the same,
    and who did something; `answered`: the sides that agree
    to what is proposed; `asks`: those that are open, with the kind and who has agreed."""

    id: int
    ref: str
    ring: str
    raised_by: int
    sides: tuple[str, ...]
    meant_for: str
    area: str | None
    people: People
    ladders: Ladders
    clocks: Clocks
    ball: str = ""
    state: str = "raised"
    before: str = "open"
    tier: int = 0
    version: int = 0
    deciding: int | None = None
    answers: str = ""
    holders: dict[str, tuple[int, ...]] = field(default_factory=dict)
    sight: set[tuple[int, str]] = field(default_factory=set)
    held: set[tuple[int, str, int]] = field(default_factory=set)
    proposer: str = ""
    ball_before: str = ""
    answered: frozenset[str] = frozenset()
    asks: dict[int, tuple[str, frozenset[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.raised_for = self.ball = self.sides[0]

    def hear(self, event: Event, on: date) -> None:
        """The next event that happened to it, on a day."""
        who = self.clocks.names.get(event.organisation_id or 0, "")
        self.clocks.hear(event)
        _HEARD.get(event.kind, _nothing)(self, event, who)
        if event.person_id is not None:
            self.sight.add((event.person_id, who))
        if event.kind == "proposed":
            self.propose(event.person_id or 0, who, on)

    @property
    def rung(self) -> Rung:
        return self.ladders[self.version][self.tier - 1]

    def may_read(self, person: int, on: date) -> bool:
        """Its sides do; of what concerns a person its raiser, whoever has or had it, and who acts for them; where a
        whole body reads, whoever sits on it."""
        if self.ring == "shared" and self.tier and self.rung.whole_body and self.people.sits(person, self.rung.body):
            return True
        mine = self.people.organisations(person)
        if not mine & {*self.sides}:
            return False
        seen = any(who == person and side in mine for who, side in self.sight)  # whoever raised it did that, too
        return self.ring != "named" or seen or person in self.acting(on)

    def holds_above(self, person: int, tier: int, on: date) -> bool:
        """Whether somebody has or had it on a tier or above, or acts today for who has."""
        mine = self.people.organisations(person)
        held = any(who == person and side in mine and at >= tier for who, side, at in self.held)
        return held or (self.tier >= tier and person in self.acting(on))

    def acting(self, on: date) -> frozenset[int]:
        """Who acts on it, for whichever side."""
        return frozenset(who for side in self.sides for who in self.acting_for(side, on))

    def acting_for(self, side: str, on: date) -> frozenset[int]:
        """About a person nobody above is asked, and of what is over nobody else at all."""
        written = self.holders.get(side, ())
        if not self.tier:
            return frozenset()
        if self.state == "resolved":
            return self.people.standing(self.rung, side, written, on)
        rungs = self.ladders[self.version][self.tier - 1 :]
        return self.people.acting(rungs[:1] if self.ring == "named" else rungs, side, written, on)

    def enter(self, event: Event) -> None:
        """On a tier, where whoever holds it there has it."""
        self.version, self.tier = event.details.get("version") or self.version, event.tier
        if self.deciding is not None and self.deciding <= self.tier:
            self.deciding = None
        self.take_place()

    def take_place(self) -> None:
        self.holders = {}
        for side in self.sides:
            self.take(side, self.holders_of(side))

    def holders_of(self, side: str) -> tuple[int, ...]:
        lead = self.people.leads.get(self.area or "", {}).get(side) if self.tier == 1 else None
        return self.people.holders(self.rung, side, lead)

    def take(self, side: str, people: tuple[int, ...]) -> None:
        self.holders[side] = people
        self.held |= {(who, side, self.tier) for who in people}
        self.sight |= {(who, side) for who in people}

    def propose(self, person: int, who: str, on: date) -> None:
        """The turn goes to the sides that must answer. What was handed down every side confirms where it was decided,
        but for who speaks there already."""
        self.before, self.state = self.state, "proposed"
        self.proposer, self.ball_before = who, self.ball
        above = self.ladders[self.version][self.deciding - 1] if self.deciding else None
        speaks = above is None or person in self.people.seated(above, who, on)
        speaks = speaks or bool(above and above.paper and self.people.sits(person, above.body))
        self.answered = frozenset({who} if speaks else ())
        self.turn_to_unanswered()

    def agree(self, who: str) -> None:
        self.answered |= {who}
        self.turn_to_unanswered()

    def turn_to_unanswered(self) -> None:
        self.ball = next((side for side in self.sides if side not in self.answered), self.ball)

    def open_again(self, state: str) -> None:
        self.state, self.ball, self.proposer = state, self.ball_before, ""

    @property
    def is_confirming(self) -> bool:
        return self.state == "proposed" and self.deciding == self.tier


def _nothing(course: Course, event: Event, who: str) -> None:
    """What changes nothing of where it stands."""


def _route(course: Course, event: Event, who: str) -> None:
    course.enter(event)
    course.ball = course.answers = event.details["answers"]


def _reroute(course: Course, event: Event, who: str) -> None:
    """Who answered before keeps what they had of the turn."""
    if event.details["version"] != course.version:
        course.deciding = None
    if event.details["answers"] != course.answers:
        course.ball = event.details["answers"]
    course.answers = event.details["answers"]
    course.enter(event)


def _acknowledge(course: Course, event: Event, who: str) -> None:
    if course.state == "raised" and who != course.raised_for:
        course.state = "open"


def _join(course: Course, event: Event, who: str) -> None:
    side = event.details["side"]
    course.sides = (*course.sides, side)
    if course.tier:
        course.take(side, course.holders_of(side))


def _leave(course: Course, event: Event, who: str) -> None:
    course.sides = tuple(each for each in course.sides if each != event.details["side"])
    course.holders.pop(event.details["side"], None)
    if course.ball not in course.sides:
        course.ball = next(each for each in course.sides if each != course.raised_for)


def _cross(course: Course, event: Event, who: str) -> None:
    course.ring = "shared"
    course.sides = course.clocks.sides = (*course.sides, course.meant_for)


def _turn(course: Course, event: Event, who: str) -> None:
    if course.tier:
        course.take_place()


def _give_back(course: Course, event: Event, who: str) -> None:
    confirmed = course.is_confirming
    course.open_again("open")
    if confirmed:
        course.enter(event)


def _take_back(course: Course, event: Event, who: str) -> None:
    confirmed = course.is_confirming
    course.open_again(course.before)
    course.tier = event.tier
    if confirmed:
        course.take_place()


def _confirm(course: Course, event: Event, who: str) -> None:
    course.tier = event.tier
    course.take_place()


def _reopen(course: Course, event: Event, who: str) -> None:
    course.state, course.ball, course.proposer = "open", course.proposer or course.ball, ""
    course.enter(event)


def _pause(course: Course, event: Event, who: str) -> None:
    course.before, course.state = course.state, "paused"


def _resume(course: Course, event: Event, who: str) -> None:
    course.state = course.before


def _resolve(course: Course, event: Event, who: str) -> None:
    course.state = "resolved"


def _hand_down(course: Course, event: Event, who: str) -> None:
    deciding = course.deciding or event.details["from_tier"]
    course.enter(event)
    course.deciding = deciding


def _move_ladder(course: Course, event: Event, who: str) -> None:
    """Whoever decided is on the tier of the same body, else on the last one up to their number."""
    newer = course.ladders[event.details["version"]]
    if course.deciding is not None:
        body = course.ladders[course.version][course.deciding - 1].body
        last = min(course.deciding, len(newer))
        course.deciding = next((each.number for each in newer if each.body == body), last)
        course.deciding = course.deciding if course.deciding > event.details["to"] else None
    if event.details["from_tier"] != event.details["to"]:
        course.enter(event)
    course.version = event.details["version"]


def _hand_to(course: Course, event: Event, who: str) -> None:
    first = event.words["colleague_name"].split()[0].lower()
    course.take(who, tuple(each for each, name in course.people.names.items() if name == first))


def _lose_holder(course: Course, event: Event, who: str) -> None:
    side = event.details["side"]
    kept = [each for each in course.holders[side] if (each, side) in course.people.roles]
    course.take(side, tuple(dict.fromkeys((*kept, *course.holders_of(side)))))


def _seat(course: Course, event: Event, who: str) -> None:
    course.take(event.details["side"], course.holders_of(event.details["side"]))


def _ask(course: Course, event: Event, who: str) -> None:
    course.asks[event.details["number"]] = (event.details.get("ask", "pause"), frozenset())
    _answer(course, event, who)


def _answer(course: Course, event: Event, who: str) -> None:
    kind, agreed = course.asks.pop(event.details["number"])
    if agreed | {who} < {*course.sides}:
        course.asks[event.details["number"]] = (kind, agreed | {who})


def _close_ask(course: Course, event: Event, who: str) -> None:
    course.asks.pop(event.details["number"])


def _hand_over(course: Course, event: Event, who: str) -> None:
    course.ball = event.details["to_organisation"]


def _enter(course: Course, event: Event, who: str) -> None:
    course.enter(event)


def _agree(course: Course, event: Event, who: str) -> None:
    course.agree(who)


_HEARD: dict[str, Callable[[Course, Event, str], None]] = {
    "routed": _route,
    "rerouted": _reroute,
    "escalated": _enter,
    "handed_down": _hand_down,
    "confirmation_asked": _confirm,
    "ladder_moved": _move_ladder,
    "reopened": _reopen,
    "turned": _turn,
    "crossed": _cross,
    "side_added": _join,
    "side_removed": _leave,
    "acknowledged": _acknowledge,
    "acknowledged_by_writing": _acknowledge,
    "agreed": _agree,
    "returned": _give_back,
    "resolution_taken_back": _take_back,
    "resolved": _resolve,
    "withdrawn": _resolve,
    "merged_into": _resolve,
    "paused": _pause,
    "resumed": _resume,
    "handed_over": _hand_over,
    "handed_to_colleague": _hand_to,
    "holder_left": _lose_holder,
    "holder_seated": _seat,
    "asked": _ask,
    "ask_agreed": _answer,
    "ask_returned": _close_ask,
    "ask_taken_back": _close_ask,
    "ask_lapsed": _close_ask,
}
