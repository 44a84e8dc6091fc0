"""Agendas: what waits for a body, oldest limit first, with its story in brief."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions import escalate
from tracker.actions.add_note import add_note
from tracker.actions.quote import let_quote, take_words_back
from tracker.actions.resolve import agree, propose
from tracker.database import Database, statement_count
from tracker.queries.agendas import agenda_and_last, agenda_rows, in_brief, waiting
from tracker.queries.issue_lines import IssueRow
from tracker.queries.issue_list.by_limit import AgendaCursor
from tracker.queries.packs import stories_of
from tracker.records.issue import Issue
from tracker.rules.lifecycle import Severity
from tracker.rules.rings import Ring


def agenda(session: Session, cast: Cast, who: str, body: str = "front", after: AgendaCursor | None = None) -> list[str]:
    return [row.ref for row in agenda_rows(session, cast.viewer(who), cast.bodies[body].id, after)]


def resolved(session: Session, cast: Cast) -> Issue:
    issue = make_issue(session, cast)
    propose(session, issue.ref, doer(cast, "kim"), outcome="solved", done="Done.")
    return agree(session, issue.ref, doer(cast, "sam"))


def test_what_reached_a_body_is_on_its_agenda_until_it_is_resolved_or_goes_up(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        resolved(session, cast)
        assert agenda(session, cast, "sam") == ["RIV-1"]
        escalate.by_clock(issue, cast.arrangement(session), MONDAY)
        assert (agenda(session, cast, "sam"), agenda(session, cast, "sam", "ops")) == ([], ["RIV-1"])


def test_the_oldest_limit_stands_first_and_what_has_none_last(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for days in (2, None, 0, 1):
            issue = make_issue(session, cast)
            issue.due_at = None if days is None else MONDAY + timedelta(days=days)
        assert agenda(session, cast, "sam") == ["RIV-3", "RIV-4", "RIV-1", "RIV-2"]


def test_what_is_critical_stands_before_older_limits(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for days, severity in ((0, "minor"), (2, "critical"), (1, "critical")):
            make_issue(session, cast, severity=Severity(severity)).due_at = MONDAY + timedelta(days=days)
        assert agenda(session, cast, "sam") == ["RIV-3", "RIV-2", "RIV-1"]


def test_a_long_agenda_goes_on_where_it_stopped(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for place, days in enumerate((2, None, 0, 0, None, 1, None)):
            issue = make_issue(session, cast, severity=Severity.CRITICAL if place > 3 else Severity.MINOR)
            issue.due_at = None if days is None else MONDAY + timedelta(days=days)
        rows = agenda_rows(session, cast.viewer("sam"), cast.bodies["front"].id)
        rests = [agenda(session, cast, "sam", after=_cursor(row)) for row in rows]
        assert rests == [[row.ref for row in rows[cursor + 1 :]] for cursor in range(7)]


def _cursor(row: IssueRow) -> AgendaCursor:
    return AgendaCursor(row.due_at, row.id, row.is_pressing)


@pytest.mark.parametrize("who, sees", [("sam", True), ("kim", True), ("mo", False), ("tess", False), ("stan", False)])
def test_an_agenda_shows_each_person_what_they_may_see(db: Database, cast: Cast, who: str, sees: bool) -> None:
    with db.write() as session:
        make_issue(session, cast)
        session.flush()
        assert bool(agenda(session, cast, who)) is sees
        assert bool(waiting(session, cast.viewer(who), [cast.bodies["front"].id])) is sees


def test_the_members_of_a_body_that_reads_as_a_whole_have_it_on_their_agenda(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        for _ in range(3):
            escalate.by_clock(issue, cast.arrangement(session), MONDAY)
        assert agenda(session, cast, "ines", "steering") == ["RIV-1"]
        assert waiting(session, cast.viewer("ines"), [cast.bodies["steering"].id]) == {cast.bodies["steering"].id: 1}
        assert agenda(session, cast, "gwen", "steering") == []


def test_what_was_resolved_on_a_body_is_what_left_it_lately(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        resolved(session, cast)
        left = {who: agenda_and_last(session, cast.viewer(who), cast.bodies["front"].id)[1] for who in ("kim", "mo")}
        assert {who: [row.ref for row in rows] for who, rows in left.items()} == {"kim": ["RIV-2"], "mo": []}


def test_a_story_in_brief_is_the_last_three_things_that_all_sides_read_in_one_statement(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        first, second = make_issue(session, cast), make_issue(session, cast)
        add_note(session, first.ref, doer(cast, "sam"), text="Ours", ring=Ring.ORGANISATION)
        add_note(session, first.ref, doer(cast, "sam"), text="All's", ring=Ring.SHARED)
        propose(session, first.ref, doer(cast, "kim"), outcome="solved", done="Done.")
        agree(session, first.ref, doer(cast, "sam"))
        session.flush()
        with statement_count(db) as sent:
            brief = in_brief(session, cast.viewer("sam"), [first.id, second.id])
    assert len(sent) == 1
    kinds = {number: [each.kind for each in told] for number, told in brief.items()}
    assert kinds == {first.id: ["proposed", "agreed", "resolved"], second.id: ["raised"]}


def test_what_is_told_by_the_way_is_in_no_story_in_brief_neither_on_the_agenda_nor_in_the_pack(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        let_quote(session, issue.ref, doer(cast, "sam"), text="We wait.", agrees=True, left_out=True)
        take_words_back(session, issue.ref, doer(cast, "sam"))
        session.flush()
        on_agenda = {row.kind for row in in_brief(session, cast.viewer("kim"), [issue.id])[issue.id]}
        in_pack = {row.kind for row in stories_of(session, [issue.id])[issue.id]}
        assert on_agenda == in_pack == {"raised"}


def test_nobody_reads_in_brief_what_they_may_not_see(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        session.flush()
        assert in_brief(session, cast.viewer("mo"), [issue.id]) == {}


def test_what_waits_is_counted_no_further_than_a_page_can_wait(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.queries.agendas.MOST_COUNTED", 2)
    with db.write() as session:
        for _ in range(4):
            make_issue(session, cast)
        session.flush()
        assert waiting(session, cast.viewer("sam"), [cast.bodies["front"].id]) == {cast.bodies["front"].id: 3}
