"""Amending an issue: its words, changed or taken out; how much it matters and where; and why it rubs."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlmodel import Session

from tracker.actions.begin_step import StepContext, StepRequest, begin_step, step_context
from tracker.queries import issues
from tracker.queries.redactable import copies, copies_hidden, hidden_words, written_words
from tracker.records.issue import Issue
from tracker.rules.agreement import NOTHING_STRAINED, StrainedPromise, Theme
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.kinds import Actor
from tracker.rules.events.redaction import WHY
from tracker.rules.lifecycle import Severity
from tracker.rules.policy import actor_of
from tracker.rules.refusals import FieldError, MayNot, WrongInput, required
from tracker.rules.rings import Membership, Role, Step, Viewer

LONGEST_TITLE = 200
AS_IT_IS = ""


def amend(
    session: Session,
    ref: str,
    request: StepRequest,
    *,
    title: str | None = None,
    detail: str | None = None,
    severity: Severity,
    service_area: str | None = AS_IT_IS,
) -> Issue:
    """Changes title, detail (None: they stay), severity or service area (None: nowhere in particular); the old words
    are kept. Refuses: MayNot, also where the words are not for this person to change; WrongInput."""
    context = begin_step(session, ref, Step.AMEND, request)
    issue = context.issue
    words = {"title": issue.title if title is None else title, "detail": issue.detail if detail is None else detail}
    words = {name: text.strip() for name, text in words.items()}
    if words != {name: getattr(issue, name) for name in words}:
        context.require(Step.REWORD)
        _check_title(words["title"])
    area = _area(context, service_area)
    areas = tuple(_area_name(context, key) for key in (issue.service_area, area))
    before = issue.version
    issue.amend(
        context.actor,
        request.now,
        **words,
        severity=severity,
        service_area=area,
        area_names=areas,
        once=request.once,
    )
    if issue.version != before:
        context.acknowledge_by_writing(request.now)
    return issue


def confirm_theme(
    session: Session,
    ref: str,
    request: StepRequest,
    *,
    theme: str | None,
    others: tuple[str, ...] = (),
    suggested: tuple[str, ...] = (),
    clause: str | None = None,
) -> Issue:
    """Why it rubs, by a manager; None takes the theme away. `suggested`: what the product had offered. `clause`: the
    promise under strain; without one it is the theme's topic, and AS_IT_IS leaves it."""
    context = begin_step(session, ref, Step.THEME, request)
    themes, issue = context.arrangement.themes, context.issue
    clause = issue.clause if clause == AS_IT_IS else clause
    _check_themes(context.arrangement, (theme, *others), kept=(issue.theme, *issue.other_themes))
    chosen = themes[theme] if theme else None
    suggested = tuple(key for key in dict.fromkeys(suggested) if key in themes)
    context.issue.confirm_theme(
        theme,
        tuple(key for key in others if key != theme),
        context.actor,
        request.now,
        suggested=suggested,
        theme_name=chosen.name if chosen else "",
        strained=_strained(context, chosen, clause),
        once=request.once,
    )
    return context.issue


def give_theme_view(session: Session, ref: str, request: StepRequest, *, theme: str | None) -> Issue:
    """Why it rubs as one side sees it, by a manager of that side; None takes its view away."""
    context = begin_step(session, ref, Step.THEME_VIEW, request)
    kept = context.issue.side(context.actor.organisation_id or 0).theme
    _check_themes(context.arrangement, (theme,), kept=(kept,))
    name = context.arrangement.themes[theme].name if theme else ""
    if theme != kept:
        context.acknowledge_by_writing(request.now)
    context.issue.give_theme_view(theme, context.actor, request.now, theme_name=name, once=request.once)
    return context.issue


def take_words_out(session: Session, ref: str, request: StepRequest, *, marks: Collection[str], why: str) -> Issue:
    """Takes out the words with these marks (`Words.mark`), wherever they stand: for good where this lead may settle
    them, else they are hidden until one who may does. Refuses: NotThere, MayNot, WrongInput."""
    context = _begin(session, ref, request)
    _check_why(why)
    issue, viewer = context.issue, request.viewer
    written = written_words(session, issue, context.arrangement, viewer, packs_too=True)
    found = [each for each in written if each.mark in marks]
    if not found:
        raise WrongInput(FieldError("words", "Tick the words that are to go. Those you saw may be gone by now."))
    once = request.once
    for words in found:
        may_settle = settles(words.side.id, issue, context.arrangement, viewer)
        actor = _lead(context, viewer, words.side.id)
        everywhere = ((issue, words), *copies(session, issue, words, context.arrangement, viewer))
        for where, which in everywhere if words.of_issue else everywhere[:1]:
            take = where.redact if may_settle else where.hide_words
            take(which, why, actor, request.now, once=once)
            once = None  # a form's word is that of one event
    return issue


def settle_words(session: Session, ref: str, request: StepRequest, *, mark: str, show: bool, why: str = "") -> Issue:
    """Settles words that a lead of another side hid: gone for good, or shown again where they stood. Refuses: NotThere,
    MayNot, WrongInput where they are not hidden (any more)."""
    context = _begin(session, ref, request)
    issue, arrangement = context.issue, context.arrangement
    hidden = next((each for each in hidden_words(session, issue.id) if each.mark == mark), None)
    if hidden is None:
        raise WrongInput(FieldError("words", "These words are not hidden any more: see what happened."))
    if not settles(hidden.organisation_id, issue, arrangement, request.viewer):
        side = arrangement.organisations[hidden.organisation_id].name
        raise MayNot(f"Words are settled by those who wrote them: by a lead of {side}.")
    if not show:
        _check_why(why)
    actor, once = _lead(context, request.viewer, hidden.organisation_id), request.once
    for where, each in ((issue, hidden), *copies_hidden(session, hidden)):
        words = each.words(arrangement.organisations[each.organisation_id])
        if show:
            where.show_words(words, actor, request.now, once=once)
        else:
            where.redact(replace(words, places=()), why, actor, request.now, once=once)  # they stand nowhere
        once = None
    return issue


def settles(side_id: int, issue: Issue, arrangement: Arrangement, viewer: Viewer) -> bool:
    """Whether this person settles what an organisation wrote: as a lead of it, or of any side where it has none."""
    led = {each.organisation_id for each in led_sides(issue, viewer)}
    return side_id in led or (bool(led) and not arrangement.leads_of(arrangement.organisations[side_id].key))


def led_sides(issue: Issue, viewer: Viewer) -> tuple[Membership, ...]:
    """Their places in those sides of an issue that they lead."""
    places = viewer.in_partnership(issue.partnership_id)
    return tuple(each for each in places if Role.LEAD in each.roles and each.organisation_id in issue.side_ids)


def _check_title(title: str) -> None:
    """Refuses a title that is empty or too long to read in a list."""
    required("title", title, "Say in one line what went wrong.")
    if len(title) > LONGEST_TITLE:
        raise WrongInput(FieldError("title", f"Keep the title to {LONGEST_TITLE} letters; this has {len(title)}."))


def _area_name(context: StepContext, key: str | None) -> str:
    area = context.arrangement.service_area(key)
    return area.name if area else "nowhere in particular"


def _area(context: StepContext, wanted: str | None) -> str | None:
    if wanted in (AS_IT_IS, context.issue.service_area):
        return context.issue.service_area
    areas = context.arrangement.open_areas()
    if wanted is not None and wanted not in areas:
        raise WrongInput(FieldError("service_area", f"Choose a service area: {', '.join(areas)}."))
    return wanted


def _strained(context: StepContext, theme: Theme | None, wanted: str | None) -> StrainedPromise:
    if theme is None:
        return NOTHING_STRAINED
    if not wanted:
        return StrainedPromise(theme.topic)
    arrangement, clause = context.arrangement, context.arrangement.clause(wanted)
    if clause is None or (clause.retired and clause.key != context.issue.clause):
        known = ", ".join(each.key for each in arrangement.clauses if not each.retired)
        raise WrongInput(
            FieldError("clause", f"“{wanted}” is no clause here: choose one of {known or 'none, there is none'}.")
        )
    return StrainedPromise(clause.topic, clause.key, f"{clause.key} {clause.title}")


def _check_themes(arrangement: Arrangement, wanted: Iterable[str | None], kept: Collection[str | None]) -> None:
    """What is retired is not chosen anew, and stays where it is."""
    known = arrangement.themes
    for key in wanted:
        if key is not None and (key not in known or (known[key].retired and key not in kept)):
            allowed = ", ".join(arrangement.open_themes())
            raise WrongInput(FieldError("theme", f"“{key}” is no theme here: choose one of {allowed}."))


def _begin(session: Session, ref: str, request: StepRequest) -> StepContext:
    """A lead takes words out as a lead, whatever else they are to the issue."""
    if led := led_sides(issues.load(session, ref, request.viewer), request.viewer):
        request = replace(request, speaking_for=led[0].organisation_key)
    context = step_context(session, ref, request)
    context.require(Step.REDACT)
    return context


def _lead(context: StepContext, viewer: Viewer, side_id: int) -> Actor:
    """Who does it, speaking for the organisation whose words they are where they lead it."""
    led = led_sides(context.issue, viewer)
    speaking = next((each for each in led if each.organisation_id == side_id), led[0])
    return actor_of(viewer, speaking, context.arrangement)


def _check_why(why: str) -> None:
    if why not in WHY:
        raise WrongInput(FieldError("why", "Say why they are to go: choose one of the reasons."))
