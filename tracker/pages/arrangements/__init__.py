"""The arrangements: what a partnership agreed, read by all its people and changed by its leads."""

from litestar import Router
from litestar.di import Provide

from tracker.pages.arrangements import (
    bodies,
    directory,
    entries,
    exposures,
    ladder_versions,
    ladders,
    mail,
    meetings,
    new_ladder,
    new_organisation,
    newcomers,
    opposite_numbers,
    organisations,
    overview,
    people,
    proposals,
    providers,
    record,
    report_terms,
    sign_in,
    tokens,
)
from tracker.pages.arrangements.door import arrangement_request

_PAGES = (
    overview, organisations, new_organisation, newcomers, people, bodies, meetings, ladders, ladder_versions,
    new_ladder, proposals, report_terms, exposures,
    entries, mail, record, tokens, directory, sign_in, providers,
    opposite_numbers,
)  # fmt: skip
routes = [
    Router(
        "/",
        route_handlers=[route for each in _PAGES for route in each.routes],
        dependencies={"asked": Provide(arrangement_request, sync_to_thread=False)},
    )
]
