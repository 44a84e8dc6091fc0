"""What is in a pack, as plain values: and who sees which part of it.

A pack: {"partnership": {"key", "name"}, "number", "body": {"key", "name"}, "meeting", "period", "made", "agenda",
"decisions", "since_last", "themes": the theme report, or None}. Of its agenda each issue: {"ref", "title", "severity",
"state", "sides", "ball", "since", "since_on", "limit", "due_at", "late", "body_id", "ladder": [{"name", "here"}],
"account", "story", "papers"}; each decision: {"number", "what", "decided_on", "due_on", "state", "late", "decided",
"says", "owners"}. Days and moments are words by the partnership's clock, but for `since_on`, `due_at`, `decided_on`
and `due_on`, which are ISO 8601. `account`: what its raiser told, then its last notes: [{"who", "when", "text"}];
packs of the first versions have none. `papers` is the place of two-sided papers: [{"organisation", "text"}].
`since_last`: what changed since the body's last published pack: {"number", "meeting", "issues": [{"ref", "words"}],
"decisions": [{"number", "words"}], "arrived": the references of those on the agenda that were not}; None where there
is none. Packs from before it have none, either.

It is frozen once and never cut anew: figures of small groups that were withheld in it cannot be had by asking again
for a part of it (statistics.md 8).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
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
        "since_last": _since_for_reader(content.get("since_last"), refs, decisions),
        "themes": _for_reader(content["themes"], refs, decisions) if totals and content["themes"] else None,
    }


def _since_for_reader(
    since: Content | None, refs: Collection[str], decisions: Mapping[int, DecisionNow]
) -> Content | None:
    return since and {
        **since,
        "issues": [each for each in since["issues"] if each["ref"] in refs],
        "decisions": [each for each in since["decisions"] if each["number"] in decisions],
        "arrived": [ref for ref in since["arrived"] if ref in refs],
    }


def named_in(content: Content) -> tuple[list[str], list[int]]:
    """(the references of issues, the numbers of decisions) that a pack names anywhere."""
    report = content["themes"] or {}
    chained = [ref for chain in report.get("lasting", {}).get("chains", ()) for ref in chain["refs"]]
    since = content.get("since_last") or {}
    decided = (*content["decisions"], *report.get("decisions", ()), *since.get("decisions", ()))
    told = (*content["agenda"], *since.get("issues", ()))
    return [*(each["ref"] for each in told), *chained], [each["number"] for each in decided]


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
        unseen = [each for each in decided if each["number"] not in decisions]
        hidden = {theme for each in unseen for theme in (*each["effects"], *each.get("themes", ()))}
        shown["themes"] = [_unmarked(line) if line["key"] in hidden else line for line in report["themes"]]
        if heads := report.get("headlines"):
            shown["headlines"] = [_undecided(each) if each.get("theme") in hidden else each for each in heads]
    return shown


def _named(decided: Content, what: str) -> dict[str, Any]:
    said = decided.get("said", "").replace(f"Decision {decided['number']}", what, 1)
    return {**decided, "what": what, **({"said": said} if said else {})}


def _unmarked(line: Content) -> dict[str, Any]:
    return {**line, "verdict": line["verdict"] and _undecided(line["verdict"])}


def _undecided(told: Content) -> dict[str, Any]:
    """What has charts, which neither show nor say any more when something was decided."""
    charts = {name: told[name] for name in ("chart", "bars") if "decided" in (told.get(name) or ())}
    return {**told, **{name: {**each, "decided": [], **_said_otherwise(each)} for name, each in charts.items()}}


def _said_otherwise(chart: Content) -> dict[str, str]:
    said = chart.get("described", "").split("; ")
    return {"described": "; ".join(each for each in said if not each.startswith("decided"))} if any(said) else {}


@dataclass(frozen=True, slots=True)
class WrittenWords:
    """Words that people of one organisation (`side`: its name) wrote about an issue, and what tells in a pack that they
    are theirs: `endings` of the sentences of its story that have them; `of_issue`: its title or account; `quoted`: what
    of them may be quoted, None where that was taken back since; `alone`: nobody else wrote the same."""

    words: str
    side: str
    endings: frozenset[str] = frozenset()
    of_issue: bool = False
    quoted: frozenset[str] | None = frozenset()
    alone: bool = True


def where_said(content: Content, ref: str, said: WrittenWords) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where in a pack these words about an issue stand: the path, and what stands there. What others wrote in the same
    words is not theirs to take out."""
    for place, item in enumerate(content["agenda"]):
        if item["ref"] == ref:
            yield from ((("agenda", place, *path), text) for path, text in _said_of(item, said))
    for place, each in enumerate((content["themes"] or {}).get("quotations", ())):
        is_theirs = each["text"] in said.quoted if said.quoted is not None else holds(said.words, each["text"])
        if is_theirs:
            yield ("themes", "quotations", place, "text"), each["text"]


def _said_of(item: Content, said: WrittenWords) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if said.of_issue and _is_same(item["title"], said.words):
        yield ("title",), item["title"]
    for place, each in enumerate(item.get("account", ())):
        if _is_same(each["text"], said.words) and (said.alone or said.side in each["who"]):
            yield ("account", place, "text"), each["text"]
    yield from _said_in_papers(item["papers"], said)
    endings = [each for each in said.endings if without(each, said.words) != each]
    for place, sentence in enumerate(item["story"]):
        if any(sentence.endswith(each) for each in endings):
            yield ("story", place), sentence


def _said_in_papers(papers: Iterable[Content], said: WrittenWords) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for place, paper in enumerate(papers):
        for number, part in enumerate(paper["parts"] if paper["organisation"] == said.side else ()):
            if _is_same(part["text"], said.words):
                yield ("papers", place, "parts", number, "text"), part["text"]


def _is_same(one: str, other: str) -> bool:
    return holds(one, other) and holds(other, one)


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
