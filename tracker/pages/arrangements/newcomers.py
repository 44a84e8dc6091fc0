"""Many people of one organisation at once: a list is pasted or sent, its plan is shown, and one button does it."""

from dataclasses import replace

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.exchange.people.plan import PeoplePlan, PersonFate
from tracker.exchange.people.reading import ON_SCREEN, PeopleList, read_list, text_of
from tracker.exchange.people.take_in import people_planned, take_in_people
from tracker.exchange.people.writing import people_sheet
from tracker.pages.arrangements.door import ArrangementRequest
from tracker.pages.arrangements.organisations import ROLE_CHOICES, active
from tracker.pages.web.forms import NOT_SENT, UNSENT, Form, typed
from tracker.pages.web.parts import FormState
from tracker.pages.web.step_done import done_by
from tracker.pages.web.visitor import ANEW
from tracker.queries.arrangements import arrangement
from tracker.reports.spreadsheet import comma_separated
from tracker.rules.refusals import MoveNotAllowed, WrongFile
from tracker.rules.rings import Role

_NOBODY = "Paste at least one line with an address."
_CHANGED = "Since this was shown something changed. What would be done now stands below; nothing was done yet."


@get("/arrangements/{key:str}/organisations/{side_key:str}/newcomers", sync_to_thread=True)
def show_newcomers(asked: NamedDependency[ArrangementRequest], side_key: FromPath[str]) -> Response[bytes]:
    """Where a list is pasted."""
    asked.require_lead(active(asked.agreed, side_key))
    return _draw(asked, side_key, FormState())


@post("/arrangements/{key:str}/organisations/{side_key:str}/newcomers", sync_to_thread=True, opt=ANEW)
def take_in_newcomers(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], side_key: FromPath[str]
) -> Response[bytes]:
    """What the list would do, and once that was shown (`plan`, its mark) it is done; who is refused is left out."""
    asked.require_lead(active(asked.agreed, side_key))
    state = FormState(values=typed(form))
    try:
        text = _text(form)
        given = read_list(text, ON_SCREEN)
    except WrongFile as wrong:
        return _draw(asked, side_key, replace(state, errors={"list": wrong.plain}), status=422)
    state = replace(state, values={**state.values, "list": text})
    if not given.people:
        return _draw(asked, side_key, replace(state, errors={"list": _NOBODY}), status=422)
    roles, shown = _roles(form), str(form.get("plan", ""))
    if form.get(UNSENT):
        return _draw(asked, side_key, replace(state, problem=NOT_SENT), roles=roles, status=422)
    if not shown:
        plan = _planned(asked, side_key, given, roles)
        status = 422 if len(plan.of(PersonFate.REFUSED)) == len(plan.people) else 200
        return _draw(asked, side_key, state, plan=plan, roles=roles, status=status)
    return _take_in(asked, side_key, given, roles, shown, state)


@get("/arrangements/{key:str}/organisations/{side_key:str}/people.csv", sync_to_thread=True)
def give_people(asked: NamedDependency[ArrangementRequest], side_key: FromPath[str]) -> Response[bytes]:
    """Everybody there as a CSV that can be pasted again."""
    asked.require_lead(active(asked.agreed, side_key))
    with asked.db.read() as session:
        text = comma_separated(people_sheet(arrangement(session, asked.agreed.id), [side_key]))
    named = {"Content-Disposition": f'attachment; filename="{asked.agreed.key}-{side_key}-people.csv"'}
    return Response(text.encode("utf-8-sig"), media_type="text/csv", headers=named)


def _take_in(
    asked: ArrangementRequest, side_key: str, given: PeopleList, roles: tuple[Role, ...], shown: str, state: FormState
) -> Response[bytes]:
    """What was shown, or nothing."""
    try:
        with asked.db.write() as session:
            plan = people_planned(session, asked.agreed.id, given, own=side_key, roles=roles)
            if plan.mark == shown:
                take_in_people(session, asked.agreed.id, plan, actor=asked.actor(side_key), now=asked.now)
                said = f"{asked.agreed.organisation(side_key).name}: {plan.count_text()}"
                done = done_by(session, asked.visitor.viewer, asked.now, said=said)
                return asked.done(done, "organisations", side_key)
    except (WrongFile, MoveNotAllowed) as refusal:
        problem = refusal.plain if isinstance(refusal, WrongFile) else str(refusal)
        plan = _planned(asked, side_key, given, roles)
        return _draw(asked, side_key, replace(state, problem=problem), plan=plan, roles=roles, status=409)
    return _draw(asked, side_key, replace(state, problem=_CHANGED), plan=plan, roles=roles, status=409)


def _planned(asked: ArrangementRequest, side_key: str, given: PeopleList, roles: tuple[Role, ...]) -> PeoplePlan:
    with asked.db.read() as session:
        return people_planned(session, asked.agreed.id, given, own=side_key, roles=roles)


def _text(form: Form) -> str:
    """What was sent as a file, else what was pasted. Refuses: WrongFile."""
    sent = form.get("file")
    if isinstance(sent, UploadFile) and sent.filename:
        return text_of(sent.file.read(ON_SCREEN.kilobytes * 1024 + 1), ON_SCREEN)
    return str(form.get("list") or "")


def _roles(form: Form) -> tuple[Role, ...]:
    chosen = {str(each) for each in form.getall("roles", [])}
    return tuple(role for role in Role if role.value in chosen)


def _draw(
    asked: ArrangementRequest,
    side_key: str,
    form: FormState,
    *,
    plan: PeoplePlan | None = None,
    roles: tuple[Role, ...] = (Role.FRONT_LINE,),
    status: int = 200,
) -> Response[bytes]:
    return asked.draw(
        "newcomers",
        status=status,
        side=asked.agreed.organisation(side_key),
        address=asked.address("organisations", side_key),
        form=form,
        plan=plan,
        most=ON_SCREEN.people,
        role_choices=ROLE_CHOICES,
        roles=tuple(role.value for role in roles),
    )


routes = [show_newcomers, take_in_newcomers, give_people]
