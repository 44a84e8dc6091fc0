"""What is asked of the sides of an issue, a line each with who has answered; and the pause that it is in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from tracker.actions.asking.ask import agree_to_ask, return_ask, take_ask_back
from tracker.actions.asking.kinds import ASKS
from tracker.measures.ball import RETURNS_TO_FLAG
from tracker.measures.ladder_flow import collapsed, returns_to_and_fro
from tracker.pages.issues.ladder import IssueOnLadder
from tracker.pages.issues.steps import IssueStep, ReasonForm, StepForm
from tracker.pages.web.parts import Choice, FormState
from tracker.queries.desk import DeskAsk
from tracker.queries.related_issues import OpenAsk
from tracker.queries.story import StoryEvent
from tracker.records.issue import Issue
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.deadlines import remaining
from tracker.rules.events.asking import HandOverContested, SidesAsked
from tracker.rules.events.moving import HandedOver, Paused
from tracker.rules.lifecycle import Kind, State
from tracker.rules.lifecycle.asks import AskKind
from tracker.rules.resolution import sides_to_answer
from tracker.rules.rings import Membership, Ring, Step, Viewer

AGREEMENT, RETURN, TAKING_BACK = "agreement", "return", "taking-back"
_ANSWERS = {
    AGREEMENT: IssueStep(Step.ANSWER_ASK, StepForm, agree_to_ask, stale_ok=True),
    RETURN: IssueStep(Step.ANSWER_ASK, ReasonForm, return_ask, stale_ok=True),
    TAKING_BACK: IssueStep(Step.TAKE_ASK_BACK, StepForm, take_ask_back, stale_ok=True),
}
OUTSIDE = Choice("", "Somebody else, named below")


def answer_step(number: int, answer: str) -> IssueStep | None:
    """By the last part of `/issues/{ref}/asks/{number}/…`."""
    step = _ANSWERS.get(answer)
    return IssueStep(step.policy, step.form, partial(step.do, number=number), step.stale_ok) if step else None


def answer_name(number: int, answer: str) -> str:
    """What the form of an answer goes by on the page of its issue."""
    return f"asks/{number}/{answer}"


@dataclass(frozen=True, slots=True)
class AskLine:
    """One ask that is open. `said`: the sentence that tells it; `lapses_at`: None while the limit stands still;
    `answers`, `takes_back`: whether this reader can do that; `form`: how they were about to return it."""

    ref: str
    title: str
    number: int
    said: str
    side: Organisation
    waits_for: tuple[Organisation, ...]
    agreed: tuple[Organisation, ...]
    lapses_at: datetime | None
    answers: bool = False
    takes_back: bool = False
    form: FormState = field(default_factory=FormState)

    @property
    def href(self) -> str:
        return addresses.ask(self.ref, self.number)


def draw_asks(
    issue: Issue,
    arrangement: Arrangement,
    viewer: Viewer,
    allowed: frozenset[Step],
    asks: Iterable[OpenAsk],
    story: Iterable[tuple[StoryEvent, str]],
    typed: Mapping[str, FormState],
) -> Iterator[AskLine]:
    """Those of an issue. `story`: what happened, each with who did it as its reader may know them."""
    told = {
        entry.event.number: entry.event.sentence(who) for entry, who in story if isinstance(entry.event, SidesAsked)
    }
    sides, mine = arrangement.organisations, viewer.organisation_ids
    for each in asks:
        waiting = sides_to_answer(issue.side_ids, each.agreed_ids)
        may_answer = Step.ANSWER_ASK in allowed and viewer.person_id not in each.answers.values()
        yield AskLine(
            ref=issue.ref,
            title=issue.title,
            number=each.number,
            said=told.get(each.number, ""),
            side=sides[each.by_id],
            waits_for=tuple(sides[side] for side in waiting),
            agreed=tuple(sides[side] for side in issue.side_ids if side in each.agreed_ids - {each.by_id}),
            lapses_at=each.lapses_at,
            answers=may_answer and bool(mine.intersection(waiting)),
            takes_back=Step.TAKE_ASK_BACK in allowed and each.by_id in mine and len(each.agreed_ids) == 1,
            form=typed.get(answer_name(each.number, RETURN), FormState()),
        )


def draw_desk_asks(asks: Iterable[DeskAsk], places: Mapping[int, Arrangement], viewer: Viewer) -> Iterator[AskLine]:
    """Those on a desk."""
    for each in asks:
        sides, here = places[each.partnership_id].organisations, each.for_id
        asker = sides[each.ask.by_id]
        who = f"{each.who} ({asker.name})" if each.is_named else each.who
        may_answer = here not in each.ask.agreed_ids and viewer.person_id not in each.ask.answers.values()
        yield AskLine(
            ref=each.ref,
            title=each.title,
            number=each.ask.number,
            said=each.event.sentence(who),
            side=asker,
            waits_for=(),
            agreed=tuple(sides[side] for side in sorted(each.ask.agreed_ids - {asker.id})),
            lapses_at=each.ask.lapses_at,
            answers=may_answer,
            takes_back=here == asker.id and len(each.ask.agreed_ids) == 1,
        )


@dataclass(frozen=True, slots=True)
class PauseView:
    """A pause that is not over. `by`: who asked for it, "" where nobody is said to have; `until`: its last day, as it
    was agreed; `ends_at`: when it ends by itself; `most_at`: what the ladder allows; `left`: of the limit, as it stood
    when the clock stopped."""

    since: datetime
    waits_for: str
    reason: str
    by: str
    until: date | None
    ends_at: datetime | None
    most_at: datetime
    left: str


def draw_pause(
    climb: IssueOnLadder, ends_at: datetime | None, story: Iterable[tuple[StoryEvent, str]]
) -> PauseView | None:
    """The pause that an issue is in, as its reader is told of it."""
    issue, since, origin = climb.issue, climb.issue.paused_since, climb.issue.limit_origin
    told = [*story]
    paused = next((entry.event for entry, _ in reversed(told) if isinstance(entry.event, Paused)), None)
    if issue.state is not State.PAUSED or since is None or origin is None or issue.due_at is None or paused is None:
        return None
    asked = (who for entry, who in told if isinstance(entry.event, SidesAsked) and entry.event.number == paused.number)
    return PauseView(
        since=since,
        waits_for=paused.waits_for,
        reason=paused.reason,
        by=next(asked, ""),
        until=date.fromisoformat(paused.until) if paused.until else None,
        ends_at=ends_at,
        most_at=climb.context.pause_until(since, None, origin.pauses).at,
        left=remaining(since, issue.due_at, climb.context.calendar),
    )


def unaskable(
    issue: Issue, arrangement: Arrangement, sides: Iterable[Membership], asks: Iterable[OpenAsk], now: datetime
) -> set[AskKind]:
    """The kinds that none of the organisations for which somebody can speak can ask now."""
    taken = {each.kind for each in asks}
    if issue.kind is not Kind.ISSUE or issue.ladder_version_id not in arrangement.ladders:
        return set(AskKind)
    speaking = [each.organisation_id for each in sides]
    return {
        kind
        for kind in AskKind
        if kind in taken
        or kind not in ASKS
        or all(ASKS[kind].why_not(issue, arrangement, each, now) for each in speaking)
    }


def side_choices(issue: Issue, arrangement: Arrangement, but: int | None = None) -> tuple[Choice, ...]:
    sides = (arrangement.organisations[each] for each in issue.side_ids if each != but)
    return tuple(Choice(each.key, each.name) for each in sides)


def contested_since(issue: Issue, story: Iterable[StoryEvent]) -> datetime | None:
    """Since when whose it is is contested; None where it is not, or was before it came to its tier."""
    since = None
    for entry in story:
        if isinstance(entry.event, HandOverContested):
            since = entry.at
        elif isinstance(entry.event, HandedOver):
            since = None
    return since if since and issue.entered_at and since >= issue.entered_at and not issue.is_resolved else None


def went_to_and_fro(story: Iterable[StoryEvent]) -> bool:
    """Whether its turn went back so often that the report of how issues climb flags it, too."""
    balls = collapsed(entry.ball for entry in story if entry.ring is Ring.SHARED)
    return returns_to_and_fro(balls) >= RETURNS_TO_FLAG
