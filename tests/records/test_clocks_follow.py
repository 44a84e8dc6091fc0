"""Whatever happens to an issue and is arranged meanwhile, every clock of it is due when product.md, Time, says.

In any order: when the events and the arrangement in force say, as `clock_rules` works that out.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from tests.arrangement_makers import Change, write_ladder, write_tier
from tests.conftest import Stage
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import ring_one
from tests.records.clock_rules import Agreed, Hours
from tests.records.expected_clocks import Clocks
from tracker.actions import escalate, resolve
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note
from tracker.actions.amend import amend
from tracker.actions.asking.ask import agree_to_ask, ask
from tracker.actions.asking.pausing import resume
from tracker.actions.route_anew import route_anew
from tracker.database import Database
from tracker.queries.issues import load_by_id
from tracker.records.agreement import RoutingRule
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.rules.lifecycle import Cause, Severity
from tracker.rules.lifecycle.asks import AskChoice, AskKind
from tracker.rules.meetings import without_meeting
from tracker.rules.refusals import Refused
from tracker.rules.rings import Ring

HOLDERS = {"acute": ("sam", "jo", "rita", "priya"), "council": ("kim", "lee", "owen", "dana")}
HOLDERS["community"] = ("mo", "bea", "gwen", "ines")
DAYS = ("MO", "TU", "WE", "TH", "FR")
MEETS = "DTSTART;TZID=Europe/London:2026010{day}T100000 RRULE:FREQ=WEEKLY;BYDAY={name}"

lengths = st.sampled_from(("1 working day", "2 working days", "4 working hours", "2 days", "3 days"))
limits = st.sampled_from(("3 working days", "5 working days", "12 working hours", "6 days", "next meeting"))
waits = st.sampled_from((5, 40, 190, 600, 1500, 4000))  # minutes
organisations = st.sampled_from(("acute", "council", "community"))
soon = st.frozensets(st.integers(0, 12), max_size=3)  # days from now


@dataclass(frozen=True)
class Tiers:
    """What the agreement says of the tiers that are tried, the first two."""

    limits: tuple[str, str]
    acknowledged: tuple[str | None, str | None]
    warn: bool
    keep_in_loop: str
    agree_silence: str
    pause_cap: str

    def limit(self, tier: int) -> str:
        return (*self.limits, "10 working days", "next meeting")[tier - 1]

    def acknowledge(self, tier: int) -> str | None:
        return (*self.acknowledged, None, None)[tier - 1]

    def warns(self, tier: int) -> bool:
        return self.warn and tier == 1


agreements = st.builds(
    Tiers,
    st.tuples(limits, limits),
    st.tuples(st.none() | lengths, st.none() | lengths),
    st.booleans(),
    st.sampled_from(("5 working days", "7 days")),
    st.sampled_from(("5 working days", "3 days", "9 working hours")),
    st.sampled_from(("10 working days", "2 working days", "7 working hours", "4 days")),
)
sides = st.sampled_from(("acute", "council", "community"))
steps = st.one_of(
    st.tuples(st.sampled_from(("acknowledge", "note", "propose", "propose", "agree", "return", "return")), sides),
    st.tuples(st.sampled_from(("escalate", "reroute", "reopen")), sides),
    st.tuples(st.just("pause"), sides, st.integers(0, 6)),
    st.tuples(st.just("resume"), sides),
    st.tuples(st.just("close"), organisations, soon),
    st.tuples(st.just("hours"), organisations, st.sampled_from((15, 17, 18))),
    st.tuples(st.just("zone"), st.sampled_from(("Europe/London", "America/New_York", "Pacific/Auckland"))),
    st.tuples(st.just("meet"), st.integers(0, 4) | st.none()),
    st.just(("sweep",)),
)
histories = st.lists(st.tuples(waits, steps, st.booleans()), min_size=3, max_size=14)


@dataclass
class Play:
    """One history, played on the product and told to `clocks` alike."""

    session: Session
    cast: Cast
    issue: Issue
    clocks: Clocks
    now: datetime

    def take(self, step: tuple[Any, ...]) -> None:
        match step:
            case ("close", organisation, days):
                shut = frozenset(self.now.date() + timedelta(days=each) for each in days)
                self._open(organisation, replace(self._hours(organisation), closed=shut))
            case ("hours", organisation, until):
                self._open(organisation, replace(self._hours(organisation), closes=until))
            case ("zone", zone):
                with self._changing(replace(self.clocks.agreed, zone=zone)) as change:
                    change.count_by(zone)
            case ("meet", day):
                self._meet(day)
            case ("sweep",):
                while ring_one(self.session, self.now):
                    self.hear()
                self.clocks.sweep(self.now)
            case (what, side, *days):
                self._take_turn(what, side, *days)
        self.hear()

    def _take_turn(self, what: str, side: str, days: int | None = None) -> None:
        if days is None:
            self._act(what, self._holder(side))
        else:
            self._pause(side, days)

    def _holder(self, side: str) -> str:
        on_top = self.clocks.terms.limit(self.issue.tier) == "next meeting"
        return HOLDERS[side][3 if on_top else self.issue.tier - 1]

    def _pause(self, side: str, days: int) -> None:
        """Asked by one side and agreed by the others at once."""
        until = (self.now + timedelta(days=days)).date()
        ref, choice = self.issue.ref, AskChoice(outsider="County Court", until=until)
        try:
            with self.session.begin_nested():
                asker = doer(self.cast, self._holder(side), self.now)
                ask(self.session, ref, asker, kind=AskKind.PAUSE, reason="Their ruling.", choice=choice)
                for other in (each for each in self.clocks.sides if each != side):
                    answers = doer(self.cast, self._holder(other), self.now)
                    agree_to_ask(self.session, ref, answers, number=len(self.issue.asks()))
        except Refused:
            load_by_id(self.session, self.issue.id)  # nothing may be paused

    def _act(self, what: str, who: str) -> None:
        try:
            with self.session.begin_nested():
                _ACTS[what](self.session, self.issue, doer(self.cast, who, self.now))
        except Refused:
            load_by_id(self.session, self.issue.id)  # it was not their turn: as it was before

    def _meet(self, day: int | None) -> None:
        """On this weekday from now on; None: the next meeting is cancelled."""
        agreed = self.clocks.agreed
        if day is not None:
            with self._changing(replace(agreed, top_meets=day, cancelled=frozenset())) as change:
                change.meet("steering", MEETS.format(day=day + 5, name=DAYS[day]))
            return
        gone = next(at for at in agreed.meetings() if at > self.now)
        with self._changing(replace(agreed, cancelled=agreed.cancelled | {gone})) as change:
            change.meet("steering", without_meeting(change.before.bodies["steering"].meets or "", gone))

    def _open(self, organisation: str, hours: Hours) -> None:
        with self._changing(self.clocks.agreed.changed(organisation, hours)) as change:
            closed = sorted(each.isoformat() for each in hours.closed)
            span = [f"{hours.opens:02}:00-{hours.closes:02}:00"]
            change.open(organisation, {"zone": hours.zone, "mon-fri": span, "holidays": "GB-ENG", "closed": closed})

    @contextmanager
    def _changing(self, after: Agreed) -> Iterator[Change]:
        with Change(self.session, self.cast, self.now) as change:
            yield change
        self.clocks.move(after, self.clocks.sides, self.now)

    def _hours(self, organisation: str) -> Hours:
        return dict(self.clocks.agreed.hours)[organisation]

    def hear(self) -> None:
        self.session.flush()
        news = select(Event).where(Event.issue_id == self.issue.id, Event.position > self.clocks.read)
        for event in self.session.exec(news.order_by(col(Event.position))):
            self.clocks.hear(event)
            self.clocks.read = event.position

    def check(self, step: Any) -> None:
        """That every clock is due when it ought to be."""
        assert self.clocks.misfits(self.issue) == {}, (step, self.now)


def _propose(session: Session, issue: Issue, asked: Any) -> None:
    resolve.propose(session, issue.ref, asked, outcome="solved", done="Sent again.")


def _reroute(session: Session, issue: Issue, asked: Any) -> None:
    severe = Severity.SERIOUS if issue.severity is Severity.CRITICAL else Severity.CRITICAL
    amend(session, issue.ref, asked, title=issue.title, detail=issue.detail, severity=severe)
    route_anew(session, issue.ref, asked)


_ACTS: dict[str, Any] = {
    "acknowledge": lambda session, issue, asked: acknowledge(session, issue.ref, asked),
    "note": lambda session, issue, asked: add_note(
        session, issue.ref, asked, text="We look into it.", ring=Ring.SHARED
    ),
    "propose": _propose,
    "agree": lambda session, issue, asked: resolve.agree(session, issue.ref, asked),
    "return": lambda session, issue, asked: resolve.give_back(session, issue.ref, asked, reason="Not yet."),
    "escalate": lambda session, issue, asked: escalate.by_holder(session, issue.ref, asked, cause=Cause.LEGAL.value),
    "resume": lambda session, issue, asked: resume(session, issue.ref, asked),
    "reopen": lambda session, issue, asked: resolve.reopen(session, issue.ref, asked, reason="It is back."),
    "reroute": _reroute,
}


class Over(Exception):
    """Nothing of a play is kept."""


def play(db: Database, cast: Cast, tiers: Tiers, history: list[Any], *, start: str) -> None:
    """One history from its beginning, looked at after every step, swept before each where its line says so."""
    names = {cast.organisations[key].id: key for key in HOLDERS}
    agreed = Agreed(hours=tuple((key, Hours()) for key in HOLDERS))
    with db.write() as session:
        write_ladder(
            session, cast, keep_in_loop=tiers.keep_in_loop, agree_silence=tiers.agree_silence, pause_cap=tiers.pause_cap
        )
        by_meeting = {"body_id": cast.bodies["steering"].id}
        for number, limit in enumerate(tiers.limits, start=1):
            warn = "1 working day" if tiers.warn and number == 1 else None
            body = by_meeting if limit == "next meeting" else {}
            asked = {"limit": limit, "acknowledge": tiers.acknowledge(number), "warn": warn}
            write_tier(session, cast, number, **asked, **body)
        urgent: dict[str, Any] = {"when": {"severity": ["critical"]}, "start": start, "answers": "community"}
        home = cast.partnership.id
        session.add(RoutingRule(partnership_id=home, key="urgent", ladder_key="operational", **urgent))
        session.flush()
        now = MONDAY
        issue = make_issue(session, cast)
        playing = Play(session, cast, issue, Clocks({1: tiers}, agreed, ("acute", "council"), names), now)
        playing.hear()
        playing.check("raised")
        for minutes, step, swept in history:
            playing.now += timedelta(minutes=minutes)
            for each in ((("sweep",),) if swept else ()) + (step,):
                playing.take(each)
                playing.check(each)
        raise Over


@pytest.fixture(scope="module")
def stage(sqlite_stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Cast]]:
    file = tmp_path_factory.mktemp("clocks") / "tracker.sqlite3"
    shutil.copyfile(sqlite_stage.file, file)
    database = Database(f"sqlite:///{file}")
    yield database, sqlite_stage.cast
    database.dispose()


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(agreements, histories, st.sampled_from(("front", "ops")))
def test_every_clock_is_due_when_events_and_arrangement_say(
    stage: tuple[Database, Cast], tiers: Tiers, history: list[Any], start: str
) -> None:
    with pytest.raises(Over):
        play(*stage, tiers, history, start=start)
