"""Sections of the ladder report: page and paper, JSON and workbook take each from the one report."""

import json
from itertools import count, islice

from tests.exchange.history.histories import history, taken_in
from tests.makers import Cast
from tests.reports.ladder.test_build import WITH_COUNCIL, flows, report
from tests.reports.pdf_words import words_on
from tests.reports.workbook_rows import rows_of
from tracker.database import Database
from tracker.reports.ladder.faces import as_json, as_pdf, as_xlsx, json_pieces, sections
from tracker.reports.ladder.numbers import Number, What

BACK = {"event": "handed_over", "to_organisation": "acute"}
HEADINGS = (
    "Who goes up, and how",
    "How long they stay",
    "Whose turn it was",
    "From hand to hand",
    "The ways they went",
)
SHEETS = ["Climbing", "Time on tiers", "Whose turn", "Hand-overs", "Measures", "Issues"]
VALUES = {"totals", "tiers", "ball_time", "hand_overs", "acknowledgement", "endings", "decisions", "issues"}


def address(number: Number) -> str:
    return f"{number.what} {number.tier} {number.by}".strip()


def test_every_section_stands_on_every_face_that_has_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(WITH_COUNCIL, "escalated", BACK, "resolved"))
    told = report(db, cast, "priya")
    words, shown = words_on(as_pdf(told)), sections(told, address)

    assert tuple(section.heading for section in shown.sections) == HEADINGS
    assert [words.index(heading) for heading in HEADINGS] == sorted(words.index(heading) for heading in HEADINGS)
    assert list(rows_of(as_xlsx(told, flows(db, cast, "priya").items()))) == SHEETS
    assert json.loads(as_json(told, flows(db, cast, "priya").items())).keys() >= VALUES


def test_a_line_has_a_cell_for_each_column_and_its_numbers_lead_to_what_they_count(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(WITH_COUNCIL, "escalated", BACK, "resolved"))
    tables = sections(report(db, cast), address).sections
    low = tables[0].lines[-1]
    came, went_up, left, share, *_ = low.cells

    assert all(len(line.cells) == len(table.columns) for table in tables for line in table.lines)
    assert (low.number, low.name) == (1, "Front line")
    assert [each.text for each in (came, went_up, left, share)] == ["1", "1", "1", "1 of 1"]
    assert came.issues == address(Number(What.CAME, 1))
    assert went_up.issues == address(Number(What.WENT_UP, 1))
    assert share.issues == left.issues == address(Number(What.LEFT, 1))


def test_the_values_are_told_as_they_come_however_many_issues_there_are(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(WITH_COUNCIL, "escalated", BACK, "resolved"))
    told, ((_, flow),) = report(db, cast, "priya"), flows(db, cast, "priya").items()
    endless = ((f"A-{number}", flow) for number in count(1))
    first = "".join(islice(json_pieces(told, endless), 1001))

    assert first.count('"ref": "RIV-1"') == 1000
    assert json.loads(first + "}}")["issues"]["A-1000"]["tier_path"] == "1>2"
    whole = as_json(told, [("A-1", flow)])
    assert whole == json.dumps(json.loads(whole), indent=2, ensure_ascii=False) + "\n"
    assert json.loads(as_json(told, []))["issues"] == {}


def test_a_section_that_has_nothing_to_tell_is_left_out(db: Database, cast: Cast) -> None:
    shown = sections(report(db, cast, "priya"), address)

    assert (shown.sections, shown.anything) == ((), False)
