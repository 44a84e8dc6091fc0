"""The day in words, as it opens a desk: what presses first, who meets when, what waits for a lead."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.pages.decision_views import DecisionLine
from tracker.pages.part_views import Link
from tracker.queries.desk import MOST, Desk, Pile
from tracker.queries.visitors import Visitor
from tracker.records.relations import meetings
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.rings import Role
from tracker.rules.wording import listed, say_day

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
# One and several of each pile that presses.
_PRESSING = {
    Pile.ANSWER: ("issue waits for your answer", "issues wait for your answer"),
    Pile.NEW: ("issue is new to you", "issues are new to you"),
    Pile.SOON: ("limit passes within a working day or has passed", "limits pass within a working day or have passed"),
    Pile.TOP: ("issue is past its limit with nobody above", "issues are past their limit with nobody above"),
    Pile.MINE: ("issue is with you", "issues are with you"),
    Pile.FIXED: ("issue asks whether it stayed fixed", "issues ask whether they stayed fixed"),
}
_WAITING = (Pile.RAISED, Pile.THEIRS)


def greeting(name: str, at: datetime) -> str:
    """“Good morning, Sam”, by the clock of `at`."""
    part = "morning" if at.hour < 12 else "afternoon" if at.hour < 18 else "evening"
    return f"Good {part}, {name.split()[0] if name.split() else name}"


def sentences(
    found: Desk, here: Mapping[int, Arrangement], waiting: Mapping[int, int], owned: Sequence[DecisionLine],
    visitor: Visitor, now: datetime, zone: str,
) -> Iterable[str | Link]:  # fmt: skip
    """The day in words, most pressing first; what lies on the desk leads down to it. `owned`: the decisions that this
    person is to see done."""
    yield from _of_piles(found, "" if owned else "Nothing waits for you. ")
    yield from _of_decisions(owned)
    yield from _stands_in(found, here)
    for where in here.values():
        yield from _of_bodies(where, waiting, now, zone)
        if visitor.viewer.has_role(Role.LEAD, partnership_id=where.id):
            yield from _of_ladders(where)
            yield from _of_vacancies(where, visitor)
    if found.bounded:
        yield f"There is more than a desk can hold: these are the {MOST} whose limits come first."


def counted(count: int, one: str, several: str) -> str:
    """“Two issues wait”, from ten on in figures."""
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{number} {one if count == 1 else several}"


def _of_piles(found: Desk, nothing: str) -> Iterable[str | Link]:
    pressing = [pile for pile in _PRESSING if found.piles[pile]]
    for pile in pressing:
        yield Link(f"{counted(len(found.piles[pile]), *_PRESSING[pile])}.", f"#{pile.value}")
    others = sum(len(found.piles[pile]) for pile in _WAITING)
    if not pressing and others:
        yield f"{nothing}{counted(others, 'issue is', 'issues are')} in the hands of others."


def _of_decisions(owned: Sequence[DecisionLine]) -> Iterable[Link]:
    late = sum(each.tone == "late" for each in owned)
    if owned:
        yours = counted(len(owned), "decision is yours to see done", "decisions are yours to see done")
        past = "it is past due" if len(owned) == 1 else f"{counted(late, 'is', 'are').lower()} past due"
        yield Link(f"{yours}; {past}." if late else f"{yours}.", "#decisions")


def _stands_in(found: Desk, here: Mapping[int, Arrangement]) -> Iterable[str]:
    people = {each: one for where in here.values() for each, one in where.people.items()}
    absent = sorted({people[each].name for each in found.stands_for.values() if each in people})
    if absent:
        yield f"You stand in for {listed(absent)}; what is theirs says so."


def _of_bodies(where: Arrangement, waiting: Mapping[int, int], now: datetime, zone: str) -> Iterable[str]:
    for body in where.bodies.values():
        if body.id not in waiting:
            continue
        following = next(iter(meetings(body, now)), None)
        # without a verb, as the name of a body may be a plural
        when = f"next meeting {_moment(following, zone, now)}" if following else "no meeting planned"
        agenda = counted(waiting[body.id], "issue", "issues").lower()
        yield f"{body.name}: {when}, with {agenda} on the agenda."


def _of_ladders(where: Arrangement) -> Iterable[str]:
    """Versions of ladders that some organisation has not agreed; the newest of each."""
    for ladder in where.ladders_to_agree():
        lacking = [each.name for each in where.active_organisations() if each.key not in ladder.agreed_by]
        yield f"Version {ladder.version} of the {ladder.name} ladder waits for {listed(lacking)} to agree."


def _of_vacancies(where: Arrangement, visitor: Visitor) -> Iterable[str]:
    ladder = where.default_ladder()
    mine = [each for each in visitor.sides if each.id in where.organisations]
    for organisation in mine if ladder else ():
        empty = [tier.name for tier in ladder.tiers if not _is_filled(where, tier.body, organisation)] if ladder else []
        if empty:
            yield f"Nobody holds {listed(empty)} for {organisation.name}: what goes up passes that tier at once."


def _is_filled(where: Arrangement, body_key: str, organisation: Organisation) -> bool:
    body = where.bodies.get(body_key)
    return body is None or any(seat.holds and seat.organisation == organisation.key for seat in body.seats)


def _moment(at: datetime, zone: str, now: datetime) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{say_day(local, now.year)}, {local.hour:02}:{local.minute:02}"
