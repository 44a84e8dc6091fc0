"""The arrangements: what a partnership agreed, read by all its people and changed by its leads."""

from tracker.pages.arrangements import (
    baselines,
    bodies,
    entries,
    exposures,
    ladders,
    organisations,
    overview,
    people,
    proposals,
    report_terms,
)

routes = [
    *overview.routes,
    *organisations.routes,
    *people.routes,
    *bodies.routes,
    *ladders.routes,
    *proposals.routes,
    *report_terms.routes,
    *exposures.routes,
    *baselines.routes,
    *entries.routes,
]
