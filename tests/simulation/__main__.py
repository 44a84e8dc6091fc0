"""How right the verdicts are by chance: python3 go.py simulate [--reports N] [--seed S] [--by-themes]."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from tests.simulation.effects import LOOKS, DecisionWorld, first_said
from tests.simulation.trials import Outcome, tried
from tests.simulation.worlds import PEOPLE, THEMES, World
from tracker.measures.effect import EffectVerdict
from tracker.measures.verdicts import EXPECTED, Trend

RATES = (1, 2, 5)  # occurrences a month and theme
CHANGES = ((2.0, Trend.RISING), (0.5, Trend.EASING))
MANY = 500  # people, each of whom seldom reports
SILENCES = (
    ("half of all people", World(0, silent=PEOPLE // 2)),
    ("half of many who seldom report", World(0, people=MANY, silent=MANY // 2)),
    ("half of the theme’s six reporters", World(0, circle=6, silent=3)),
    ("a theme’s only reporter", World(0, circle=1, silent=1)),
)
Try = Callable[[World], Outcome]


def main(arguments: Sequence[str]) -> None:
    """Prints what the verdicts said of made partnerships; 1 when silence was once called easing."""
    asked = _read(arguments)
    trial = partial(_tried, asked.reports, asked.seed)
    print(f"{THEMES} themes, 24 months, {asked.reports} reports of each kind, seed {asked.seed}")
    _show("Nothing changed: themes a report", ("a month", "rising", "easing", "headlines"), _noise(trial))
    changed = "The last six months changed: share of reports that say so"
    _show(changed, ("a month, people", "doubled", "halved"), _power(trial))
    silent = list(_silence(trial))
    _show("Reporters fell silent, nothing else changed: what the theme is called", ("", "easing", "quieter"), silent)
    said = f"Decisions, looked at every month for {LOOKS}: share of which it was ever said"
    columns = ("a month", "more, unchanged", "more within 6, doubled", "helped, unchanged", "helped, a third")
    _show(said, columns, _effects(asked.reports, asked.seed))
    if asked.by_themes:
        head = ("themes", *(f"{rate} a month" for rate in RATES))
        _show("Nothing changed: headlines a report, by number of themes", head, _by_themes(trial))
    sys.exit(any(float(row[1]) > 0 for row in silent))


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="go.py simulate", description="Tries the verdicts on made partnerships.")
    parser.add_argument("--reports", type=_some, default=1000, help="of each kind; default 1000")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same reports; default 1")
    parser.add_argument("--by-themes", action="store_true", help="the chance headlines by number of themes as well")
    return parser.parse_args(arguments)


def _tried(reports: int, seed: int, world: World) -> Outcome:
    if sys.stderr.isatty():
        print(f"{world}\033[K", end="\r", file=sys.stderr, flush=True)
    return tried(world, reports, seed)


def _some(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return count


def _noise(trial: Try) -> Iterator[tuple[str, ...]]:
    for rate in RATES:
        outcome = trial(World(rate))
        found = (outcome.told[Trend.RISING], outcome.told[Trend.EASING], outcome.headlines)
        yield (str(rate), *(f"{each:.3f}" for each in found))


def _power(trial: Try) -> Iterator[tuple[str, ...]]:
    for rate, people in (*((rate, PEOPLE) for rate in RATES), (RATES[-1], MANY)):
        found = (trial(World(rate, factor, people=people)).first[trend] for factor, trend in CHANGES)
        yield (f"{rate}, {people}", *(f"{each:.3f}" for each in found))


def _silence(trial: Try) -> Iterator[tuple[str, ...]]:
    for who, world in SILENCES:
        for rate in RATES:
            first = trial(replace(world, rate=rate)).first
            yield f"{who}, {rate} a month", f"{first[Trend.EASING]:.4f}", f"{first[Trend.QUIETER]:.3f}"


def _effects(decisions: int, seed: int) -> Iterator[tuple[str, ...]]:
    for rate in RATES:
        cells = ((1, EffectVerdict.MORE, LOOKS), (2, EffectVerdict.MORE, 6),
                 (1, EffectVerdict.LESS, LOOKS), (1 / 3, EffectVerdict.LESS, LOOKS))  # fmt: skip
        found = ((first_said(DecisionWorld(rate, factor), said, decisions, seed), last) for factor, said, last in cells)
        yield (str(rate), *(f"{sum(at[look] for look in range(1, last + 1)) / decisions:.3f}" for at, last in found))


def _by_themes(trial: Try) -> Iterator[tuple[str, ...]]:
    for themes in filter(None, EXPECTED):
        yield (str(themes), *(f"{trial(World(rate, themes=themes)).headlines:.3f}" for rate in RATES))


def _show(title: str, head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> None:
    rows = [head, *lines]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print(f"\n{title}\n", flush=True)
    for name, *cells in rows:
        aligned = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        print("  ".join([name.ljust(widths[0]), *aligned]).rstrip(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
