"""Draws issues of a copy, of what was told of them alone."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from tracker.exchange.mirror.entries import FeedEvent, FeedHome, FeedSide
from tracker.exchange.mirror.issues import NO_TITLE, copied_issue, kind_of_event
from tracker.pages.issues.view import StoryItem
from tracker.pages.web.header import side_class
from tracker.pages.web.links import linked_text, references
from tracker.rules import names
from tracker.rules.digest import ACTOR
from tracker.rules.events.issue import Noted, Raised
from tracker.rules.events.kinds import REDACTED, EventKind
from tracker.rules.events.resolution import OfTwo, unlinked
from tracker.rules.lifecycle import SEVERITY_WORDS, STATE_WORDS, State
from tracker.rules.rings.readers import only_text

_WORDS_OF_STATE: Mapping[str, str] = {each.value: words for each, words in STATE_WORDS.items()}
_WORDS_OF_SEVERITY: Mapping[str, str] = {each.value: words for each, words in SEVERITY_WORDS.items()}
_UNREADABLE = "Something happened that this version of the product has no words for"


@dataclass(frozen=True, slots=True)
class CopiedLine:
    """An issue in a list. `ball`: the organisation whose turn it is, in its colour `side`; "" of nobody's."""

    ref: str
    title: str
    severity: str
    state: str
    state_words: str
    ball: str
    side: str
    moved_at: datetime


def draw_line(row: Row[Any], sides: Mapping[int, FeedSide]) -> CopiedLine:
    """A row of `issues_listed`."""
    ball = sides.get(row.ball_with_id) if row.state != State.RESOLVED.value else None
    return CopiedLine(
        row.ref,
        row.title,
        row.severity,
        row.state,
        _WORDS_OF_STATE.get(row.state, row.state),
        ball.name if ball else "",
        side_class(ball.position) if ball else "",
        row.moved_at,
    )


def mentioned(events: Iterable[FeedEvent]) -> tuple[str, ...]:
    """The references in what is told of an issue."""
    return references(_texts(events))


def draw_copied(ref: str, events: Sequence[FeedEvent], home: FeedHome, refs: Collection[str]) -> dict[str, Any]:
    """One issue with its story, of one event or more. `refs`: those in its texts that are of issues of the copy."""
    sides = {each.id: each for each in home.sides}
    issue = copied_issue(events)
    if issue is None:
        raise ValueError("an issue of which nothing was told")
    raised_for, ball = sides.get(issue.raised_for_id or 0), sides.get(issue.ball_with_id or 0)
    first = events[0]
    return {
        "ref": ref,
        "title": issue.title or NO_TITLE,
        "detail": linked_text(issue.detail, refs),
        "severity": issue.severity,
        "severity_words": _WORDS_OF_SEVERITY.get(issue.severity, issue.severity),
        "state": issue.state,
        "state_words": _WORDS_OF_STATE.get(issue.state, issue.state),
        "raised_at": issue.raised_at,
        "raised_by": _doer_text(first),
        "raised_side": side_class(raised_for.position) if raised_for else "",
        "ball": ball if issue.state != State.RESOLVED.value else None,
        "ball_side": side_class(ball.position) if ball else "",
        "story": [
            _item(place, event, kind, sides, refs)
            for place, event in enumerate(events)
            if not isinstance(kind := kind_of_event(event), Raised)
        ],
    }


def _texts(events: Iterable[FeedEvent]) -> Iterator[str]:
    for event in events:
        yield from (each.text for each in event.words.values())
        yield str(event.details.get("again", ""))


def _item(
    place: int, event: FeedEvent, kind: EventKind | None, sides: Mapping[int, FeedSide], refs: Collection[str]
) -> StoryItem:
    side = sides.get(event.organisation_id or 0)
    item = StoryItem(f"event-{place}", event.at, side=side_class(side.position) if side else "")
    if kind is None:
        return replace(item, sentence=_UNREADABLE)
    if isinstance(kind, OfTwo) and kind.again not in refs:
        kind = unlinked(kind)
    if isinstance(kind, Noted) and kind.note > 0:
        return _note(item, event, kind, refs)
    return replace(
        item,
        sentence=linked_text(kind.sentence(_doer_text(event)), refs),
        tone=kind.tone,
        passages=tuple(replace(each, text=linked_text(each.text, refs)) for each in kind.passages()),
        routine=kind.folded_text(),
    )


def _note(item: StoryItem, event: FeedEvent, kind: Noted, refs: Collection[str]) -> StoryItem:
    text, who, organisation = event.words.get("text"), _doer(event), _organisation(event)
    return replace(
        item,
        who=who,
        organisation="" if organisation in who else organisation,
        text=linked_text(text.text if text else REDACTED, refs),
        spoke=kind.spoke,
        readers=only_text(event.ring, organisation, "", ()),
    )


def _doer(event: FeedEvent) -> str:
    """A name, as far as the organisation was told it: whoever keeps theirs inside their own is somebody there."""
    name, organisation = event.words.get(ACTOR), _organisation(event)
    if name:
        return name.text
    return names.somebody_at(organisation) if ACTOR in event.hashes else organisation or "Somebody"


def _doer_text(event: FeedEvent) -> str:
    organisation = _organisation(event)
    return f"{_doer(event)} ({organisation})" if ACTOR in event.words and organisation else _doer(event)


def _organisation(event: FeedEvent) -> str:
    word = event.words.get("actor_organisation")
    return word.text if word else ""
