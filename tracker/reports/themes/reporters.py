"""Who reports: how many people of each organisation, lately and before, and who has fallen silent."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from tracker.measures.breadth import is_silent
from tracker.measures.suppression import FEW, are_few
from tracker.reports.spreadsheet import Sheet
from tracker.reports.themes.request import ReportRequest, Tallies
from tracker.reports.themes.subject import ReportSubject, ThemeSection


@dataclass(frozen=True, slots=True)
class ReporterCounts:
    """Distinct people of an organisation that reported something, in the recent months and in as many before them;
    how many people it has on the record, and how many reports were to be expected of them (statistics.md 8)."""

    organisation: str
    recent: int
    before: int
    people: int
    reports: int
    expected: float

    @property
    def is_silent(self) -> bool:
        """Nothing was reported though something was to be expected."""
        return is_silent(self.reports, self.expected)

    @property
    def shown(self) -> tuple[str, str]:
        """How many people, as it may be shown: “<5” of one to four, who could be identified."""
        return people_text(self.recent), people_text(self.before)

    @property
    def text(self) -> str:
        """How widely it reports."""
        if self.is_silent:
            return f"silent: about {self.expected:.0f} reports were to be expected"
        if are_few(max(self.recent, self.before)):
            return "too few to compare"
        if self.recent == self.before:
            return "as many as before"
        return "more people than before" if self.recent > self.before else "fewer people than before"

    def values(self) -> dict[str, Any]:
        recent, before = self.shown
        return {**asdict(self), "recent": recent, "before": before, "silent": self.is_silent, "words": self.text}


@dataclass(frozen=True, slots=True)
class Reporters(ThemeSection):
    """How widely each organisation that counts reports, in the partnership's order."""

    organisations: tuple[ReporterCounts, ...]

    @classmethod
    def of(cls, subject: ReportSubject, request: ReportRequest, tallies: Tallies) -> "Reporters":
        return cls(subject, tuple(_reporting(request, tallies)))

    def values(self) -> dict[str, Any]:
        return {"reporting": [each.values() for each in self.organisations]}

    def sheets(self) -> Iterator[Sheet]:
        names = self.subject.organisations
        rows = [
            (each.organisation, names[each.organisation], *each.shown, each.people, each.reports, each.text)
            for each in self.organisations
        ]
        yield Sheet("Reporting", ("organisation", "name", "recent", "before", "people", "reports", "in words"), rows)


def people_text(people: int) -> str:
    return FEW if are_few(people) else str(people)


def _reporting(request: ReportRequest, tallies: Tallies) -> Iterator[ReporterCounts]:
    seen, recent = request.scope.organisation_ids, request.thresholds.recent_months
    people, both, now = request.people, request.numbers[-2 * recent :], request.numbers[-recent:]
    heard: dict[tuple[int, bool], set[int]] = defaultdict(set)
    reports: Counter[int] = Counter()
    for month in tallies.months:
        if month.number in both:
            heard[month.organisation_id, month.number in now].update(month.reporters)
            reports[month.organisation_id] += month.occurrences * (month.number in now)
    every, total = people.total(), reports.total()
    for organisation in request.arrangement.active_organisations():
        key, number = organisation.key, organisation.id
        if seen is None or number in seen:
            expected = total * people[key] / every if every else 0.0
            lately, before = len(heard[number, True]), len(heard[number, False])
            yield ReporterCounts(key, lately, before, people[key], reports[number], expected)
