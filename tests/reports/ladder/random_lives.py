"""Lives of issues by chance, from a seed: people take what steps they may, and the clock rings between."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from sqlmodel import Session, col, select

from tests.exchange.history.histories import Told, history, taken_in
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions import escalate, resolve
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note
from tracker.actions.raise_issue import cross, turn
from tracker.actions.ring_timer import ring_several
from tracker.queries.due import next_timers
from tracker.records.issue import Issue
from tracker.rules.lifecycle import Cause, Kind
from tracker.rules.refusals import Refused
from tracker.rules.rings import Ring

FRONT = {"acute": "sam", "council": "kim", "community": "mo"}
PEOPLE = (*FRONT.values(), "jo", "lee", "bea", "rita", "owen", "gwen", "priya", "dana", "ines")
_RINGS = ((Ring.SHARED, Ring.NAMED, Ring.ORGANISATION), (12, 4, 1))
_PAST = {
    "open": ("escalated", "handed_down", "paused", "handed_over", "handed_over", "handed_over", "resolved", "note"),
    "paused": ("note", "resumed", "resumed", "resolved"),
    "over": ("reopened", "note", "note"),
}
_NAMES = ("handed_over", "paused")


def live_on(session: Session, cast: Cast, random: Random, *, steps: int, start: datetime = MONDAY) -> datetime:
    """So many steps, hours apart; the moment of the last."""
    at = start
    for _ in range(steps):
        at += timedelta(minutes=random.choice((7, 25, 55, 300, 1700)))
        _ring(session, at)
        if random.random() < 0.3:
            _raise(session, cast, random, at)
        else:
            _step(session, cast, random, at)
    return at


def past_lives(session: Session, cast: Cast, random: Random, count: int) -> None:
    """So many issues out of a history file."""
    taken_in(session, cast, *(_past(random, number) for number in range(count)))


def _past(random: Random, number: int) -> str:
    one, other = random.sample(sorted(FRONT), 2)
    rows: list[Told] = [{"event": "raised", "to_organisation": other, "organisation": one}]
    state = "open"
    for _ in range(random.randrange(12)):
        event = random.choice(_PAST[state])
        state = {"paused": "paused", "resumed": "open", "resolved": "over", "reopened": "open"}.get(event, state)
        named = {"to_organisation": random.choice((*FRONT, "mars"))} if event in _NAMES else {}
        rows.append({"event": event, **named})
    return history(*rows, by=one, issue=f"A-{number}")


def _ring(session: Session, until: datetime) -> None:
    """Some of what is due by then, at that moment: clocks may be late."""
    for _ in range(3):
        if not next_timers(session, until):
            return
        ring_several(session, now=until)


def _raise(session: Session, cast: Cast, random: Random, at: datetime) -> None:
    by, with_ = random.sample(sorted(FRONT), 2)
    make_issue(
        session,
        cast,
        FRONT[by],
        at,
        with_=with_,
        kind=Kind.EARLY_WARNING if random.random() < 0.15 else Kind.ISSUE,
        worked_round=random.random() < 0.1,
        ring=random.choices(*_RINGS)[0],
        occurred_on=at.date(),
    )


def _step(session: Session, cast: Cast, random: Random, at: datetime) -> None:
    """By the first of them who may."""
    refs = list(session.exec(select(Issue.ref).order_by(col(Issue.id))))
    does, ref = random.choice(sorted(_STEPS)), random.choice(refs) if refs else ""
    for person in random.sample(PEOPLE, len(PEOPLE)):
        with suppress(Refused), session.begin_nested():
            _STEPS[does](session, ref, doer(cast, person, at), random)
            return


def _cause(random: Random) -> Cause:
    return random.choice((Cause.RISK, Cause.AUTHORITY, Cause.LEGAL))


_STEPS: Mapping[str, Callable[[Session, str, object, Random], object]] = {
    "acknowledge": lambda session, ref, by, random: acknowledge(session, ref, by),  # type: ignore[arg-type]
    "acknowledge again": lambda session, ref, by, random: acknowledge(session, ref, by),  # type: ignore[arg-type]
    "agree": lambda session, ref, by, random: resolve.agree(session, ref, by),  # type: ignore[arg-type]
    "agree at last": lambda session, ref, by, random: resolve.agree(session, ref, by),  # type: ignore[arg-type]
    "cross": lambda session, ref, by, random: cross(session, ref, by),  # type: ignore[arg-type]
    "escalate": lambda session, ref, by, random: escalate.by_holder(
        session,
        ref,
        by,  # type: ignore[arg-type]
        cause=_cause(random),
    ),
    "give back": lambda session, ref, by, random: resolve.give_back(session, ref, by, reason="Not yet."),  # type: ignore[arg-type]
    "note": lambda session, ref, by, random: add_note(
        session,
        ref,
        by,  # type: ignore[arg-type]
        text="More of it.",
        ring=random.choice((Ring.SHARED, Ring.ORGANISATION)),
    ),
    "propose": lambda session, ref, by, random: resolve.propose(
        session,
        ref,
        by,  # type: ignore[arg-type]
        outcome=random.choice(("solved", "solved", "not_solved", "duplicate", "not_ours")),
        done="A new form.",
    ),
    "propose again": lambda session, ref, by, random: resolve.propose(
        session,
        ref,
        by,  # type: ignore[arg-type]
        outcome="solved",
        done="A new list.",
    ),
    "reopen": lambda session, ref, by, random: resolve.reopen(session, ref, by, reason="It is back."),  # type: ignore[arg-type]
    "turn": lambda session, ref, by, random: turn(session, ref, by),  # type: ignore[arg-type]
    "withdraw": lambda session, ref, by, random: resolve.withdraw(session, ref, by, reason="A mistake."),  # type: ignore[arg-type]
}
