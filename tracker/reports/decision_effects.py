"""Whether decisions helped, theme by theme, counted as the theme report counts for the same reader."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlmodel import Session

from tracker.measures.effect import BEFORE, TOGETHER, Effect, effect
from tracker.measures.periods import month_number, month_numbered, month_of
from tracker.queries.decisions import ReportedDecision, decisions_on_themes
from tracker.queries.tallies import counts as theme_counts
from tracker.queries.tallies.counts import Month, Scope
from tracker.rules.arrangement import Arrangement
from tracker.rules.deciding import DecisionState
from tracker.rules.rings import Viewer
from tracker.rules.wording import begun, listed

_TOLD_OF = (DecisionState.OPEN, DecisionState.DONE)


@dataclass(frozen=True, slots=True)
class JudgedEffect:
    """What a decision did to a theme. `beside`: the numbers of those that it is judged together with; `undone`: of
    those taken with them and not done."""

    effect: Effect
    beside: tuple[int, ...] = ()
    undone: tuple[int, ...] = ()

    @property
    def company(self) -> str:
        """“Judged together with decision 4; decision 5 is not done.”; empty for one by itself."""
        said = [f"judged together with {_numbered(self.beside)}"] if self.beside else []
        said += [f"{_numbered(self.undone)} {'is' if len(self.undone) == 1 else 'are'} not done"] if self.undone else []
        words = "; ".join(said)
        return f"{begun(words)}." if words else ""

    @property
    def words(self) -> str:
        """All of it, as a file has it."""
        return " ".join(filter(None, (self.effect.words, self.company)))


Effects = Mapping[str, JudgedEffect]  # by the key of each theme


def effects_of(session: Session, arrangement: Arrangement, viewer: Viewer, number: int, today: date) -> Effects:
    """Of one decision; of one that was withdrawn or replaced nothing is said."""
    every = decisions_on_themes(session, arrangement.id, viewer)
    mine = [each for each in every if each.number == number and each.state in _TOLD_OF]
    if not mine:
        return {}
    scope = Scope.of(arrangement, viewer)
    recorded = theme_counts.recorded(session, scope)
    beside = [each for each in every if set(each.themes) & set(mine[0].themes)]
    months = theme_counts.by_month(session, scope, months_told_by(beside, today), recorded.uncounted)
    return judged(beside, months, today=today, first=recorded.first)[number]


def months_told_by(decided: Iterable[ReportedDecision], today: date) -> range:
    """The numbers of the months by which the effects of decisions are told; none of none."""
    days = [each.decided_on for each in decided]
    if not days:
        return range(month_number(today), month_number(today))
    return range(month_of(min(days)).ending(BEFORE + 1).numbers.start, month_number(today) + 1)


def judged(
    decided: Sequence[ReportedDecision], months: Iterable[Month], *, today: date, first: date | None
) -> Mapping[int, Effects]:
    """By the number of each decision, from at least the months of `months_told_by`; `first`: the first day recorded.

    Decisions on one theme, each within three months of the first, are judged together (statistics.md 12): by what was
    before the first of them was done, and since the last was.
    """
    counts: dict[str, Counter[date]] = {theme: Counter() for each in decided for theme in each.themes}
    for month in months:
        if month.theme in counts:
            counts[month.theme][month_numbered(month.number).start] += month.occurrences
    found: dict[int, dict[str, JudgedEffect]] = {each.number: {} for each in decided}
    for theme, counted in counts.items():
        for group in _groups([each for each in decided if theme in each.themes and each.state in _TOLD_OF]):
            for number, told in _judged_together(group, counted, today, first):
                found[number][theme] = told
    return found


def _groups(decided: Iterable[ReportedDecision]) -> Iterator[list[ReportedDecision]]:
    """Each within three months of the first of its group."""
    group: list[ReportedDecision] = []
    for each in sorted(decided, key=lambda each: (each.decided_on, each.number)):
        if group and each.decided_on > group[0].decided_on + relativedelta(months=TOGETHER):
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def _judged_together(
    group: Sequence[ReportedDecision], counted: Mapping[date, int], today: date, first: date | None
) -> Iterator[tuple[int, JudgedEffect]]:
    done = {each.number: each.done_on for each in group if each.done_on}
    undone = tuple(each.number for each in group if each.number not in done)
    if done:
        together = effect(min(done.values()), max(done.values()), today, counted, first)
        for number in done:
            yield number, JudgedEffect(together, tuple(each for each in done if each != number), undone)
    for each in group:
        if each.number not in done:
            yield each.number, JudgedEffect(effect(each.decided_on, None, today, counted, first))


def _numbered(numbers: Sequence[int]) -> str:
    return f"{'decision' if len(numbers) == 1 else 'decisions'} {listed(map(str, numbers))}"
