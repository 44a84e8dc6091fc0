"""The setting in which an issue climbs, and where it is routed, read from its arrangement."""

from collections.abc import Sequence
from datetime import datetime

from tracker.records.governance import meetings_after
from tracker.records.issue import Issue
from tracker.rules import routing
from tracker.rules.arrangement import Arrangement, Body, Ladder
from tracker.rules.ladder import LadderContext
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.routing import Routing


def ladder_context(issue: Issue, arrangement: Arrangement, ladder: Ladder | None = None) -> LadderContext:
    """What entering a tier of this issue's ladder depends on. Refuses with `MoveNotAllowed` where it has none."""
    ladder = ladder or arrangement.ladder_version(issue.ladder_version_id)
    if ladder is None:
        raise MoveNotAllowed("This issue is on no ladder, so it cannot move on one.")
    return LadderContext(arrangement, ladder, issue.side_ids, meetings, _leads(issue, arrangement))


def route_now(issue: Issue, arrangement: Arrangement) -> Routing:
    """Where an issue as it stands is routed; one that names nobody it is with is with its other side. Refuses as
    `routing.route`."""
    organisations = arrangement.organisations
    others = (each for each in issue.side_ids if each != issue.raised_for_id)
    with_id = issue.meant_for_id or next(others, issue.raised_for_id)
    return routing.route(
        issue, arrangement, organisation=organisations[issue.raised_for_id].key, with_=organisations[with_id].key
    )


def meetings(body: Body, at: datetime) -> Sequence[datetime]:
    """A body's next meetings after a moment."""
    return meetings_after(body.meets, at)


def _leads(issue: Issue, arrangement: Arrangement) -> dict[str, int]:
    area = arrangement.service_area(issue.service_area)
    rule = next((each for each in arrangement.routes if each.key == issue.route_key), None)
    return routing.leads_of(area, rule)
