"""The ladder report's faces: what it says first, its sections; JSON, CSV and XLSX (figures, no texts), paper."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tracker.measures.periods import in_words
from tracker.reports.ladder import ball, climbing, endings, ways
from tracker.reports.ladder.numbers import Number, What
from tracker.reports.ladder.report import IssueFlow, LadderReport
from tracker.reports.ladder.tables import LadderSection
from tracker.reports.ladder.words import Address, figure, tier_names, working_length
from tracker.reports.paper import paper
from tracker.reports.sentences import Count, Quality, Sentence
from tracker.reports.spreadsheet import comma_separated, workbook

Flows = Iterable[tuple[str, IssueFlow]]  # see `build.issue_flows`
_END_OF_ISSUES = "\n  }"


@dataclass(frozen=True, slots=True)
class LadderSections:
    """The report as page and paper have it. `findings`: the most telling first; `settled`: how many ended on each
    tier. `readable`: how many of the issues that are counted the files have, () where all; `scope`: whose issues are
    counted, "" for the whole partnership; `behind`: that the figures lag, "" where they do not; `anything`: something
    was recorded, if not in this period."""

    partnership: str
    period: str
    scope: str
    readable: Sentence
    behind: str
    anything: bool
    issues: Count
    resolved: Count
    reopened: Count
    findings: tuple[Sentence, ...]
    measures: tuple[Quality, ...]
    settled: tuple[tuple[str, Count], ...]
    sections: tuple[LadderSection, ...]


def sections(report: LadderReport, at: Address) -> LadderSections:
    drawn = (
        climbing.going_up(report, at),
        climbing.staying(report, at),
        ball.whose_turn(report, at),
        ball.hand_to_hand(report, at),
        ways.ways_gone(report),
    )
    totals = report.totals
    return LadderSections(
        partnership=report.arrangement.name,
        period=_period_text(report),
        scope="" if report.whole else "the issues that you may read",
        readable=_readable_text(report, at),
        behind=_behind_text(report),
        anything=report.anything,
        issues=figure(totals.issues, at, What.RAISED),
        resolved=figure(totals.resolved, at, What.RESOLVED),
        reopened=Count(str(totals.reopened or ""), at(Number(What.REOPENED))),
        findings=tuple(_findings(report, at)),
        measures=tuple(endings.measures(report, at)),
        settled=tuple(endings.settled(report, at)),
        sections=tuple(section for section in drawn if section.lines),
    )


def json_pieces(report: LadderReport, flows: Flows) -> Iterator[str]:
    """A JSON value in pieces: the issues, of which there may be a million, are told as they come. Lengths in seconds or
    working hours, as their names say."""
    told = {"partnership": report.arrangement.key, "period": report.within.name if report.within else None}
    yield f'{{\n{_members(told)},\n  "issues": {{'
    place = 0
    for place, (reference, issue) in enumerate(flows, start=1):
        one = _members({reference: ways.value(issue)}).replace("\n", "\n  ")
        yield f"{',' if place > 1 else ''}\n  {one}"
    yield f"{_END_OF_ISSUES if place else '}'},\n{_members(_totals(report))}\n}}\n"


def _totals(report: LadderReport) -> dict[str, Any]:
    return {
        "behind": report.behind,
        "totals": asdict(report.totals),
        "tiers": climbing.values(report),
        **ball.values(report),
        **endings.values(report),
    }


def _members(values: Mapping[str, Any]) -> str:
    """As they stand between the braces."""
    return json.dumps(values, ensure_ascii=False, indent=2)[2:-2]


def as_json(report: LadderReport, flows: Flows) -> str:
    return "".join(json_pieces(report, flows))


def as_csv(report: LadderReport, flows: Flows) -> str:
    """One row an issue, under a header."""
    return comma_separated(ways.sheet(flows))


def as_xlsx(report: LadderReport, flows: Flows) -> bytes:
    """A sheet for each part of the report, the issues last."""
    return workbook((*climbing.sheets(report), *ball.sheets(report), endings.sheet(report), ways.sheet(flows)))


def as_pdf(report: LadderReport, flows: Flows = ()) -> bytes:
    """As its page draws it; on paper no number leads anywhere, and no issue stands but those that went furthest."""
    return paper("ladder", asdict(sections(report, lambda number: "")), report.arrangement.paper)


FACES: Mapping[str, Callable[[LadderReport, Flows], str | bytes]] = {
    "json": as_json,
    "csv": as_csv,
    "xlsx": as_xlsx,
    "pdf": as_pdf,
}


def _period_text(report: LadderReport) -> str:
    return f"Raised in {in_words(report.within)}" if report.within else "All time"


def _readable_text(report: LadderReport, at: Address) -> Sentence:
    """What the files and the list have of the issues that are counted; () where they have all."""
    readable, counted = report.readable, report.totals.issues
    if readable == counted:
        return ()
    listed = f"Counted are all {counted}; the list of issues, here and in the files, has the "
    return (listed, figure(readable, at, What.RAISED), " that you may read.")


def _behind_text(report: LadderReport) -> str:
    if not report.behind:
        return ""
    return f"{report.behind:,} issues have changed and are being counted; until then these figures lag behind."


def _findings(report: LadderReport, at: Address) -> Iterator[Sentence]:
    names, flagged = tier_names(report.arrangement), report.hand_overs.flagged
    if report.totals.resolved and report.totals.tiers:
        yield tuple(_ended(report, at))
    steepest = max(report.tiers, key=lambda tier: tier.went_up.k, default=None)
    if steepest and steepest.went_up.k:
        tier, share = steepest.tier, steepest.went_up
        went_up, left = figure(share.k, at, What.WENT_UP, tier), figure(share.n, at, What.LEFT, tier)
        name = names.get(tier, f"tier {tier}")
        yield (f"Most went up from {name}: ", went_up, " of the ", left, " that left it or passed its limit.")
    median = report.acknowledgement.median_hours
    if median is not None:
        yield (f"Half were acknowledged by every side within {working_length(median)} of working time.",)
    if flagged:
        issues = f" {'issue' if flagged == 1 else 'issues'}."
        yield ("The turn went to and fro on ", figure(flagged, at, What.TO_AND_FRO), issues)


def _ended(report: LadderReport, at: Address) -> Iterator[str | Count]:
    totals, low = report.totals, report.totals.tiers[0]
    yield figure(low.resolved, at, What.ENDED, low.tier)
    yield " of "
    yield figure(totals.resolved, at, What.RESOLVED)
    name = tier_names(report.arrangement).get(low.tier, f"tier {low.tier}")
    yield f" resolved {'issue' if totals.resolved == 1 else 'issues'} ended on the lowest tier, {name}"
    if low.tier == 1 and low.resolved:
        yield ", "
        yield figure(report.endings.lowest.k, at, What.SOLVED, 1)
        yield " of them solved"
    yield "."
