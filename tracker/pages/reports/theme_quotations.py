"""“In their words” of the theme report: what people let be quoted, under each theme."""

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.reports.themes.quotations import by_theme, said_by
from tracker.reports.themes.report import ThemeReport
from tracker.rules import addresses


@dataclass(frozen=True, slots=True)
class QuotedWords:
    """`by`: an organisation's name, or that it is not said which. `ref`, `href`: "" where the reader may not see it."""

    words: str
    by: str
    ref: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class QuotedTheme:
    """A theme by its name, and what is quoted of it."""

    theme: str
    quoted: tuple[QuotedWords, ...]


def quotations_of(report: ThemeReport) -> Iterator[QuotedTheme]:
    """Theme by theme, as the report has them."""
    for line, quoted in by_theme(report):
        words = (
            QuotedWords(each.text, said_by(report, each), each.ref, addresses.issue(each.ref) if each.ref else "")
            for each in quoted
        )
        yield QuotedTheme(line.name, tuple(words))
