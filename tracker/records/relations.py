"""The setting in which an issue climbs, read from its arrangement; and who a person is to an issue."""

from collections.abc import Sequence
from datetime import datetime

from tracker.records.governance import meetings_after
from tracker.records.issue import Issue
from tracker.rules.arrangement import Arrangement, Body, Ladder
from tracker.rules.ladder import LadderContext
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.rings import Membership, Role, Standing, Viewer
from tracker.rules.routing import Subject
from tracker.rules.spans import day_in


def ladder_context(issue: Issue, arrangement: Arrangement, ladder: Ladder | None = None) -> LadderContext:
    """What entering a tier of this issue's ladder depends on. Refuses with `MoveNotAllowed` where it has none."""
    ladder = ladder or arrangement.ladders.get(issue.ladder_version_id or 0)
    if ladder is None:
        raise MoveNotAllowed("This issue is on no ladder, so it cannot move on one.")
    return LadderContext(arrangement, ladder, issue.side_ids, meetings, _leads(issue, arrangement))


def subject_of(issue: Issue, arrangement: Arrangement) -> Subject:
    """What routes look at, from an issue as it stands; one that names nobody it is with is with its other side."""
    organisations = arrangement.organisations
    others = (each for each in issue.side_ids if each != issue.raised_for_id)
    with_id = issue.meant_for_id or next(others, issue.raised_for_id)
    return Subject(
        title=issue.title, detail=issue.detail, severity=issue.severity.value, kind=issue.kind.value,
        organisation=organisations[issue.raised_for_id].key, with_=organisations[with_id].key,
        service_area=issue.service_area, topic=issue.topic,
    )  # fmt: skip


def meetings(body: Body, at: datetime) -> Sequence[datetime]:
    """A body's next meetings after a moment."""
    return meetings_after(body.meets, at)


def standings(
    viewer: Viewer, issue: Issue, arrangement: Arrangement, at: datetime, *, speaking: Membership | None = None
) -> frozenset[Standing]:
    """What a person is to an issue: all that holds of them, for the one policy in `rules/rings`. Where they speak for
    one of their organisations, what they are in another counts for nothing."""
    mine = [speaking] if speaking else viewer.memberships
    sides = [each for each in mine if each.organisation_id in issue.side_ids]
    found = {_OF_ROLE[role] for side in sides for role in side.roles if role in _OF_ROLE}
    if issue.raised_by_id == viewer.person_id:
        found.add(Standing.RAISER)
    if any(viewer.person_id in acting_holders(issue, arrangement, at, side.organisation_id) for side in sides):
        found.add(Standing.HOLDER)
    if _sits_where_papers_are_read(viewer, issue, arrangement):
        found.add(Standing.SEATED)
    return frozenset(found)


def acting_holders(issue: Issue, arrangement: Arrangement, at: datetime, organisation_id: int) -> frozenset[int]:
    """The ids of whoever may act as a holder for an organisation now: the holders written at entry, and deputies of
    those away."""
    still = (each for each in issue.holders if each.organisation_id == organisation_id)
    written = {each.person_id for each in still if each.tier == issue.tier and (each.active or issue.is_resolved)}
    on = day_in(arrangement.zone, at)
    body = next((each for each in arrangement.bodies.values() if each.id == issue.body_id), None)
    key = arrangement.organisations[organisation_id].key
    seats = [seat for seat in body.seats if seat.organisation == key and seat.person_id in written] if body else []
    deputies = {arrangement.acting(seat, on) for seat in seats}
    return frozenset(written | deputies)


def speaks_for(viewer: Viewer, issue: Issue, wanted: str | None = None) -> Membership:
    """For which organisation a person acts on an issue: the one they name, else one that holds it, else a side,
    else (a member of the body that reads it) their own. Callers have checked that they may read it."""
    mine = viewer.in_partnership(issue.partnership_id)
    named = [each for each in mine if each.organisation_key == wanted]
    holding = {holder.organisation_id for holder in issue.holders if holder.person_id == viewer.person_id}
    held = [each for each in mine if each.organisation_id in holding & set(issue.side_ids)]
    sides = [each for each in mine if each.organisation_id in issue.side_ids]
    return (named or held or sides or list(mine))[0]


_OF_ROLE = {
    Role.FRONT_LINE: Standing.FRONT_LINE,
    Role.MANAGER: Standing.MANAGER,
    Role.LEAD: Standing.LEAD,
}


def _leads(issue: Issue, arrangement: Arrangement) -> dict[str, int]:
    area = arrangement.service_area(issue.service_area)
    rule = next((each for each in arrangement.routes if each.key == issue.route_key), None)
    return {**(area.leads if area else {}), **(rule.leads if rule else {})}


def _sits_where_papers_are_read(viewer: Viewer, issue: Issue, arrangement: Arrangement) -> bool:
    ladder = arrangement.ladders.get(issue.ladder_version_id or 0)
    tier = ladder.tiers[issue.tier - 1] if ladder and issue.tier else None
    return bool(tier and tier.paper and issue.body_id in viewer.bodies)
