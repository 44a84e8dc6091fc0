"""A pack as one reader finds it: what of it they may see, what changed since, what its theme report says first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from tracker.measures.periods import in_words, period
from tracker.queries.packs import decisions_now, standing_now
from tracker.records.pack import Pack
from tracker.reports.packs.changes import PackChanges, changes_since, told_since_last
from tracker.reports.packs.content import content_of
from tracker.reports.themes.headlines import MOST
from tracker.rules.arrangement import Arrangement
from tracker.rules.packs import Content, for_reader
from tracker.rules.rings import Viewer
from tracker.rules.wording import say_moment


@dataclass(frozen=True, slots=True)
class PackReading:
    """A pack as one reader finds it: what of it they may see, and what changed since it was frozen."""

    content: dict[str, Any]
    changes: PackChanges = field(default_factory=PackChanges)


def read_pack(
    session: Session, arrangement: Arrangement, pack: Pack, viewer: Viewer, now: datetime, *, whole: bool = False
) -> PackReading:
    """A draft is put together as things stand, with its theme report where it is wanted `whole` (for a file); of a
    published one the frozen content is cut to what this person may see, and held against how things stand."""
    if pack.content is None:
        return PackReading(content_of(session, arrangement, pack, now, viewer=viewer, themes=whole))
    issues = standing_now(session, viewer, pack.body_id, pack.content)
    decisions = decisions_now(session, viewer, pack, pack.content)
    totals = viewer.sees_totals_of(arrangement.id)
    shown = for_reader(pack.content, refs={each.ref for each in issues}, decisions=decisions, totals=totals)
    return PackReading(shown, changes_since(session, arrangement, pack, shown, issues, decisions))


def for_file(arrangement: Arrangement, pack: Pack, reading: PackReading) -> dict[str, Any]:
    """What a file of it says (packs/faces)."""
    at = pack.published_at and say_moment(pack.published_at.astimezone(ZoneInfo(arrangement.zone)), 0)
    return {
        **reading.content,
        "published": f"{at} by {pack.published_by}" if at else None,
        "changed": [*reading.changes.sentences()],
        "changed_since_last": [f"{what}: {how}" for what, _, how in told_since_last(reading.content)],
        "period_words": in_words(period(reading.content["period"])),
        "paper": arrangement.paper.value,
    }


@dataclass(frozen=True, slots=True)
class HeadlineOfThen:
    """What stood out in a frozen theme report, in parts; one from before it had parts has its sentence alone."""

    called: str
    words: str
    tone: str
    reasons: str
    around: str
    sentence: str
    issues_at: str
    easing: bool
    bars: Content | None


def headlines(report: Content) -> tuple[HeadlineOfThen, ...] | None:
    """What a frozen theme report says first, the worst first; None of one from before it said anything."""
    return tuple(map(_headline, report["headlines"])) if "headlines" in report else None


def standing_out(found: Iterable[HeadlineOfThen]) -> tuple[HeadlineOfThen, ...]:
    """Those that the report of then says first."""
    return tuple(each for each in found if not each.easing)[:MOST]


def ordinary(report: Content) -> str:
    """What is said where nothing stands out."""
    most = report.get("most_frequent", "")
    said = "No theme stands out: what is below is the ordinary friction of working together."
    return f"{said} The most frequent is {most}." if most else said


def _headline(told: Content) -> HeadlineOfThen:
    parts = {name: told.get(name, "") for name in ("words", "tone", "reasons", "around", "issues_at")}
    called, sentence = told.get("called") or told["sentence"], told["sentence"]
    return HeadlineOfThen(called, sentence=sentence, easing=told.get("easing", False), bars=told.get("bars"), **parts)


def helped(report: Content) -> Iterator[tuple[int, str, str, tuple[str, ...]]]:
    """What was decided about themes, and whether it helped: the number of each decision, its words, how it stood, its
    effects."""
    names = {line["key"]: line["name"] for line in (*report["themes"], report["untagged"])}
    for each in report.get("decisions", ()):
        effects = (f"{names[key]}: {found.get('words') or found['verdict']}" for key, found in each["effects"].items())
        said = each.get("said") or ", ".join((each["what"] or f"Decision {each['number']}", each["decided_on"]))
        yield each["number"], said, each.get("standing", ""), tuple(effects)
