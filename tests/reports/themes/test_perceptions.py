"""What both sides have said of why it rubs, pair by pair."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tracker.actions.amend import give_theme_view
from tracker.database import Database
from tracker.measures.periods import Period, month_of
from tracker.queries.tallies.counts import Scope, by_block, recorded
from tracker.reports.themes.perceptions import views_of
from tracker.rules.rings import Ring

APRIL, MAY = month_of(date(2026, 4, 1)), month_of(date(2026, 5, 1))
MANAGERS = {"acute": "jo", "council": "lee", "community": "bea"}
Views = Mapping[tuple[str, str], int]
RAISERS = {"acute": "sam", "council": "kim", "community": "mo"}


def seen(session: Session, cast: Cast, one: str, other: str, first: str, second: str | None) -> None:
    """An issue of two organisations with the view of each; None: the second has not said."""
    issue = make_issue(session, cast, by=RAISERS[one], with_=other)
    for organisation, theme in ((one, first), (other, second)):
        if theme:
            give_theme_view(session, issue.ref, doer(cast, MANAGERS[organisation]), theme=theme)


def views(session: Session, cast: Cast, who: str, period: Period = APRIL) -> dict[tuple[str, str], Views]:
    session.flush()
    arrangement = cast.arrangement(session)
    scope = Scope.of(arrangement, cast.viewer(who))
    blocks = by_block(session, scope, period.numbers, recorded(session, scope).uncounted)
    return {pair: calls.counts for pair, calls in views_of(arrangement, scope, blocks).items()}


def test_views_are_held_side_by_side_in_the_order_of_the_organisations_whoever_raised_it(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        seen(session, cast, "acute", "council", "decision_speed", "reliability")
        seen(session, cast, "council", "acute", "reliability", "decision_speed")
        seen(session, cast, "acute", "council", "authority", "authority")
        assert views(session, cast, "priya") == {
            ("acute", "council"): {("decision_speed", "reliability"): 2, ("authority", "authority"): 1}
        }


def test_an_issue_on_which_one_side_is_silent_is_no_pair_of_views(db: Database, cast: Cast) -> None:
    with db.write() as session:
        seen(session, cast, "acute", "council", "decision_speed", None)
        assert views(session, cast, "priya") == {}


def test_only_issues_that_happened_in_the_period_and_crossed_count(db: Database, cast: Cast) -> None:
    with db.write() as session:
        seen(session, cast, "acute", "council", "authority", "authority")
        make_issue(session, cast, ring=Ring.ORGANISATION)
        assert views(session, cast, "priya", MAY) == {}
        assert len(views(session, cast, "priya", APRIL)) == 1


def test_whoever_sees_no_totals_has_only_the_pairs_of_their_organisation(db: Database, cast: Cast) -> None:
    with db.write() as session:
        seen(session, cast, "acute", "council", "authority", "authority")
        seen(session, cast, "community", "council", "authority", "reliability")
        assert set(views(session, cast, "jo")) == {("acute", "council")}
        assert set(views(session, cast, "lee")) == {("acute", "council"), ("council", "community")}
        assert (
            set(views(session, cast, "priya")) == set(views(session, cast, "alex")) == set(views(session, cast, "lee"))
        )
        assert views(session, cast, "stan") == {}
