"""What people do to an issue, each as a form would ask for it: permitted or not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlmodel import select

from tests.journeys.machine.course import Course
from tests.journeys.machine.play import SIDES, Step, Taking
from tracker.actions import acknowledge as acknowledging
from tracker.actions import amend as amending
from tracker.actions import escalate, raise_issue, resolve, route_anew
from tracker.actions.add_note import add_note, record_occurrence, take_back
from tracker.actions.asking.ask import agree_to_ask, ask, return_ask, take_ask_back
from tracker.actions.asking.pausing import resume
from tracker.actions.sides.hand_down import hand_down
from tracker.actions.sides.hand_to_colleague import hand_to_colleague
from tracker.actions.sides.merge import merge, remove_side
from tracker.actions.sides.write_paper import write_paper
from tracker.queries.issues import load
from tracker.queries.people import key_in
from tracker.queries.redactable import hidden_words, written_words
from tracker.queries.story import story
from tracker.records.issue import Issue
from tracker.rules.events.redaction import WHY
from tracker.rules.lifecycle import FAST_TRACK, Cause, Kind, Outcome, Severity
from tracker.rules.lifecycle.asks import AskChoice, AskKind
from tracker.rules.new_issue import NewIssue
from tracker.rules.rings import Ring
from tracker.rules.spans import day_in

AREAS = (None, "equipment", "discharge")


def _raise(taking: Taking) -> None:
    choose = taking.choose
    ring = choose(*[Ring.SHARED] * 6, Ring.NAMED, Ring.ORGANISATION)
    kind = choose(*[Kind.ISSUE] * 7, Kind.EARLY_WARNING)
    mine = {each.organisation_key for each in taking.viewer.memberships}
    others = [each for each in SIDES if each not in mine] or list(SIDES)
    new = NewIssue(
        title=taking.word("issue"),
        detail=taking.word("issue"),
        with_=choose(*others),
        severity=choose(Severity.SERIOUS, Severity.MINOR, Severity.CRITICAL),
        occurred_on=taking.request.now.date() - timedelta(days=choose(0, 1, 30)),
        service_area=choose(*AREAS),
        ring=ring,
        kind=kind,
        worked_round=kind is Kind.ISSUE and ring is Ring.SHARED and choose(*[False] * 7, True),
        hide_reporter=choose(False, True),
    )
    issue = raise_issue.raise_issue(taking.session, taking.arrangement, new, taking.request)
    taking.said[:] = [replace(each, issue=issue.id, where="issue", ring="shared") for each in taking.said]


def _acknowledge(taking: Taking) -> None:
    acknowledging.acknowledge(taking.session, taking.ref, taking.request)


def _note(taking: Taking) -> None:
    ring = taking.choose(*Ring)
    text, people = taking.word("note", ring.value), taking.play.cast.people
    if ring is Ring.NAMED and taking.choose(*range(4)):
        named = people[taking.choose(*taking.play.people.names.values())]
        text += f" @{named.name}"
        taking.said[:] = [replace(each, named=frozenset({named.id})) for each in taking.said]
    add_note(taking.session, taking.ref, taking.request, text=text, ring=ring, spoke=taking.choose(False, True))


def _take_back(taking: Taking) -> None:
    """The last thing that they said."""
    issue = load(taking.session, taking.ref, taking.viewer)
    told = story(taking.session, issue, taking.viewer)
    mine = [place for place, each in enumerate(told) if each.is_mine and each.event.name in ("noted", "occurred")]
    entry = mine[-1] if mine else taking.choose(0, 1, 99)
    said = [each for each in taking.play.words if mine and each in text_of(told[entry])]
    take_back(taking.session, taking.ref, taking.request, entry=entry)
    if mine and told[entry].event.name == "noted":
        taking.play.gone |= {*said}


def text_of(told: Any) -> str:
    passages = " ".join(f"{each.text} {each.was}" for each in told.event.passages())
    return f"{told.event.sentence(told.who)} {told.text} {told.quoted} {passages}"


def _occurrence(taking: Taking) -> None:
    on = taking.request.now.date() - timedelta(days=taking.choose(0, 1, 20, -2))
    issue = record_occurrence(taking.session, taking.ref, taking.request, occurred_on=on, detail=taking.maybe())
    if issue.ref != taking.ref:
        taking.said.clear()


def _ask(taking: Taking) -> None:
    """Mostly of whom it can be asked."""
    kind, course = taking.choose(*AskKind), taking.course
    until = day_in("Europe/London", taking.request.now) + timedelta(days=taking.choose(1, 4, 20, 7, 0, -1))
    here = course.sides if course else SIDES
    fitting = {
        AskKind.PAUSE: (*here, "", ""),
        AskKind.HAND_OVER: [each for each in here if course and each != course.ball],
        AskKind.ADD_SIDE: [each for each in SIDES if each not in here],
    }.get(kind) or [""]
    side = taking.choose(*fitting) if taking.choose(*range(6)) else taking.choose(*SIDES, "", "north")
    outsider = taking.word() if kind is AskKind.PAUSE and not side else ""
    choice = AskChoice(side=side, outsider=outsider, until=until if taking.choose(*range(6)) else None)
    ask(taking.session, taking.ref, taking.request, kind=kind, reason=_reason(taking), choice=choice)


def _reason(taking: Taking) -> str:
    """Now and then it is forgotten."""
    return taking.word() if taking.choose(*range(12)) else " "


def _number(taking: Taking) -> int:
    """Mostly of what is asked, else of anything."""
    asks = list(taking.course.asks) if taking.course else []
    return int(taking.choose(*asks, *asks, *asks, 1, 2, 7))


def _agree_to_ask(taking: Taking) -> None:
    agree_to_ask(taking.session, taking.ref, taking.request, number=_number(taking))


def _return_ask(taking: Taking) -> None:
    return_ask(taking.session, taking.ref, taking.request, number=_number(taking), reason=_reason(taking))


def _take_ask_back(taking: Taking) -> None:
    take_ask_back(taking.session, taking.ref, taking.request, number=_number(taking))


def _resume(taking: Taking) -> None:
    resume(taking.session, taking.ref, taking.request, reason=taking.maybe())


def _escalate(taking: Taking) -> None:
    cause = taking.choose(*FAST_TRACK, Cause.LIMIT)
    to = taking.choose(None, None, 1, 3, 4)
    escalate.by_holder(taking.session, taking.ref, taking.request, cause=cause.value, reason=taking.maybe(), to=to)


def _hand_down(taking: Taking) -> None:
    hand_down(taking.session, taking.ref, taking.request, to=taking.choose(1, 2, 3), reason=_reason(taking))


def _hand_to(taking: Taking) -> None:
    person = taking.play.cast.people[taking.choose(*sorted(taking.play.cast.people))]
    hand_to_colleague(taking.session, taking.ref, taking.request, colleague=key_in("RIV", person.email))


def _write_paper(taking: Taking) -> None:
    parts = {name: taking.word("paper", "sealed") for name in ("facts", "view", "asks")}
    write_paper(taking.session, taking.ref, taking.request, **parts)


def _merge(taking: Taking) -> None:
    others = [each.ref for each in taking.play.courses.values()] or ["RIV-1"]
    merge(taking.session, taking.ref, taking.request, same_as=taking.choose(*others, "RIV-99"))


def _remove_side(taking: Taking) -> None:
    side = taking.choose(*SIDES)
    remove_side(taking.session, taking.ref, taking.request, side=side, reason=_reason(taking))


def _propose(taking: Taking) -> None:
    outcome = taking.choose(*Outcome)
    resolve.propose(
        taking.session, taking.ref, taking.request, outcome=outcome.value, done=_reason(taking),
        cause=taking.maybe(), changes_agreement=taking.choose(False, True),
    )  # fmt: skip


def _agree(taking: Taking) -> None:
    resolve.agree(taking.session, taking.ref, taking.request)


def _give_back(taking: Taking) -> None:
    resolve.give_back(taking.session, taking.ref, taking.request, reason=_reason(taking))


def _take_proposal_back(taking: Taking) -> None:
    resolve.take_back(taking.session, taking.ref, taking.request)


def _reopen(taking: Taking) -> None:
    resolve.reopen(taking.session, taking.ref, taking.request, reason=_reason(taking))


def _withdraw(taking: Taking) -> None:
    resolve.withdraw(taking.session, taking.ref, taking.request, reason=taking.maybe())


def _stayed_fixed(taking: Taking) -> None:
    resolve.say_stayed_fixed(taking.session, taking.ref, taking.request, fixed=taking.choose(True, False))


def _cross(taking: Taking) -> None:
    raise_issue.cross(taking.session, taking.ref, taking.request)


def _turn(taking: Taking) -> None:
    severity = taking.choose(None, Severity.SERIOUS, Severity.CRITICAL)
    raise_issue.turn(taking.session, taking.ref, taking.request, severity=severity)


def _route_anew(taking: Taking) -> None:
    route_anew.route_anew(taking.session, taking.ref, taking.request)


def _amend(taking: Taking) -> None:
    title = taking.maybe("issue") or None
    amending.amend(
        taking.session, taking.ref, taking.request, title=title, severity=taking.choose(*Severity),
        service_area=taking.choose(*AREAS, "", "nowhere"),
    )  # fmt: skip
    area = taking.session.exec(select(Issue.service_area).where(Issue.ref == taking.ref)).one()
    if taking.course:
        taking.course.area = area


def _theme(taking: Taking) -> None:
    theme = taking.choose("decision_speed", "reliability", None, "none")
    amending.confirm_theme(taking.session, taking.ref, taking.request, theme=theme, clause=taking.choose(None, "4.2"))


def _theme_view(taking: Taking) -> None:
    theme = taking.choose("decision_speed", "authority", None)
    amending.give_theme_view(taking.session, taking.ref, taking.request, theme=theme)


def _redact(taking: Taking) -> None:
    session, request = taking.session, taking.request
    issue = load(session, taking.ref, taking.viewer)
    found = written_words(session, issue, taking.arrangement, taking.viewer)
    chosen = taking.choose(*found) if found else None
    amending.take_words_out(
        session, taking.ref, request, marks=[chosen.mark] if chosen else ["none"], why=taking.choose(*WHY)
    )
    if chosen:
        taking.play.gone |= {each for each in taking.play.words if each in chosen.text}


def _settle(taking: Taking) -> None:
    session = taking.session
    issue = load(session, taking.ref, taking.viewer)
    hidden = hidden_words(session, issue.id)
    chosen = taking.choose(*hidden) if hidden else None
    show = taking.choose(True, False)
    text = chosen.text if chosen else ""
    amending.settle_words(
        session, taking.ref, taking.request, mark=chosen.mark if chosen else "none", show=show, why=taking.choose(*WHY)
    )
    if show:
        taking.play.gone -= {each for each in taking.play.words if each in text}


LIVE, GOES_ON = ("raised", "open"), ("raised", "open", "paused")
NOT_OVER = (*GOES_ON, "proposed")
ALWAYS = (*NOT_OVER, "resolved")
Who = Callable[[Course, date], Iterable[int]]


def _holding(course: Course, on: date) -> Iterable[int]:
    return course.acting(on)


def _asked(course: Course, on: date) -> Iterable[int]:
    """Of the sides that have not answered what was asked first."""
    agreed = next((agreed for _, agreed in course.asks.values()), frozenset())
    return [who for side in course.sides if side not in agreed for who in course.acting_for(side, on)]


def _whose_turn(course: Course, on: date) -> Iterable[int]:
    return course.acting_for(course.ball, on)


def _proposing(course: Course, on: date) -> Iterable[int]:
    return course.acting_for(course.proposer, on)


def _readers(course: Course, on: date) -> Iterable[int]:
    return [who for who in course.people.names if course.may_read(who, on)]


def _raising(course: Course, on: date) -> Iterable[int]:
    return [course.raised_by]


def _leading(course: Course, on: date) -> Iterable[int]:
    return [who for (who, side), roles in course.people.roles.items() if "lead" in roles and side in course.sides]


@dataclass(frozen=True)
class Doing:
    """A step, the states in which it can be done, how often it is tried then, and mostly by whom."""

    step: Step
    states: tuple[str, ...]
    often: int = 2
    who: Who = _holding
    asked: bool = False

    def fits(self, course: Course) -> bool:
        return course.state in self.states and (not self.asked or bool(course.asks))


ON_ISSUES = {
    "acknowledge": Doing(_acknowledge, GOES_ON, 3),
    "note": Doing(_note, ALWAYS, 2, _readers),
    "take a word back": Doing(_take_back, ALWAYS, 1, _readers),
    "occurrence": Doing(_occurrence, ALWAYS, 1, _readers),
    "ask": Doing(_ask, GOES_ON, 7, _whose_turn),
    "agree to what is asked": Doing(_agree_to_ask, GOES_ON, 9, _asked, asked=True),
    "return what is asked": Doing(_return_ask, GOES_ON, 3, _asked, asked=True),
    "take what was asked back": Doing(_take_ask_back, GOES_ON, 1, asked=True),
    "end the pause": Doing(_resume, ("paused",), 4),
    "escalate": Doing(_escalate, LIVE, 3),
    "hand down": Doing(_hand_down, LIVE, 4),
    "hand to a colleague": Doing(_hand_to, NOT_OVER, 1),
    "write a paper": Doing(_write_paper, LIVE, 4),
    "merge": Doing(_merge, LIVE, 1),
    "take a side out": Doing(_remove_side, LIVE, 2),
    "propose": Doing(_propose, LIVE, 4),
    "agree": Doing(_agree, ("proposed",), 8, _whose_turn),
    "return": Doing(_give_back, ("proposed",), 6, _whose_turn),
    "take the proposal back": Doing(_take_proposal_back, ("proposed",), 4, _proposing),
    "reopen": Doing(_reopen, ("resolved",), 6),
    "withdraw": Doing(_withdraw, ("raised",), 1, _raising),
    "say whether it stayed fixed": Doing(_stayed_fixed, ("resolved",), 2, _raising),
    "share": Doing(_cross, NOT_OVER, 1, _raising),
    "turn": Doing(_turn, NOT_OVER, 1, _raising),
    "route anew": Doing(_route_anew, LIVE, 2),
    "amend": Doing(_amend, NOT_OVER, 3),
    "theme": Doing(_theme, ALWAYS, 1),
    "theme view": Doing(_theme_view, ALWAYS, 1),
    "redact": Doing(_redact, ALWAYS, 1, _leading),
    "settle": Doing(_settle, ALWAYS, 1, _leading),
}
RAISE: Step = _raise
