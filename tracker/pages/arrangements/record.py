"""How the record can be proven: for leads. Its key, its checkpoints, one more on request, and who has seen them."""

from dataclasses import replace
from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import StringConstraints

from tracker.actions.proving.append_checkpoint import ask_for_checkpoint
from tracker.actions.proving.own_witness import end_witness, name_witness
from tracker.exchange.charter.fields import Line
from tracker.exchange.charter.proposing import propose_epoch
from tracker.pages.arrangements.door import ArrangementRequest
from tracker.pages.arrangements.organisations import active
from tracker.pages.web.forms import Form, Shape, Text, read, refused
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import settings_of
from tracker.pages.web.visitor import ANEW
from tracker.queries.administration.copies import redaction_lines
from tracker.queries.administration.record import record_standing
from tracker.queries.proofs.cosignatures import WitnessLine
from tracker.rules.refusals import MoveNotAllowed, WrongInput
from tracker.settings.calling import LONGEST_ADDRESS


class WitnessForm(Shape):
    """The witness of an organisation; without an address it is not asked."""

    sentences = {"verifier.missing": "Give the key that the witness prints when it starts."}
    verifier: Line
    address: Annotated[str, StringConstraints(max_length=LONGEST_ADDRESS)] = ""


class EpochForm(Shape):
    """What shows that something was lost."""

    sentences = {"lost.missing": "Give the checkpoint, as it came by mail: it shows what was lost."}
    lost: Text


@get("/arrangements/{key:str}/record", sync_to_thread=True)
def show_record(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """The last checkpoints, and what has to be kept of them."""
    asked.require_lead()
    return _draw(asked)


@post("/arrangements/{key:str}/record", sync_to_thread=True)
def ask_for_one(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """The clock makes one within a minute, and every lead is told."""
    actor = asked.actor()
    with asked.db.write() as session:
        ask_for_checkpoint(session, asked.agreed.id, actor, now=asked.now)
        done = asked.done_by(session)
    return asked.done(done, "record")


@post("/arrangements/{key:str}/record/witnesses/{side_key:str}", sync_to_thread=True)
def name_own_witness(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], side_key: FromPath[str]
) -> Response[bytes]:
    """A lead says who cosigns for their organisation. It is in force at once: it touches nobody else."""
    actor = asked.actor(active(asked.agreed, side_key))
    typed, state = read(WitnessForm, form)
    if typed is None:
        return _draw(asked, side_key, state, status=422)
    may_call = settings_of(asked.request).may_call
    try:
        with asked.db.write() as session:
            partnership_id, key = asked.agreed.id, typed.verifier
            name_witness(
                session, partnership_id, actor, verifier=key, address=typed.address, may_call=may_call, now=asked.now
            )
            done = asked.done_by(session)
    except WrongInput as wrong:
        return _draw(asked, side_key, refused(state, wrong), status=422)
    return asked.done(done, "record")


@post("/arrangements/{key:str}/record/witnesses/{side_key:str}/retirement", sync_to_thread=True)
def end_own_witness(asked: NamedDependency[ArrangementRequest], side_key: FromPath[str]) -> Response[bytes]:
    """From now on nobody cosigns for their organisation."""
    actor = asked.actor(active(asked.agreed, side_key))
    with asked.db.write() as session:
        end_witness(session, asked.agreed.id, actor, now=asked.now)
        done = asked.done_by(session)
    return asked.done(done, "record")


@post("/arrangements/{key:str}/record/epoch", sync_to_thread=True, opt=ANEW)
def propose_new_epoch(asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form]) -> Response[bytes]:
    """What was cosigned is lost: every lead agrees that the log goes on under a new name."""
    asked.require_lead()
    typed, state = read(EpochForm, form)
    side = asked.speaking(form)
    if typed is not None and side is None:
        state = replace(state, errors={"speaking_for": "Say for which organisation you propose it."}, open=True)
    if typed is None or side is None:
        return _draw(asked, epoch=state, status=422)
    try:
        with asked.db.write() as session:
            actor = asked.actor(side)
            number = propose_epoch(session, asked.agreed.id, typed.lost, actor=actor, now=asked.now).number
            done = asked.done_by(session)
    except (WrongInput, MoveNotAllowed) as refusal:
        return _draw(asked, epoch=refused(state, refusal), status=409 if isinstance(refusal, MoveNotAllowed) else 422)
    return asked.done(done, "proposals", str(number))


def _draw(
    asked: ArrangementRequest,
    side_key: str = "",
    form: FormState | None = None,
    *,
    epoch: FormState | None = None,
    status: int = 200,
) -> Response[bytes]:
    """`form`: of the witness of `side_key`, as it was typed; `epoch`: of what was lost."""
    with asked.db.read() as session:
        standing = record_standing(session, asked.agreed.id)
        redactions = redaction_lines(session, asked.agreed, asked.visitor.viewer)
    forms = {each.key: _filled_in(each.witness) for each in standing.seen} if standing else {}
    return asked.draw(
        "record",
        status=status,
        standing=standing,
        redactions=redactions,
        led=asked.led,
        forms={**forms, **({side_key: form} if form else {})},
        epoch=epoch or FormState(),
    )


def _filled_in(witness: WitnessLine | None) -> FormState:
    return FormState(values={"verifier": witness.verifier, "address": witness.address} if witness else {})


routes = [show_record, ask_for_one, name_own_witness, end_own_witness, propose_new_epoch]
