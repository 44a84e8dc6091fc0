"""How right the verdicts are by chance: python3 go.py simulate [--reports N] [--seed S] [--by-themes]."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence

from tests.simulation.trials import Outcome, tried
from tests.simulation.worlds import PEOPLE, THEMES, World
from tracker.measures.by_chance import EXPECTED
from tracker.measures.verdicts import Trend

RATES = (1, 2, 5)  # occurrences a month and theme
CHANGES = ((2.0, Trend.RISING), (0.5, Trend.EASING))
SILENCES = (
    ("half of all people", PEOPLE, PEOPLE // 2),
    ("half of the theme’s six reporters", 6, 3),
    ("a theme’s only reporter", 1, 1),
)
Try = Callable[[World], Outcome]


def main(arguments: Sequence[str]) -> None:
    """Prints what the verdicts said of made partnerships; 1 when silence was once called easing."""
    parser = argparse.ArgumentParser(prog="go.py simulate", description="Tries the verdicts on made partnerships.")
    parser.add_argument("--reports", type=int, default=2000, help="of each kind; default 2000")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same reports; default 1")
    parser.add_argument("--by-themes", action="store_true", help="the chance headlines by number of themes as well")
    asked = parser.parse_args(arguments)

    def trial(world: World) -> Outcome:
        return tried(world, asked.reports, asked.seed)

    print(f"{THEMES} themes, 24 months, {asked.reports} reports of each kind, seed {asked.seed}")
    _show("Nothing changed: themes a report", ("a month", "rising", "easing", "headlines"), _noise(trial))
    _show("The last six months changed: share of reports that say so", ("a month", "doubled", "halved"), _power(trial))
    silent = list(_silence(trial))
    _show("Reporters fell silent, nothing else changed: what the theme is called", ("", "easing", "quieter"), silent)
    if asked.by_themes:
        head = ("themes", *(f"{rate} a month" for rate in RATES))
        _show("Nothing changed: headlines a report, by number of themes", head, _by_themes(trial))
    sys.exit(any(float(easing) > 0 for _, easing, _ in silent))


def _noise(trial: Try) -> Iterator[tuple[str, ...]]:
    for rate in RATES:
        outcome = trial(World(rate))
        found = (outcome.told[Trend.RISING], outcome.told[Trend.EASING], outcome.headlines)
        yield (str(rate), *(f"{each:.3f}" for each in found))


def _power(trial: Try) -> Iterator[tuple[str, ...]]:
    for rate in RATES:
        yield (str(rate), *(f"{trial(World(rate, factor)).first[trend]:.3f}" for factor, trend in CHANGES))


def _silence(trial: Try) -> Iterator[tuple[str, str, str]]:
    for who, circle, silent in SILENCES:
        for rate in RATES:
            first = trial(World(rate, circle=circle, silent=silent)).first
            yield f"{who}, {rate} a month", f"{first[Trend.EASING]:.4f}", f"{first[Trend.QUIETER]:.3f}"


def _by_themes(trial: Try) -> Iterator[tuple[str, ...]]:
    for themes in EXPECTED:
        yield (str(themes), *(f"{trial(World(rate, themes=themes)).headlines:.3f}" for rate in RATES))


def _show(title: str, head: tuple[str, ...], lines: Iterator[tuple[str, ...]] | Sequence[tuple[str, ...]]) -> None:
    rows = [head, *lines]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print(f"\n{title}\n")
    for name, *cells in rows:
        aligned = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        print("  ".join([name.ljust(widths[0]), *aligned]).rstrip(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
