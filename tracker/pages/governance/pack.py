"""Draws a pack for one reader: the part of it that they may see, and what changed since it was frozen."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import starmap
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from tracker.actions.freeze_pack import body_of, named
from tracker.measures.periods import in_words, period
from tracker.pages.web.parts import Choice, FormState, Link
from tracker.queries.issue_list import UNTAGGED
from tracker.queries.packs import decisions_now, standing_now
from tracker.queries.tallies import counts as theme_counts
from tracker.queries.tallies.counts import Scope
from tracker.records.pack import Pack
from tracker.reports.packs.content import content_of
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement
from tracker.rules.deciding import may_publish
from tracker.rules.packs import (
    Content,
    IssueNow,
    decision_changes,
    for_reader,
    headlines,
    helped,
    issue_changes,
    theme_changes,
)
from tracker.rules.rings import Viewer
from tracker.rules.wording import say_moment


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack in the list; `published_at` None: a draft."""

    number: int
    href: str
    body: str
    meets_at: datetime
    period: str
    published_at: datetime | None
    published_by: str


@dataclass(frozen=True, slots=True)
class DraftForm:
    """The form that begins a pack for a body. `meetings`: its next ones; empty where it meets when called."""

    body_key: str
    body: str
    meetings: tuple[Choice, ...]
    period: str
    form: FormState = field(default_factory=FormState)


@dataclass(frozen=True, slots=True)
class PacksView:
    """The packs that the reader may see, the newest first, and the forms that begin one."""

    key: str
    partnership: str
    packs: tuple[PackLine, ...]
    drafts: tuple[DraftForm, ...]


@dataclass(frozen=True, slots=True)
class PackView:
    """One pack as this reader may see it. `content`: rules/packs; `changed`: what changed since of an issue (by
    reference) or of a decision (by number); `since`: issues that reached the body since; `theme_changes`: sentences.
    `theme_report`: where the report stands live; `headlines`: what the frozen one says first, with the issues behind
    it; `helped`: what was decided about themes, with its effects; `may_publish`: the reader may freeze it."""

    key: str
    number: int
    meeting: str
    body_href: str
    meets_at: datetime
    content: Mapping[str, Any]
    files: tuple[Link, ...]
    theme_report: Link
    published_at: datetime | None = None
    published_by: str = ""
    changed: Mapping[str | int, str] = field(default_factory=dict)
    since: tuple[Link, ...] = ()
    theme_changes: tuple[str, ...] = ()
    headlines: tuple[Link, ...] = ()
    helped: tuple[tuple[Link, tuple[str, ...]], ...] = ()
    may_publish: bool = False

    @property
    def anything_changed(self) -> bool:
        return bool(self.changed or self.since or self.theme_changes)


@dataclass(frozen=True, slots=True)
class Read:
    """A pack as a reader finds it: what of it they may see, and what changed since."""

    content: dict[str, Any]
    changed: dict[str | int, str]
    since: tuple[IssueNow, ...] = ()
    themes: tuple[str, ...] = ()


def read_pack(
    session: Session, arrangement: Arrangement, pack: Pack, viewer: Viewer, now: datetime, *, whole: bool = False
) -> Read:
    """A draft is put together as things stand, with its theme report where it is wanted `whole` (for a file); of a
    published one the frozen content is cut to what this person may see, and held against how things stand."""
    if pack.content is None:
        return Read(content_of(session, arrangement, pack, now, viewer=viewer, themes=whole), {})
    standing = [_now(row, arrangement) for row in standing_now(session, viewer, pack.body_id, pack.content)]
    decided = decisions_now(session, viewer, pack, pack.content)
    totals = viewer.sees_totals_of(arrangement.id)
    shown = for_reader(pack.content, refs={each.ref for each in standing}, decisions=decided, totals=totals)
    issues, since = issue_changes(shown, pack.body_id, standing)
    themes = _theme_changes(session, arrangement, pack, shown)
    changed: dict[str | int, str] = dict(issues.items())
    changed |= dict(decision_changes(shown, decided).items())
    return Read(shown, changed, since, themes)


def draw_pack(arrangement: Arrangement, pack: Pack, viewer: Viewer, found: Read) -> PackView:
    """Its page."""
    key, body = arrangement.key, body_of(pack, arrangement)
    themes = found.content["themes"]
    return PackView(
        key=key, number=pack.number, meeting=named(pack, arrangement), body_href=addresses.body(key, body.key),
        meets_at=pack.meets_at, content=found.content, published_at=pack.published_at, published_by=pack.published_by,
        files=tuple(Link(words, addresses.pack(key, pack.number, end)) for words, end in _FILES),
        theme_report=Link(in_words(period(pack.period)), addresses.report(key, "themes", period=pack.period)),
        changed=found.changed,
        since=tuple(Link(f"{each.ref} {each.title}", addresses.issue(each.ref)) for each in found.since),
        theme_changes=found.themes, headlines=tuple(starmap(Link, headlines(themes))) if themes else (),
        helped=tuple(_helped(themes, key)) if themes else (),
        may_publish=pack.published_at is None and may_publish(viewer, body, arrangement),
    )  # fmt: skip


def file_content(arrangement: Arrangement, pack: Pack, found: Read) -> dict[str, Any]:
    """What a file of it says."""
    zone = ZoneInfo(arrangement.zone)
    at = pack.published_at
    published = f"{say_moment(at.astimezone(zone), 0)} by {pack.published_by}" if at else None
    words = in_words(period(pack.period))
    return {**found.content, "published": published, "changed": list(_sentences(found)), "period_words": words}


_FILES = (("PDF", "pdf"), ("Spreadsheet", "xlsx"))


def _helped(themes: Content, key: str) -> Iterator[tuple[Link, tuple[str, ...]]]:
    for number, said, effects in helped(themes):
        yield Link(said, addresses.decision(key, number)), effects


def _sentences(found: Read) -> Iterator[str]:
    for what, words in found.changed.items():
        yield f"{what if isinstance(what, str) else f'Decision {what}'}: {words}"
    yield from (f"{each.ref} {each.title}: reached this body since" for each in found.since)
    yield from found.themes


def _now(row: Any, arrangement: Arrangement) -> IssueNow:
    body = next((each.name for each in arrangement.bodies.values() if each.id == row.body_id), "")
    due_at = row.due_at.astimezone(UTC).isoformat() if row.due_at else ""
    outcome = row.outcome.value if row.outcome else ""
    return IssueNow(row.ref, row.title, row.state.value, outcome, row.body_id, body, due_at)


def _theme_changes(session: Session, arrangement: Arrangement, pack: Pack, shown: Content) -> tuple[str, ...]:
    if not shown["themes"]:
        return ()
    scope = Scope.of(arrangement, None)
    uncounted = theme_counts.recorded(session, scope).uncounted
    counts: Counter[str] = Counter()
    for month in theme_counts.by_month(session, scope, period(pack.period).numbers, uncounted):
        counts[month.theme or UNTAGGED] += month.occurrences
    return theme_changes(shown, counts)
