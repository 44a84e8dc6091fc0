"""The people of a partnership: your opposite numbers on every body, the sides facing each other."""

from dataclasses import replace

from litestar import Response, get
from litestar.di import NamedDependency

from tracker.pages.arrangements.door import ArrangementRequest
from tracker.pages.arrangements.finding import people_page
from tracker.queries.arrangements import arrangement
from tracker.queries.people import members, tables
from tracker.rules.rings import ROLE_WORDS

SHOWN = 24  # of each organisation; its own page has all of them


@get("/people/{key:str}", sync_to_thread=True)
def show_people(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """Who sits opposite whom today, and who else belongs to each organisation."""
    with asked.db.read() as session:
        agreed = arrangement(session, asked.agreed.id)
    mine = {each.organisation_key for each in asked.visitor.viewer.in_partnership(agreed.id)}
    sides = agreed.active_organisations()
    everybody = {side.key: members(agreed, side.key) for side in sides}
    found = {key: people_page(people, asked.request.query_params, most=SHOWN) for key, people in everybody.items()}
    return asked.draw(
        "opposite_numbers",
        agreed=agreed,
        tables=tables(agreed, asked.now),
        sides=tuple((side, found[side.key], agreed.day(side.id, asked.now).absent) for side in sides),
        known=sum(len(people) for people in everybody.values()),
        all_found=replace(found[sides[0].key], total=sum(each.total for each in found.values())),
        mine=mine,
        me=asked.visitor.person_id,
        role_words=ROLE_WORDS,
    )


routes = [show_people]
