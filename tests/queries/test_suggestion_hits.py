"""How often what was suggested is confirmed."""

from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tracker.actions.amend import confirm_theme
from tracker.database import Database
from tracker.queries.theme_suggestions import SuggestionHits, suggestion_hits
from tracker.rules.rings import Ring

BOTH = ("reliability", "decision_speed")


def test_each_confirmation_counts_by_what_had_been_suggested(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for theme, suggested in (
            ("reliability", BOTH), ("reliability", BOTH), ("decision_speed", BOTH), ("authority", BOTH),
            ("reliability", ()), (None, BOTH),
        ):  # fmt: skip
            ref = make_issue(session, cast).ref
            confirm_theme(session, ref, doer(cast, "jo"), theme=theme, suggested=suggested)
        session.flush()
        hits = suggestion_hits(session, cast.partnership.id)
        assert hits == SuggestionHits(first=2, another=1, other=1, unsuggested=1)
        assert hits.suggested == 4


def test_what_did_not_cross_and_what_is_elsewhere_counts_nowhere(db: Database, cast: Cast) -> None:
    with db.write() as session:
        kept = make_issue(session, cast, by="jo", ring=Ring.ORGANISATION)
        confirm_theme(session, kept.ref, doer(cast, "jo"), theme="reliability", suggested=BOTH)
        crossed = make_issue(session, cast)
        confirm_theme(session, crossed.ref, doer(cast, "jo"), theme="reliability", suggested=BOTH)
        session.flush()
        assert suggestion_hits(session, cast.partnership.id) == SuggestionHits(first=1)
        assert suggestion_hits(session, cast.elsewhere.id) == SuggestionHits()


def test_what_is_no_theme_here_is_not_kept_as_suggested(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        confirm_theme(session, issue.ref, doer(cast, "jo"), theme="reliability", suggested=("weather", "reliability"))
        session.flush()
        assert suggestion_hits(session, cast.partnership.id) == SuggestionHits(first=1)
