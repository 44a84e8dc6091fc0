"""The ladder report: how every issue of a partnership moved, how long it stayed where, and who had the ball."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from tracker.measures.climb import ClimbCount
from tracker.measures.climb_figures import ClimbFigures
from tracker.measures.effect import follow_through
from tracker.measures.ladder_flow import LadderFlow
from tracker.measures.rates import Share
from tracker.queries.decisions import followed
from tracker.queries.ladder.issues import claimed_twice, issue_ways, ways_of
from tracker.queries.ladder.sums import LadderReader, LadderSums, ladder_sums
from tracker.queries.tallies.counts import Recorded, Scope, recorded
from tracker.reports.ladder.numbers import skipped_second
from tracker.reports.ladder.report import Endings, HandOvers, IssueFlow, LadderReport, LadderTotals, LongWay, TierTotal
from tracker.reports.ladder.ways import WAYS_SHOWN
from tracker.rules.arrangement import Arrangement
from tracker.rules.lifecycle import State
from tracker.rules.spans import day_in


def ladder_report(
    session: Session, reader: LadderReader, *, now: datetime, known: Recorded | None = None
) -> LadderReport:
    """The issues raised in a period (by the partnership's clock) that crossed, as this reader may see them, and what
    was measured over those that lived in it; what is not over is followed up to now.

    Steering members and leads have totals over every issue that crossed. `known`: what was recorded, where that is
    known already.
    """
    arrangement, viewer = reader.arrangement, reader.viewer
    sums = ladder_sums(session, reader, now)
    counts = ClimbFigures(sums.counts)
    known = known or recorded(session, Scope.of(arrangement, viewer))
    return LadderReport(
        arrangement=arrangement,
        within=reader.period,
        readable=sums.readable,
        behind=sums.behind,
        longest=tuple(_longest(session, reader, sums)),
        totals=_totals(counts),
        tiers=tuple(counts.tier(tier) for tier in counts.tiers(ClimbCount.CAME)),
        ball=counts.ball(),
        hand_overs=HandOvers(
            matrix=counts.passed(),
            returns=counts.of(ClimbCount.RETURNS),
            flagged=counts.of(ClimbCount.TO_AND_FRO),
            contested=counts.contested(),
        ),
        acknowledgement=counts.acknowledgement(),
        endings=_endings(counts, top_tier(arrangement, counts)),
        decisions=follow_through(followed(session, viewer, arrangement.id), day_in(arrangement.zone, now)),
        whole=reader.is_whole,
        anything=known.first is not None,
    )


def issue_flows(session: Session, reader: LadderReader, now: datetime) -> Iterator[tuple[str, IssueFlow]]:
    """The issues raised in the period that the reader may read, in that order, each under its outside reference, else
    under its own; one whose own is another's outside reference stands under both."""
    claimed, met = claimed_twice(session, reader.arrangement.id), set[str]()
    for way in issue_ways(session, reader, now):
        wanted = way.outside_ref or way.ref
        flow = IssueFlow(way.ref, way.is_resolved, way.flow, way.came_back)
        yield (f"{wanted} ({way.ref})" if wanted in met else wanted), flow
        met |= {wanted} & claimed


def top_tier(arrangement: Arrangement, counts: ClimbFigures) -> int:
    """The highest of the default ladder, else the highest that any issue reached."""
    ladder = arrangement.default_ladder()
    return len(ladder.tiers) if ladder else max(counts.tiers(ClimbCount.REACHED), default=0)


def _longest(session: Session, reader: LadderReader, sums: LadderSums) -> Iterator[LongWay]:
    """With their titles; without a reader figures and references only."""
    ids = [-entry[-1] for entry in sums.longest[:WAYS_SHOWN]]
    found = ways_of(session, reader, ids) if ids else {}
    for row in (found[each] for each in ids if each in found):
        flow = sums.flows.get(row.id) or LadderFlow(*row.figures)
        yield LongWay(row.ref, row.title if reader.viewer else "", row.state is State.RESOLVED, flow)


def _totals(counts: ClimbFigures) -> LadderTotals:
    return LadderTotals(
        issues=counts.of(ClimbCount.RAISED),
        resolved=counts.of(ClimbCount.RESOLVED),
        reopened=counts.of(ClimbCount.REOPENED),
        handed_over=counts.of(ClimbCount.HANDED_OVER),
        hand_overs=counts.of(ClimbCount.HAND_OVERS),
        ping_pong=counts.of(ClimbCount.PING_PONG),
        without_clock=counts.of(ClimbCount.WITHOUT_CLOCK),
        tiers=tuple(
            TierTotal(
                tier,
                counts.of(ClimbCount.REACHED, tier),
                counts.of(ClimbCount.MOVED_UP, tier),
                counts.of(ClimbCount.ENDED, tier),
            )
            for tier in counts.tiers(ClimbCount.REACHED)
        ),
    )


def _endings(counts: ClimbFigures, top: int) -> Endings:
    resolved = counts.of(ClimbCount.RESOLVED)
    return Endings(
        resolved=resolved,
        outcomes=counts.outcomes(),
        not_solved=Share(counts.of(ClimbCount.NOT_SOLVED), resolved),
        lowest=Share(counts.of(ClimbCount.SOLVED, 1), resolved),
        reopened=counts.reopened(),
        skipped_second=skipped_second(counts, top),
    )
