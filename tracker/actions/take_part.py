"""Taking part: acknowledging, writing a note, saying it happened again, mending words, confirming a theme."""

from collections.abc import Collection, Iterable
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import Session

from tracker.actions.begin_step import Doer, Opened, open_issue
from tracker.actions.raise_issue import Said, raise_issue
from tracker.records.issue import Issue
from tracker.rules.agreement import NOTHING_STRAINED, Strained, Theme
from tracker.rules.arrangement import Arrangement
from tracker.rules.lifecycle import Severity
from tracker.rules.refusals import FieldError, MoveNotAllowed, WrongInput
from tracker.rules.rings import Ring, Step
from tracker.rules.spans import day_in

LONGEST_TITLE = 200
AS_IT_IS = ""


def acknowledge(session: Session, ref: str, doer: Doer) -> Issue:
    """A side says: seen, we have it."""
    opened = open_issue(session, ref, Step.ACKNOWLEDGE, doer)
    lapses_at = opened.after(opened.context.ladder.keep_in_loop, doer.now)
    opened.issue.acknowledge(opened.actor, doer.now, lapses_at=lapses_at, once=doer.once)
    return opened.issue


def add_note(session: Session, ref: str, doer: Doer, *, text: str, ring: Ring, spoke: bool = False) -> Issue:
    """A note in a ring, or one line about a conversation; empty ones are refused."""
    opened = open_issue(session, ref, Step.NOTE, doer)
    if not text.strip():
        raise WrongInput(FieldError("text", "Write something first; one line is enough."))
    if ring not in (Ring.ORGANISATION, Ring.SHARED):
        raise WrongInput(FieldError("ring", "A note is read by all sides (shared) or by yours (organisation)."))
    opened.issue.note(text.strip(), opened.actor, doer.now, ring=ring, spoke=spoke, once=doer.once)
    return opened.issue


def record_occurrence(session: Session, ref: str, doer: Doer, *, occurred_on: date | None, detail: str = "") -> Issue:
    """It happened again or to somebody else too (None: today): the issue it belongs to, a NEW linked one when it
    happened after the old one was resolved. Refuses a day to come."""
    opened = open_issue(session, ref, Step.OCCURRENCE, doer)
    issue, zone = opened.issue, ZoneInfo(opened.arrangement.zone)
    today = day_in(zone, doer.now)
    occurred_on = occurred_on or today
    if occurred_on > today:
        raise WrongInput(FieldError("occurred_on", "Give the day it happened: today or earlier."))
    if issue.resolved_at and occurred_on > day_in(zone, issue.resolved_at):
        return _raise_again(session, opened, doer, occurred_on, detail)
    too = doer.viewer.person_id != issue.raised_by_id
    issue.record_occurrence(occurred_on, detail.strip(), opened.actor, doer.now, too=too, once=doer.once)
    return issue


def amend(
    session: Session, ref: str, doer: Doer, *, title: str, detail: str, severity: Severity,
    service_area: str | None = AS_IT_IS,
) -> Issue:  # fmt: skip
    """Changes title, detail, severity or service area (None: nowhere in particular); the old words are kept."""
    opened = open_issue(session, ref, Step.AMEND, doer)
    check_title(title)
    opened.issue.amend(
        opened.actor, doer.now, title=title.strip(), detail=detail.strip(), severity=severity,
        service_area=_area(opened, service_area), once=doer.once,
    )  # fmt: skip
    return opened.issue


def confirm_theme(
    session: Session, ref: str, doer: Doer, *,
    theme: str | None, others: tuple[str, ...] = (), suggested: tuple[str, ...] = (), clause: str | None = None,
) -> Issue:  # fmt: skip
    """Why it rubs, by a manager; None takes the theme away. `suggested`: what the product had offered. `clause`: the
    promise under strain; without one it is the theme's topic."""
    opened = open_issue(session, ref, Step.THEME, doer)
    themes, issue = opened.arrangement.themes, opened.issue
    _check_themes(opened.arrangement, (theme, *others), kept=(issue.theme, *issue.other_themes))
    chosen = themes[theme] if theme else None
    suggested = tuple(key for key in dict.fromkeys(suggested) if key in themes)
    opened.issue.confirm_theme(
        theme, tuple(key for key in others if key != theme), opened.actor, doer.now, suggested=suggested,
        theme_name=chosen.name if chosen else "", strained=_strained(opened, chosen, clause),
        once=doer.once,
    )  # fmt: skip
    return opened.issue


def _check_themes(arrangement: Arrangement, wanted: Iterable[str | None], kept: Collection[str | None]) -> None:
    """What is retired is not chosen anew, and stays where it is."""
    known = arrangement.themes
    for key in wanted:
        if key is not None and (key not in known or (known[key].retired and key not in kept)):
            allowed = ", ".join(arrangement.open_themes())
            raise WrongInput(FieldError("theme", f"{key} is no theme here: choose one of {allowed}."))


def _strained(opened: Opened, theme: Theme | None, wanted: str | None) -> Strained:
    if theme is None:
        return NOTHING_STRAINED
    if not wanted:
        return Strained(theme.topic)
    arrangement, clause = opened.arrangement, opened.arrangement.clause(wanted)
    if clause is None or (clause.retired and clause.key != opened.issue.clause):
        known = ", ".join(each.key for each in arrangement.clauses if not each.retired)
        raise WrongInput(
            FieldError("clause", f"{wanted} is no clause here: choose one of {known or 'none, there is none'}.")
        )
    return Strained(clause.topic, clause.key, f"{clause.key} {clause.title}")


def give_theme_view(session: Session, ref: str, doer: Doer, *, theme: str | None) -> Issue:
    """Why it rubs as one side sees it, by a manager of that side; None takes its view away."""
    opened = open_issue(session, ref, Step.THEME_VIEW, doer)
    kept = opened.issue.side(opened.actor.organisation_id or 0).theme
    _check_themes(opened.arrangement, (theme,), kept=(kept,))
    name = opened.arrangement.themes[theme].name if theme else ""
    opened.issue.give_theme_view(theme, opened.actor, doer.now, theme_name=name, once=doer.once)
    return opened.issue


def check_title(title: str) -> None:
    """Refuses a title that is empty or too long to read in a list."""
    if not title.strip():
        raise WrongInput(FieldError("title", "Say in one line what went wrong."))
    if len(title.strip()) > LONGEST_TITLE:
        found = len(title.strip())
        raise WrongInput(FieldError("title", f"Keep the title to {LONGEST_TITLE} letters; this has {found}."))


def _area(opened: Opened, wanted: str | None) -> str | None:
    if wanted in (AS_IT_IS, opened.issue.service_area):
        return opened.issue.service_area
    areas = opened.arrangement.open_areas()
    if wanted is not None and wanted not in areas:
        raise WrongInput(FieldError("service_area", f"Choose a service area: {', '.join(areas)}."))
    return wanted


def _still(key: str | None, there: Collection[str]) -> str | None:
    """What has been retired since is left out."""
    return key if key in there else None


def _raise_again(session: Session, opened: Opened, doer: Doer, occurred_on: date, detail: str) -> Issue:
    old, actor, agreed = opened.issue, opened.actor, opened.arrangement
    others = [each for each in (*old.side_ids, old.meant_for_id) if each not in (None, actor.organisation_id)]
    if not others:
        raise MoveNotAllowed("It names nobody it was with, so it cannot be raised again. Raise a new issue instead.")
    said = Said(
        title=old.title, detail=detail.strip() or old.detail, severity=old.severity, occurred_on=occurred_on,
        with_=agreed.organisations[others[0] or 0].key, ring=old.ring, again_of_id=old.id,
        service_area=_still(old.service_area, agreed.open_areas()), theme=_still(old.theme, agreed.open_themes()),
    )  # fmt: skip
    speaking = Doer(doer.viewer, doer.now, speaking_for=actor.organisation_key, once=doer.once)
    again = raise_issue(session, agreed, said, speaking)
    old.happened_again(again.ref, actor, doer.now)
    return again
