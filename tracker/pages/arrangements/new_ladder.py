"""A ladder more: its own tiers, or those of one that ships to begin from. And one fewer."""

from dataclasses import replace
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.fields import Key, Line
from tracker.exchange.charter.revisions import with_entry, without
from tracker.exchange.charter.shapes import LadderShape, TierShape
from tracker.exchange.charter.starters import EXPEDITED, ladders
from tracker.pages.arrangements.choices import choices_of
from tracker.pages.arrangements.door import ArrangementRequest, version_in
from tracker.pages.arrangements.ladder_versions import LENGTHS, SPARE_TIERS, read_ladder, rows_in, settled, typed_tiers
from tracker.pages.arrangements.ladders import draw_ladder, newest
from tracker.pages.web.forms import Form, Shape, read
from tracker.pages.web.parts import FormState, Link
from tracker.pages.web.visitor import ANEW
from tracker.rules.refusals import NotThere


class NewLadderForm(Shape):
    """What a ladder has besides its tiers and lengths."""

    sentences = {"key": "Give a short name without spaces, like operational."}
    key: Key
    name: Line


@get("/arrangements/{key:str}/ladders", sync_to_thread=True)
def show_new_ladder(asked: NamedDependency[ArrangementRequest], starter: FromQuery[str] = "") -> Response[bytes]:
    """The form for one more, empty or filled from a starter. Refuses a starter that is none: NotThere."""
    asked.require_lead()
    if starter and starter not in ladders():
        raise NotThere("There is no such ladder to begin from.")
    return _draw(asked, _begun(starter), starter=starter)


@post("/arrangements/{key:str}/ladders", sync_to_thread=True, opt=ANEW)
def add_ladder(asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form]) -> Response[bytes]:
    """It waits for a lead of every organisation. The first of all is the one that issues take."""
    asked.require_lead()
    charter = asked.charter()
    typed, state = read(NewLadderForm, form)
    blank = LadderShape.model_construct(key=typed.key if typed else "new", name=typed.name if typed else None)
    first = not charter.ladder and not blank.key.endswith(EXPEDITED)
    ladder, with_tiers = read_ladder(form, blank.model_copy(update={"default": first}))
    state = replace(state, errors={**state.errors, **with_tiers.errors}, open=True)
    if typed and typed.key in {each.key for each in asked.agreed.ladders.values()}:
        state = replace(state, errors={"key": "There is a ladder with this short name, or there was one."})
    if typed is None or ladder is None or state.errors:
        return _draw(asked, state, rows=rows_in(form), status=422)
    change = with_entry("ladder", settled(charter, ladder))
    status, state = asked.keep(change, "ladder", ladder.key, "", state, organisation=asked.speaking(form))
    if status == 303:
        return asked.sent(state, "ladders", ladder.key)
    return _draw(asked, state, rows=rows_in(form), status=status)


@post("/arrangements/{key:str}/ladders/{ladder_key:str}/retirement", sync_to_thread=True, opt=ANEW)
def retire_ladder(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], ladder_key: FromPath[str]
) -> Response[bytes]:
    """No longer chosen; issues on their way keep it. Refused of the one that issues take, and while a route uses it."""
    ladder = newest(asked.agreed, ladder_key)
    asked.require_lead()
    if ladder.default:
        stays = f"The {ladder.name} ladder is the one that issues take where no route says otherwise, so it stays."
        return draw_ladder(asked, ladder_key, FormState(problem=stays), 409)
    speaks, change = asked.speaking(form), without("ladder", ladder_key)
    status, state = asked.keep(change, "ladder", ladder_key, version_in(form), FormState(), organisation=speaks)
    return asked.sent(state) if status == 303 else draw_ladder(asked, ladder_key, state, status)


def _begun(starter: str) -> FormState:
    usual: dict[str, Any] = {name: LadderShape.model_fields[name].default for name in (*LENGTHS, "reopens_to_escalate")}
    if not starter:
        return FormState(values={name: str(each) for name, each in usual.items()})
    found = ladders()[starter]
    tiers = [TierShape.model_construct(**each) for each in found["tiers"]]
    said = {"name": found["name"], "key": starter, "skip": found.get("skip", "")}
    return FormState(values={**{name: str(each) for name, each in usual.items()}, **said, **typed_tiers(tiers)})


def _draw(
    asked: ArrangementRequest, form: FormState, *, starter: str = "", rows: int = 0, status: int = 200
) -> Response[bytes]:
    charter: Charter = asked.charter()
    address = asked.address("ladders")
    tiers = len(ladders()[starter]["tiers"]) if starter else SPARE_TIERS + 1
    begin = [("", "Its own tiers"), *((key, each["name"]) for key, each in ladders().items())]
    return asked.draw(
        "new_ladder",
        status=status,
        address=address,
        form=form,
        rows=rows or tiers + (SPARE_TIERS if starter else 0),
        choices=choices_of(charter),
        starters=[Link(name, f"{address}?starter={key}" if key else address, key == starter) for key, name in begin],
    )


routes = [show_new_ladder, add_ladder, retire_ladder]
