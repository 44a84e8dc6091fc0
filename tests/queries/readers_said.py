"""Who will read what a form sends, as it says, and whom the policy lets read what came of it."""

from collections.abc import Collection, Mapping

from sqlmodel import Session, col, select

from tests.makers import Cast
from tests.queries.test_acting import LATER
from tracker.pages.issues.readers import ReadingAhead
from tracker.queries.issues import visible_issues
from tracker.queries.recipients import readable
from tracker.queries.rerouting import last_routing, would_route
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.rules.policy import viewer_of
from tracker.rules.rings import Viewer

OF_REPORTS = ("quotation",)  # its words are read in reports, which test_quotation_step looks at


def said_by(
    session: Session, cast: Cast, issue: Issue, who: str, name: str, fields: Mapping[str, str]
) -> frozenset[int]:
    """Whom a form names, by the address of its step."""
    reading, arrangement = ahead(session, cast, issue, who), cast.arrangement(session)
    agreed = arrangement.ladders.get(issue.ladder_version_id or 0)
    if name in ("escalation", "hand-down") and agreed:
        said = {each.value: each.readers for each in reading.tier_choices(agreed.tiers)}[fields["tier"]]
    elif name == "side-removal":
        said = reading.without_side(arrangement.organisation(fields["side"])).readers
    elif name == "notes":
        said = reading.note_choices(cast.viewer(who).memberships)[0].readers
    elif name == "paper":
        said = reading.of(cast.viewer(who).memberships[0].organisation_id, private=True)
    else:
        goes_to = would_route(issue, arrangement, last_routing(session, issue))
        said = reading.by_step([name], goes_to)[name]
    assert said
    return said.people


def read_since(session: Session, cast: Cast, ref: str, position: int) -> dict[str, Collection[int]]:
    """By its kind, whom the policy lets read what people did to an issue after that position."""
    this = select(Issue.id).where(Issue.ref == ref).scalar_subquery()
    after = (Event.issue_id == this, col(Event.position) > position, col(Event.person_id).is_not(None))
    return {each.kind: readers_of(session, cast, each) for each in session.exec(select(Event).where(*after))}


def ahead(session: Session, cast: Cast, issue: Issue, who: str) -> ReadingAhead:
    arrangement = cast.arrangement(session)
    return ReadingAhead(issue, arrangement, viewer_of(cast.people[who].id, arrangement, at=LATER), LATER)


def readers_of(session: Session, cast: Cast, event: Event) -> Collection[int]:
    """Whom the policy lets read an event."""
    return {each.person_id for each in _everybody(session, cast) if readable(session, each, [event])}


def reads(session: Session, cast: Cast, issue: Issue, name: str) -> bool:
    viewer = viewer_of(cast.people[name].id, cast.arrangement(session), at=LATER)
    return bool(session.exec(select(Issue.id).where(Issue.id == issue.id, visible_issues(viewer))).all())


def _everybody(session: Session, cast: Cast) -> list[Viewer]:
    arrangement = cast.arrangement(session)
    return [viewer_of(each.id, arrangement, at=LATER) for each in cast.people.values()]
