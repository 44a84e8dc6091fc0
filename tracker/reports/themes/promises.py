"""Which promise of the agreement is under strain, and by which themes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tracker.queries.issue_list import NONE, UNTAGGED
from tracker.reports.sentences import Count, Sentence, joined
from tracker.reports.spreadsheet import Sheet
from tracker.reports.themes.request import ReportRequest, Tallies
from tracker.reports.themes.subject import ReportSubject, ThemeSection
from tracker.rules.agreement import TOPICS

_FOREMOST = 3


@dataclass(frozen=True, slots=True)
class Promise:
    """Occurrences by topic of the agreement and clause (“”: no clause was named), theme by theme. `title`: the
    clause's, as the agreement has it now."""

    topic: str
    clause: str
    title: str
    occurrences: int
    themes: Mapping[str, int]

    @property
    def text(self) -> str:
        """“4.2 Discharge letters”, or the topic where no clause was named."""
        return f"{self.clause} {self.title}" if self.title else self.topic_text

    @property
    def topic_text(self) -> str:
        return TOPICS.get(self.topic, self.topic)

    @property
    def filters(self) -> dict[str, str]:
        """Of `/issues`: what strains it."""
        return {"topic": self.topic, "clause": self.clause or NONE}


@dataclass(frozen=True, slots=True)
class Promises(ThemeSection):
    """The one under most strain first; what has no topic yet is left to the strip that says so."""

    promises: tuple[Promise, ...]

    @classmethod
    def of(cls, subject: ReportSubject, request: ReportRequest, tallies: Tallies) -> "Promises":
        return cls(subject, tuple(_promises(request, tallies)))

    def count(self, promise: Promise) -> Count:
        return self.subject.count(promise.occurrences, about=promise.filters)

    def themes(self, promise: Promise) -> Sentence:
        """“Pace of decisions 7, Who does what 2”; of one alone the number stands beside its promise."""
        subject, filters = self.subject, promise.filters
        if len(promise.themes) == 1:
            return (subject.theme(next(iter(promise.themes))),)
        counts = (
            (f"{subject.theme(key)} ", subject.count(often, key, filters)) for key, often in promise.themes.items()
        )
        return joined(counts, ", ")

    def most_strained(self, theme: str) -> Count:
        """The promise that a theme strains most, with the issues by which it does; empty for none."""
        promise = max(self.promises, key=lambda each: each.themes.get(theme, 0), default=None)
        if promise is None or theme not in promise.themes:
            return Count("")
        return Count(promise.text, self.subject.issues_at(theme, promise.filters))

    def strained_by(self, theme: str) -> Iterator[tuple[str, Count]]:
        """The promises that a theme strains, and how often."""
        for each in self.promises:
            if often := each.themes.get(theme):
                yield each.text, self.subject.count(often, theme, each.filters)

    @property
    def summary(self) -> str:
        """Those under most strain: “6.1, 4.2, 8.1”."""
        return ", ".join(each.clause or each.topic_text for each in self.promises[:_FOREMOST])

    def values(self) -> dict[str, Any]:
        return {"promises": [{**asdict(each), "words": each.text} for each in self.promises]}

    def sheets(self) -> Iterator[Sheet]:
        head = ("topic", "name of topic", "clause", "promise", "occurrences")
        rows = [(each.topic, each.topic_text, each.clause, each.text, each.occurrences) for each in self.promises]
        yield Sheet("Promises", head, rows)


def _promises(request: ReportRequest, tallies: Tallies) -> Iterator[Promise]:
    counts: dict[tuple[str, str], Counter[str]] = {}
    for block in tallies.blocks:
        if block.topic:
            themes = counts.setdefault((block.topic, block.clause or ""), Counter())
            themes[block.theme or UNTAGGED] += block.occurrences
    for (topic, clause), themes in sorted(counts.items(), key=lambda each: (-each[1].total(), each[0])):
        named = request.arrangement.clause(clause)
        yield Promise(topic, clause, named.title if named else "", themes.total(), dict(themes.most_common()))
