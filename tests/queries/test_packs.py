"""Packs as they are asked for: by whom, with which issues, and how those stand now."""

from datetime import timedelta

import pytest

from tests.decision_makers import make_decision, make_pack
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions import escalate
from tracker.actions.add_note import add_note
from tracker.database import Database, statement_count
from tracker.queries.packs import decisions_now, issues_on, last_before, load_pack, pack_rows, standing_now, stories_of
from tracker.records.pack import Pack
from tracker.reports.packs.content import content_of
from tracker.rules.refusals import NotThere
from tracker.rules.rings import Ring


def a_pack(cast: Cast, body: str) -> Pack:
    """The pack of next week's meeting, the one before being tomorrow's."""
    return Pack(
        partnership_id=cast.partnership.id, number=2, body_id=cast.bodies[body].id, period="2026-Q1", drafted_at=MONDAY,
        meets_at=MONDAY + timedelta(days=8), decided_from=MONDAY.date() + timedelta(days=1),
    )  # fmt: skip


def test_a_frozen_pack_holds_all_that_crossed_and_a_draft_what_its_reader_may_see(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for with_ in ("council", "community"):
            issue = make_issue(session, cast, with_=with_)
            escalate.by_holder(session, issue.ref, doer(cast, "sam"), cause="legal deadline", to=3)
        make_issue(session, cast, ring=Ring.ORGANISATION)
        session.flush()
        pack = a_pack(cast, "directors")
        seen = [issues_on(session, pack, viewer) for viewer in (None, cast.viewer("rita"), cast.viewer("owen"))]
    assert [[row.ref for row in rows] for rows in seen] == [["RIV-1", "RIV-2"], ["RIV-1", "RIV-2"], ["RIV-1"]]


def test_stories_hold_what_all_sides_read_with_the_words_of_notes(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "sam"), text="Ours alone", ring=Ring.ORGANISATION)
        add_note(session, issue.ref, doer(cast, "kim"), text="Said to all", ring=Ring.SHARED)
        session.flush()
        told = stories_of(session, [issue.id])[issue.id]
    assert [(row.kind, row.said) for row in told] == [("raised", None), ("noted", "Said to all")]


def test_a_pack_is_frozen_with_the_decisions_since_the_one_before_and_the_open_ones(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast)
        first = make_pack(session, cast)
        second = a_pack(cast, "steering")
        assert last_before(session, second) == first
        content = content_of(session, cast.arrangement(session), second, MONDAY)
        assert [each["number"] for each in content["decisions"]] == [1]
        assert decisions_now(session, cast.viewer("sam"), first, content) == {
            1: ("open", "2026-05-29", "Funding is answered within two days")
        }
        assert decisions_now(session, cast.viewer("mo"), first, content) == {}


def test_how_its_issues_stand_is_one_statement_and_only_for_who_may_see_them(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        session.flush()
        content = {"agenda": [{"ref": "RIV-1"}], "decisions": [], "themes": None}
        with statement_count(db) as sent:
            rows = standing_now(session, cast.viewer("sam"), cast.bodies["front"].id, content)
        assert standing_now(session, cast.viewer("mo"), cast.bodies["front"].id, content) == ()
    assert (len(sent), [row.ref for row in rows]) == (1, ["RIV-1"])


@pytest.mark.parametrize(
    "who, reads", [("priya", True), ("tess", True), ("jo", False), ("stan", False), ("nora", False)]
)
def test_packs_are_listed_and_loaded_for_who_may_read_them(db: Database, cast: Cast, who: str, reads: bool) -> None:
    with db.write() as session:
        make_pack(session, cast)
        assert bool(pack_rows(session, cast.viewer(who), cast.partnership.id)) is reads
        if reads:
            assert load_pack(session, cast.partnership.id, 1, cast.viewer(who)).content
            return
        with pytest.raises(NotThere):
            load_pack(session, cast.partnership.id, 1, cast.viewer(who))
