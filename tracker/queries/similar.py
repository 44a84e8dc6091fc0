"""Issues like the one being written: candidates from the search index, ranked by the words they share."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, bindparam, exists, func, literal_column, select, union_all
from sqlmodel import Session, col

from tracker.database import straight
from tracker.measures.learning import rarity
from tracker.measures.similarity import Rarity, agreeing, most_telling, nearest, ranked, telling_words
from tracker.queries.issues import READERS, by_issue, visible_issues
from tracker.queries.learning import learnt_for
from tracker.queries.search import newest_with
from tracker.records.columns import among
from tracker.records.issue import Issue
from tracker.records.issue_parts import Holder, IssueSide
from tracker.rules.lifecycle import Kind, Outcome, State
from tracker.rules.rings import Ring, Viewer

MOST_SHOWN = 3
_MOST_RANKED = 5
_LEAST_AGREEING = 2  # telling words of what is shown
_LEAST_LIKE_SHOWN = 0.3  # a duplicate is as often shown as with 0.2, something needless in 0.63 of cases, not 0.87
_MOST_WORDS = 8  # the most telling words, which are looked up
_MOST_OF_ONE = 150  # issues, the newest, that hold one word
_MOST_COMPARED = 60  # candidates, those that hold most of what is telling, whose texts are compared
_READ = 600  # letters of a detail that are compared
_LEAST_ALIKE = 0.15
_DIGITS = 9  # of likenesses that are held against each other
_SAME_SIDE = 1.25  # an issue with the same organisation is so much more alike


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
    raised_for_id: int
    occurrences: int
    side_ids: tuple[int, ...]
    holders: tuple[Any, ...]  # rows, as `rules.ladder.Holding`
    same_side: bool  # it is with the organisation that was asked about
    agreeing: int  # telling words in common
    likeness: float

    @property
    def crossed(self) -> bool:
        return self.ring is not Ring.ORGANISATION

    @property
    def asked_ids(self) -> frozenset[int]:
        """Whom somebody asks is not looked at here."""
        return frozenset()

    @property
    def is_confirming(self) -> bool:
        """Nor who answers a proposal."""
        return False

    @property
    def proposer_id(self) -> None:
        """Nor whose it is."""


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
    text = f"{title} {title} {detail[:_READ]}"
    candidates, rarity = _candidates(session, viewer, partnership_id, text, with_id)
    candidates.pop(besides_id or 0, None)
    likeness = _likeness(text, candidates, rarity)
    alike = (key for key, score in likeness.items() if score >= _LEAST_ALIKE)
    best = sorted(alike, key=lambda key: (-likeness[key], -key))[:_MOST_RANKED]
    parts = by_issue(session, _SIDES, best)
    return tuple(_similar(candidates[key], parts.get(key, []), text, likeness[key]) for key in best)


def worth_showing(similar: Iterable[SimilarIssue]) -> tuple[SimilarIssue, ...]:
    """At most three of them, and only those in which two telling words agree: with the organisation that was chosen
    first, then what is open, then most alike."""
    shown = [each for each in similar if each.agreeing >= _LEAST_AGREEING and each.likeness >= _LEAST_LIKE_SHOWN]
    ordered = sorted(shown, key=lambda each: (not each.same_side, each.state is State.RESOLVED))
    return tuple(ordered[:MOST_SHOWN])


def _similar(row: Row[Any], parts: list[Row[Any]], text: str, likeness: float) -> SimilarIssue:
    """`parts`: its sides, the one spoken for first, each with every holder that it has had."""
    sides = dict.fromkeys(each.organisation_id for each in parts)
    holders = tuple(each for each in parts if each.person_id is not None)
    facts = (getattr(row, name) for name in _FACTS)
    common = agreeing(text, f"{row.title} {row.read}")
    return SimilarIssue._make((*facts, tuple(sides), holders, bool(row.same_side), common, likeness))


def _candidates(
    session: Session, viewer: Viewer, partnership_id: int, text: str, with_id: int | None
) -> tuple[dict[int, Row[Any]], Rarity]:
    """The issues that hold most of what is telling, by id, and how rare words are in what this person may read."""
    mine = {each.organisation_id for each in viewer.in_partnership(partnership_id)}
    rare = rarity(learnt_for(session, mine))
    holding = _holding(session, viewer, partnership_id, most_telling(text, rare, _MOST_WORDS))
    keys = nearest(text, holding, rare, _MOST_COMPARED)
    if not keys:
        return {}, rare
    found = straight(session).execute(_those(viewer), {"with": with_id, "ids": keys})
    return {row.id: row for row in found}, rare


def _likeness(text: str, candidates: Mapping[int, Row[Any]], rare: Rarity) -> dict[int, float]:
    """How alike each candidate is, by issue id."""
    texts = {key: f"{row.title} {row.title} {row.read}" for key, row in candidates.items()}
    return {
        key: round(score * (_SAME_SIDE if candidates[key].same_side else 1), _DIGITS)
        for key, score in ranked(text, texts, rare)
    }


def _holding(session: Session, viewer: Viewer, partnership_id: int, words: list[str]) -> Mapping[str, list[int]]:
    """For each word the newest issues that hold it: all of them for a rare word. One statement."""
    parts = []
    for place, word in enumerate(words):
        holding = newest_with(session, viewer, word, partnership_id, most=_MOST_OF_ONE).subquery()
        parts.append(select(literal_column(str(place)).label("place"), holding.c.id))
    found: dict[str, list[int]] = {word: [] for word in words}
    for place, issue_id in straight(session).execute(union_all(*parts)).all():
        found[words[place]].append(issue_id)
    return found


_REST = ("side_ids", "holders", "same_side", "agreeing", "likeness")
_FACTS = tuple(name for name in SimilarIssue._fields if name not in _REST)
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
    .where(among(col(IssueSide.issue_id)))
    .order_by(col(IssueSide.issue_id), col(IssueSide.position), col(IssueSide.organisation_id))
)
_SAME = (
    exists()
    .where(col(IssueSide.issue_id) == col(Issue.id), col(IssueSide.organisation_id) == bindparam("with"))
    .label("same_side")
)


@lru_cache(maxsize=READERS)
def _those(viewer: Viewer) -> Select[Any]:
    read = func.substr(col(Issue.detail), 1, _READ).label("read")
    return select(*(getattr(Issue, name) for name in _FACTS), read, _SAME).where(
        among(col(Issue.id)), visible_issues(viewer)
    )
