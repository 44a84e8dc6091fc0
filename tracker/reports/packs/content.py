"""Putting a pack together: the agenda with its ladders and stories, what was decided, the theme report."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlmodel import Session

from tracker.actions.freeze_pack import body_of, named
from tracker.queries.decisions import DecisionRow
from tracker.queries.issue_lines import IssueRow
from tracker.queries.packs import QUOTED, TOLD, decisions_for, issues_on, stories_of
from tracker.records.event import read_event
from tracker.records.pack import Pack
from tracker.reports.packs.changes import since_last
from tracker.reports.themes.build import theme_report
from tracker.reports.themes.faces import values
from tracker.reports.themes.sitting import sitting_on
from tracker.rules import names
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.issue import Amended, Raised
from tracker.rules.events.papers import PaperOpened
from tracker.rules.events.resolution import unlinked
from tracker.rules.ladder import awaited, silent, silent_text
from tracker.rules.ladder.acting import first_acting
from tracker.rules.packs import shortened
from tracker.rules.rings import Viewer
from tracker.rules.spans import day_in
from tracker.rules.wording import say_day, say_moment


def content_of(
    session: Session,
    arrangement: Arrangement,
    pack: Pack,
    now: datetime,
    *,
    viewer: Viewer | None = None,
    themes: bool = True,
) -> dict[str, Any]:
    """What is in a pack now (its shape: rules/packs). Without a viewer all of it, to be frozen and shown to each reader
    as far as they may see; with one, what they may see. `themes`: the theme report, too; of figures it has totals."""
    rows = issues_on(session, pack, viewer)
    stories = stories_of(session, [row.id for row in rows])
    whole = viewer is None or viewer.sees_totals_of(arrangement.id)
    body = body_of(pack, arrangement)
    return {
        "partnership": {"key": arrangement.key, "name": arrangement.name},
        "number": pack.number,
        "body": {"key": body.key, "name": body.name},
        "meeting": named(pack, arrangement),
        "period": pack.period_on(day_in(arrangement.zone, now)).name,
        "made": _moment(now, arrangement),
        "agenda": [_item(row, stories.get(row.id, ()), arrangement, now) for row in rows],
        "decisions": [_decision(row, arrangement, now) for row in decisions_for(session, pack, viewer)],
        "since_last": since_last(session, arrangement, pack, [row.ref for row in rows], viewer),
        "themes": _themes(session, arrangement, pack, now, viewer) if themes and whole else None,
    }


def _themes(
    session: Session, arrangement: Arrangement, pack: Pack, now: datetime, viewer: Viewer | None
) -> dict[str, Any]:
    today = day_in(arrangement.zone, now)
    within, sitting = pack.period_on(today), sitting_on(session, arrangement, body_of(pack, arrangement), pack.meets_at)
    found = theme_report(session, arrangement, today=today, viewer=viewer, period=within, quoted=True, sitting=sitting)
    return values(found)


def _item(
    row: IssueRow,
    story: Collection[Row[Any]],
    arrangement: Arrangement,
    now: datetime,
) -> dict[str, Any]:
    zone = ZoneInfo(arrangement.zone)
    ladder = arrangement.ladder_version(row.ladder_version_id)
    since = day_in(zone, row.entered_at or row.raised_at)
    acting = first_acting(row.holders, row, arrangement.day(row.ball_with_id, now))
    ball = arrangement.organisations[row.ball_with_id].name
    return {
        "ref": row.ref,
        "title": row.title,
        "severity": row.severity.value,
        "state": row.state.value,
        "sides": [arrangement.organisations[each].name for each in row.side_ids],
        "ball": f"{ball}, {names.person_name(acting, arrangement)}" if acting else ball,
        "waits": [*_waits(row, arrangement, now)],
        "since": say_day(since, 0),
        "since_on": since.isoformat(),
        "limit": _moment(row.due_at, arrangement) if row.due_at else "",
        "due_at": row.due_at.astimezone(UTC).isoformat() if row.due_at else "",
        "late": row.due_at is not None and row.due_at < now,
        "body_id": row.body_id,
        "ladder": [{"name": tier.name, "here": tier.number == row.tier} for tier in ladder.tiers] if ladder else [],
        "account": list(_account(row, story, arrangement)),
        "story": [_sentence(event, row, zone) for event in story if event.newest <= TOLD],
        "papers": [*_papers(row, story)],
    }


def _waits(row: IssueRow, arrangement: Arrangement, now: datetime) -> Iterator[str]:
    """Which sides have not acknowledged it where it is, or are asked whether they still have it."""
    for side, by in awaited(row.sides, row.state, ()):
        name, verb = arrangement.organisations[side.organisation_id].name, "was to" if by <= now else "is to"
        yield f"{name} {verb} acknowledge it by {_moment(by, arrangement)}."
    for side, since in silent(row.sides, row.state, ()):
        yield silent_text(arrangement.organisations[side.organisation_id].name, _moment(since, arrangement))


def _papers(row: IssueRow, story: Collection[Row[Any]]) -> Iterator[dict[str, Any]]:
    """What each side wrote since the issue came to its tier, part by part."""
    for event in story:
        if event.kind == PaperOpened.name and event.at >= (row.entered_at or row.raised_at):
            kind = read_event(event.kind, event.details, event.words, event.hashes)
            parts = [{"label": each.label, "text": each.text} for each in kind.passages()]
            yield {"organisation": getattr(kind, "side_name", ""), "parts": parts}


def _account(row: IssueRow, story: Collection[Row[Any]], arrangement: Arrangement) -> Iterator[dict[str, str]]:
    """What happened, in the words of those who told it: of who raised it, then of its last notes."""
    zone = ZoneInfo(arrangement.zone)
    newest = next((event for event in story if event.newest == 1), None)
    if newest and newest.detail.strip():
        name = newest.raised_by_name if names.may_know_reporter(row, None) else ""
        who = _said_by(name, arrangement.organisations[row.raised_for_id].name)
        others = "".join(_other_writers(row, story, zone))
        yield {"who": f"{who}{others}", "when": say_day(row.raised_at.astimezone(zone), 0), "text": newest.detail}
    for note in filter(_is_quoted, story):
        name = names.name_in(note.words, "actor") if names.may_know(note.person_id, row, None) else ""
        who = _said_by(name, names.name_in(note.words, "actor_organisation"))
        yield {"who": who, "when": say_day(note.at.astimezone(zone), 0), "text": note.said}


def _other_writers(row: IssueRow, story: Collection[Row[Any]], zone: ZoneInfo) -> Iterator[str]:
    """Whose words it tells besides: those of the issue that it is again, those of who changed them last."""
    changed = ""
    for event in story:
        if event.kind == Raised.name and "detail" in event.details.get("taken_over", ()):
            yield ", in the words of the issue that it is again"
        if event.kind == Amended.name and "detail" in event.details["fields"]:
            who = names.within_a_sentence(names.doer_name(event.kind, event.person_id, event.words, row, None))
            changed = f"; changed by {who} on {say_day(event.at.astimezone(zone), 0)}"
    yield changed


def _said_by(name: str, organisation: str) -> str:
    return f"{name} ({organisation})" if name and organisation else name or names.somebody_at(organisation)


def _is_quoted(event: Row[Any]) -> bool:
    return bool(event.said) and event.nth <= QUOTED


def _sentence(event: Row[Any], row: IssueRow, zone: ZoneInfo) -> str:
    """What happened; a note that its account does not have is quoted in it."""
    who = names.doer_name(event.kind, event.person_id, event.words, row, None)
    kind = unlinked(read_event(event.kind, event.details, event.words, event.hashes))
    quoted = event.said and not _is_quoted(event)
    said = f": “{shortened(event.said)}”" if quoted else ""
    return f"{say_day(event.at.astimezone(zone), 0)}: {kind.sentence(who)}{said}"


def _decision(row: DecisionRow, arrangement: Arrangement, now: datetime) -> dict[str, Any]:
    today = day_in(arrangement.zone, now)
    return {
        "number": row.number,
        "what": row.what,
        "decided_on": row.decided_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "state": row.state.value,
        "late": row.is_past_due(today),
        "decided": say_day(row.decided_on, 0),
        "says": row.standing(today),
        "owners": [f"{each.name} ({arrangement.organisations[each.organisation_id].name})" for each in row.owners],
    }


def _moment(at: datetime, arrangement: Arrangement) -> str:
    return say_moment(at.astimezone(ZoneInfo(arrangement.zone)), 0)
