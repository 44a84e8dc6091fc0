"""What the theme report says: sections, each made of the same tallies; page, sheet, paper, CSV and JSON are faces."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from tracker.measures.periods import month_number, month_numbered
from tracker.reports.themes.both_sides import BothSides
from tracker.reports.themes.decisions import DecisionsOnThemes
from tracker.reports.themes.headlines import Headlines
from tracker.reports.themes.lines import ThemeLines, theme_names_of
from tracker.reports.themes.opening import Opening, Sitting, StoodOut, a_month_earlier
from tracker.reports.themes.perceptions import SideViews, views_of
from tracker.reports.themes.promises import Promises
from tracker.reports.themes.quotations import Quotations
from tracker.reports.themes.recurrence import FixOutcomes
from tracker.reports.themes.reporters import Reporters
from tracker.reports.themes.request import ReportRequest, Tallies, pairs_of
from tracker.reports.themes.series import verdicts_of
from tracker.reports.themes.service_areas import ServiceAreas, areas_of
from tracker.reports.themes.subject import Pair, ReportSubject, ThemeSection
from tracker.reports.themes.trust import Trust


@dataclass(frozen=True, slots=True)
class ThemeReport:
    """Its sections stand in the order of the workbook. `drawn`: what a page keeps of how it drew what is the
    same for all who read the same."""

    subject: ReportSubject
    opening: Opening
    headlines: Headlines
    themes: ThemeLines
    quotations: Quotations
    promises: Promises
    decisions: DecisionsOnThemes
    recurrence: FixOutcomes
    both_ways: BothSides
    views: SideViews
    reporting: Reporters
    service_areas: ServiceAreas
    trust: Trust
    least_months: int

    drawn: dict[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, request: ReportRequest, tallies: Tallies, sitting: Sitting | None = None) -> "ThemeReport":
        """What the tallies tell, wherever they come from."""
        return UnreadReport(request, tallies).read_by(sitting)

    @property
    def partnership(self) -> str:
        """Its name, for the frame of a page that is kept as a file."""
        return self.subject.name

    @property
    def tells_from(self) -> str:
        """The month in which enough months will have been recorded to tell what recurs: “May 2027”."""
        first = self.subject.first or self.subject.made_on
        begins = month_number(first) + (first.day > 1)
        return f"{month_numbered(begins + self.least_months).start:%B %Y}"

    @property
    def is_young(self) -> bool:
        """Whether too few months are recorded to tell anything."""
        return len(self.subject.chart) < self.least_months

    @property
    def sections(self) -> Sequence[ThemeSection]:
        return [each for each in (getattr(self, one.name) for one in fields(self)) if isinstance(each, ThemeSection)]


class UnreadReport:
    """A report as all read it who may read the same of it; what is asked of the one body that reads it is not in it."""

    def __init__(self, request: ReportRequest, tallies: Tallies) -> None:
        self._request, self._tallies, self._drawn = request, tallies, dict[str, str]()

    def read_by(self, sitting: Sitting | None) -> ThemeReport:
        opening = Opening.of(self._sections["headlines"], sitting, lambda: self._earlier)
        return ThemeReport(**self._sections, opening=opening, drawn=self._drawn)

    @cached_property
    def _subject(self) -> ReportSubject:
        return _subject(self._request, self._tallies)

    @cached_property
    def _pairs(self) -> tuple[Pair, ...]:
        return pairs_of(self._request, self._tallies.blocks)

    @cached_property
    def _earlier(self) -> tuple[StoodOut, ...]:
        return tuple(a_month_earlier(self._subject, self._request, self._tallies, self._pairs))

    @cached_property
    def _sections(self) -> dict[str, Any]:
        request, tallies, subject, pairs = self._request, self._tallies, self._subject, self._pairs
        verdicts = verdicts_of(request, tallies, pairs)
        themes = ThemeLines.of(subject, request, tallies, pairs, verdicts)
        promises = Promises.of(subject, request, tallies)
        views = SideViews(subject, views_of(request.arrangement, request.scope, tallies.blocks))
        return {
            "subject": subject,
            "headlines": Headlines.of(themes, verdicts, promises),
            "themes": themes,
            "quotations": Quotations.of(themes, tallies),
            "promises": promises,
            "decisions": DecisionsOnThemes.of(subject, request, tallies),
            "recurrence": FixOutcomes.of(themes, request, tallies),
            "both_ways": BothSides.of(subject, request, tallies, pairs),
            "views": views,
            "reporting": Reporters.of(subject, request, tallies),
            "service_areas": ServiceAreas(subject, areas_of(request.arrangement, request.quarters, tallies.areas)),
            "trust": Trust.of(themes, views, request, tallies),
            "least_months": request.thresholds.least_periods,
        }


def _subject(request: ReportRequest, tallies: Tallies) -> ReportSubject:
    arrangement = request.arrangement
    return ReportSubject(
        partnership=arrangement.key,
        name=arrangement.name,
        organisations={each.key: each.name for each in arrangement.organisations.values()},
        theme_names=theme_names_of(request, tallies),
        period=request.within,
        before=request.before,
        first=request.recorded.first,
        so_far=request.so_far,
        chart=request.charted,
        scope=tuple(arrangement.organisations[each].key for each in sorted(request.scope.organisation_ids or ())),
        made_on=request.today,
        asks_hours=arrangement.report.asks_hours,
        paper=arrangement.paper,
    )
