"""What leads arrange while issues are on their way: people, seats, days away, hours, meetings, the ladder, the zone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from sqlmodel import Session, select

from tests.journeys.machine.people import Seat
from tests.journeys.machine.play import DONE, SIDES, Play, Turn, sentence_of
from tests.journeys.machine.stage import TierTerms, whole_body
from tests.makers import LEADS
from tests.records.test_clocks_follow import DAYS, MEETS
from tracker.actions.agree_ladder import agree_as_lead, ladder_of
from tracker.actions.begin_step import StepRequest
from tracker.actions.decide import Resolve, decide
from tracker.actions.follow_up import finish, progress, withdraw
from tracker.actions.people.keep_account import say_away
from tracker.actions.proving.append_checkpoint import ask_for_checkpoint
from tracker.exchange.charter.calendar_shape import CalendarShape
from tracker.exchange.charter.current import kept
from tracker.exchange.charter.loading import agree_change, revise
from tracker.exchange.charter.revisions import with_calendar, with_entry, with_head, with_leaver, with_seats
from tracker.exchange.charter.shapes import SeatShape, TierShape
from tracker.queries.administration.proposals import waiting_proposals
from tracker.records.ladder import LadderVersion
from tracker.rules.events.kinds import Actor
from tracker.rules.meetings import without_meeting
from tracker.rules.refusals import Refused

ZONES = ("Europe/London", "America/New_York", "Pacific/Auckland")
Then = Callable[[], None]


def _nothing() -> None:
    """Nothing follows in the small model."""


def chooser(turn: Turn) -> Callable[..., Any]:
    """What is chosen among some, as it was drawn."""
    chance = Random(turn.choice)
    return lambda *some: chance.choice(some)


def _try(play: Play, do: Callable[[Session], Then]) -> str:
    """`do` says what follows in the small model once it is written, before what happened by it is heard."""
    try:
        with play.db.write() as session:
            then = do(session)
            session.flush()
    except Refused as refusal:
        play.hear()
        return sentence_of(refusal)
    then()
    play.arranged_times += 1
    play.hear()
    return DONE


def _lead(play: Play, side: str) -> Actor:
    return play.cast.actor(LEADS[side])


def _leave(play: Play, turn: Turn) -> str:
    choose = chooser(turn)
    person, side = choose(*sorted(play.people.roles))
    if choose(*range(3)):
        return "nobody left"
    email = play.cast.people[play.people.names[person]].email

    def do(session: Session) -> Then:
        revise(session, play.cast.partnership.id, with_leaver(email, side), actor=_lead(play, side), now=play.now)
        return lambda: play.people.leave(person, side)

    return _try(play, do)


def _seat(play: Play, turn: Turn) -> str:
    """Two of an organisation sit on a body, one of whom may be a deputy instead."""
    choose = chooser(turn)
    side, body = choose(*SIDES), choose(*play.people.seats)
    mine = sorted(who for who, where in play.people.roles if where == side)
    first, second = choose(*mine), choose(*mine)
    how = choose("alone", "deputy", "both", "nobody", "holds not")
    seats = {
        "alone": [Seat(first, side)],
        "deputy": [Seat(first, side, deputy=second if second != first else None)],
        "both": [Seat(first, side), *([Seat(second, side)] if second != first else [])],
        "nobody": [],
        "holds not": [Seat(first, side, holds=False)],
    }[how]
    emails = {who: play.cast.people[name].email for who, name in play.people.names.items()}
    shapes = [
        SeatShape(person=emails[each.person], organisation=side, holds=each.holds,
                  deputy=emails[each.deputy] if each.deputy else None)
        for each in seats
    ]  # fmt: skip

    def do(session: Session) -> Then:
        change = with_seats(body, side, shapes)
        revise(session, play.cast.partnership.id, change, actor=_lead(play, side), now=play.now)
        return lambda: play.people.take_seats(body, side, seats)

    return _try(play, do)


def _go_away(play: Play, turn: Turn) -> str:
    choose = chooser(turn)
    person, side = choose(*sorted(play.people.roles))
    since = play.on + timedelta(days=choose(0, 0, 1, 3))
    until = choose(since, since + timedelta(days=10), None, since - timedelta(days=1))
    back = choose(False, False, True)

    def do(session: Session) -> Then:
        days = (None, None) if back else (since, until)
        say_away(
            session, person, [play.cast.organisations[side].id], away_from=days[0], away_until=days[1], now=play.now
        )
        if back:
            return lambda: play.people.away.pop((person, side), None) and None
        return lambda: play.people.away.update({(person, side): (since, until)})

    return _try(play, do)


def _hours(play: Play, turn: Turn) -> str:
    choose = chooser(turn)
    side = choose(*SIDES)
    shut = frozenset(play.on + timedelta(days=each) for each in range(8) if choose(True, False, False))
    hours = replace(dict(play.agreed.hours)[side], closes=choose(17, 15, 18), closed=shut)
    written = {
        "zone": hours.zone,
        "mon-fri": [f"09:00-{hours.closes}:00"],
        "holidays": "GB-ENG",
        "closed": sorted(shut),
    }
    calendar = CalendarShape.model_validate(written)

    def do(session: Session) -> Then:
        change = with_calendar(side, play.cast.organisations[side].name, calendar)
        revise(session, play.cast.partnership.id, change, actor=_lead(play, side), now=play.now)
        return lambda: play.arranged(play.agreed.changed(side, hours))

    return _try(play, do)


def _propose(play: Play, side: str, change: Any, then: Then) -> str:
    """What touches others waits for their leads: what follows then is kept by the number of the proposal."""

    def do(session: Session) -> Then:
        done = revise(session, play.cast.partnership.id, change, actor=_lead(play, side), now=play.now)
        if done.proposals:
            return lambda: play.waiting.update(dict.fromkeys(done.proposals, then))
        return then

    return _try(play, do)


def _zone(play: Play, turn: Turn) -> str:
    choose = chooser(turn)
    side, zone = choose(*SIDES), choose(*ZONES)
    return _propose(play, side, with_head({"zone": zone}), lambda: play.arranged(replace(play.agreed, zone=zone)))


def _meet(play: Play, turn: Turn) -> str:
    """On another weekday, or the next meeting is cancelled."""
    choose = chooser(turn)
    side, day = choose(*SIDES), choose(None, *range(5))
    with play.db.read() as session:
        body = kept(session, play.cast.partnership.id).body["steering"]
    if day is not None:
        meets = MEETS.format(day=day + 5, name=DAYS[day])
        new = replace(play.agreed, top_meets=day, cancelled=frozenset())
    else:
        gone = next(at for at in play.agreed.meetings() if at > play.now)
        meets = without_meeting(body.meets or "", gone)
        new = replace(play.agreed, cancelled=play.agreed.cancelled | {gone})
    change = with_entry("body", body.model_copy(update={"meets": meets}))

    def then() -> None:
        play.arranged(replace(play.agreed, top_meets=new.top_meets, cancelled=new.cancelled))

    return _propose(play, side, change, then)


def _answer(play: Play, turn: Turn) -> str:
    """A lead agrees to something that waits."""
    choose = chooser(turn)
    side = choose(*SIDES)

    def do(session: Session) -> Then:
        found = waiting_proposals(session, play.cast.partnership.id)
        if not found:
            return _nothing
        proposal = choose(*found)
        answer = agree_change(session, proposal, _lead(play, side), now=play.now)
        return _nothing if answer.missing else play.waiting.get(proposal.number, _nothing)

    return _try(play, do)


def _new_ladder(play: Play, turn: Turn) -> str:
    """Other lengths, or a tier less."""
    choose = chooser(turn)
    side, old = choose(*SIDES), play.ladders[max(play.ladders)]
    limits = ("2 working days", "4 working days", "10 working hours", "8 days")
    tiers = [
        each if each.limit == "next meeting" else replace(each, limit=choose(*limits, each.limit)) for each in old.tiers
    ]
    if len(tiers) > 3 and choose(True, False, False):
        del tiers[choose(1, 2)]
    terms = replace(old, tiers=tuple(tiers))

    def do(session: Session) -> Then:
        charter = kept(session, play.cast.partnership.id)
        shape = charter.ladder["operational"].model_copy(update={"tiers": tuple(map(_shape, terms.tiers))})
        revise(session, play.cast.partnership.id, with_entry("ladder", shape), actor=_lead(play, side), now=play.now)
        newest = session.exec(select(LadderVersion.number).where(LadderVersion.ladder_id == _ladder_id(play, session)))
        number = max(newest)
        return lambda: play.proposed.update({number: terms} if number not in play.ladders else {})

    return _try(play, do)


def _shape(tier: TierTerms) -> TierShape:
    return TierShape(
        name=tier.body.capitalize(), body=tier.body, limit=tier.limit, acknowledge=tier.acknowledged,
        warn="1 working day" if tier.warn else None, paper=tier.paper, whole_body=whole_body(tier),
    )  # fmt: skip


def _ladder_id(play: Play, session: Session) -> int:
    return ladder_of(session, play.cast.partnership.id, "operational").id


def _agree_ladder(play: Play, turn: Turn) -> str:
    side = SIDES[turn.choice % 3]

    def do(session: Session) -> Then:
        ladder = ladder_of(session, play.cast.partnership.id, "operational")
        missing = agree_as_lead(session, ladder, play.cast.people[LEADS[side]], now=play.now)
        if missing:
            return _nothing
        number = max(play.proposed)
        return lambda: play.take_ladder(number)

    return _try(play, do)


def _checkpoint(play: Play, turn: Turn) -> str:
    side = SIDES[turn.choice % 3]

    def do(session: Session) -> Then:
        ask_for_checkpoint(session, play.cast.partnership.id, _lead(play, side), now=play.now)
        return _nothing

    return _try(play, do)


def _decide(play: Play, turn: Turn) -> str:
    choose = chooser(turn)
    who = choose("priya", "dana", "jo", "lee", "sam", "nora", "ines", "rita")
    body = choose("steering", "ops", "directors")
    refs = [each.ref for each in play.courses.values()]

    def do(session: Session) -> Then:
        agreed = play.arrangement(session)
        people = {name: play.cast.people[name].id for name in ("jo", "lee", "bea")}
        owners = {"acute": people["jo"], "council": people["lee"]}
        day = play.on
        resolve = Resolve(
            what="Funding is answered within two days", due_on=day + timedelta(days=choose(30, 3, -1)), owners=owners,
            decided_on=day, themes=choose(("decision_speed",), ()), issues=choose((), *((each,) for each in refs)),
        )  # fmt: skip
        request = StepRequest(play.viewer(session, play.cast.people[who].id), play.now)
        decide(session, agreed, agreed.bodies[body], resolve, request)
        return _nothing

    return _try(play, do)


def _follow_up(play: Play, turn: Turn) -> str:
    choose = chooser(turn)
    who, what, number = choose("jo", "lee", "priya", "sam", "kim"), choose(0, 1, 2), choose(1, 2, 3)

    def do(session: Session) -> Then:
        agreed = play.arrangement(session)
        request = StepRequest(play.viewer(session, play.cast.people[who].id), play.now)
        if what == 0:
            progress(session, agreed, number, request, text="It goes on.")
        elif what == 1:
            finish(session, agreed, number, request, how="It is there.")
        else:
            withdraw(session, agreed, number, request, reason="Not needed.")
        return _nothing

    return _try(play, do)


ARRANGING: dict[str, Callable[[Play, Turn], str]] = {
    "leave": _leave,
    "seats": _seat,
    "more seats": _seat,
    "go away": _go_away,
    "be away": _go_away,
    "hours": _hours,
    "zone": _zone,
    "meetings": _meet,
    "agree a change": _answer,
    "agree one more change": _answer,
    "a new ladder": _new_ladder,
    "agree the ladder": _agree_ladder,
    "agree the ladder too": _agree_ladder,
    "agree the ladder, too": _agree_ladder,
    "ask for a checkpoint": _checkpoint,
    "decide": _decide,
    "follow up": _follow_up,
}
