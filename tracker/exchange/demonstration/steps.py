"""The steps of a story, each taken by the product's own action for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from tracker.actions import escalate, quote, raise_issue, resolve
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note, record_occurrence
from tracker.actions.amend import confirm_theme, give_theme_view
from tracker.actions.asking.ask import agree_to_ask, ask, return_ask
from tracker.actions.begin_step import StepRequest
from tracker.actions.sides.hand_down import hand_down
from tracker.actions.sides.merge import merge
from tracker.actions.sides.write_paper import write_paper
from tracker.exchange.demonstration.script import Players, Scene
from tracker.queries.issues import load, load_by_id
from tracker.queries.theme_suggestions import theme_suggestions
from tracker.records.issue import Issue
from tracker.rules.lifecycle import Cause
from tracker.rules.lifecycle.asks import AskChoice, AskKind
from tracker.rules.policy import viewer_of
from tracker.rules.rings import Ring
from tracker.rules.spans import day_in

TWO_WEEKS = timedelta(weeks=2)

# The clause that managers name with a theme, where there is one that says it all.
PROMISES = {"decision_speed": "6.1", "authority": "6.2", "charging": "5.1", "capacity_systems": "8.1"}


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody's turn: a scene, the transaction it is played in, and the references of the issue it is about and
    of the one that is the same."""

    session: Session
    players: Players
    scene: Scene
    ref: str = ""
    same_as: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return self.scene.line.keys

    @property
    def text(self) -> str:
        return self.scene.line.texts[0]

    @property
    def today(self) -> date:
        return day_in(self.players.arrangement.zone, self.scene.at)

    @property
    def request(self) -> StepRequest:
        """Whoever's turn it is. A joint post speaks for the organisation of its story."""
        story = self.scene.story
        person = self.players.person(self.scene.line.who or story.by)
        organisation = story.speaking_for if len(person.roles) > 1 else None
        return StepRequest(
            viewer_of(person.id, self.players.arrangement, at=self.scene.at), self.scene.at, speaking_for=organisation
        )


def begin(turn: Turn, again_of_id: int | None) -> Issue:
    """Raises the story's issue, linked to the one that happened again."""
    story, arrangement = turn.scene.story, turn.players.arrangement
    issue = raise_issue.raise_issue(turn.session, arrangement, story.new_issue(again_of_id), turn.request)
    if again_of_id is not None:
        speaker = raise_issue.speaker(arrangement, turn.request)
        load_by_id(turn.session, again_of_id).happened_again(issue.ref, speaker, turn.scene.at)
    return issue


def take(turn: Turn) -> Issue:
    """Takes any other step. What an action refuses is refused here too: the story is wrong then."""
    return STEPS[turn.scene.line.does](turn)


def _note(turn: Turn) -> Issue:
    return _write(turn, ring=Ring(turn.keys[0]) if turn.keys else Ring.SHARED)


def _write(turn: Turn, *, ring: Ring = Ring.SHARED, spoke: bool = False) -> Issue:
    return add_note(turn.session, turn.ref, turn.request, text=turn.text, ring=ring, spoke=spoke)


def _escalate(turn: Turn) -> Issue:
    named, *to = turn.keys
    number = _tier_of(turn, to[-1]) if to else None
    cause = Cause[named.upper()]
    return escalate.by_holder(turn.session, turn.ref, turn.request, cause=cause, reason=turn.text, to=number)


def _paper(turn: Turn) -> Issue:
    facts, view, asks = turn.scene.line.texts
    return write_paper(turn.session, turn.ref, turn.request, facts=facts, view=view, asks=asks)


def _hand_down(turn: Turn) -> Issue:
    return hand_down(turn.session, turn.ref, turn.request, to=_tier_of(turn, turn.keys[0]), reason=turn.text)


def _tier_of(turn: Turn, body: str) -> int:
    tiers = turn.players.ladder(turn.scene.story).tiers
    return next(tier.number for tier in tiers if tier.body == body)


def _propose(turn: Turn) -> Issue:
    done, cause = turn.scene.line.texts
    outcome, changes = turn.keys[0], "changes-agreement" in turn.keys
    return resolve.propose(
        turn.session,
        turn.ref,
        turn.request,
        outcome=outcome,
        done=done,
        cause=cause,
        changes_agreement=changes,
        lost_minutes=turn.scene.story.lost_in_all,
    )


def _stayed(turn: Turn) -> Issue:
    issue = resolve.say_stayed_fixed(turn.session, turn.ref, turn.request, fixed=turn.keys[0] == "yes")
    return _write(turn) if turn.scene.line.texts else issue


def _occurrence(turn: Turn) -> Issue:
    return record_occurrence(turn.session, turn.ref, turn.request, occurred_on=turn.today, detail=turn.text)


def _theme(turn: Turn) -> Issue:
    """A manager says why it rubs, after a look at what is suggested: that is recorded, and is sometimes wrong."""
    request, story = turn.request, turn.scene.story
    issue = load(turn.session, turn.ref, request.viewer)
    text = f"{story.title} {story.detail}"
    found = theme_suggestions(turn.session, request.viewer, turn.players.arrangement, issue, text)
    suggested = tuple(each.theme for each in found)
    theme = turn.keys[0]
    clause = PROMISES.get(theme)
    return confirm_theme(turn.session, turn.ref, request, theme=theme, suggested=suggested, clause=clause)


def _quote(turn: Turn) -> Issue:
    return quote.let_quote(turn.session, turn.ref, turn.request, text=turn.text, agrees=True, left_out=True)


def _ask(turn: Turn) -> Issue:
    """A kind, and for some an organisation; why, and of a pause for whom one waits, for two weeks."""
    kind, *side = turn.keys
    reason, *outsider = turn.scene.line.texts
    until = turn.today + TWO_WEEKS if kind == AskKind.PAUSE else None
    choice = AskChoice(side="".join(side), outsider="".join(outsider), until=until)
    return ask(turn.session, turn.ref, turn.request, kind=AskKind(kind), reason=reason, choice=choice)


def _last_ask(turn: Turn) -> int:
    return len(load(turn.session, turn.ref, turn.request.viewer).asks())


STEPS: dict[str, Callable[[Turn], Issue]] = {
    "acknowledge": lambda turn: acknowledge(turn.session, turn.ref, turn.request),
    "note": _note,
    "spoke": lambda turn: _write(turn, spoke=True),
    "escalate": _escalate,
    "down": _hand_down,
    "paper": _paper,
    "merge": lambda turn: merge(turn.session, turn.ref, turn.request, same_as=turn.same_as),
    "propose": _propose,
    "agree": lambda turn: resolve.agree(turn.session, turn.ref, turn.request),
    "return": lambda turn: resolve.give_back(turn.session, turn.ref, turn.request, reason=turn.text),
    "reopen": lambda turn: resolve.reopen(turn.session, turn.ref, turn.request, reason=turn.text),
    "occurrence": _occurrence,
    "withdraw": lambda turn: resolve.withdraw(turn.session, turn.ref, turn.request, reason=turn.text),
    "cross": lambda turn: raise_issue.cross(turn.session, turn.ref, turn.request),
    "turn": lambda turn: raise_issue.turn(turn.session, turn.ref, turn.request),
    "stayed": _stayed,
    "quote": _quote,
    "ask": _ask,
    "consent": lambda turn: agree_to_ask(turn.session, turn.ref, turn.request, number=_last_ask(turn)),
    "decline": lambda turn: return_ask(turn.session, turn.ref, turn.request, number=_last_ask(turn), reason=turn.text),
    "theme": _theme,
    "view": lambda turn: give_theme_view(turn.session, turn.ref, turn.request, theme=turn.keys[0]),
}
