"""The arrangements: what a partnership agreed, read by all its people and changed by its leads."""

from tracker.pages.arrangements import bodies, entries, ladders, organisations, overview, people, proposals

routes = [
    *overview.routes,
    *organisations.routes,
    *people.routes,
    *bodies.routes,
    *ladders.routes,
    *proposals.routes,
    *entries.routes,
]
