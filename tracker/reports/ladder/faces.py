"""The ladder report's faces: JSON for programs, CSV and XLSX for sheets (figures and references, no texts), paper."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tracker.reports.ladder import ball, climbing, endings, ways
from tracker.reports.ladder import findings as opening
from tracker.reports.ladder.measured import Number, What
from tracker.reports.ladder.report import LadderReport
from tracker.reports.ladder.tables import LadderSection
from tracker.reports.ladder.words import Address, figure
from tracker.reports.paper import paper
from tracker.reports.sentences import Count, Quality, Sentence
from tracker.reports.spreadsheet import comma_separated, workbook


@dataclass(frozen=True, slots=True)
class LadderSections:
    """The report as page and paper have it. `findings`: the most telling first; `settled`: how many ended on each
    tier. `readable`: how many of the issues that are counted the files have, () where all; `scope`: whose issues are
    counted, "" for the whole partnership; `anything`: something was recorded, if not in this period."""

    partnership: str
    period: str
    scope: str
    readable: Sentence
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
        period=opening.period_words(report),
        scope="" if report.whole else "the issues that you may read",
        readable=opening.readable_words(report, at),
        anything=report.anything,
        issues=figure(totals.issues, at, What.RAISED),
        resolved=figure(totals.resolved, at, What.RESOLVED),
        reopened=Count(str(totals.reopened or ""), at(Number(What.REOPENED))),
        findings=tuple(opening.findings(report, at)),
        measures=tuple(endings.measures(report, at)),
        settled=tuple(endings.settled(report, at)),
        sections=tuple(section for section in drawn if section.lines),
    )


def values(report: LadderReport) -> dict[str, Any]:
    """As plain values. Lengths in seconds or working hours, as their names say."""
    return {
        "partnership": report.arrangement.key,
        "period": report.within.name if report.within else None,
        "issues": ways.values(report),
        "totals": asdict(report.totals),
        "tiers": climbing.values(report),
        **ball.values(report),
        **endings.values(report),
    }


def as_json(report: LadderReport) -> str:
    return json.dumps(values(report), ensure_ascii=False, indent=2) + "\n"


def as_csv(report: LadderReport) -> str:
    """One row an issue, under a header."""
    return comma_separated(ways.sheet(report))


def as_xlsx(report: LadderReport) -> bytes:
    """A sheet for each part of the report, the issues last."""
    return workbook((*climbing.sheets(report), *ball.sheets(report), endings.sheet(report), ways.sheet(report)))


def as_pdf(report: LadderReport) -> bytes:
    """As its page draws it; on paper no number leads anywhere."""
    return paper("ladder", asdict(sections(report, lambda number: "")))


FACES: Mapping[str, Callable[[LadderReport], str | bytes]] = {
    "json": as_json,
    "csv": as_csv,
    "xlsx": as_xlsx,
    "pdf": as_pdf,
}
