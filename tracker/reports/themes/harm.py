"""What a theme costs: how many of its issues are serious or critical, and how many working hours were lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracker.measures.rates import Share
from tracker.measures.suppression import are_few
from tracker.queries.tallies.counts import IssueCounts
from tracker.reports.sentences import Sentence, joined, plain
from tracker.reports.spreadsheet import Value
from tracker.reports.themes.subject import HOURS_SAID, SEVERE, ReportSubject, share_text, share_values
from tracker.rules.wording import say_hours_lost

_HOUR = 60  # minutes


@dataclass(frozen=True, slots=True)
class Harm:
    """Of the period's issues of a theme. Hours are told where the partnership asks for them, and added up by theme
    alone: never by person, and not of so few issues that the sum would tell what was said of a single one."""

    subject: ReportSubject
    theme: str
    issues: IssueCounts

    @property
    def severe(self) -> Share:
        return Share(self.issues.severe, self.issues.issues)

    @property
    def said(self) -> Share:
        """Of how many it was said how many hours were lost."""
        return Share(self.issues.lost_said, self.issues.issues)

    @property
    def hours(self) -> float | None:
        """None where nobody asks, nobody has said, or too few have."""
        is_told = self.subject.asks_hours and self.said.k and not are_few(self.said.k)
        return self.issues.lost_minutes / _HOUR if is_told else None

    @property
    def text(self) -> Sentence:
        """“4 of 31 serious or critical (13 %). About 120 working hours lost, said for 20 of 31”."""
        return joined(self._sentences(), " ")

    @property
    def brief(self) -> str:
        """“13 % serious or critical; about 120 hours lost, said for 20”: for a table, whose themes lead to the rest."""
        return "; ".join(self._parts())

    def _parts(self) -> Iterator[str]:
        severe, hours = self.severe, self.hours
        if severe.n:
            yield f"{share_text(severe) if severe.k else 'none'} serious or critical"
        if hours is not None:
            lost = say_hours_lost(_in_round_numbers(self.issues.lost_minutes)).replace("working ", "")
            yield f"{lost}, said for {self.said.k}"

    def _sentences(self) -> Iterator[Sentence]:
        severe, said = self.severe, self.said
        if severe.n:
            percent = f" ({severe.percent} %)" if severe.k and severe.percent is not None else ""
            text = f"{severe.k} of {severe.n} serious or critical{percent}"
            yield (self.subject.count(severe.k, self.theme, SEVERE, text=text), ".")
        if self.subject.asks_hours and said.k:
            of_these = self.subject.count(said.k, self.theme, HOURS_SAID, text=f"{said.k} of {said.n}")
            if self.hours is None:
                yield ("Working hours lost were said for ", of_these, ", too few to add up.")
            else:
                lost = say_hours_lost(_in_round_numbers(self.issues.lost_minutes))
                yield (f"{lost.capitalize()}, said for ", of_these, ".")

    @property
    def cells(self) -> tuple[Value, Value, Value]:
        """Serious or critical, hours lost, said for how many: of a sheet, under `HARM`."""
        asks = self.subject.asks_hours
        return self.severe.k, self.hours, self.said.k if asks else None

    def values(self) -> dict[str, Any]:
        lost = {"hours": self.hours, "said_for": self.said.k, "of": self.said.n}
        return {
            "serious_or_critical": share_values(self.severe),
            "hours_lost": lost if self.subject.asks_hours else None,
            "words": plain(self.text),
            "brief": self.brief,
        }


HARM = ("serious_or_critical", "hours_lost", "hours_said_for")


def _in_round_numbers(minutes: int) -> int:
    """Whole hours of ten and more: what is added up of guesses is no more exact."""
    return round(minutes / _HOUR) * _HOUR if minutes >= 10 * _HOUR else minutes
