"""The people of a partnership: your opposite numbers on every body, the sides facing each other."""

from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.database import Database
from tracker.pages.arrangements.door import may_arrange
from tracker.pages.web.page import page
from tracker.pages.web.request import Asking
from tracker.pages.web.visitor import Visitor
from tracker.queries.arrangements import arrangement
from tracker.queries.people import members, tables
from tracker.rules.rings import ROLE_WORDS
from tracker.rules.spans import day_in


@get("/people/{key:str}", sync_to_thread=True)
def show_people(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """Who sits opposite whom today, and who else belongs to each organisation."""
    with db.read() as session:
        agreed = arrangement(session, visitor.arrangement(key).id)
    today = day_in(agreed.zone, now)
    mine = {each.organisation_key for each in visitor.viewer.in_partnership(agreed.id)}
    return page(
        request,
        "arrangements/opposite_numbers.html",
        agreed=agreed,
        tables=tables(agreed, today),
        sides=tuple((side, members(agreed, side.key)) for side in agreed.active_organisations()),
        mine=mine,
        me=visitor.person_id,
        today=today,
        role_words=ROLE_WORDS,
        may_change=may_arrange(visitor.viewer, agreed),
    )


routes = [show_people]
