"""One organisation: its people and its calendar. Everybody in the partnership reads it, its own leads change it."""

from dataclasses import replace
from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.database import Database
from tracker.exchange.charter.kept import kept
from tracker.exchange.charter.revisions import fingerprint, with_calendar
from tracker.exchange.charter.value import Charter
from tracker.pages.account_page import ROLE_WORDS
from tracker.pages.answers import see_other
from tracker.pages.arrangements.calendar_form import DAY_NAMES, CalendarForm, typed_calendar, week_words
from tracker.pages.arrangements.door import actor_for, agreed_in, may_arrange
from tracker.pages.arrangements.revising import Edited, keep
from tracker.pages.asking import Asking
from tracker.pages.drawing import page
from tracker.pages.forms import Form, read
from tracker.pages.part_views import Choice, FormState
from tracker.pages.visitor import Visitor
from tracker.queries.people import members
from tracker.rules.arrangement import Arrangement
from tracker.rules.refusals import NotThere
from tracker.rules.rings import Role

ROLE_CHOICES = tuple(Choice(role.value, ROLE_WORDS[role]) for role in Role)


@get("/arrangements/{key:str}/organisations/{side_key:str}", sync_to_thread=True)
def show_organisation(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    key: FromPath[str], side_key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """Who belongs to it, and when it is open."""
    return draw_organisation(request, visitor, db, agreed_in(visitor, key), side_key, now)


@post("/arrangements/{key:str}/organisations/{side_key:str}", sync_to_thread=True)
def change_organisation(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form], key: FromPath[str], side_key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """Its name and calendar. Limits that are still to come are worked out anew."""
    agreed = agreed_in(visitor, key)
    actor = actor_for(visitor, agreed, active(agreed, side_key))
    status, state = 422, FormState()
    typed, state = read(CalendarForm, form)
    calendar = typed.calendar() if typed else None
    if typed and calendar is None:
        state = replace(state, errors={"mon": "Give opening hours on at least one weekday."}, open=True)
    if typed and calendar:
        edited = Edited("organisation", side_key, str(form.get("version", "")))
        change = with_calendar(side_key, typed.name, calendar)
        done = keep(db, agreed, change, edited, state, actor=actor, now=now)
        status, state = done.status, done.state or state
    if status == 303:
        return see_other(f"/arrangements/{key}/organisations/{side_key}")
    return draw_organisation(request, visitor, db, agreed, side_key, now, status=status, calendar=state)


def draw_organisation(
    request: Asking, visitor: Visitor, db: Database, agreed: Arrangement, side_key: str, now: datetime,
    *, status: int = 200, calendar: FormState | None = None, newcomer: FormState | None = None,
    roles: tuple[str, ...] = (Role.FRONT_LINE.value,),
) -> Response[bytes]:  # fmt: skip
    """The page, with the forms of its leads: as it is, or as one of them was typed."""
    charter = _charter(db, agreed)
    if side_key not in charter.organisation:
        raise NotThere(f"There is no organisation {side_key}.")
    organisation = charter.organisation[side_key]
    return page(
        request,
        "arrangements/organisation.html",
        status=status,
        agreed=agreed,
        organisation=organisation,
        side=agreed.organisation(side_key),
        people=members(agreed, side_key),
        today=now.date(),
        week=week_words(organisation.calendar),
        role_words=ROLE_WORDS,
        role_choices=ROLE_CHOICES,
        roles=roles,
        day_names=DAY_NAMES,
        may_change=may_arrange(visitor.viewer, agreed, side_key),
        version=fingerprint(charter, "organisation", side_key),
        calendar=calendar or FormState(values=typed_calendar(organisation.name, organisation.calendar)),
        newcomer=newcomer or FormState(),
    )


def active(agreed: Arrangement, side_key: str) -> str:
    """The key, if it is of an organisation that is still in the partnership. Refuses: NotThere."""
    if side_key not in {each.key for each in agreed.active_organisations()}:
        raise NotThere(f"There is no organisation {side_key}.")
    return side_key


def _charter(db: Database, agreed: Arrangement) -> Charter:
    with db.read() as session:
        return kept(session, agreed.id)


routes = [show_organisation, change_organisation]
