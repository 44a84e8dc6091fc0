"""The people of a partnership: your opposite numbers on every body, the sides facing each other."""

from dataclasses import replace

from litestar import Response, get
from litestar.di import NamedDependency

from tracker.pages.arrangements.door import ArrangementRequest
from tracker.pages.arrangements.finding import people_page
from tracker.pages.web.page import page
from tracker.queries.arrangements import arrangement
from tracker.queries.people import members, people_found, tables
from tracker.rules.rings import ROLE_WORDS, Membership

SHOWN = 24  # of each organisation; its own page has all of them
PROPOSED = 12


@get("/people/{key:str}", sync_to_thread=True)
def show_people(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """Who sits opposite whom today, and who else belongs to each organisation."""
    with asked.db.read() as session:
        agreed = arrangement(session, asked.agreed.id)
    mine = {each.organisation_key for each in _own(asked)}
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


def _own(asked: ArrangementRequest) -> tuple[Membership, ...]:
    return tuple(asked.visitor.viewer.in_partnership(asked.agreed.id))


@get("/people/{key:str}/names", sync_to_thread=True)
def propose_names(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """What a field in which somebody types a name proposes: of an organisation (`side`), else of one's own. `of`: the
    name of the field, which is sent along."""
    query = asked.request.query_params
    sides = [query["side"]] if "side" in query else [each.organisation_key for each in _own(asked)]
    known = {each.key for each in asked.agreed.active_organisations()}
    people = (each for side in sides if side in known for each in members(asked.agreed, side))
    found = people_found(people, query.get(query.get("of", ""), "")[:200])
    return page(asked.request, "people/names.html", people=found[:PROPOSED])


routes = [show_people, propose_names]
