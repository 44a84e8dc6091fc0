"""What an organisation's own witness cosigned, brought by its copy of the record: for who has no inbound port."""

import json

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, RawBody

from tracker.actions.proving.own_witness import accept_cosignature
from tracker.database import Database
from tracker.queries.administration.tokens import Bearer


@post("/api/v1/partnerships/{key:str}/cosignatures", sync_to_thread=True, status_code=200)
def take_cosignature(
    body: RawBody, bearer: NamedDependency[Bearer], db: NamedDependency[Database], key: FromPath[str]
) -> Response[bytes]:
    """A checkpoint with the cosignature below it, as plain text. Any token of the organisation does: what is kept
    proves by itself that its witness signed it."""
    home = bearer.arrangement(key).id
    with db.write() as session:
        size = accept_cosignature(session, home, bearer.organisation_id, body.decode("utf-8", "replace"))
    return Response(json.dumps({"checkpoint": size}).encode(), media_type="application/json")


routes = [take_cosignature]
