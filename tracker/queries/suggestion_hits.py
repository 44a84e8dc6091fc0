"""How often the theme that was suggested is the one confirmed, told from the events of confirming."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from tracker.records.event import Event
from tracker.rules.events.issue import ThemeConfirmed
from tracker.rules.rings import Ring

MOST_COUNTED = 500  # the newest confirmations


@dataclass(frozen=True, slots=True)
class SuggestionHits:
    """Confirmations by what had been suggested: the first of it, another of it, something else; nothing at all."""

    first: int = 0
    another: int = 0
    other: int = 0
    unsuggested: int = 0

    @property
    def suggested(self) -> int:
        """How many there were with something suggested: what the shares are of."""
        return self.first + self.another + self.other


def suggestion_hits(session: Session, partnership_id: int) -> SuggestionHits:
    """Over the newest 500 confirmations of issues that crossed. A theme taken away is not counted."""
    found = session.execute(_NEWEST, {"partnership": partnership_id}).scalars()
    kinds = [_kind(details["theme"], details.get("suggested", [])) for details in found if details.get("theme")]
    return SuggestionHits(**{kind: kinds.count(kind) for kind in set(kinds)})


_NEWEST = (
    select(col(Event.details))
    .where(
        col(Event.partnership_id) == bindparam("partnership"),
        col(Event.kind) == ThemeConfirmed.name,
        col(Event.ring) == Ring.SHARED,
    )
    .order_by(col(Event.id).desc())
    .limit(MOST_COUNTED)
)


def _kind(theme: str, suggested: list[str]) -> str:
    if not suggested:
        return "unsuggested"
    if theme == suggested[0]:
        return "first"
    return "another" if theme in suggested else "other"
