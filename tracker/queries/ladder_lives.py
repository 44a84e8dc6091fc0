"""The issues that a ladder report is about, and what is told of each: what its figures and its lists share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from tracker.measures.periods import Period
from tracker.measures.recurrence import REOPENED_WITHIN_DAYS, FollowUp
from tracker.measures.tier_stays import Stay, reached_top_without
from tracker.queries.ladder_issues import Found, found_issues
from tracker.rules.arrangement import Arrangement
from tracker.rules.deadlines import WORKING_DAY_HOURS
from tracker.rules.rings import Viewer
from tracker.rules.working_time import Ruler

_REOPENED_WITHIN = timedelta(hours=REOPENED_WITHIN_DAYS * WORKING_DAY_HOURS)


class Rulers:
    """Joint working hours by the sides of an issue, from the first event to now."""

    def __init__(self, arrangement: Arrangement, living: Sequence[Found], now: datetime) -> None:
        self._arrangement, self.until = arrangement, now
        self._since = min((each.measured.began_at for each in living), default=now)
        self._kept: dict[frozenset[int], Ruler] = {}

    def of(self, issue: Found) -> Ruler:
        sides = frozenset(issue.measured.side_ids)
        if sides not in self._kept:
            self._kept[sides] = Ruler(self._arrangement.joint_calendar(sides), self._since, self.until)
        return self._kept[sides]


@dataclass(frozen=True, slots=True)
class Lives:
    """`raised`: in the period, in that order, as far as the reader may see them or their totals cover them; `counted`:
    of them those that the totals cover. `top`: the highest tier of the default ladder."""

    living: tuple[Found, ...]
    raised: tuple[Found, ...]
    counted: tuple[Found, ...]
    top: int
    rulers: Rulers
    bounds: tuple[datetime, datetime] | None

    def came_back(self, issue: Found) -> bool | None:
        """See `ladder_figures.IssueFlow`."""
        ending = issue.measured.ending
        if ending is None:
            return None
        hours, (at, reopened_at) = self.rulers.of(issue).hours, ending
        followed = timedelta(hours=hours(at, self.rulers.until))
        after = timedelta(hours=hours(at, reopened_at)) if reopened_at else None
        return FollowUp(followed, after).came_back(_REOPENED_WITHIN)

    def skipped_second(self, issue: Found) -> bool:
        """Whether it came to the top and never was on tier 2; of two tiers the second is the top."""
        return self.top > 2 and bool(reached_top_without(2, self.top, [issue.measured.path]))

    def stays(self) -> Iterator[tuple[Found, Stay]]:
        """Each tier that an issue with a clock came to in the period, whenever it was raised; of those that count."""
        for each in self.living:
            if each.counts and each.has_clock:
                yield from ((each, stay) for stay in each.measured.stays if _is_within(stay.entered_at, self.bounds))


def lives(
    session: Session, arrangement: Arrangement, viewer: Viewer | None, period: Period | None, now: datetime
) -> Lives:
    """Of the issues that lived in a period (by the partnership's clock); without one, of all."""
    living = tuple(found_issues(session, arrangement, viewer, period, now))
    rulers, bounds = Rulers(arrangement, living, now), period.moments(ZoneInfo(arrangement.zone)) if period else None
    raised = tuple(each for each in living if _is_within(each.raised_at, bounds))
    counted = tuple(each for each in raised if each.counts)
    ladder = arrangement.default_ladder()
    return Lives(
        living=living,
        raised=raised,
        counted=counted,
        top=len(ladder.tiers) if ladder else max((each.measured.flow.max_tier for each in counted), default=0),
        rulers=rulers,
        bounds=bounds,
    )


def _is_within(at: datetime, bounds: tuple[datetime, datetime] | None) -> bool:
    return bounds is None or bounds[0] <= at < bounds[1]
