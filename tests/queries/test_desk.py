"""My desk: each issue on the pile where it presses most, for whoever has to do with it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from tests.issue_makers import ask_stayed_fixed, doer, make_issue
from tests.makers import MONDAY, Cast, be_away
from tracker.actions import escalate
from tracker.actions.acknowledge import acknowledge
from tracker.actions.resolve import agree, propose, say_stayed_fixed
from tracker.database import Database, statement_count
from tracker.queries.desk import Desk, Pile, desk
from tracker.queries.issue_lines import rows_with_ids
from tracker.records.governance import Seat
from tracker.records.issue import Issue
from tracker.rules.lifecycle import Cause, Kind
from tracker.rules.policy import viewer_of
from tracker.rules.rings import Ring

SOON = timedelta(days=1, hours=8)


def laid(session: Session, cast: Cast, who: str, now: datetime = MONDAY) -> Desk:
    session.flush()
    here = {cast.partnership.id: cast.arrangement(session)}
    duty = viewer_of(cast.people[who].id, *here.values(), at=now).duty
    viewer = replace(cast.viewer(who), duty=duty)
    return desk(session, viewer, here, now=now, soon={cast.partnership.id: now + SOON})


def piles(session: Session, cast: Cast, who: str, now: datetime = MONDAY) -> dict[str, int]:
    """How many issues lie on each pile that is not empty."""
    return {pile.value: len(ids) for pile, ids in laid(session, cast, who, now).piles.items() if ids}


def climbed(session: Session, cast: Cast, issue: Issue, times: int) -> None:
    """Up so many tiers by the clock."""
    for _ in range(times):
        escalate.by_clock(issue, cast.arrangement(session), MONDAY)


def asked(session: Session, cast: Cast) -> Issue:
    """Resolved, and asked about four weeks later."""
    issue = make_issue(session, cast)
    propose(session, issue.ref, doer(cast, "kim"), outcome="solved", done="Done.")
    agree(session, issue.ref, doer(cast, "sam"))
    ask_stayed_fixed(session, cast, issue)
    return issue


def test_what_nobody_of_my_side_has_acknowledged_is_new_to_me(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        assert piles(session, cast, "kim") == {"new": 1}
        assert piles(session, cast, "lee") == {}


def test_once_acknowledged_it_is_with_me_while_the_ball_is(db: Database, cast: Cast) -> None:
    with db.write() as session:
        acknowledge(session, make_issue(session, cast).ref, doer(cast, "kim"))
        assert piles(session, cast, "kim") == {"mine": 1}


def test_what_i_raised_and_others_have_in_hand_lies_under_what_i_raised(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        assert piles(session, cast, "sam") == {"raised": 1}


def test_what_i_hold_and_did_not_raise_is_with_them_while_they_have_the_ball(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, by="jo")
        assert piles(session, cast, "sam") == {"theirs": 1}
        assert piles(session, cast, "jo") == {"raised": 1}


def test_a_proposal_waits_for_the_side_that_has_not_answered(db: Database, cast: Cast) -> None:
    with db.write() as session:
        propose(session, make_issue(session, cast).ref, doer(cast, "kim"), outcome="solved", done="Done.")
        assert piles(session, cast, "sam") == {"answer": 1}
        assert piles(session, cast, "kim") == {"theirs": 1}


@pytest.mark.parametrize("days", [3, 4], ids=["due within a working day", "overdue"])
def test_what_is_due_soon_or_late_is_due_soon_whoever_has_the_ball(db: Database, cast: Cast, days: int) -> None:
    now = MONDAY + timedelta(days=days)
    with db.write() as session:
        acknowledge(session, make_issue(session, cast, by="jo").ref, doer(cast, "kim"))
        assert piles(session, cast, "kim", now) == {"soon": 1}
        assert piles(session, cast, "sam", now) == {"soon": 1}


def test_what_is_new_stays_new_though_it_is_late(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        assert piles(session, cast, "kim", MONDAY + timedelta(days=9)) == {"new": 1}


def test_past_the_limit_of_the_top_tier_it_lies_apart(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        climbed(session, cast, issue, 3)
        acknowledge(session, issue.ref, doer(cast, "dana"))
        assert piles(session, cast, "dana", MONDAY + timedelta(days=60)) == {"top": 1}


def test_whoever_held_it_below_has_it_no_more_and_its_raiser_still_sees_who_has(db: Database, cast: Cast) -> None:
    with db.write() as session:
        climbed(session, cast, make_issue(session, cast), 1)
        assert [piles(session, cast, who) for who in ("kim", "sam", "lee")] == [{}, {"raised": 1}, {"new": 1}]


def test_a_fast_track_brings_it_to_the_desks_of_the_tier_above(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        escalate.by_holder(session, issue.ref, doer(cast, "kim"), cause=Cause.RISK.value)
        assert piles(session, cast, "jo") == {"new": 1}


def test_whoever_raised_it_is_asked_whether_it_stayed_fixed_until_somebody_answers(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast)
        assert (piles(session, cast, "sam"), piles(session, cast, "kim")) == ({"fixed": 1}, {})
        say_stayed_fixed(session, issue.ref, doer(cast, "sam"), fixed=True)
        assert piles(session, cast, "sam") == {}


def test_an_early_warning_asks_for_no_acknowledgement(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, by="jo", kind=Kind.EARLY_WARNING)
        assert [piles(session, cast, who) for who in ("kim", "sam", "jo")] == [{"early": 1}] * 3


def test_what_stays_inside_is_on_its_raisers_desk_alone(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, ring=Ring.ORGANISATION)
        assert [piles(session, cast, who) for who in ("sam", "jo", "kim")] == [{"raised": 1}, {}, {}]


@pytest.mark.parametrize("who", ["mo", "bea", "ines", "tess", "stan", "nora"])
def test_a_third_organisation_and_strangers_have_none_of_it(db: Database, cast: Cast, who: str) -> None:
    with db.write() as session:
        make_issue(session, cast)
        assert piles(session, cast, who) == {}


@pytest.mark.parametrize("back_on, stands_in", [(None, True), (date(2026, 4, 26), False)], ids=["away", "back"])
def test_a_deputy_has_the_issues_of_who_is_away(
    db: Database, cast: Cast, back_on: date | None, stands_in: bool
) -> None:
    with db.write() as session:
        make_issue(session, cast)
        _away(session, cast, until=back_on)
        found = laid(session, cast, "lee")
        assert bool(found.piles[Pile.NEW]) is stands_in
        assert set(found.stands_for.values()) == ({cast.kim.id} if stands_in else set())


def test_a_deputy_stands_in_on_that_body_alone(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        _away(session, cast)
        issue.body_id = cast.bodies["ops"].id
        assert piles(session, cast, "lee") == {}


def _away(session: Session, cast: Cast, until: date | None = None) -> None:
    """Kim is away, and Lee is Kim's deputy on the front line."""
    mine = (Seat.person_id == cast.kim.id, Seat.body_id == cast.bodies["front"].id)
    session.exec(select(Seat).where(*mine)).one().deputy_id = cast.lee.id
    be_away(session, cast.kim, date(2026, 4, 20), until)


def test_another_partnership_is_left_out_where_one_is_asked_for(db: Database, cast: Cast) -> None:
    both = replace(cast.viewer("sam"), memberships=(*cast.viewer("sam").memberships, *cast.viewer("stan").memberships))
    wide = replace(cast, viewers={**cast.viewers, "sam": both})
    with db.write() as session:
        make_issue(session, cast)
        elsewhere = replace(wide, partnership=cast.elsewhere)
        assert piles(session, wide, "sam") == {"raised": 1}
        assert piles(session, elsewhere, "sam") == {}


def test_a_desk_is_two_statements_and_its_rows_two_more(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for _ in range(12):
            make_issue(session, cast)
        session.flush()
        laid(session, cast, "kim")
        with statement_count(db) as sent:
            ids = laid(session, cast, "kim").piles[Pile.NEW]
            assert len(rows_with_ids(session, cast.viewer("kim"), ids)) == 12
    assert len([each for each in sent if "partnership.version" not in each]) == 4


def test_what_is_due_first_for_whoever_sits_there_lies_on_top(db: Database, cast: Cast) -> None:
    """To acknowledge comes before the limit, and of what is proposed, the day on which silence counts."""
    with db.write() as session:
        first, second, third = (make_issue(session, cast) for _ in range(3))
        first.due_at, third.side(cast.council.id).acknowledge_by = MONDAY, MONDAY + timedelta(hours=3)
        first.side(cast.council.id).acknowledge_by = MONDAY + timedelta(hours=9)
        second.side(cast.council.id).acknowledge_by = None
        second.due_at = MONDAY + timedelta(hours=6)
        assert laid(session, cast, "kim").piles[Pile.NEW] == (third.id, second.id, first.id)
        for days, issue in enumerate((first, third, second)):
            acknowledge(session, issue.ref, doer(cast, "kim"))
            on = MONDAY + timedelta(days=days)
            propose(session, issue.ref, doer(cast, "sam", on), outcome="solved", done="Done.")
        assert laid(session, cast, "kim").piles[Pile.ANSWER] == (first.id, third.id, second.id)


def test_a_desk_that_is_too_full_shows_what_is_due_first_of_the_last(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.queries.desk.MOST", 2)
    with db.write() as session:
        issues = [make_issue(session, cast) for _ in range(6)]
        found = laid(session, cast, "kim")
        assert (found.issue_ids, found.bounded) == ((issues[2].id, issues[3].id), True)
        assert laid(session, cast, "sam").bounded
