"""The people of a partnership: your opposite numbers on every body, the sides facing each other."""

from litestar import Response, get
from litestar.di import NamedDependency

from tracker.pages.arrangements.door import ArrangementRequest
from tracker.queries.arrangements import arrangement
from tracker.queries.people import members, tables
from tracker.rules.rings import ROLE_WORDS


@get("/people/{key:str}", sync_to_thread=True)
def show_people(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """Who sits opposite whom today, and who else belongs to each organisation."""
    with asked.db.read() as session:
        agreed = arrangement(session, asked.agreed.id)
    mine = {each.organisation_key for each in asked.visitor.viewer.in_partnership(agreed.id)}
    return asked.draw(
        "opposite_numbers",
        agreed=agreed,
        tables=tables(agreed, asked.now),
        sides=tuple(
            (side, members(agreed, side.key), agreed.day(side.id, asked.now).absent)
            for side in agreed.active_organisations()
        ),
        mine=mine,
        me=asked.visitor.person_id,
        role_words=ROLE_WORDS,
    )


routes = [show_people]
