"""Who stands before an arrangement: whose pages they are, and for which organisation a lead acts."""

from tracker.pages.web.visitor import Visitor
from tracker.rules.arrangement import Arrangement
from tracker.rules.arranging import led_by, may_arrange, require_lead
from tracker.rules.events.kinds import Actor

__all__ = ["actor_for", "led_by", "may_arrange", "require_lead"]


def actor_for(visitor: Visitor, agreed: Arrangement, organisation: str | None = None) -> Actor:
    """A lead acting for an organisation: the one named, else the first that they lead. Refuses: MayNot."""
    require_lead(visitor.viewer, agreed, organisation)
    side = agreed.organisation(organisation or led_by(visitor.viewer, agreed)[0])
    return Actor(visitor.person_id, visitor.name, side.id, side.key, side.name)
