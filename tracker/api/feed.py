"""The feed of a partnership: what an organisation may read, event by event, for a copy of its own."""

from datetime import datetime
from typing import cast

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from tracker.actions.people.keep_token import is_reading_on, note_reading_on
from tracker.api.bearer import Call
from tracker.database import Database
from tracker.exchange.mirror.feed import CURSOR_KEY, FeedCursor, feed_page, home_of, issue_page
from tracker.queries.administration.tokens import Bearer
from tracker.rules.refusals import FieldError, WrongInput
from tracker.settings import Settings

MOST = 500  # entries in a page


@get("/api/v1/partnerships/{key:str}/feed", sync_to_thread=True)
def show_feed(
    request: Call,
    bearer: NamedDependency[Bearer],
    db: NamedDependency[Database],
    now: NamedDependency[datetime],
    key: FromPath[str],
    after: FromQuery[str] = "",
    issue: FromQuery[str] = "",
    limit: FromQuery[int] = MOST,
) -> Response[bytes]:
    """What happened after a place that a page before named; of one `issue`, where it is named."""
    bearer.arrangement(key)
    if not 1 <= limit <= MOST:
        raise WrongInput(FieldError("limit", f"A page has between 1 and {MOST} entries."))
    seal = cast("Settings", request.app.state.settings).key(CURSOR_KEY)
    if after and not issue:
        _note_reading_on(db, bearer, FeedCursor.opened(after, seal, now).event)
    with db.snapshot() as session:
        if issue:
            page = issue_page(session, bearer, issue, after, limit, key=seal, now=now)
        else:
            page = feed_page(session, bearer, after, limit, key=seal, now=now)
    return Response(page.model_dump_json(exclude_defaults=True).encode(), media_type="application/json")


def _note_reading_on(db: Database, bearer: Bearer, event: int) -> None:
    """Where nothing can be written just now, the next page does it: who only reads is not to wait for that."""
    if is_reading_on(bearer, event):
        db.write_in_passing(lambda session: note_reading_on(session, bearer, event))


@get("/api/v1/partnerships/{key:str}/organisation", sync_to_thread=True)
def show_organisation(
    bearer: NamedDependency[Bearer], db: NamedDependency[Database], key: FromPath[str]
) -> Response[bytes]:
    """The organisation whose token it is, and its people, who come in to its copy as they come in here."""
    bearer.arrangement(key)
    with db.snapshot() as session:
        home = home_of(session, bearer)
    return Response(home.model_dump_json().encode(), media_type="application/json")


routes = [show_feed, show_organisation]
