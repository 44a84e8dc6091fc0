"""What every report shows beside its figures."""

from dataclasses import dataclass

from tracker.pages.part_views import Link


@dataclass(frozen=True, slots=True)
class Turning:
    """The ways on: to other periods, to the same report as a file, to the reports that stand beside it."""

    periods: tuple[Link, ...]
    exports: tuple[Link, ...]
    beside: tuple[Link, ...]
