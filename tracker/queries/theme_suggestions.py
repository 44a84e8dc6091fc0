"""Themes suggested for one issue: by their phrases, and by what was confirmed for issues all sides may read.

It is learnt from issues of the reader's own organisations alone (`queries.learning`); a reader is named only such of
them as they may see, and only words of the issue that they read. What was found is kept for who may read the same,
until anything happens to the issue or they learn more; which of those alike somebody may see is asked each time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlmodel import Session, col

from tracker.database import straight
from tracker.measures.suggestion import Lessons, Suggester, Why
from tracker.queries.issues import visible_issues
from tracker.queries.learning import learner, learnt_for
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.issue import ThemeConfirmed
from tracker.rules.rings import Ring, Viewer

MOST_SUGGESTED = 3
_LEAST_TEXTS = 2
_LEAST_OF_BEST = 0.25  # a theme with a smaller share of the best one's score is no help
_MOST_ALIKE = 2


@dataclass(frozen=True, slots=True)
class SuggestedTheme:
    """A theme by its key, never without a reason: words that stand in the issue, confirmed issues that it is like and
    the reader may see (`ref`, `title`)."""

    theme: str
    words: tuple[str, ...]
    alike: tuple[Row[Any], ...]


def theme_suggestions(
    session: Session, viewer: Viewer, arrangement: Arrangement, issue: Issue, text: str
) -> tuple[SuggestedTheme, ...]:
    """At most three themes in use for an issue, best first. `text`: the words of it that all its readers may read, of
    which the first _ASKED letters say what it is about."""
    text, mine = text[:_ASKED], {each.organisation_id for each in viewer.in_partnership(arrangement.id)}
    learnt_for(session, mine)
    near = learner(session).made(
        issue.id,
        mine,
        (issue.version, arrangement.version, text),
        lambda learnt: _nearest_themes([each.lessons for each in learnt], arrangement, text),
    )
    alike = _readable(session, viewer, issue, [why for _, why in near])
    offered = (
        SuggestedTheme(key, why.words, tuple(alike[name] for name in why.alike if name in alike)[:_MOST_ALIKE])
        for key, why in near
    )
    return tuple(each for each in offered if each.words or each.alike)[:MOST_SUGGESTED]


_ASKED = 600


def _nearest_themes(
    lessons: Iterable[Lessons[str]], arrangement: Arrangement, text: str
) -> tuple[tuple[str, Why], ...]:
    """Themes in use with their reasons, best first, before it is known which of those alike a reader may see."""
    themes = {key: theme for key, theme in arrangement.themes.items() if not theme.retired}
    phrases = {key: theme.phrases for key, theme in themes.items()}
    suggested = Suggester(phrases, lessons=lessons, least_texts=_LEAST_TEXTS).suggest(text)
    found = [(key, score, why) for key, score, why in suggested if key in themes]
    best = found[0][1] if found else 0.0
    return tuple((key, why) for key, score, why in found if score >= best * _LEAST_OF_BEST)


def _readable(session: Session, viewer: Viewer, issue: Issue, whys: list[Why]) -> dict[object, Any]:
    """By id, those of the issues they are like that the reader may see."""
    ids = {name for why in whys for name in why.alike} - {issue.id}
    if not ids:
        return {}
    named = select(col(Issue.id), col(Issue.ref), col(Issue.title)).where(
        col(Issue.id).in_(ids), visible_issues(viewer)
    )
    return {row.id: row for row in straight(session).execute(named).all()}


_CONFIRMATIONS = (col(Event.partnership_id) == bindparam("partnership"), col(Event.kind) == ThemeConfirmed.name)
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
    .where(*_CONFIRMATIONS, col(Event.ring) == Ring.SHARED)
    .order_by(col(Event.id).desc())
    .limit(MOST_COUNTED)
)


def _kind(theme: str, suggested: list[str]) -> str:
    if not suggested:
        return "unsuggested"
    if theme == suggested[0]:
        return "first"
    return "another" if theme in suggested else "other"
