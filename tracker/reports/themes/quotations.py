"""In their words: what people let be quoted, under each theme, the most frequent first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracker.queries.tallies.quotations import QuotedWords
from tracker.reports.sentences import Count
from tracker.reports.spreadsheet import Sheet
from tracker.reports.themes.lines import ThemeLines
from tracker.reports.themes.request import Tallies
from tracker.reports.themes.subject import ThemeSection
from tracker.rules import addresses
from tracker.rules.reporting.quoting import ONE_OF_THE_SIDES


@dataclass(frozen=True, slots=True)
class Quotations(ThemeSection):
    """By the key of each theme of which anything is quoted, in the order of the report, newest first. `ref`: "" where
    the reader may not see the issue."""

    by_theme: dict[str, tuple[QuotedWords, ...]]

    @classmethod
    def of(cls, themes: ThemeLines, tallies: Tallies) -> "Quotations":
        groups: dict[str, list[QuotedWords]] = {line.key: [] for line in themes.all_lines}
        for quotation in tallies.quotations:
            groups.get(quotation.theme or themes.untagged.key, []).append(quotation)
        return cls(themes.subject, {theme: tuple(quoted) for theme, quoted in groups.items() if quoted})

    def by(self, quoted: QuotedWords) -> str:
        """“Riverside Hospitals”; “one of the sides” where the organisation could tell who it was."""
        return self.subject.organisations.get(quoted.organisation, ONE_OF_THE_SIDES)

    def issue(self, quoted: QuotedWords) -> Count:
        return Count(quoted.ref, addresses.issue(quoted.ref) if quoted.ref else "")

    def values(self) -> dict[str, Any]:
        return {"quotations": [*self._values()]}

    def sheets(self) -> Iterator[Sheet]:
        name = self.subject.theme
        rows = [(each["theme"], name(each["theme"]), each["text"], each["by"], each["ref"]) for each in self._values()]
        yield Sheet("Quotations", ("theme", "name of theme", "quotation", "said by", "issue"), rows)

    def _values(self) -> Iterator[dict[str, Any]]:
        for theme, quoted in self.by_theme.items():
            for each in quoted:
                source = {"organisation": each.organisation or None, "by": self.by(each), "ref": each.ref or None}
                yield {"theme": theme, "text": each.text, **source}
