"""Deciding: a body's member records what it decided, for which organisations, with an owner in each, and by when."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, func, select

from tracker.actions.begin_step import StepRequest, refuse_repeat
from tracker.queries.decisions import load_decision
from tracker.queries.issues import visible_issues
from tracker.records.decision import Decision, DecisionIssue, DecisionSide, DecisionSubject
from tracker.records.issue import Issue
from tracker.records.partnership_chain import lock
from tracker.rules import deciding
from tracker.rules.arrangement import Arrangement, Body, Organisation
from tracker.rules.deciding import SubjectKind
from tracker.rules.events.decision import Decided
from tracker.rules.events.kinds import Actor
from tracker.rules.policy import SAY_FOR_WHOM, actor_of
from tracker.rules.refusals import FieldError, MayNot, WrongInput
from tracker.rules.rings import Membership
from tracker.rules.spans import day_in
from tracker.rules.wording import listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """What a body decided, as it is recorded. `owners`: a person id for each organisation, by its key; `issues`:
    references; `replaces`: the number of an earlier decision whose place this one takes, for all who took that."""

    what: str
    due_on: date
    owners: Mapping[str, int]
    decided_on: date
    detail: str = ""
    themes: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    changes_agreement: bool = False
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class _DecidingBody:
    """Who decides where: checked, and ready to be written."""

    arrangement: Arrangement
    body: Body
    request: StepRequest
    place: Membership
    today: date
    sides: tuple[Organisation, ...] = field(default=())
    is_said: bool = True  # for whom they decide, of who could for several

    @property
    def actor(self) -> Actor:
        return actor_of(self.request.viewer, self.place, self.arrangement)


def decide(session: Session, arrangement: Arrangement, body: Body, resolve: Resolve, request: StepRequest) -> Decision:
    """Records it, with its clocks. Refuses: MayNot, WrongInput by field, DoneAlready, NotThere for what it replaces."""
    setting = _setting(arrangement, body, resolve, request)
    old = _replaced(session, setting, resolve.replaces, for_change=True)
    lock(session, arrangement.id)  # after the decision: a step on one goes the same way
    refuse_repeat(session, request.once)  # whatever has moved on since it was first sent
    issues = _issues(session, setting, resolve.issues)
    if wrong := tuple(_wrong(setting, resolve, old, issues)):
        raise WrongInput(*wrong)
    decision = _written(session, setting, resolve, issues)
    if old is not None:
        old.supersede(decision.number, resolve.decided_on, setting.actor, request.now)
    return decision


def faults(
    session: Session, arrangement: Arrangement, body: Body, resolve: Resolve, request: StepRequest
) -> tuple[FieldError, ...]:
    """All that `decide` would refuse by field, and nothing done. Refuses as it does: MayNot, NotThere."""
    setting = _setting(arrangement, body, resolve, request)
    old = _replaced(session, setting, resolve.replaces, for_change=False)
    return tuple(_wrong(setting, resolve, old, _issues(session, setting, resolve.issues)))


def _setting(arrangement: Arrangement, body: Body, resolve: Resolve, request: StepRequest) -> _DecidingBody:
    today = day_in(arrangement.zone, request.now)
    places = deciding.require_deciding(request.viewer, body, arrangement, today)
    spoken = [each for each in places if each.organisation_key == request.speaking_for or len(places) == 1]
    sides = tuple(each for each in arrangement.active_organisations() if each.key in resolve.owners)
    return _DecidingBody(arrangement, body, request, (spoken or list(places))[0], today, sides, is_said=bool(spoken))


def _wrong(setting: _DecidingBody, resolve: Resolve, old: Decision | None, issues: list[Issue]) -> Iterator[FieldError]:
    if not resolve.what.strip():
        yield FieldError("what", "Say what was decided, in one line.")
    if resolve.decided_on > setting.today:
        yield FieldError("decided_on", "Give the day on which it was decided, today at the latest.")
    if resolve.due_on < resolve.decided_on:
        yield FieldError("due_on", "Give a day on or after the one on which it was decided.")
    if not setting.is_said:
        yield FieldError("speaking_for", SAY_FOR_WHOM)
    yield from _wrong_sides(setting, resolve)
    if old is not None:
        yield from _wrong_place(setting, old)
    yield from _wrong_subjects(setting.arrangement, resolve)
    yield from _wrong_issues(setting, resolve.issues, issues)


def _wrong_sides(setting: _DecidingBody, resolve: Resolve) -> Iterator[FieldError]:
    arrangement, here = setting.arrangement, deciding.deciding_sides(setting.body, setting.arrangement)
    if len(setting.sides) < 2:
        yield FieldError("owners", "Name an owner in each organisation that decided it: two at least.")
    elif setting.is_said and setting.place.organisation_key not in resolve.owners:
        yield FieldError("owners", "You sit here for an organisation that is not among those that decided it.")
    for side in setting.sides:
        if side not in here:
            yield FieldError("owners", f"{side.name} is not seated on {setting.body.name}, and decides nothing there.")
        person = arrangement.people.get(resolve.owners[side.key])
        if person is None or person.retired or side.key not in person.roles:
            yield FieldError("owners", f"The owner for {side.name} has to be one of its people.")


def _wrong_subjects(arrangement: Arrangement, resolve: Resolve) -> Iterator[FieldError]:
    if not (resolve.themes or resolve.clauses or resolve.issues):
        yield FieldError("themes", "Say what it is on: a theme, a promise, or an issue; so that it is found again.")
    themes = {each.key: (each.name, each.retired) for each in arrangement.themes.values()}
    clauses = {each.key: (f"{each.key} {each.title}", each.retired) for each in arrangement.clauses}
    yield from _not_to_choose("themes", "theme", resolve.themes, themes)
    yield from _not_to_choose("clauses", "promise", resolve.clauses, clauses)


def _not_to_choose(
    field: str, noun: str, wanted: tuple[str, ...], known: Mapping[str, tuple[str, bool]]
) -> Iterator[FieldError]:
    """`known`: for each key its name, and whether it is retired: nothing new is decided on what is."""
    retired = [name for name, is_retired in (known[key] for key in wanted if key in known) if is_retired]
    found = [f"“{name}” is retired" for name in retired]
    found += [f"“{key}” is no {noun} of this partnership" for key in wanted if key not in known]
    if found:
        allowed = ", ".join(name for name, is_retired in known.values() if not is_retired)
        rest = f"choose from {allowed}" if allowed else "there is none to choose"
        yield FieldError(field, f"{listed(found)}: {rest}.")


def _wrong_place(setting: _DecidingBody, old: Decision) -> Iterator[FieldError]:
    here = deciding.deciding_sides(setting.body, setting.arrangement)
    taken = {each.organisation_id for each in old.sides} - {each.id for each in setting.sides}
    if missing := listed(each.name for each in here if each.id in taken):
        reason = f"Decision {old.number} is also one of {missing}: name an owner there, too, or withdraw it."
        yield FieldError("owners", reason)


def _wrong_issues(setting: _DecidingBody, refs: tuple[str, ...], found: list[Issue]) -> Iterator[FieldError]:
    """Where a body reads no papers it decides about the issues that are on its tier."""
    whole = deciding.reads_papers(setting.body, setting.arrangement)
    missing = set(refs) - {each.ref for each in found if whole or each.body_id == setting.body.id}
    if missing:
        which, body = ", ".join(sorted(missing)), setting.body.name
        yield FieldError("issues", f"{body} cannot decide about {which}: it is not on its tier.")


def _replaced(session: Session, setting: _DecidingBody, number: int | None, *, for_change: bool) -> Decision | None:
    if number is None:
        return None
    old = load_decision(session, setting.arrangement.id, number, setting.request.viewer, for_change=for_change)
    if old.body_id != setting.body.id:
        raise MayNot(f"Decision {number} is of another body; only that body puts another in its place.")
    return old


def _issues(session: Session, setting: _DecidingBody, refs: tuple[str, ...]) -> list[Issue]:
    """Those of the issues that are named which whoever asks may see."""
    if not refs:
        return []
    mine = (Issue.partnership_id == setting.arrangement.id, visible_issues(setting.request.viewer))
    return list(session.exec(select(Issue).where(col(Issue.ref).in_(refs), *mine).order_by(col(Issue.id))))


def _written(session: Session, setting: _DecidingBody, resolve: Resolve, issues: list[Issue]) -> Decision:
    arrangement, at = setting.arrangement, setting.request.now
    highest = session.exec(select(func.max(Decision.number)).where(Decision.partnership_id == arrangement.id)).one()
    decision = Decision(
        partnership_id=arrangement.id,
        number=(highest or 0) + 1,
        body_id=setting.body.id,
        what=resolve.what.strip(),
        detail=resolve.detail.strip(),
        changes_agreement=resolve.changes_agreement,
        decided_on=resolve.decided_on,
        due_on=resolve.due_on,
        recorded_at=at,
    )
    decision.timers = []
    decision.sides = [_side(setting, resolve, place) for place in range(len(setting.sides))]
    decision.subjects = [DecisionSubject(kind=kind, key=key) for kind, key in sorted(_subjects(arrangement, resolve))]
    decision.issues = [DecisionIssue(issue_id=each.id) for each in issues]
    session.add(decision)
    calendar = arrangement.joint_calendar(each.id for each in setting.sides)
    decision.set_reminders(deciding.reminders(resolve.due_on, at, calendar))
    session.flush()
    decision.append(_said(setting, decision, resolve, issues), setting.actor, at, once=setting.request.once)
    return decision


def _side(setting: _DecidingBody, resolve: Resolve, place: int) -> DecisionSide:
    side = setting.sides[place]
    owner = setting.arrangement.people[resolve.owners[side.key]]
    return DecisionSide(organisation_id=side.id, position=place, owner_id=owner.id, owner_name=owner.name)


def _subjects(arrangement: Arrangement, resolve: Resolve) -> Iterable[tuple[SubjectKind, str]]:
    topics = topics_of(arrangement, resolve.themes, resolve.clauses)
    keys = {SubjectKind.THEME: resolve.themes, SubjectKind.CLAUSE: resolve.clauses, SubjectKind.TOPIC: topics}
    return {(kind, key) for kind, some in keys.items() for key in some}


def topics_of(arrangement: Arrangement, themes: Iterable[str], clauses: Iterable[str]) -> tuple[str, ...]:
    """The topics of the agreement that these themes and clauses stand under."""
    of_themes = {arrangement.themes[key].topic for key in themes if key in arrangement.themes}
    return tuple(sorted(of_themes | {each.topic for each in arrangement.clauses if each.key in set(clauses)}))


def _said(setting: _DecidingBody, decision: Decision, resolve: Resolve, issues: list[Issue]) -> Decided:
    owners = tuple((each.owner_name, side.name) for each, side in zip(decision.sides, setting.sides, strict=True))
    return Decided(
        number=decision.number,
        decision=decision.what,
        detail=decision.detail,
        body=setting.body.key,
        body_name=setting.body.name,
        sides=tuple(each.key for each in setting.sides),
        owners=deciding.say_owners(owners),
        decided_on=decision.decided_on.isoformat(),
        due_on=decision.due_on.isoformat(),
        changes_agreement=decision.changes_agreement,
        themes=tuple(sorted(resolve.themes)),
        clauses=tuple(sorted(resolve.clauses)),
        issues=tuple(each.ref for each in issues),
    )
