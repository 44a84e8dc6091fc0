"""Changes of what was arranged while issues are open: `with Change(session, cast, now) as change:`, then the change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from tests.makers import OFFICE_HOURS, Cast
from tracker.actions.recompute_limits import recompute_limits
from tracker.records.governance import Body
from tracker.records.ladder import Tier
from tracker.records.partnership import Organisation, Partnership


class Change:
    """One change of the arrangement; at its end every clock follows. `moved`: how many issues said so."""

    def __init__(self, session: Session, cast: Cast, now: datetime) -> None:
        self.session, self.cast, self.now = session, cast, now
        self.before = cast.arrangement(session)
        self.moved = 0

    def close(self, organisation: str, *days: str) -> None:
        """Closed on these days besides the holidays, and on no others."""
        self.open(organisation, {**OFFICE_HOURS, "closed": [*days]})

    def open(self, organisation: str, calendar: Mapping[str, Any]) -> None:
        """Open as this calendar has it."""
        self.session.get_one(Organisation, self.cast.organisations[organisation].id).calendar = dict(calendar)

    def meet(self, body: str, meets: str | None) -> None:
        """The body meets by this recurrence."""
        self.session.get_one(Body, self.cast.bodies[body].id).meets = meets

    def count_by(self, zone: str) -> None:
        """The partnership's days are those of this zone."""
        self.session.get_one(Partnership, self.cast.partnership.id).zone = zone

    def __enter__(self) -> "Change":
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        if failed is None:
            anew(self.session, self.cast)
            after = self.cast.arrangement(self.session)
            self.moved = recompute_limits(self.session, self.before, after, now=self.now)


def write_tier(session: Session, cast: Cast, number: int, **lengths: str | int | None) -> None:
    """A tier of the ladder as it was agreed from the first, with these lengths."""
    row = session.exec(select(Tier).where(Tier.version_id == cast.ladder.id, Tier.number == number)).one()
    for name, length in lengths.items():
        setattr(row, name, length)
    anew(session, cast)


def write_ladder(session: Session, cast: Cast, **lengths: str) -> None:
    """The same for the ladder itself."""
    row = session.get_one(type(cast.ladder), cast.ladder.id)
    for name, length in lengths.items():
        setattr(row, name, length)
    anew(session, cast)


def anew(session: Session, cast: Cast) -> None:
    """What was read of the arrangement before is stale."""
    session.get_one(Partnership, cast.partnership.id).version += 1
    session.flush()
