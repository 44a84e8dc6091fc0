"""Issues like the one being written: candidates from the search index, ranked by the words they share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, bindparam, exists, func, literal_column, select, union_all
from sqlmodel import Session, col

from tracker.measures.similarity import Rarity, most_telling, nearest, ranked, stems, telling_words
from tracker.queries.issues import by_issue, visible_issues
from tracker.queries.search import newest_with
from tracker.records.issue import Issue
from tracker.records.issue_parts import Holder, IssueSide
from tracker.rules.lifecycle import Kind, Outcome, State
from tracker.rules.rings import Ring, Viewer

MOST_SHOWN = 5
_MOST_WORDS = 8  # the most telling words, which are looked up
_MOST_OF_ONE = 150  # issues, the newest, that hold one word
_MOST_COMPARED = 80  # candidates, those that hold most of what is telling, whose texts are compared
_READ = 600  # letters of a detail that are compared
_LEAST_ALIKE = 0.15
_SAME_SIDE = 1.25  # an issue with the same organisation is so much more alike
_COUNTED = 2000  # the newest issues, counted in a tenth of a second
_SAMPLED = 1000  # letters of a detail
_FEW = 100  # issues: among fewer each new one is counted at once
_GROWN = 10  # counted anew when there is one more for so many
_MOST_KEPT = 64


class SimilarIssue(NamedTuple):
    """An issue like the one being written, with what the policy asks of it (`rules.policy.PolicyFacts`)."""

    id: int
    partnership_id: int
    ref: str
    title: str
    kind: Kind
    ring: Ring
    state: State
    outcome: Outcome | None
    tier: int
    body_id: int | None
    ladder_version_id: int | None
    raised_by_id: int | None
    occurrences: int
    side_ids: tuple[int, ...]
    holders: tuple[Any, ...]  # rows, as `rules.ladder.Holding`

    @property
    def crossed(self) -> bool:
        return self.ring is not Ring.ORGANISATION

    @property
    def asked_ids(self) -> frozenset[int]:
        """Whom somebody asks is not looked at here."""
        return frozenset()


def similar_issues(
    session: Session,
    viewer: Viewer,
    partnership_id: int,
    title: str,
    detail: str,
    with_id: int | None = None,
    *,
    besides_id: int | None = None,
) -> tuple[SimilarIssue, ...]:
    """At most five issues of a partnership the person may see, resolved ones too, most alike first; those with the
    organisation `with_id` before others as alike. `besides_id`: the issue that is asked about.

    Nothing for a text with fewer than two telling words: it would be like everything.
    """
    if len(telling_words(f"{title} {detail}")) < 2:
        return ()
    likeness = _likeness(session, viewer, partnership_id, f"{title} {title} {detail[:_READ]}", with_id)
    likeness.pop(besides_id or 0, None)
    best = sorted((key for key, score in likeness.items() if score >= _LEAST_ALIKE), key=lambda key: -likeness[key])
    if not best:
        return ()
    those = select(*_COLUMNS).where(col(Issue.id).in_(best[:MOST_SHOWN]), visible_issues(viewer))
    rows = {row.id: row for row in session.execute(those)}
    parts = by_issue(session, _SIDES, rows)
    return tuple(_similar(rows[key], parts.get(key, [])) for key in best[:MOST_SHOWN] if key in rows)


def _similar(row: Row[Any], parts: list[Row[Any]]) -> SimilarIssue:
    """`parts`: its sides, the one spoken for first, each with every holder that it has had."""
    sides = dict.fromkeys(each.organisation_id for each in parts)
    holders = tuple(each for each in parts if each.person_id is not None)
    return SimilarIssue._make((*row, tuple(sides), holders))


def _likeness(
    session: Session, viewer: Viewer, partnership_id: int, text: str, with_id: int | None
) -> dict[int, float]:
    """How alike each candidate is, by issue id."""
    rarity = word_rarity(session, partnership_id)
    holding = _holding(session, viewer, partnership_id, most_telling(text, rarity, _MOST_WORDS))
    keys = nearest(text, holding, rarity, _MOST_COMPARED)
    if not keys:
        return {}
    say_newest(session, partnership_id, max(keys))
    found = session.execute(_CANDIDATES, {"with": with_id, "ids": keys}).all()
    scores = dict(ranked(text, {row.id: f"{row.title} {row.title} {row.detail}" for row in found}, rarity))
    same_side = {row.id for row in found if row.same_side}
    return {key: score * _SAME_SIDE if key in same_side else score for key, score in scores.items()}


def _holding(session: Session, viewer: Viewer, partnership_id: int, words: list[str]) -> Mapping[str, list[int]]:
    """For each word the newest issues that hold it: all of them for a rare word. One statement."""
    here = (col(Issue.partnership_id) == partnership_id,)
    parts = []
    for place, word in enumerate(words):
        holding = newest_with(session, viewer, word, here, most=_MOST_OF_ONE).subquery()
        parts.append(select(literal_column(str(place)).label("place"), holding.c.id))
    found: dict[str, list[int]] = {word: [] for word in words}
    for place, issue_id in session.execute(union_all(*parts)):
        found[words[place]].append(issue_id)
    return found


_COLUMNS = tuple(getattr(Issue, name) for name in SimilarIssue._fields if name not in ("side_ids", "holders"))
_SIDES: Any = (
    select(
        col(IssueSide.issue_id),
        col(IssueSide.organisation_id),
        *(col(getattr(Holder, name)) for name in ("id", "tier", "person_id", "first", "active", "acted")),
    )
    .outerjoin(
        Holder,
        and_(
            col(Holder.issue_id) == col(IssueSide.issue_id),
            col(Holder.organisation_id) == col(IssueSide.organisation_id),
        ),
    )
    .where(col(IssueSide.issue_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(IssueSide.issue_id), col(IssueSide.position), col(IssueSide.organisation_id))
)
_SAME = (
    exists()
    .where(col(IssueSide.issue_id) == col(Issue.id), col(IssueSide.organisation_id) == bindparam("with"))
    .label("same_side")
)
_CANDIDATES = select(
    col(Issue.id), col(Issue.title), func.substr(col(Issue.detail), 1, _READ).label("detail"), _SAME
).where(col(Issue.id).in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class _CountedWords:
    rarity: Rarity
    newest: int


_kept: dict[tuple[str, int], _CountedWords] = {}


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


def _count(session: Session, partnership_id: int) -> _CountedWords:
    rows = session.execute(_NEWEST, {"partnership": partnership_id}).all()
    rarity = Rarity.of(stems(f"{row.title} {row.detail}") for row in rows)
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    kept = _CountedWords(rarity, max((row.id for row in rows), default=0))
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
