"""Who stands before an arrangement: whose pages they are, and for which organisation a lead acts."""

from tracker.pages.web.visitor import Visitor
from tracker.rules.arrangement import Arrangement
from tracker.rules.arranging import led_by, may_arrange, require_lead
from tracker.rules.events.kinds import Actor
from tracker.rules.refusals import NotThere

__all__ = ["actor_for", "agreed_in", "led_by", "may_arrange", "require_lead"]


def agreed_in(visitor: Visitor, key: str) -> Arrangement:
    """The arrangement of a partnership they belong to. Refuses: NotThere, also where it is somebody else's."""
    found = next((each for each in visitor.arrangements.values() if each.key == key), None)
    if found is None:
        raise NotThere(f"There is no partnership {key}.")
    return found


def actor_for(visitor: Visitor, agreed: Arrangement, organisation: str | None = None) -> Actor:
    """A lead acting for an organisation: the one named, else the first that they lead. Refuses: MayNot."""
    require_lead(visitor.viewer, agreed, organisation)
    side = agreed.organisation(organisation or led_by(visitor.viewer, agreed)[0])
    return Actor(visitor.person_id, visitor.name, side.id, side.key, side.name)
