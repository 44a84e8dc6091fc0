"""Who may change what was agreed: what touches one organisation its own leads, what is shared any lead."""

from tracker.rules.arrangement import Arrangement
from tracker.rules.refusals import MayNot
from tracker.rules.rings import Role, Viewer


def led_by(viewer: Viewer, arrangement: Arrangement) -> tuple[str, ...]:
    """The keys of the organisations of this partnership that a person leads."""
    places = viewer.in_partnership(arrangement.id)
    return tuple(each.organisation_key for each in places if Role.LEAD in each.roles)


def may_arrange(viewer: Viewer, arrangement: Arrangement, organisation: str | None = None) -> bool:
    """Whether a person may change what is shared, or, with its key, what is one organisation's own."""
    led = led_by(viewer, arrangement)
    return organisation in led if organisation is not None else bool(led)


def require_lead(viewer: Viewer, arrangement: Arrangement, organisation: str | None = None) -> None:
    """Refuses with MayNot, naming whose lead may."""
    if may_arrange(viewer, arrangement, organisation):
        return
    if organisation is None:
        raise MayNot("You can read what was agreed here; to change it is for a lead of one of the organisations.")
    name = arrangement.organisation(organisation).name
    raise MayNot(f"You can read this; what is {name}'s own is changed by a lead of {name}.")
