"""What was decided about themes, and whether it helped."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.measures.effect import Effect
from tracker.queries.decisions import ReportedDecision
from tracker.reports.decision_effects import effects_on
from tracker.reports.sentences import Sentence
from tracker.reports.spreadsheet import Sheet, Value
from tracker.reports.themes.request import ReportRequest, Tallies
from tracker.reports.themes.subject import ReportSubject, ThemeSection
from tracker.rules import addresses
from tracker.rules.wording import say_day


@dataclass(frozen=True, slots=True)
class JudgedDecision:
    """A decision on themes, and by the key of each theme that is counted whether it helped. `what`: empty for whoever
    gets figures without texts."""

    decision: ReportedDecision
    effects: Mapping[str, Effect]

    @property
    def text(self) -> str:
        return self.decision.what or f"Decision {self.decision.number}"

    def values(self) -> dict[str, Any]:
        decision = self.decision
        return {
            "number": decision.number,
            "what": decision.what or None,
            "decided_on": decision.decided_on.isoformat(),
            "said": f"{self.text}, {say_day(decision.decided_on, 0)}",
            "due_on": decision.due_on.isoformat(),
            "state": decision.state.value,
            "effects": {theme: _effect_values(effect) for theme, effect in self.effects.items()},
        }


@dataclass(frozen=True, slots=True)
class DecisionsOnThemes(ThemeSection):
    """Those of the charted months, oldest first."""

    decisions: tuple[JudgedDecision, ...]

    @classmethod
    def of(cls, subject: ReportSubject, request: ReportRequest, tallies: Tallies) -> "DecisionsOnThemes":
        """Up to today, also where the period was over before."""
        today, first, months, decided = request.today, request.recorded.first, tallies.months, tallies.decided
        effects = (effects_on(each.themes, each.decided_on, months, today=today, first=first) for each in decided)
        return cls(subject, tuple(map(JudgedDecision, decided, effects)))

    def decision_at(self, judged: JudgedDecision) -> str:
        return addresses.decision(self.subject.partnership, judged.decision.number)

    def effects(self, judged: JudgedDecision) -> Iterator[tuple[str, Sentence]]:
        """By theme whether it helped, each count with its issues."""
        for key, effect in judged.effects.items():
            words = (
                self.subject.count(int(text), key, within=within) if within else text for text, within in effect.parts
            )
            yield self.subject.theme(key), tuple(words)

    def values(self) -> dict[str, Any]:
        return {"decisions": [each.values() for each in self.decisions]}

    def sheets(self) -> Iterator[Sheet]:
        """A row a decision and theme it was about; a theme that is not counted has no words."""
        head = ("decision", "what", "decided on", "due on", "state", "theme", "name of theme", "did it help")
        yield Sheet("Decided, did it help", head, [row for each in self.decisions for row in self._rows(each)])

    def _rows(self, judged: JudgedDecision) -> Iterator[tuple[Value, ...]]:
        decision = judged.decision
        known = (decision.number, decision.what or None, decision.decided_on, decision.due_on, decision.state.value)
        for theme in decision.themes:
            effect = judged.effects.get(theme)
            yield (*known, theme, self.subject.theme(theme), effect.words if effect else None)


def _effect_values(effect: Effect) -> dict[str, Any]:
    day = effect.sayable_on.isoformat() if effect.sayable_on else None
    ratio = {"ratio": effect.ratio, "low": effect.low, "high": effect.high}
    return {"verdict": effect.verdict.value, "words": effect.words, "sayable_on": day, **ratio}
