"""Draws a desk for whoever sits at it: the day in words first, then the piles."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from secrets import token_urlsafe
from typing import Any

from tracker.measures.cut_text import by_letter
from tracker.pages.governance.decision import DecisionLine
from tracker.pages.issues.asking import AskLine, draw_desk_asks
from tracker.pages.issues.lines import RowView, draw_rows
from tracker.pages.web.moments import hour_at, moment_text
from tracker.pages.web.parts import Link
from tracker.queries.accounts import OpenInvitation
from tracker.queries.agendas import MOST_COUNTED
from tracker.queries.decisions import DecisionRow
from tracker.queries.desk import MOST, Desk, DeskAsk, Pile
from tracker.queries.issue_lines import IssueRow
from tracker.queries.visitors import Visitor
from tracker.records.change_proposal import ChangeProposal
from tracker.records.ladder_context import meetings
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement, Organisation, Seat, Tier
from tracker.rules.arranging import may_arrange
from tracker.rules.ladder.acting import seated
from tracker.rules.rings import ROLE_WORDS, Role
from tracker.rules.spans import day_in
from tracker.rules.wording import listed, say_count, say_day

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
# The heading of each pile and what to do with it, in the order in which they press.
PILES = {
    Pile.ANSWER: ("Waiting for your answer", "The other side proposed how these end. Agree, or return them."),
    Pile.NEW: ("New to you", "Your side has not said yet that it has seen these, or has been silent on them since."),
    Pile.SOON: ("Due soon or late", "The limit passes within a working day, or has passed."),
    Pile.TOP: ("At the top, past the limit", "Nobody is above. These stay on the agenda until they are decided."),
    Pile.MINE: ("With you", "It is your organisation’s turn."),
    Pile.FIXED: (
        "Did it stay fixed?",
        "You reported these, and they were resolved four weeks ago or more. Did it hold?",
    ),
    Pile.RAISED: ("Raised by you", "Others have these in hand; the row says who, and by when."),
    Pile.EARLY: ("Early warnings", "Nothing went wrong yet: no clock runs, and there is nothing to acknowledge."),
    Pile.THEIRS: ("With them", "You hold these too, and it is the other side’s turn."),
}


@dataclass(frozen=True, slots=True)
class DeskContents:
    """A desk with the rows that are drawn, by id. `waiting`: how many issues wait for the bodies this person sits on
    that meet; `partnerships`: those it is about; `decisions`: what this person owns and has not seen done;
    `invitations`: organisations that wait for them to accept; `asks`: what leads ask of their name and address;
    `proposals`: changes of what was agreed that they have to answer as a lead; `open_asks`: what sides ask each other
    about what lies here; `hidden`: issues, by reference, with
    words that they have to settle as one; `news`: how much is new of each issue that has anything new, `by_news`:
    these first."""

    desk: Desk
    partnerships: Mapping[int, Arrangement]
    rows: Mapping[int, IssueRow]
    waiting: Mapping[int, int]
    anything: bool
    news: Mapping[int, int] = field(default_factory=dict)
    by_news: bool = False
    decisions: tuple[DecisionRow, ...] = ()
    invitations: tuple[OpenInvitation, ...] = ()
    asks: tuple[str, ...] = ()
    proposals: tuple[ChangeProposal, ...] = ()
    open_asks: tuple[DeskAsk, ...] = ()
    hidden: Sequence[str] = ()

    @property
    def absent(self) -> dict[int, str]:
        """The names of whom this person stands in for, by id."""
        people = {key: person for one in self.partnerships.values() for key, person in one.people.items()}
        return {key: people[key].name for key in self.desk.stands_for.values() if key in people}


def draw_desk(
    contents: DeskContents, visitor: Visitor, now: datetime, *, zone: str, pile: Pile | None
) -> dict[str, Any]:
    """The whole desk, or one pile of it.

    `sentences`: the day in words, most pressing first, each a link to its pile where that lies below. `once`: for the
    form of what is done to several. `href`: the address of this desk, by which it is refreshed. `links`: where else to
    look, and the desk of one partnership or all. `news`: how many issues have something new, "" for none; `until`: when
    this was drawn. `owned`: what this person is to see done, the one due first at the
    head. `invitations`: each with the roles it is for. `signed_out_for`: organisations for which they sign in anew;
    `demanding`: those that ask for a second factor first.
    """
    rows = dict(zip(contents.rows, _rows(contents, visitor, now, zone), strict=True))
    asked = [*draw_desk_asks(contents.open_asks, contents.partnerships, visitor.viewer)]
    owned = tuple(_owned(contents, now))
    sentences = [*_of_asks(asked), *_sentences(contents, owned, visitor, now, zone)]
    return {
        "greeting": _greeting(visitor.name, hour_at(now, zone)),
        "sentences": [*(each.words if pile and isinstance(each, Link) else each for each in sentences)],
        "piles": [*_piles(contents, visitor, rows, pile)],
        "owned": owned,
        "invitations": [
            (each, listed(ROLE_WORDS[role] for role in Role if role in each.roles)) for each in contents.invitations
        ],
        "signed_out_for": () if pile else visitor.signed_out_for,
        "demanding": () if pile else visitor.demanding,
        "asks": contents.asks,
        "to_answer": [each for each in asked if each.answers],
        "asked_by_us": [each for each in asked if each.takes_back],
        "once": token_urlsafe(12),
        "news": _news_text(contents),
        "until": now.isoformat(),
        "anything": contents.anything,
        "first_steps": [*_first_steps(visitor)],
        "href": _address(contents, visitor, pile),
        "links": [*_links(contents, visitor, pile)],
    }


def _piles(
    contents: DeskContents, visitor: Visitor, rows: Mapping[int, RowView], only: Pile | None
) -> Iterable[dict[str, Any]]:
    """`count`: how many there are in all, `rows` the first of them, `more`: the list of all, "" if these are all."""
    for pile, (heading, sentence) in PILES.items():
        ids = contents.desk.piles[pile] if only in (None, pile) else ()
        shown = [rows[issue] for issue in ids if issue in rows]
        more = _address(contents, visitor, pile) if len(ids) > len(shown) and not only else ""
        if ids:
            head = {"key": pile.value, "heading": heading, "sentence": sentence}
            yield {**head, "rows": shown, "count": len(ids), "more": more}


def _roles_text(roles: frozenset[Role]) -> str:
    return listed(ROLE_WORDS[role] for role in Role if role in roles)


def _owned(contents: DeskContents, now: datetime) -> Iterable[DecisionLine]:
    """Each by the clock of the partnership it belongs to."""
    of_body = {body.id: one for one in contents.partnerships.values() for body in one.bodies.values()}
    for row in contents.decisions:
        arrangement = of_body[row.body_id]
        yield DecisionLine(row, arrangement, day_in(arrangement.zone, now))


def _rows(contents: DeskContents, visitor: Visitor, now: datetime, zone: str) -> tuple[RowView, ...]:
    absent = contents.absent
    also = {issue: f"for {absent[person]}" for issue, person in contents.desk.stands_for.items() if person in absent}
    return draw_rows(contents.rows.values(), visitor, now, zone=zone, also=also, news=contents.news)


def _news_text(contents: DeskContents) -> str:
    count = len(contents.news)
    return f"{_count_text(count, 'issue has', 'issues have')} something new since you looked" if count else ""


def _address(contents: DeskContents, visitor: Visitor, pile: Pile | None, *, by_news: bool | None = None) -> str:
    """The desk as it is shown: of one partnership where they have several, of one pile, in the same order or `by_news`
    or not."""
    partnerships = contents.partnerships
    only = next(iter(partnerships.values())).key if len(partnerships) < len(visitor.arrangements) else ""
    order = "new" if (contents.by_news if by_news is None else by_news) else ""
    query = {"partnership": only, "pile": pile.value if pile else "", "order": order}
    return addresses.desk(**{name: value for name, value in query.items() if value})


def _links(contents: DeskContents, visitor: Visitor, pile: Pile | None) -> Iterable[Link]:
    yield from _other_desks(contents, visitor, pile)
    for arrangement in contents.partnerships.values():
        for body in arrangement.bodies.values():
            if body.id in contents.waiting:
                yield Link(f"Agenda of {body.name}", addresses.body(arrangement.key, body.key))


def _other_desks(contents: DeskContents, visitor: Visitor, pile: Pile | None) -> Iterable[Link]:
    partnerships = contents.partnerships
    if pile:
        yield Link("The whole desk", _address(contents, visitor, None))
    if contents.news or contents.by_news:
        other = _address(contents, visitor, pile, by_news=not contents.by_news)
        yield Link("By what is due first" if contents.by_news else "What is new first", other)
    if contents.decisions:
        yield Link("Your decisions", "#decisions")
    if len(visitor.arrangements) > 1:
        yield Link("All partnerships", "/", current=len(partnerships) > 1)
        for each in visitor.arrangements.values():
            yield Link(each.name, addresses.desk(partnership=each.key), current=list(partnerships) == [each.id])


def _first_steps(visitor: Visitor) -> Iterable[Link]:
    yield Link("Raise an issue", addresses.NEW_ISSUE)
    for each in visitor.arrangements.values():
        if visitor.viewer.has_role(Role.STEERING, partnership_id=each.id):
            yield Link(f"What keeps getting in the way in {each.name}", addresses.report(each.key, "themes"))
        if may_arrange(visitor.viewer, each):
            yield Link(f"The arrangements of {each.name}", addresses.arrangements(each.key))


def _greeting(name: str, hour: int) -> str:
    """“Good morning, Sam”."""
    part = "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
    return f"Good {part}, {name.split()[0] if name.split() else name}"


def _sentences(
    contents: DeskContents, owned: Sequence[DecisionLine], visitor: Visitor, now: datetime, zone: str
) -> Iterable[str | Link]:
    """The day in words, most pressing first; what lies on the desk leads down to it. `owned`: the decisions that this
    person is to see done."""
    yield from _of_piles(contents.desk, "" if owned else "Nothing waits for you. ")
    yield from _of_decisions(owned)
    yield from _of_absences(visitor, now)
    if contents.absent:
        absent = listed(sorted(set(contents.absent.values()), key=by_letter))
        yield f"You stand in for {absent}; what is theirs says so."
    for ref in contents.hidden:
        yield Link(f"Words of your organisation are hidden in {ref} until you settle it.", addresses.written_words(ref))
    for arrangement in contents.partnerships.values():
        yield from _of_bodies(arrangement, contents.waiting, now, zone)
        if may_arrange(visitor.viewer, arrangement):
            yield from _of_ladders(arrangement)
            yield from _of_proposals(contents, arrangement)
            yield from _of_vacancies(arrangement, visitor, now)
    if contents.desk.bounded:
        yield f"There is more than a desk can hold: these are the {MOST} that are due first of what came last."


def _of_absences(visitor: Visitor, now: datetime) -> Iterable[str]:
    """From which organisations of theirs they are away, so that what they hold there lies on other desks."""
    for side in visitor.sides:
        if side.id in visitor.viewer.duty.away:
            arrangement = next(each for each in visitor.arrangements.values() if side.id in each.organisations)
            until = arrangement.day(side.id, now).absent[visitor.person_id].away_until
            back = f"until {say_day(until)}" if until else "until further notice"
            yield f"You are away from {side.name} {back}: what you hold there is with others."


def _of_piles(desk: Desk, nothing: str) -> Iterable[str | Link]:
    pressing = [pile for pile in _PRESSING if desk.piles[pile]]
    for pile in pressing:
        more = _elsewhere_text(desk) if pile is Pile.MINE else ""
        yield Link(f"{_count_text(_count_of(desk, pile), *_PRESSING[pile])}{more}.", f"#{pile.value}")
    others = sum(len(desk.piles[pile]) for pile in _WAITING)
    if not pressing and others:
        yield f"{nothing}{_count_text(others, 'issue is', 'issues are')} in the hands of others."


def _count_of(desk: Desk, pile: Pile) -> int:
    """What is with them counts the rows that say so, wherever they lie."""
    return len(desk.with_me) if pile is Pile.MINE else len(desk.piles[pile])


def _elsewhere_text(desk: Desk) -> str:
    above = len(desk.with_me.difference(desk.piles[Pile.MINE]))
    return f", {_count_text(above, 'of which lies', 'of which lie').lower()} in other places" if above else ""


def _of_asks(asked: Sequence[AskLine]) -> Iterable[Link]:
    if count := sum(each.answers for each in asked):
        yield Link(f"{_count_text(count, 'ask waits', 'asks wait')} for your side's answer.", "#asked")


def _of_decisions(owned: Sequence[DecisionLine]) -> Iterable[Link]:
    late = sum(each.is_late for each in owned)
    if owned:
        yours = _count_text(len(owned), "decision is yours to see done", "decisions are yours to see done")
        past = "it is past due" if len(owned) == 1 else f"{_count_text(late, 'is', 'are').lower()} past due"
        yield Link(f"{yours}; {past}." if late else f"{yours}.", "#decisions")


def _of_bodies(arrangement: Arrangement, waiting: Mapping[int, int], now: datetime, zone: str) -> Iterable[str]:
    for body in arrangement.bodies.values():
        if body.id not in waiting:
            continue
        following = next(iter(meetings(body, now)), None)
        # without a verb, as the name of a body may be a plural
        when = f"next meeting {moment_text(following, zone, now.year)}" if following else "no meeting planned"
        count = waiting[body.id]
        agenda = (
            _count_text(count, "issue", "issues").lower()
            if count <= MOST_COUNTED
            else say_count(count, "issue", most=MOST_COUNTED)
        )
        yield f"{body.name}: {when}, with {agenda} on the agenda."


def _of_ladders(arrangement: Arrangement) -> Iterable[Link]:
    """Versions of ladders that some organisation has not agreed; the newest of each."""
    for ladder in arrangement.ladders_to_agree():
        lacking = [each.name for each in arrangement.active_organisations() if each.key not in ladder.agreed_by]
        waits = f"Version {ladder.version} of the {ladder.name} ladder waits for {listed(lacking)} to agree."
        yield Link(waits, addresses.arrangements(arrangement.key, "ladders", ladder.key))


def _of_proposals(contents: DeskContents, arrangement: Arrangement) -> Iterable[Link]:
    for each in contents.proposals:
        if each.partnership_id == arrangement.id:
            address = addresses.arrangements(arrangement.key, "proposals", str(each.number))
            yield Link(f"{each.person_name} proposed a change that waits for you: {each.what}.", address)


def _of_vacancies(arrangement: Arrangement, visitor: Visitor, now: datetime) -> Iterable[str]:
    ladder = arrangement.default_ladder()
    tiers = ladder.tiers if ladder else ()
    for side in visitor.sides:
        if side.id not in arrangement.organisations:
            continue
        empty = [tier.name for tier in tiers if not _is_filled(arrangement, tier.body, side)]
        if empty:
            yield f"Nobody holds {listed(empty)} for {side.name}: what goes up passes that tier at once."
        alone = [tier.name for tier in _nobody_here(tiers, arrangement, side, now)]
        if set(alone) - set(empty):
            yield f"Nobody of {side.name} is here today for {listed(alone)}: it waits until a lead seats somebody."


def _nobody_here(
    tiers: tuple[Tier, ...], arrangement: Arrangement, side: Organisation, now: datetime
) -> tuple[Tier, ...]:
    """The tiers up to the top on which a side has nobody today, so that nobody acts on what is there. Who is invited
    counts as here: whether they still have to accept is not for leads to know."""
    day = arrangement.day(side.id, now)

    def is_attended(tier: Tier) -> bool:
        seats = _holding(arrangement, tier.body, side)
        invited = any(side.key in arrangement.people[seat.person_id].invited for seat in seats)
        return tier.external or invited or bool(seated(day, tier))

    from_top = takewhile(lambda tier: not is_attended(tier), reversed(tiers))
    return tuple(reversed(list(from_top)))


def _is_filled(arrangement: Arrangement, body_key: str, organisation: Organisation) -> bool:
    return body_key not in arrangement.bodies or bool(_holding(arrangement, body_key, organisation))


def _holding(arrangement: Arrangement, body_key: str, organisation: Organisation) -> list[Seat]:
    body = arrangement.bodies.get(body_key)
    return [seat for seat in (body.seats if body else ()) if seat.holds and seat.organisation == organisation.key]


def _count_text(count: int, one: str, several: str) -> str:
    """“Two issues wait”, from ten on in figures."""
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{number} {one if count == 1 else several}"
