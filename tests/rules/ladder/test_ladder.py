"""Who stands on each rung of a ladder, whatever face it gets."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.makers import MONDAY, Cast
from tracker.database import Database
from tracker.rules.ladder import LadderContext, rungs
from tracker.rules.lifecycle import State

LIMIT = MONDAY + timedelta(days=3)


@dataclass
class Written:
    """A holder as they were written down."""

    id: int
    organisation_id: int
    tier: int
    person_id: int
    first: bool = True
    active: bool = True
    acted: bool = False


@dataclass
class AnIssue:
    """On the second tier, while its limit runs."""

    holders: list[Written] = field(default_factory=list)
    tier: int = 2
    state: State = State.OPEN
    deciding_tier: int | None = None
    due_at: datetime | None = LIMIT


def stands(db: Database, cast: Cast, issue: AnIssue) -> list[tuple[tuple[str, ...], ...]]:
    """The first names on each rung, the lowest first, for Hospitals and Council."""
    with db.read() as session:
        arrangement = cast.arrangement(session)
    ladder = arrangement.ladders[cast.ladder.id]
    context = LadderContext(arrangement, ladder, (cast.acute.id, cast.council.id), lambda body, at: (), {})
    names = {id_: person.name.split()[0].lower() for id_, person in arrangement.people.items()}
    every = reversed(rungs(context, issue, MONDAY))
    return [tuple(tuple(names[person] for person in seat) for seat in rung.seats) for rung in every]


def test_above_stands_who_would_hold_it_and_where_nobody_was_written_down_who_holds_it_now(
    db: Database, cast: Cast
) -> None:
    assert stands(db, cast, AnIssue()) == [
        (("sam",), ("kim",)), (("jo",), ("lee",)), (("rita",), ("owen",)), (("priya",), ("dana",)),
    ]  # fmt: skip


def test_where_it_is_the_opposite_number_stands_first_and_who_left_nowhere(db: Database, cast: Cast) -> None:
    written = [
        Written(1, cast.council.id, 2, cast.lee.id, active=False),
        Written(2, cast.council.id, 2, cast.owen.id, first=False),
        Written(3, cast.council.id, 2, cast.kim.id),
    ]
    assert stands(db, cast, AnIssue(written))[1] == (("jo",), ("kim", "owen"))


def test_where_it_was_stands_who_was_there(db: Database, cast: Cast) -> None:
    there = [
        Written(1, cast.council.id, 1, cast.lee.id, active=False),
        Written(2, cast.council.id, 1, cast.kim.id, first=False, active=False),
    ]
    assert stands(db, cast, AnIssue(there))[0] == (("sam",), ("lee", "kim"))


def test_what_is_resolved_keeps_who_held_it_last(db: Database, cast: Cast) -> None:
    last = [Written(1, cast.council.id, 2, cast.owen.id, active=False)]
    assert stands(db, cast, AnIssue(last, state=State.RESOLVED))[1] == (("jo",), ("owen",))


def test_the_rungs_above_are_reached_only_while_its_clock_runs(db: Database, cast: Cast) -> None:
    with db.read() as session:
        arrangement = cast.arrangement(session)
    ladder = arrangement.ladders[cast.ladder.id]
    context = LadderContext(arrangement, ladder, (cast.acute.id, cast.council.id), lambda body, at: (), {})
    running, proposed = (
        [rung.reached_at for rung in rungs(context, AnIssue(state=state), MONDAY)]
        for state in (State.OPEN, State.PROPOSED)
    )
    assert running[1:] == [LIMIT, None, None]
    assert running[0] is not None
    assert proposed == [None] * 4
