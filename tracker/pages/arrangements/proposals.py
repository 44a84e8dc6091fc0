"""Proposing another version of a ladder: any lead may; a lead of every organisation has to agree it."""

from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.database import Database
from tracker.exchange.charter.defaults import settle
from tracker.exchange.charter.kept import kept
from tracker.exchange.charter.revisions import fingerprint, with_entry
from tracker.exchange.charter.shapes import LadderShape
from tracker.exchange.charter.value import Charter
from tracker.pages.answers import see_other
from tracker.pages.arrangements.choices import choices_of
from tracker.pages.arrangements.door import actor_for, agreed_in, require_lead
from tracker.pages.arrangements.ladder_form import read_ladder, rows_for, typed_ladder
from tracker.pages.arrangements.ladders import newest
from tracker.pages.arrangements.revising import Edited, keep
from tracker.pages.asking import Asking
from tracker.pages.drawing import page
from tracker.pages.forms import Form
from tracker.pages.part_views import FormState
from tracker.pages.visitor import Visitor
from tracker.rules.arrangement import Arrangement


@get("/arrangements/{key:str}/ladders/{ladder_key:str}/proposal", sync_to_thread=True)
def show_proposal(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database],
    key: FromPath[str], ladder_key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """The form for another version, filled with the newest."""
    agreed = agreed_in(visitor, key)
    newest(agreed, ladder_key)
    require_lead(visitor.viewer, agreed)
    return _draw_form(request, agreed, _charter(db, agreed), ladder_key)


@post("/arrangements/{key:str}/ladders/{ladder_key:str}/proposal", sync_to_thread=True)
def propose_version(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form], key: FromPath[str], ladder_key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """Another version, which waits for a lead of every organisation."""
    agreed = agreed_in(visitor, key)
    newest(agreed, ladder_key)
    actor = actor_for(visitor, agreed)
    charter = _charter(db, agreed)
    typed = read_ladder(form, charter.ladder[ladder_key])
    if typed.ladder is None:
        return _draw_form(request, agreed, charter, ladder_key, typed.state, typed.rows, 422)
    ladder = _settled(charter, typed.ladder)
    edited = Edited("ladder", ladder_key, str(form.get("version", "")))
    done = keep(db, agreed, with_entry("ladder", ladder), edited, typed.state, actor=actor, now=now)
    if done.state is None:
        return see_other(f"/arrangements/{key}/ladders/{ladder_key}")
    return _draw_form(request, agreed, _charter(db, agreed), ladder_key, done.state, typed.rows, done.status)


def _charter(db: Database, agreed: Arrangement) -> Charter:
    with db.read() as session:
        return kept(session, agreed.id)


def _settled(charter: Charter, ladder: LadderShape) -> LadderShape:
    return settle(charter.with_table("ladder", {**charter.ladder, ladder.key: ladder})).ladder[ladder.key]


def _draw_form(
    request: Asking, agreed: Arrangement, charter: Charter, ladder_key: str,
    state: FormState | None = None, rows: int = 0, status: int = 200,
) -> Response[bytes]:  # fmt: skip
    ladder = charter.ladder[ladder_key]
    return page(
        request,
        "arrangements/proposal.html",
        status=status,
        agreed=agreed,
        ladder=ladder,
        address=f"/arrangements/{agreed.key}/ladders/{ladder_key}",
        form=state or FormState(values=typed_ladder(ladder)),
        rows=rows or rows_for(ladder),
        choices=choices_of(charter),
        version=fingerprint(charter, "ladder", ladder_key),
    )


routes = [show_proposal, propose_version]
