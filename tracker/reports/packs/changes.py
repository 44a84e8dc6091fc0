"""What changed since a pack was frozen: of its issues, its decisions, and the figures of its theme report."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from tracker.measures.periods import period
from tracker.queries.issue_list import UNTAGGED
from tracker.queries.packs import decisions_now, last_before, standing_now
from tracker.queries.tallies.counts import Scope, by_month, recorded
from tracker.records.pack import Pack
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.resolution import OUTCOME_WORDS
from tracker.rules.packs import Content, DecisionNow
from tracker.rules.rings import Viewer
from tracker.rules.wording import say_count

_STATES = {"open": "acknowledged", "proposed": "a resolution was proposed", "superseded": "replaced"}


@dataclass(frozen=True, slots=True)
class IssueNow:
    """How an issue stands now. `due_at`: ISO 8601 in UTC, "" for none; `body`: the name of the body it is on."""

    ref: str
    title: str
    state: str
    outcome: str
    body_id: int | None
    body: str
    due_at: str


@dataclass(frozen=True, slots=True)
class PackChanges:
    """In words: of issues by reference, of decisions by number, of themes as sentences. `arrived`: issues that reached
    the body since."""

    issues: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[int, str] = field(default_factory=dict)
    arrived: tuple[IssueNow, ...] = ()
    themes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.issues or self.decisions or self.arrived or self.themes)

    def sentences(self) -> Iterator[str]:
        """Each change by itself, for paper."""
        yield from (f"{ref}: {words}" for ref, words in self.issues.items())
        yield from (f"Decision {number}: {words}" for number, words in self.decisions.items())
        yield from (f"{each.ref} {each.title}: reached this body since" for each in self.arrived)
        yield from self.themes


def changes_since(
    session: Session,
    arrangement: Arrangement,
    pack: Pack,
    shown: Content,
    issues: Iterable[Row[Any]],
    decisions: Mapping[int, DecisionNow],
) -> PackChanges:
    """Of what a reader is `shown` of a frozen pack; `issues` and `decisions` as `queries.packs` finds them now."""
    changed, arrived = issue_changes(shown, pack.body_id, [_issue_now(row, arrangement) for row in issues])
    themes = theme_changes(shown, _counts_now(session, arrangement, pack)) if shown["themes"] else ()
    return PackChanges(changed, decision_changes(shown, decisions), arrived, themes)


def since_last(
    session: Session, arrangement: Arrangement, pack: Pack, agenda: Collection[str], viewer: Viewer | None
) -> dict[str, Any] | None:
    """What changed between the body's last published pack and this one, whose `agenda` these issues are (its shape:
    rules/packs), as far as this person may see it; without one, all. None for a body's first."""
    before = last_before(session, pack)
    if before is None or before.content is None:
        return None
    issues = standing_now(session, viewer, pack.body_id, before.content)
    decisions = decisions_now(session, viewer, before, before.content)
    changed, _ = issue_changes(before.content, pack.body_id, [_issue_now(row, arrangement) for row in issues])
    was = {each["ref"] for each in before.content["agenda"]}
    return {
        "number": before.number,
        "meeting": before.content["meeting"],
        "issues": [{"ref": ref, "words": words} for ref, words in changed.items()],
        "decisions": [
            {"number": number, "words": words} for number, words in decision_changes(before.content, decisions).items()
        ],
        "arrived": [ref for ref in agenda if ref not in was],
    }


def told_since_last(content: Content) -> Iterator[tuple[str, str, str]]:
    """Each change since the last pack in the words of all its faces: what changed, where it stands, how."""
    since, titles = content.get("since_last"), {each["ref"]: each["title"] for each in content["agenda"]}
    if not since:
        return
    yield from ((each["ref"], addresses.issue(each["ref"]), each["words"]) for each in since["issues"])
    for each in since["decisions"]:
        at = addresses.decision(content["partnership"]["key"], each["number"])
        yield f"Decision {each['number']}", at, each["words"]
    for ref in since["arrived"]:
        yield f"{ref} {titles.get(ref, '')}".rstrip(), addresses.issue(ref), "reached this body since"


def issue_changes(
    content: Content, body_id: int, now: Iterable[IssueNow]
) -> tuple[dict[str, str], tuple[IssueNow, ...]]:
    """(what changed since of each issue in the pack, by reference; the issues that reached the body since)."""
    kept = {each["ref"]: each for each in content["agenda"]}
    changed: dict[str, str] = {}
    since: list[IssueNow] = []
    for each in now:
        if each.ref not in kept:
            since.append(each)
        elif words := _issue_change(kept[each.ref], each, body_id):
            changed[each.ref] = words
    return changed, tuple(each for each in since if each.body_id == body_id and each.state != "resolved")


def decision_changes(content: Content, now: Mapping[int, DecisionNow]) -> dict[int, str]:
    """What changed since of each decision in the pack, by number."""
    words = {each["number"]: _decision_change(each, now.get(each["number"])) for each in content["decisions"]}
    return {number: change for number, change in words.items() if change}


def theme_changes(content: Content, now: Mapping[str, int]) -> tuple[str, ...]:
    """Where the period of its theme report holds another count now: what was recorded late, or put under another
    theme. `now`: occurrences by theme, "untagged" among them."""
    report = content["themes"]
    return tuple(
        f"{line['name']}: {say_count(now.get(line['key'], 0), 'occurrence')} now, {line['occurrences']} then"
        for line in ((*report["themes"], report["untagged"]) if report else ())
        if now.get(line["key"], 0) != line["occurrences"]
    )


def _issue_change(then: Content, now: IssueNow, body_id: int) -> str:
    if now.state == "resolved":
        return f"resolved since, {OUTCOME_WORDS.get(now.outcome, now.outcome)}" if now.outcome else "resolved since"
    if now.body_id != body_id:
        return f"moved since to {now.body}" if now.body else "left this body since"
    if now.state != then["state"]:
        return f"{_STATES.get(now.state, now.state)} since"
    if now.due_at != then["due_at"]:
        return "its limit moved since"
    return "its title was edited since" if now.title != then["title"] else ""


def _decision_change(then: Content, now: DecisionNow | None) -> str:
    if now is None:
        return ""
    if now.state != then["state"]:
        return f"{_STATES.get(now.state, now.state)} since"
    return "its due date moved since" if now.due_on != then["due_on"] else ""


def _issue_now(row: Row[Any], arrangement: Arrangement) -> IssueNow:
    body = next((each.name for each in arrangement.bodies.values() if each.id == row.body_id), "")
    due_at = row.due_at.astimezone(UTC).isoformat() if row.due_at else ""
    outcome = row.outcome.value if row.outcome else ""
    return IssueNow(row.ref, row.title, row.state.value, outcome, row.body_id, body, due_at)


def _counts_now(session: Session, arrangement: Arrangement, pack: Pack) -> Counter[str]:
    scope = Scope.of(arrangement, None)
    uncounted = recorded(session, scope).uncounted
    counts = Counter[str]()
    for month in by_month(session, scope, period(pack.period).numbers, uncounted):
        counts[month.theme or UNTAGGED] += month.occurrences
    return counts
