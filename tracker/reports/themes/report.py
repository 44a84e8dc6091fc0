"""What the theme report says: sections, each made of the same tallies; page, sheet, paper, CSV and JSON are faces."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from tracker.reports.themes.both_sides import BothSides
from tracker.reports.themes.decisions import DecisionsOnThemes
from tracker.reports.themes.headlines import Headlines
from tracker.reports.themes.lines import ThemeLines, theme_names_of
from tracker.reports.themes.perceptions import SideViews, views_of
from tracker.reports.themes.promises import Promises
from tracker.reports.themes.quotations import Quotations
from tracker.reports.themes.recurrence import FixOutcomes
from tracker.reports.themes.reporters import Reporters
from tracker.reports.themes.request import ReportRequest, Tallies, pairs_of
from tracker.reports.themes.series import verdicts_of
from tracker.reports.themes.service_areas import ServiceAreas, areas_of
from tracker.reports.themes.subject import ReportSubject, ThemeSection
from tracker.reports.themes.trust import Trust


@dataclass(frozen=True, slots=True)
class ThemeReport:
    """Its sections stand in the order of the workbook."""

    subject: ReportSubject
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

    @classmethod
    def of(cls, request: ReportRequest, tallies: Tallies) -> "ThemeReport":
        """What the tallies tell, wherever they come from."""
        arrangement, scope, subject = request.arrangement, request.scope, _subject(request, tallies)
        pairs = pairs_of(request, tallies.blocks)
        verdicts = verdicts_of(request, tallies, pairs)
        themes = ThemeLines.of(subject, request, tallies, pairs, verdicts)
        views = SideViews(subject, views_of(arrangement, scope, tallies.blocks))
        return cls(
            subject,
            headlines=Headlines.of(themes, verdicts),
            themes=themes,
            quotations=Quotations.of(themes, tallies),
            promises=Promises.of(subject, request, tallies),
            decisions=DecisionsOnThemes.of(subject, request, tallies),
            recurrence=FixOutcomes.of(themes, request, tallies),
            both_ways=BothSides.of(subject, request, tallies, pairs),
            views=views,
            reporting=Reporters.of(subject, request, tallies),
            service_areas=ServiceAreas(subject, areas_of(arrangement, request.quarters, tallies.areas)),
            trust=Trust.of(themes, views, request, tallies),
        )

    @property
    def partnership(self) -> str:
        """Its name, for the frame of a page that is kept as a file."""
        return self.subject.name

    @property
    def sections(self) -> Sequence[ThemeSection]:
        return [getattr(self, each.name) for each in fields(self)[1:]]


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
    )
