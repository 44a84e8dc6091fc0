"""What a board reads first: what is new since it last met, in lines that do not change by themselves."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from tests.decision_makers import make_decision, make_pack
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tests.reports.themes.test_build import happened
from tracker.actions import escalate
from tracker.database import Database
from tracker.measures.periods import twelve_months_to
from tracker.reports.sentences import plain
from tracker.reports.themes.build import theme_report
from tracker.reports.themes.opening import Opening, Sitting
from tracker.reports.themes.sitting import bodies_of, sitting_of

TODAY = date(2026, 4, 27)


def opening(session: Session, cast: Cast, who: str, sitting: Sitting | None = None, today: date = TODAY) -> Opening:
    agreed, within = cast.arrangement(session), twelve_months_to(today)
    viewer = cast.viewer(who)
    return theme_report(session, agreed, today=today, viewer=viewer, period=within, sitting=sitting).opening


def sat(session: Session, cast: Cast, who: str, at: datetime = MONDAY) -> Sitting:
    agreed, viewer = cast.arrangement(session), cast.viewer(who)
    return sitting_of(session, agreed, viewer, bodies_of(agreed, viewer, at)[0], at)


def usual(session: Session, cast: Cast) -> None:
    """Twice a month for a year and a half."""
    for number in range(18):
        year, month = divmod(2024 * 12 + 9 + number, 12)
        happened(session, cast, date(year, month + 1, 6), date(year, month + 1, 20))


def news(session: Session, cast: Cast, who: str = "priya", today: date = TODAY) -> list[str]:
    return [plain(each) for each in opening(session, cast, who, today=today).news]


def test_without_a_pack_it_is_held_against_the_same_report_as_it_stood_a_month_earlier(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        usual(session, cast)
        happened(session, cast, *[date(2026, 3, day) for day in range(2, 26)])
        found = opening(session, cast, "priya")
    assert found.since == "Since last month"
    assert [plain(each) for each in found.news] == ["New: No authority at this level, higher, in March alone."]


def test_what_stays_as_it_was_is_said_in_one_line_though_the_months_move_on(db: Database, cast: Cast) -> None:
    with db.write() as session:
        usual(session, cast)
        for month in (1, 2, 3):
            happened(session, cast, *[date(2026, month, day) for day in range(2, 14)])
        assert news(session, cast) == [
            "Nothing stands out that did not before.",
            "As before: No authority at this level.",
        ]


def test_what_stands_out_no_longer_is_gone(db: Database, cast: Cast) -> None:
    with db.write() as session:
        usual(session, cast)
        happened(session, cast, date(2026, 4, 6), date(2026, 4, 20), *[date(2025, 10, day) for day in range(2, 20)])
        lines = news(session, cast, today=date(2026, 5, 4))
    assert lines[0] == "Nothing stands out that did not before.", lines
    assert any(each.startswith("Gone: No authority at this level no longer stands out") for each in lines), lines


@pytest.mark.parametrize("who, told", [("priya", "Since your meeting of Tue 28 Apr"), ("jo", "Since last month")])
def test_after_a_pack_it_is_since_that_meeting_for_who_has_the_totals_that_stood_in_it(
    db: Database, cast: Cast, who: str, told: str
) -> None:
    with db.write() as session:
        usual(session, cast)
        make_pack(session, cast)
        session.flush()
        sitting = sat(session, cast, who, MONDAY + timedelta(days=2))
        assert opening(session, cast, who, sitting).since == told
        assert (sitting.stood_out is None) is (who == "jo")


def test_a_pack_of_a_meeting_to_come_is_not_the_last_one(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_pack(session, cast)
        session.flush()
        assert sat(session, cast, "priya").last_met is None


def test_what_waits_for_the_body_and_what_is_past_due_is_to_decide(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast, title="Letters come late").ref
        escalate.by_holder(session, ref, doer(cast, "sam"), cause="legal deadline", to=4)
        make_decision(session, cast, decided_on=date(2026, 3, 2), due_on=date(2026, 4, 1))
        session.flush()
        asked = [
            (plain(said), words)
            for said, words in opening(session, cast, "priya", sat(session, cast, "priya")).to_decide
        ]
        stranger = sat(session, cast, "ines")
    assert asked[0][0] == "Letters come late"
    assert asked[0][1].startswith("here since Mon 27 Apr")
    assert asked[1] == ("Past due since Wed 1 Apr: Funding is answered within two days", "Jo Lind and Lee Ford")
    assert [each.ref for each in stranger.waiting] == [ref], "the whole body reads at that tier"


def test_the_body_that_meets_next_is_the_one_it_is_read_for(db: Database, cast: Cast) -> None:
    with db.read() as session:
        agreed = cast.arrangement(session)
        assert [each.key for each in bodies_of(agreed, cast.viewer("priya"), MONDAY)][:1] == ["steering"]
        assert bodies_of(agreed, cast.viewer("alex"), MONDAY), "a lead reads for the bodies their organisation sits on"
