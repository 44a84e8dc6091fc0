"""Recording administrative events: what was done to an arrangement, in the partnership's chain; leads see it."""

from tracker.records.partnership_chain import record
from tracker.rules.events.kinds import Actor

__all__ = ["SERVER", "record"]

SERVER = Actor(None, "The people who run the server")
