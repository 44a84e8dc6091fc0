"""What leads set for the report of themes, read from the records."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from tracker.records.tally import Exposure
from tracker.rules.reporting import A_HUNDRED, JOINT_CASES, Baseline, Exposures, ReportTerms

MOST_MONTHS = 120  # of exposure that are kept at hand, up to the newest: ten years


def report_terms(session: Session, partnership_id: int, settings: Mapping[str, Any]) -> ReportTerms:
    """As the settings of the partnership and its exposure have it; of the exposure the newest ten years."""
    kept = settings.get("report", {})
    named = kept.get("exposure", {})
    return ReportTerms(
        thresholds=dict(kept.get("thresholds", {})),
        exposures=Exposures(
            what=named.get("what", JOINT_CASES),
            per=named.get("per", A_HUNDRED),
            amounts=_amounts(session, partnership_id),
        ),
        baselines=tuple(Baseline.read(each) for each in kept.get("baselines", ())),
    )


def _amounts(session: Session, partnership_id: int) -> dict[tuple[int, int], float]:
    mine = Exposure.partnership_id == partnership_id
    newest = select(func.max(Exposure.month)).where(mine).scalar_subquery()
    rows = session.exec(
        select(Exposure.month, Exposure.organisation_id, Exposure.amount)
        .where(mine, col(Exposure.month) > newest - MOST_MONTHS)
        .order_by(col(Exposure.month), col(Exposure.organisation_id))
    )
    return {(month, organisation_id): amount for month, organisation_id, amount in rows}
