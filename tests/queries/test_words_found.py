"""What is written is found: one table of texts and of what is typed, the same on both databases."""

from collections.abc import Iterable

import pytest
from sqlalchemy import text, update
from sqlmodel import Session, col, select

from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tracker.actions.add_note import add_note
from tracker.database import Database
from tracker.measures.cut_text import words
from tracker.queries.issue_list import IssueQuery, search_list
from tracker.queries.search.people import search_text
from tracker.queries.search.uncut import cut_older, wholly_cut
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.rules.rings import Ring

TITLES = {
    "nurse": "Nurse/doctor handover forms missing",
    "ward": "Ward-7 beds not cleaned",
    "pump": "DS-7604 pump missing",
    "road": "Straße zur Klinik gesperrt",
    "handover": "Übergabe fehlt",
    "it": "IT is not there at all",
    "desk": "The desk answers 24/7, it says",
    "dose": "A dose of 3.2 ml was noted as 2.3",
    "mail": "Nothing comes from mail.acute.example any more",
    "cafe": "The café closes early",
    "van": "Late deliveries (again)",
    "cream": "Crème brûlée for Łukasz’s lunch",
    "code": "Error 0x1F at step 1e5, version v2.10.4",
    "phone": "Nobody answers +44 20 7946 0018",
    "script": "日本 letters were lost",
}
NOTES = {"pump": "Called about lifting/handling course at dept-9"}
TYPED = {
    # beside signs
    "doctor": "nurse", "nurse/doctor": "nurse", "nurse doctor": "nurse", "doctor nurse": "nurse", "doctor/nurse": "",
    "handling": "pump", "lifting/handling": "pump", "dept-9": "pump", "dept 9": "pump", "again": "van",
    "(again)": "van", "dept": "pump",
    # numbers
    "ward 7": "ward", "ward-7": "ward", "7604": "pump", "ds-7604": "pump", "DS 7604": "pump", "760": "pump",
    "24/7": "desk", "7/24": "", "24": "desk", "3.2": "dose", "2.3": "dose", "3.3": "",
    "3 2": "dose", "+44 20 7946": "phone",
    "1e5": "code", "0x1f": "code", "v2.10.4": "code", "10.4": "code", "2.10": "", "7946": "phone",
    # hosts
    "mail.acute.example": "mail", "acute.example": "mail", "acute": "mail", "example.acute": "",
    # however common
    "IT": "it desk", "it is": "it", "not there at all": "it", "the": "desk cafe it", "is not": "it",
    # accents, case, ß
    "cafe": "cafe", "café": "cafe", "CAFÉ": "cafe", "cafe\u0301": "cafe", "Straße": "road", "strasse": "road",
    "STRASSE": "road", "übergabe": "handover", "Ubergabe": "handover", "uber": "handover", "creme brulee": "cream",
    "lukasz": "cream", "łukasz": "cream", "日本": "script",
    # endings, and beginnings
    "delivery": "van", "deliveries": "van", "deliver": "van", "late delivery": "van", "handov": "nurse",
    "form": "nurse", "missing": "nurse pump", "miss": "nurse pump", "missing pump": "pump", "pumps": "pump",
    "clean": "ward",
    # what does not stand there
    "octor": "", "ward 8": "", "kitchen": "", "desk 25": "",
}  # fmt: skip


def fill(session: Session, cast: Cast) -> None:
    for name, title in TITLES.items():
        issue = make_issue(session, cast, title=title, detail="", service_area=None, once=name)
        if name in NOTES:
            add_note(session, issue.ref, doer(cast, "sam"), text=NOTES[name], ring=Ring.SHARED)
    session.flush()


def names(session: Session, cast: Cast, typed: str, who: str = "sam") -> set[str]:
    viewer, called = cast.viewer(who), {title: name for name, title in TITLES.items()}
    shown = search_list(session, viewer, IssueQuery(viewer.partnership_ids), search_text(typed))
    return {called[row.title] for row in shown.rows}


def wrong(session: Session, cast: Cast, table: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """What is typed and does not find what the table says, with what it finds."""
    found = {typed: names(session, cast, typed) for typed, _ in table}
    return {typed: found[typed] for typed, right in table if found[typed] != set(right.split())}


def test_what_is_typed_finds_what_is_written(db: Database, cast: Cast) -> None:
    with db.write() as session:
        fill(session, cast)
        assert wrong(session, cast, TYPED.items()) == {}


@pytest.mark.parametrize("who, sees", [("kim", True), ("mo", False), ("stan", False)])
def test_who_is_on_neither_side_finds_none_of_it(db: Database, cast: Cast, who: str, sees: bool) -> None:
    with db.write() as session:
        fill(session, cast)
        assert any(names(session, cast, typed, who) for typed in TYPED) is sees


def before_words_were_kept(session: Session) -> None:
    """Rows as an older version wrote them."""
    for table in (Issue, Note):
        session.execute(update(table).values(cut_words=None))


OLD = {"beds": "ward", "late delivery": "van", "clean": "ward", "gesperrt": "road", "course": "pump", "kitchen": ""}


def test_what_is_not_cut_yet_is_found_by_its_old_index(db: Database, cast: Cast) -> None:
    with db.write() as session:
        fill(session, cast)
        before_words_were_kept(session)
        assert wrong(session, cast, OLD.items()) == {}


def test_what_is_half_cut_is_found_once_each_and_what_is_wholly_cut_as_if_it_were_new(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.queries.search.uncut._BATCH", 4)
    with db.write() as session:
        fill(session, cast)
        before_words_were_kept(session)
    batches = cut_older(db)
    assert next(batches) == 4
    with db.read() as session:
        assert wrong(session, cast, OLD.items()) == {}
        assert names(session, cast, "missing") == {"nurse", "pump"}
    assert sum(cut_older(db)) == len(TITLES) - 4 + len(NOTES)
    wholly_cut.clear()
    with db.read() as session:
        assert wrong(session, cast, TYPED.items()) == {}
    assert list(cut_older(db)) == []


def test_what_is_written_while_older_rows_are_cut_stays_as_it_is_written(db: Database, cast: Cast) -> None:
    with db.write() as session:
        fill(session, cast)
        before_words_were_kept(session)
    with db.write() as session:
        first = session.exec(select(Issue).order_by(col(Issue.id)).limit(1)).one()
        first.title, first.detail = "Wombats", ""
    list(cut_older(db))
    with db.read() as session:
        assert session.get_one(Issue, first.id).cut_words == "wombat wombats"


def test_words_leave_the_index_with_the_text(db: Database, cast: Cast) -> None:
    with db.write() as session:
        fill(session, cast)
        issue = session.exec(select(Issue).where(Issue.title == TITLES["ward"])).one()
        issue.title, issue.detail = TITLES["cafe"], ""
        session.flush()
        assert (names(session, cast, "beds"), issue.cut_words) == (set(), "the cafe close earli closes early")


def test_postgresql_finds_each_word_that_is_cut_whatever_its_own_parser_makes_of_it(db: Database) -> None:
    odd = " ".join((*TITLES.values(), *TYPED, "1e5x 5e 0e0 a1b2 007 1e 2e10 ١٢٣ ½ ² Ⅷ ﬁ क ひ한 ǆ ŉ ꝏ 𝔘𝔫 İı ΑΣ ẞ"))
    asked = text("SELECT to_tsvector('simple', :word) @@ to_tsquery('simple', :word)")
    if not db.is_sqlite:
        with db.read() as session:
            assert [each for each in {*words(odd)} if not session.execute(asked, {"word": each}).scalar()] == []
