"""What is new since somebody looked: what others did, as far as they may read it."""

from datetime import timedelta

from sqlmodel import Session, col

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions import escalate
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note
from tracker.actions.people.look import look, look_at_several
from tracker.actions.raise_issue import cross
from tracker.database import Database, statement_count
from tracker.queries.issue_list import IssueQuery, issue_list, whole_list
from tracker.queries.issue_list.news import NewsCursor, by_news, list_by_news
from tracker.queries.story import NEWS, last_by, news, story
from tracker.records.issue import Issue
from tracker.rules.events.kinds import CLOCK
from tracker.rules.events.moving import HolderLeft
from tracker.rules.lifecycle import Severity
from tracker.rules.rings import Ring

LATER = MONDAY + timedelta(hours=1)


def new_to(session: Session, cast: Cast, who: str, issue: Issue, days: int = 1) -> int:
    session.flush()
    return news(session, cast.viewer(who), [issue.id], MONDAY + timedelta(days=days)).get(issue.id, 0)


def looked(session: Session, cast: Cast, who: str, issue: Issue) -> None:
    """Somebody has read the whole page of an issue."""
    session.flush()
    entries = len(story(session, issue, cast.viewer(who)))
    look(session, issue.ref, cast.viewer(who), entries=entries, now=MONDAY + timedelta(minutes=30))


def noted(session: Session, cast: Cast, who: str, issue: Issue, ring: Ring = Ring.SHARED) -> None:
    add_note(session, issue.ref, doer(cast, who, LATER), text="The list is on its way.", ring=ring)


def test_what_others_do_is_new_until_one_looks_and_what_one_does_oneself_never_is(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        assert (new_to(session, cast, "sam", issue), new_to(session, cast, "kim", issue)) == (0, 1)
        looked(session, cast, "kim", issue)
        assert new_to(session, cast, "kim", issue) == 0
        for _ in range(2):
            noted(session, cast, "sam", issue)
        assert (new_to(session, cast, "sam", issue), new_to(session, cast, "kim", issue)) == (0, 2)
        assert [each.is_new for each in story(session, issue, cast.viewer("kim"))][-2:] == [True, True]


def test_each_person_looks_for_themselves(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        looked(session, cast, "kim", issue)
        assert (new_to(session, cast, "kim", issue), new_to(session, cast, "lee", issue)) == (0, 1)


def test_a_private_note_of_others_is_new_to_nobody_who_may_not_read_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        for who in ("kim", "jo"):
            looked(session, cast, who, issue)
        noted(session, cast, "sam", issue, Ring.ORGANISATION)
        assert (new_to(session, cast, "jo", issue), new_to(session, cast, "kim", issue)) == (1, 0)


def test_what_the_clock_does_is_new_and_what_it_says_by_the_way_is_not(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        looked(session, cast, "kim", issue)
        escalate.by_clock(issue, cast.arrangement(session), LATER)
        assert new_to(session, cast, "kim", issue) == 1


def test_what_happened_weeks_ago_is_no_news_to_who_never_looked(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        assert new_to(session, cast, "kim", issue, days=NEWS.days - 1) == 1
        assert new_to(session, cast, "kim", issue, days=NEWS.days + 1) == 0


def test_who_did_look_has_it_new_however_long_they_are_away(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        looked(session, cast, "kim", issue)
        noted(session, cast, "sam", issue)
        assert new_to(session, cast, "kim", issue, days=NEWS.days * 3) == 1


def test_a_step_says_that_its_page_was_read_but_not_what_came_meanwhile(db: Database, cast: Cast) -> None:
    with db.write() as session:
        read, missed = make_issue(session, cast), make_issue(session, cast)
        for issue in (read, missed):
            entries = len(story(session, issue, cast.viewer("kim")))
            if issue is missed:
                noted(session, cast, "sam", issue)
            acknowledge(session, issue.ref, doer(cast, "kim", LATER + timedelta(minutes=1)))
            session.flush()
            look(session, issue.ref, cast.viewer("kim"), entries=entries, now=LATER + timedelta(minutes=1))
        assert (new_to(session, cast, "kim", read), new_to(session, cast, "kim", missed)) == (0, 1)


def test_looking_at_an_older_page_takes_nothing_back(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        noted(session, cast, "sam", issue)
        looked(session, cast, "kim", issue)
        look(session, issue.ref, cast.viewer("kim"), entries=1, now=MONDAY + timedelta(minutes=30))
        assert new_to(session, cast, "kim", issue) == 0


def test_what_came_after_the_page_was_drawn_stays_new_when_all_is_marked(db: Database, cast: Cast) -> None:
    with db.write() as session:
        first, second = make_issue(session, cast), make_issue(session, cast)
        noted(session, cast, "sam", second)
        both = col(Issue.id).in_([first.id, second.id])
        look_at_several(session, both, cast.viewer("kim"), until=MONDAY)
        assert [new_to(session, cast, "kim", each) for each in (first, second)] == [0, 1]


def test_nobody_marks_what_they_may_not_read(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        assert last_by(session, cast.viewer("mo"), col(Issue.id) == issue.id, LATER) == {}


def test_the_list_can_be_narrowed_to_what_is_new(db: Database, cast: Cast) -> None:
    with db.write() as session:
        first, second = make_issue(session, cast), make_issue(session, cast)
        looked(session, cast, "kim", first)
        asked = IssueQuery(frozenset({cast.partnership.id}), (("new", MONDAY - NEWS),))
        assert [row.ref for row in issue_list(session, cast.viewer("kim"), asked).rows] == [second.ref]
        noted(session, cast, "sam", first)
        assert len(issue_list(session, cast.viewer("kim"), asked).rows) == 2


def refs_by_news(session: Session, cast: Cast, who: str, after: NewsCursor | None = None) -> list[str]:
    query = IssueQuery(frozenset({cast.partnership.id}))
    page = list_by_news(session, cast.viewer(who), query, MONDAY - NEWS, after=after)
    return [row.ref for row in page.rows]


def test_by_news_what_is_critical_stands_first_and_then_what_is_new_each_the_newest_first(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        made = [
            make_issue(session, cast, severity=severity, now=MONDAY + timedelta(minutes=minute))
            for minute, severity in enumerate([Severity.CRITICAL, *[Severity.SERIOUS] * 4, Severity.CRITICAL])
        ]
        for issue in (made[2], made[4], made[5]):
            looked(session, cast, "kim", issue)
        assert refs_by_news(session, cast, "kim") == ["RIV-1", "RIV-6", "RIV-4", "RIV-2", "RIV-5", "RIV-3"]
        assert refs_by_news(session, cast, "sam") == ["RIV-6", "RIV-1", "RIV-5", "RIV-4", "RIV-3", "RIV-2"]
        assert refs_by_news(session, cast, "mo") == []
        order = by_news(cast.viewer("kim"), MONDAY - NEWS)
        query = IssueQuery(frozenset({cast.partnership.id}))
        whole = whole_list(session, cast.viewer("kim"), query, None, most=9, order=order)
        assert [row.ref for row in whole] == refs_by_news(session, cast, "kim")


def test_the_next_page_by_news_begins_where_the_one_before_ended_though_its_last_issue_was_read_meanwhile(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        first, second, third = (
            make_issue(session, cast, now=MONDAY + timedelta(minutes=minute)) for minute in range(3)
        )
        looked(session, cast, "kim", third)
        assert refs_by_news(session, cast, "kim") == ["RIV-2", "RIV-1", "RIV-3"]
        looked(session, cast, "kim", second)
        after = NewsCursor(second.raised_at, second.id, pressing=False, new=True)
        assert refs_by_news(session, cast, "kim", after) == [first.ref, third.ref, second.ref]


def test_the_list_by_news_takes_two_statements(db: Database, cast: Cast) -> None:
    with db.write() as session:
        looked(session, cast, "kim", make_issue(session, cast))
        make_issue(session, cast)

    with statement_count(db) as sent, db.read() as session:
        assert len(refs_by_news(session, cast, "kim")) == 2
    assert len([each for each in sent if each.startswith("SELECT")]) == 2


def test_what_the_clock_does_before_it_crosses_is_told_to_its_organisation_and_nobody_else(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        kept = make_issue(session, cast, ring=Ring.ORGANISATION)
        kept.append(HolderLeft(side="acute", left_name="Sam Okafor"), CLOCK, MONDAY)
        shared = cross(session, kept.ref, doer(cast, "sam", LATER))
        session.flush()
        told = {name: [each.event.name for each in story(session, shared, cast.viewer(name))] for name in ("jo", "kim")}
        assert told["jo"][:2] == ["raised", "holder_left"]
        assert not {"raised", "holder_left"} & set(told["kim"])
        assert "crossed" in told["kim"]
