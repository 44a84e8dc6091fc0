"""How rare words are in a partnership: counted over its newest shared issues, and kept in the process."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from tracker.measures.similarity import Rarity, stems
from tracker.records.issue import Issue
from tracker.rules.rings import Ring

_COUNTED = 2000  # the newest issues, counted in a tenth of a second
_SAMPLED = 1000  # letters of a detail
_FEW = 100  # issues: among fewer each new one is counted at once
_GROWN = 10  # counted anew when there is one more for so many
_MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class _Counted:
    rarity: Rarity
    newest: int


_kept: dict[tuple[str, int], _Counted] = {}


def word_rarity(session: Session, partnership_id: int) -> Rarity:
    """As it was last counted; counted now where it never was."""
    kept = _kept.get(_place(session, partnership_id))
    return (kept or _count(session, partnership_id)).rarity


def say_newest(session: Session, partnership_id: int, newest: int) -> None:
    """Somebody came by an issue with this id: where there are many newer than those counted, the next who asks has
    them counted anew."""
    place = _place(session, partnership_id)
    kept = _kept.get(place)
    if kept and newest - kept.newest > (kept.rarity.texts // _GROWN if kept.rarity.texts >= _FEW else 0):
        _kept.pop(place, None)


def _count(session: Session, partnership_id: int) -> _Counted:
    rows = session.execute(_NEWEST, {"partnership": partnership_id}).all()
    rarity = Rarity.of(stems(f"{row.title} {row.detail}") for row in rows)
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    kept = _Counted(rarity, max((row.id for row in rows), default=0))
    _kept[_place(session, partnership_id)] = kept
    return kept


def _place(session: Session, partnership_id: int) -> tuple[str, int]:
    return str(session.get_bind().engine.url), partnership_id


_NEWEST = (
    select(col(Issue.id), col(Issue.title), func.substr(col(Issue.detail), 1, _SAMPLED).label("detail"))
    .where(col(Issue.partnership_id) == bindparam("partnership"), col(Issue.ring) == Ring.SHARED)
    .order_by(col(Issue.raised_at).desc(), col(Issue.id).desc())
    .limit(_COUNTED)
)
