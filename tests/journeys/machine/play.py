"""A play: what happened so far, on the product and in the small model alike; every step is one transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from string import ascii_lowercase
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select
from structlog.testing import capture_logs

from tests.journeys.machine.course import Course
from tests.journeys.machine.people import People
from tests.journeys.machine.stage import LadderTerms, Stage
from tests.makers import MONDAY
from tests.notice_makers import Door
from tests.queries.proofs.record import KEY
from tests.records.clock_rules import Agreed, Hours
from tests.records.expected_clocks import Clocks
from tracker.actions.begin_step import StepRequest
from tracker.clock import Clock
from tracker.queries.arrangements import arrangement
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.timer import Timer
from tracker.rules.arrangement import Arrangement
from tracker.rules.lifecycle import Kind
from tracker.rules.policy import viewer_of
from tracker.rules.refusals import Refused, WrongFile
from tracker.rules.rings import Ring, Viewer

SIDES = ("acute", "council", "community")
LAST = datetime(2026, 9, 4, 17, tzinfo=ZoneInfo("Europe/London"))
"""No play goes on beyond: what clocks are held against knows the holidays until the end of November."""
SWEEPS = 40
"""At so many moments that are known already the clock goes meanwhile; what comes up by that is swept at the end."""


@dataclass(frozen=True)
class Turn:
    """What is drawn for a step. Each number is taken by what there is to choose from; `form`: drawn as it is, as it was
    before, or not at all."""

    issue: int
    person: int
    choice: int
    form: str = "fresh"

    @classmethod
    def drawn(cls, chance: Random) -> "Turn":
        form = chance.choice(("fresh",) * 10 + ("undrawn", "stale"))
        return cls(chance.randrange(2**16), chance.randrange(2**16), chance.randrange(2**32), form)


@dataclass(frozen=True)
class Word:
    """A word that stands nowhere else. `where`: said (told in an event), note, issue (its title or detail), or paper;
    `ring` and `side`: who may read it."""

    token: str
    issue: int
    where: str
    ring: str = "shared"
    side: str = ""
    person: int = 0
    tier: int = 0
    named: frozenset[int] = frozenset()


@dataclass
class Taking:
    """A step that is being taken: on which issue, by whom; `chance` chooses for them, the same whenever it is sent."""

    play: "Play"
    session: Session
    course: Course | None
    viewer: Viewer
    request: StepRequest
    chance: Random
    said: list[Word] = field(default_factory=list)

    @property
    def ref(self) -> str:
        return self.course.ref if self.course else "RIV-999"

    @property
    def arrangement(self) -> Arrangement:
        return self.play.arrangement(self.session)

    def choose(self, *some: Any) -> Any:
        return self.chance.choice(some)

    def maybe(self, where: str = "said") -> str:
        """A word, or nothing."""
        return self.word(where) if self.choose(False, True) else ""

    def word(self, where: str = "said", ring: str = "shared") -> str:
        """A text with a word of its own in it, which is nowhere else if the step is taken."""
        token = self.play.next_token()
        mine = self.request.speaking_for or next((each.organisation_key for each in self.viewer.memberships), "")
        if self.course and self.course.ring == "organisation" and where != "issue":
            ring = "organisation"
        issue, tier = (self.course.id, self.course.tier) if self.course else (0, 0)
        self.said.append(Word(token, issue, where, ring, mine, self.viewer.person_id, tier))
        return f"It is {token}."


Step = Callable[[Taking], Any]


@dataclass
class Play:
    """One play. `done`: how often each step was taken, `refused`: how often it was not."""

    stage: Stage
    terms: LadderTerms
    now: datetime = MONDAY
    agreed: Agreed = field(default_factory=lambda: Agreed(hours=tuple((key, Hours()) for key in SIDES)))
    courses: dict[int, Course] = field(default_factory=dict)
    words: dict[str, Word] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    notes: list[Any] = field(default_factory=list)
    forms: list[tuple[Step, Turn, StepRequest, Course | None]] = field(default_factory=list)
    proposed: dict[int, LadderTerms] = field(default_factory=dict)
    waiting: dict[int, Callable[[], None]] = field(default_factory=dict)
    read: int = 0
    arranged_times: int = 0
    made: int = 0
    door: Door = field(default_factory=Door)

    def __post_init__(self) -> None:
        self.stage.put_back()
        self.stage.agree(self.terms)
        self.db, self.cast = self.stage.db, self.stage.cast
        self.people = People.of(self.cast)
        self.ladders = {1: self.terms}
        self.rungs = {1: self.terms.rungs()}
        self.names = {self.cast.organisations[key].id: key for key in SIDES}
        with self.db.read() as session:
            self.read = session.exec(select(func.max(Event.id))).one() or 0

    def arrangement(self, session: Session) -> Arrangement:
        return arrangement(session, self.cast.partnership.id)

    def viewer(self, session: Session, person: int) -> Viewer:
        """Whoever it is, as they are now; strangers are of another partnership."""
        every = (arrangement(session, each.id) for each in (self.cast.partnership, self.cast.elsewhere))
        return viewer_of(person, *every, at=self.now)

    @property
    def on(self) -> date:
        """The day it is for every organisation."""
        return self.now.astimezone(ZoneInfo("Europe/London")).date()

    def everybody(self) -> list[int]:
        """Whoever there is, strangers and those who left too."""
        return sorted(self.cast.people[name].id for name in (*self.people.names.values(), "stan", "nora"))

    def next_token(self) -> str:
        self.made += 1
        letters = (ascii_lowercase[self.made // 26**place % 26] for place in range(4))
        return f"zx{''.join(letters)}qy"

    # What is done

    def take(self, name: str, step: Step, turn: Turn, who: Callable[..., Iterable[int]] | None = None) -> str:
        """A step as drawn, on an issue: what was done by whom, or the sentence that refuses it."""
        course = self.issue(turn.issue)
        person = self._who(turn.person, sorted(who(course, self.on)) if who and course else [])
        with self.db.read() as session:
            viewer = self.viewer(session, person)
            version = session.exec(select(Issue.version).where(Issue.ref == (course.ref if course else ""))).first()
        places = [each.organisation_key for each in viewer.memberships]
        speaking = places[turn.choice % len(places)] if len(places) > 1 and turn.choice % 5 else None
        drawn = {"fresh": version, "stale": (version or 1) - 1, "undrawn": None}[turn.form]
        request = StepRequest(viewer, self.now, speaking, drawn, f"form {self.made} {len(self.forms)} {name}")
        said = self._try(step, turn, request, course)
        if said == DONE:
            self.forms.append((step, turn, request, course))
        return f"{self.people.names.get(person, 'a stranger')}: {name} {course.ref if course else ''}: {said}"

    def send_again(self, which: int) -> str:
        """A form that was sent and taken is sent once more: it does nothing."""
        if not self.forms:
            return "nothing was sent"
        step, turn, request, course = self.forms[which % len(self.forms)]
        with self.db.read() as session:
            viewer = self.viewer(session, request.viewer.person_id)
        made = len(self.courses), self.read
        said = self._try(step, turn, replace(request, viewer=viewer, now=self.now), course)
        assert said != DONE
        assert made == (len(self.courses), self.read), said
        return said

    def _try(self, step: Step, turn: Turn, request: StepRequest, course: Course | None) -> str:
        try:
            with self.db.write() as session:
                taking = Taking(self, session, course, request.viewer, request, Random(turn.choice))
                step(taking)
                session.flush()
        except Refused as refusal:
            said = sentence_of(refusal)
            self.hear()
            return said
        self.words |= {each.token: each for each in taking.said}
        self.hear()
        return DONE

    def issue(self, which: int) -> Course | None:
        return list(self.courses.values())[which % len(self.courses)] if self.courses else None

    def _who(self, which: int, likely: list[int]) -> int:
        """Mostly somebody who may; else anybody at all."""
        place, how = divmod(which, 5)
        some = likely if likely and how else self.everybody()
        return some[place % len(some)]

    # What happens by itself

    def wait(self, minutes: int, *, swept: str) -> None:
        """Time passes. Meanwhile the clock goes; or it stood still and goes now; or it does not."""
        until = min(self.now + timedelta(minutes=minutes), LAST.astimezone(self.now.tzinfo))
        for moment in self._due_until(until) if swept == "meanwhile" else ():
            self.now = max(self.now, moment)
            self.sweep()
        self.now = max(self.now, until)
        if swept != "not":
            self.sweep()

    def _due_until(self, until: datetime) -> Sequence[datetime]:
        """The moments at which something is due by now."""
        with self.db.read() as session:
            not_aside = col(Timer.set_aside_at).is_(None)
            moments = select(Timer.due_at).where(Timer.due_at <= until, not_aside).distinct()
            return session.exec(moments.order_by(col(Timer.due_at)).limit(SWEEPS)).all()

    def sweep(self) -> None:
        """The clock does all that is due, and what follows from it."""
        clock = Clock(self.db, self.door, link_key=b"k" * 32, log_key=KEY, now_of=lambda _: self.now)
        with capture_logs() as lines:
            for _ in clock.until_nothing_is_due():
                self.hear()
        wrong = [each for each in lines if each["log_level"] in ("error", "critical", "warning")]
        assert wrong == [], wrong
        for course in self.courses.values():
            course.clocks.sweep(self.now)

    def hear(self) -> None:
        """What happened since."""
        with self.db.read() as session:
            news = select(Event).where(Event.id > self.read).order_by(col(Event.id))
            for event in session.exec(news).all():
                self.read = event.id
                if event.issue_id is not None:
                    course = self._course(session, event)
                    course.hear(event, self.on)
                    course.ref = session.get_one(Issue, event.issue_id).ref  # another once it is shared
                if event.kind == "paper_opened":
                    self._open_paper(event)

    def _open_paper(self, event: Event) -> None:
        """What was sealed is said to all."""
        for token, word in self.words.items():
            if token in str(event.words):
                self.words[token] = replace(word, where="said", ring="shared")

    def _course(self, session: Session, event: Event) -> Course:
        if event.issue_id not in self.courses:
            self.courses[event.issue_id or 0] = self._begun(session.get_one(Issue, event.issue_id), event)
        return self.courses[event.issue_id or 0]

    def _begun(self, issue: Issue, raised: Event) -> Course:
        """Kept inside, it has one side; nobody says of what was worked round, or of an early warning, by when."""
        own, meant, said = self.names[issue.raised_for_id], self.names[issue.meant_for_id or 0], raised.details
        is_inside = raised.ring is Ring.ORGANISATION
        clocks = Clocks(self.ladders, self.agreed, (own,) if is_inside else (own, meant), self.names, tier=0)
        clocks.runs = said.get("kind", Kind.ISSUE.value) == Kind.ISSUE.value and not said.get("worked_round")
        return Course(
            id=issue.id,
            ref=issue.ref,
            ring=raised.ring.value if is_inside else issue.ring.value,
            raised_by=issue.raised_by_id or 0,
            sides=clocks.sides,
            meant_for=meant,
            area=issue.service_area,
            people=self.people,
            ladders=self.rungs,
            clocks=clocks,
        )

    def arranged(self, agreed: Agreed) -> None:
        """Other hours, another zone or other meetings are in force from now on."""
        self.agreed = agreed
        for course in self.courses.values():
            course.clocks.move(agreed, course.clocks.sides, self.now)

    def take_ladder(self, number: int) -> None:
        """A version of the ladder is in force."""
        self.ladders[number] = self.proposed[number]
        self.rungs[number] = self.proposed[number].rungs()


DONE = "done"


def sentence_of(refusal: Refused) -> str:
    """What is read where something is refused: words, and nothing of the machinery."""
    said = refusal.plain if isinstance(refusal, WrongFile) else str(refusal)
    assert len(said.split()) >= 3, repr(refusal)
    assert said[0].isupper() or said[0] in "“0123456789", repr(refusal)
    assert said.rstrip()[-1] in ".?!”)", repr(refusal)
    for machinery in ("None", "{", "<", "Error", "organisation_id", "datetime"):
        assert machinery not in said, repr(refusal)
    return said
