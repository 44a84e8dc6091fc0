"""Names as a reader may know them: of a reporter who keeps theirs inside, of an issue that is not for everybody."""

from tracker.pages.web.parts import Link
from tracker.queries.story import Told
from tracker.records.issue import Issue
from tracker.rules import addresses
from tracker.rules.arrangement import Organisation
from tracker.rules.events.kinds import EventKind
from tracker.rules.events.resolution import HappenedAgain, unlinked
from tracker.rules.rings import Viewer


def reporter(issue: Issue, viewer: Viewer, raised_for: Organisation) -> str:
    """The raiser's name and organisation; outside it only the organisation, where the name stays inside."""
    hidden = issue.hide_reporter and issue.raised_for_id not in viewer.organisation_ids
    return raised_for.name if hidden or not issue.raised_by_name else f"{issue.raised_by_name}, {raised_for.name}"


def doer(told: Told, issue: Issue, viewer: Viewer) -> str:
    """Who did it, as this reader may know them: a reporter may keep their name inside their organisation."""
    hidden = issue.hide_reporter and told.person_id is not None and told.person_id == issue.raised_by_id
    if hidden and issue.raised_for_id not in viewer.organisation_ids:
        return f"Somebody at {told.organisation}"
    return told.who or told.organisation or "Somebody"  # history may not name the person


def proposer(issue: Issue, organisation: Organisation, viewer: Viewer) -> tuple[str, bool]:
    """Who proposed, as this reader may know them, and whether the name stays inside, as whoever raised it wished."""
    name = str((issue.proposal or {})["by_name"])
    is_reporter = (name, organisation.id) == (issue.raised_by_name, issue.raised_for_id)
    if issue.hide_reporter and is_reporter and organisation.id not in viewer.organisation_ids:
        return f"Somebody at {organisation.name}", True
    return name, False


def known_event(event: EventKind, linked: tuple[Link, ...]) -> EventKind:
    """Without the reference of an issue that this reader may not see."""
    if isinstance(event, HappenedAgain) and addresses.issue(event.again) not in {each.href for each in linked}:
        return unlinked(event)
    return event
