"""How the record can be proven: for leads. Its key, its checkpoints, and one more on request."""

from litestar import Response, get, post
from litestar.di import NamedDependency

from tracker.actions.proving.append_checkpoint import ask_for_checkpoint
from tracker.pages.arrangements.door import ArrangementRequest
from tracker.queries.administration.record import record_standing


@get("/arrangements/{key:str}/record", sync_to_thread=True)
def show_record(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """The last checkpoints, and what has to be kept of them."""
    asked.require_lead()
    with asked.db.read() as session:
        standing = record_standing(session, asked.agreed.id)
    return asked.draw("record", standing=standing)


@post("/arrangements/{key:str}/record", sync_to_thread=True)
def ask_for_one(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """The clock makes one within a minute, and every lead is told."""
    actor = asked.actor()
    with asked.db.write() as session:
        ask_for_checkpoint(session, asked.agreed.id, actor, now=asked.now)
        done = asked.done_by(session)
    return asked.done(done, "record")


routes = [show_record, ask_for_one]
