"""What is in a pack, as plain values: and who sees which part of it.

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

import re
from collections.abc import Collection, Iterator, Mapping
from textwrap import shorten
from typing import Any, NamedTuple

from tracker.rules.events.kinds import REDACTED

Content = Mapping[str, Any]
LONGEST = 200  # letters of a note that stand in a sentence of its story


class DecisionNow(NamedTuple):
    """How a decision stands now. `due_on`: ISO 8601; `what` is as it was: its words are never changed."""

    state: str
    due_on: str
    what: str


def for_reader(
    content: Content, *, refs: Collection[str], decisions: Mapping[int, DecisionNow], totals: bool
) -> dict[str, Any]:
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


def where_said(content: Content, ref: str, words: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where in a pack these words about an issue stand: the path, and what stands there."""
    for place, each in enumerate(content["agenda"]):
        if each["ref"] == ref:
            for path, said in _texts(each):
                is_told = path[0] == "story" and without(said, words) != said
                if is_told or (holds(words, said) and holds(said, words)):
                    yield ("agenda", place, *path), said
    for place, each in enumerate((content["themes"] or {}).get("quotations", ())):
        if holds(words, each["text"]):
            yield ("themes", "quotations", place, "text"), each["text"]


def without(said: str, words: str) -> str:
    """What is said, with these words taken out of it: all of it where it is nothing else, or only a part of them."""
    if holds(words, said) and said != REDACTED:
        return REDACTED
    for form in (words, shortened(words)):
        said = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", REDACTED, said)
    return said


def shortened(words: str) -> str:
    """As a note stands in a sentence."""
    return shorten(words, LONGEST, placeholder=" …")


def holds(words: str, part: str) -> bool:
    """Whether this is said in these words, however the blanks between them are set."""
    return bool(part.strip()) and " ".join(part.split()) in " ".join(words.split())


def _texts(item: Content) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield ("title",), item["title"]
    yield from ((("account", place, "text"), each["text"]) for place, each in enumerate(item.get("account", ())))
    yield from ((("story", place), said) for place, said in enumerate(item["story"]))
