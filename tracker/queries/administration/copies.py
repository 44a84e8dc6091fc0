"""What leads read of copies: which organisation's have gone on past words that were taken out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlmodel import Session, col

from tracker.database import straight
from tracker.queries.issues import READERS, readable_events, visible_issues
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.partnership import Organisation
from tracker.records.session import OrganisationToken
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.redaction import Redacted
from tracker.rules.proofs.leaves import reader_group
from tracker.rules.rings import Viewer

SHOWN = 10


@dataclass(frozen=True, slots=True)
class RedactionLine:
    """Words that were taken out of an issue for good. `confirmed`: organisations, by key, whose copies asked for what
    came after it, so that they have taken them out, too; `waits`: the others that read them and have a copy."""

    ref: str
    at: datetime
    confirmed: tuple[str, ...]
    waits: tuple[str, ...]


def redaction_lines(session: Session, agreed: Arrangement, viewer: Viewer) -> tuple[RedactionLine, ...]:
    """Of the last ones that this lead reads of, the newest first; none where no organisation has a copy."""
    copies = straight(session).execute(_COPIES, {"partnership": agreed.id}).all()
    if not copies:
        return ()
    keys = {each.id: each.key for each in agreed.organisations.values()}
    found = straight(session).execute(_redactions(viewer), {"partnership": agreed.id})
    return tuple(_line(row, copies, keys) for row in found)


def _line(row: Row[Any], copies: Sequence[Row[Any]], keys: dict[int, str]) -> RedactionLine:
    """Of several copies of an organisation the slowest counts; one by a revoked token only where there is no other."""
    group = reader_group(row.readers, keys)
    confirmed: list[str] = []
    waits: list[str] = []
    for key in () if group.apart else group.organisations:
        mine = [each for each in copies if keys[each.organisation_id] == key]
        going = [each for each in mine if each.revoked_at is None] or mine
        if going:
            is_past = min(each.gone_on_from for each in going) >= row.id
            (confirmed if is_past else waits).append(key)
    return RedactionLine(row.ref, row.at, tuple(confirmed), tuple(waits))


_COPIES: Select[Any] = (
    select(*(col(getattr(OrganisationToken, name)) for name in ("organisation_id", "gone_on_from", "revoked_at")))
    .join(Organisation, col(Organisation.id) == col(OrganisationToken.organisation_id))
    .where(col(Organisation.partnership_id) == bindparam("partnership"))
    .where(col(OrganisationToken.gone_on_from).is_not(None))
)


@lru_cache(maxsize=READERS)
def _redactions(viewer: Viewer) -> Select[Any]:
    shown: tuple[Any, ...] = (col(Event.id), col(Event.at), col(Event.readers), col(Issue.ref))
    return (
        select(*shown)
        .join(Issue, col(Issue.id) == col(Event.issue_id))
        .where(col(Event.partnership_id) == bindparam("partnership"), col(Event.kind) == Redacted.name)
        .where(visible_issues(viewer), readable_events(viewer))
        .order_by(col(Event.id).desc())
        .limit(SHOWN)
    )
