"""What is in a pack, as plain values: who sees which part of it, and what changed since it was frozen.

A pack: {"partnership": {"key", "name"}, "number", "body": {"key", "name"}, "meeting", "period", "made", "agenda",
"decisions", "themes": the theme report, or None}. Of its agenda each issue: {"ref", "title", "severity", "state",
"sides", "ball", "since", "limit", "due_at", "late", "body_id", "ladder": [{"name", "here"}], "account", "story",
"papers"}; each decision: {"number", "what", "decided_on", "due_on", "state", "late", "decided", "says", "owners"}. Days
and moments are words by the partnership's clock, but for `due_at`, `decided_on` and `due_on`, which are ISO 8601.
`account`: what its raiser told, then its last notes: [{"who", "when", "text"}]; packs of the first versions have none.
`papers` is the place of two-sided papers: [{"organisation", "text"}].

It is frozen once and never cut anew: figures of small groups that were withheld in it cannot be had by asking again
for a part of it (statistics.md 8).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from tracker.rules.events.resolution import OUTCOME_WORDS
from tracker.rules.wording import say_count

Content = Mapping[str, Any]


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


class DecisionNow(NamedTuple):
    """How a decision stands now. `due_on`: ISO 8601; `what` is as it was: its words are never changed."""

    state: str
    due_on: str
    what: str


def for_reader(
    content: Content, *, refs: Collection[str], decisions: Mapping[int, DecisionNow], totals: bool
) -> dict[str, Any]:  # fmt: skip
    """The pack as one reader may see it: of the agenda the issues `refs`, of the decisions these numbers, the theme
    report with `totals`, in which nothing else is named either. What is left out is not counted: it does not exist
    for them."""
    return {
        **content,
        "agenda": [each for each in content["agenda"] if each["ref"] in refs],
        "decisions": [each for each in content["decisions"] if each["number"] in decisions],
        "themes": _for_reader(content["themes"], refs, decisions) if totals and content["themes"] else None,
    }


def named_in(content: Content) -> tuple[list[str], list[int]]:
    """(the references of issues, the numbers of decisions) that a pack names anywhere."""
    report = content["themes"] or {}
    chained = [ref for chain in report.get("lasting", {}).get("chains", ()) for ref in chain["refs"]]
    decided = [each["number"] for each in (*content["decisions"], *report.get("decisions", ()))]
    return [*(each["ref"] for each in content["agenda"]), *chained], decided


def headlines(report: Content) -> tuple[tuple[str, str], ...]:
    """What a frozen theme report says first: sentences, each with the address of the issues behind it ("" for none);
    () of one from before it said anything."""
    if "headlines" not in report:
        return ()
    most = report.get("most_frequent", "")
    ordinary = "No theme stands out: what is below is the ordinary rub of working together."
    found = tuple((each["sentence"], each.get("issues_at", "")) for each in report["headlines"])
    return found or ((f"{ordinary} The most frequent is {most}." if most else ordinary, ""),)


def helped(report: Content) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """What was decided about themes, and whether it helped: the number of each decision, its words, its effects."""
    names = {line["key"]: line["name"] for line in (*report["themes"], report["untagged"])}
    for each in report.get("decisions", ()):
        effects = (f"{names[key]}: {found.get('words') or found['verdict']}" for key, found in each["effects"].items())
        said = each.get("said") or ", ".join((each["what"] or f"Decision {each['number']}", each["decided_on"]))
        yield each["number"], said, tuple(effects)


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
    return {number: words for number, words in _decision_changes(content, now) if words}


def theme_changes(content: Content, now: Mapping[str, int]) -> tuple[str, ...]:
    """Where the period of its theme report holds another count now: what was recorded late, or put under another
    theme. `now`: occurrences by theme, "untagged" among them."""
    report = content["themes"]
    if not report:
        return ()
    lines = [*report["themes"], report["untagged"]]
    return tuple(
        f"{line['name']}: {say_count(now.get(line['key'], 0), 'occurrence')} now, {line['occurrences']} then"
        for line in lines
        if now.get(line["key"], 0) != line["occurrences"]
    )


def _for_reader(report: Content, refs: Collection[str], decisions: Mapping[int, DecisionNow]) -> dict[str, Any]:
    """A theme report without the references that a reader may not see, and without the marks on charts of what was
    decided about a theme where they may not read all of it. It was frozen for all, with numbers of decisions alone:
    those that its reader may read are named."""
    shown = dict(report)
    if lasting := report.get("lasting"):
        chains = [{**chain, "refs": [ref for ref in chain["refs"] if ref in refs]} for chain in lasting["chains"]]
        shown["lasting"] = {**lasting, "chains": chains}
    if decided := report.get("decisions"):
        seen = [each for each in decided if each["number"] in decisions]
        shown["decisions"] = [_named(each, decisions[each["number"]].what) for each in seen]
        hidden = {theme for each in decided if each["number"] not in decisions for theme in each["effects"]}
        shown["themes"] = [_unmarked(line) if line["key"] in hidden else line for line in report["themes"]]
    return shown


def _named(decided: Content, what: str) -> dict[str, Any]:
    said = decided.get("said", "").replace(f"Decision {decided['number']}", what, 1)
    return {**decided, "what": what, **({"said": said} if said else {})}


def _unmarked(line: Content) -> dict[str, Any]:
    verdict = line["verdict"]
    if not verdict or "decided" not in verdict["chart"]:
        return dict(line)
    return {**line, "verdict": {**verdict, "chart": {**verdict["chart"], "decided": []}}}


def _issue_change(then: Content, now: IssueNow, body_id: int) -> str:
    if now.state == "resolved":
        return f"resolved since, {OUTCOME_WORDS.get(now.outcome, now.outcome)}" if now.outcome else "resolved since"
    if now.body_id != body_id:
        return f"moved since to {now.body}" if now.body else "left this body since"
    if now.state != then["state"]:
        return f"{_STATES.get(now.state, now.state)} since"
    if now.due_at != then["due_at"]:
        return "its limit moved since"
    return "its title was mended since" if now.title != then["title"] else ""


def _decision_changes(content: Content, now: Mapping[int, DecisionNow]) -> Iterator[tuple[int, str]]:
    for then in content["decisions"]:
        found = now.get(then["number"], DecisionNow(then["state"], then["due_on"], then["what"]))
        if found.state != then["state"]:
            yield then["number"], f"{_STATES.get(found.state, found.state)} since"
        else:
            yield then["number"], "its due date moved since" if found.due_on != then["due_on"] else ""


_STATES = {"open": "acknowledged", "proposed": "a resolution was proposed", "superseded": "replaced"}
