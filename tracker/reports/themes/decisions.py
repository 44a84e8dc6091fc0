"""What was decided about themes, and whether it helped."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracker.measures.effect import EffectVerdict
from tracker.queries.decisions import ReportedDecision
from tracker.reports.decision_effects import Effects, JudgedEffect, judged
from tracker.reports.sentences import Sentence
from tracker.reports.spreadsheet import Sheet, Value
from tracker.reports.themes.request import ReportRequest, Tallies
from tracker.reports.themes.subject import ReportSubject, ThemeSection
from tracker.rules import addresses
from tracker.rules.deciding import DecisionState
from tracker.rules.wording import listed, say_day


@dataclass(frozen=True, slots=True)
class JudgedDecision:
    """A decision on themes, and by the key of each theme that is counted whether it helped. `what`: empty for whoever
    gets figures without texts."""

    decision: ReportedDecision
    standing: str
    effects: Effects

    @property
    def text(self) -> str:
        return self.decision.what or f"Decision {self.decision.number}"

    @property
    def state(self) -> str:
        """“not done yet: past due since 1 Nov, Ruth Abrahams and Olu Bankole”, “done on Mon 4 May”, “replaced by
        decision 7”."""
        if self.decision.ended_on:
            return self.standing
        owners = f", {listed(self.decision.owners)}" if self.decision.owners else ""
        return f"not done yet: {self.standing}{owners}"

    @property
    def became(self) -> tuple[str, ...]:
        """What became of it, each said once: “helped”, “not done yet”, “replaced”."""
        told = dict.fromkeys(each.effect.verdict.value for each in self.effects.values())
        return tuple(told) or (self.decision.state.words,)

    def values(self) -> dict[str, Any]:
        decision = self.decision
        return {
            "number": decision.number,
            "what": decision.what or None,
            "decided_on": decision.decided_on.isoformat(),
            "said": f"{self.text}, {say_day(decision.decided_on, 0)}",
            "due_on": decision.due_on.isoformat(),
            "done_on": decision.done_on.isoformat() if decision.done_on else None,
            "state": decision.state.value,
            "standing": self.state,
            "themes": list(decision.themes),
            "effects": {theme: _effect_values(told) for theme, told in self.effects.items()},
        }


@dataclass(frozen=True, slots=True)
class DecisionsOnThemes(ThemeSection):
    """Those of the charted months, oldest first."""

    decisions: tuple[JudgedDecision, ...]

    @classmethod
    def of(cls, subject: ReportSubject, request: ReportRequest, tallies: Tallies) -> "DecisionsOnThemes":
        """Up to today, also where the period was over before."""
        today, first, decided = request.today, request.recorded.first, tallies.decided
        effects = judged(decided, tallies.months, today=today, first=first)
        standing = (each.standing(today) for each in decided)
        found = (JudgedDecision(each, how, effects[each.number]) for each, how in zip(decided, standing, strict=True))
        return cls(subject, tuple(found))

    @property
    def summary(self) -> str:
        """Decisions by what became of them: “1 helped, 2 too early to call, 1 not done yet, 1 replaced”."""
        told = Counter(words for one in self.decisions for words in one.became)
        order = (*(each.value for each in EffectVerdict), *(each.words for each in DecisionState))
        return ", ".join(f"{told[each]} {each}" for each in order if told[each])

    def decision_at(self, one: JudgedDecision) -> str:
        return addresses.decision(self.subject.partnership, one.decision.number)

    def on(self, theme: str) -> Iterator[tuple[JudgedDecision, list[tuple[str, str, Sentence, str]]]]:
        """Those about a theme, with what each did to it."""
        for one in self.decisions:
            if theme in one.decision.themes:
                yield one, [each for each in self.effects(one) if each[0] == self.subject.theme(theme)]

    def effects(self, one: JudgedDecision) -> Iterator[tuple[str, str, Sentence, str]]:
        """By theme whether it helped: its name, the verdict, the figures with their issues, with what it is judged."""
        for key, told in one.effects.items():
            figures = (
                self.subject.count_text(text, key, within=within) if within else text
                for text, within in told.effect.parts
            )
            yield self.subject.theme(key), told.effect.verdict.value, tuple(figures), told.company

    def values(self) -> dict[str, Any]:
        return {"decisions": [each.values() for each in self.decisions]}

    def sheets(self) -> Iterator[Sheet]:
        """A row a decision and theme it was about; a theme that is not counted has no words."""
        head = ("decision", "what", "decided on", "due on", "state", "done on", "theme", "name of theme", "did it help")
        yield Sheet("Decided, did it help", head, [row for each in self.decisions for row in self._rows(each)])

    def _rows(self, one: JudgedDecision) -> Iterator[tuple[Value, ...]]:
        decision = one.decision
        known = (decision.number, decision.what or None, decision.decided_on, decision.due_on, decision.state.words)
        for theme in decision.themes:
            told = one.effects.get(theme)
            yield (*known, decision.done_on, theme, self.subject.theme(theme), told.words if told else None)


def _effect_values(told: JudgedEffect) -> dict[str, Any]:
    found = told.effect
    day = found.sayable_on.isoformat() if found.sayable_on else None
    ratio = {"ratio": found.ratio, "low": found.low, "high": found.high}
    beside = {"beside": list(told.beside), "undone": list(told.undone)}
    return {"verdict": found.verdict.value, "words": told.words, "why": found.why, "sayable_on": day, **ratio, **beside}
