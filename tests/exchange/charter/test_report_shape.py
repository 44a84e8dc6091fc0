"""The numbers of the report's rule in a charter file: checked, planned, loaded, exported."""

from dataclasses import asdict
from datetime import date

import pytest

from tests.exchange.charter.charter_text import CHARTER
from tests.makers import MONDAY
from tracker.database import Database
from tracker.exchange.charter.checking import check
from tracker.exchange.charter.loading import export, load, planned
from tracker.exchange.charter.plan import Plan
from tracker.exchange.charter.report_shape import ReportShape
from tracker.measures.verdicts import Thresholds
from tracker.queries.arrangements import by_key
from tracker.reports.themes.request import thresholds_of

pytestmark = pytest.mark.both_databases

WITH_REPORT = CHARTER + "\n[report]\nrecent_months = 9\nlasting_share = 1.0\n"


def loaded(db: Database, text: str) -> Plan:
    with db.write() as session:
        return load(session, check(text, today=date(2026, 4, 27)), now=MONDAY)


def thresholds(db: Database) -> Thresholds:
    with db.read() as session:
        return thresholds_of(by_key(session, "RIV"))


def test_without_a_report_table_every_number_is_the_usual_one(db: Database) -> None:
    assert ReportShape().model_dump() == {**asdict(Thresholds()), "year_starts": 1, "asks": ""}
    loaded(db, CHARTER)
    assert thresholds(db) == Thresholds()


def test_numbers_in_the_file_are_those_of_the_report(db: Database) -> None:
    loaded(db, WITH_REPORT)
    assert thresholds(db) == Thresholds(recent_months=9, lasting_share=1.0)


def test_what_was_exported_with_them_loads_without_a_change(db: Database) -> None:
    loaded(db, WITH_REPORT)
    with db.read() as session:
        text = export(session, "RIV")
        again = planned(session, check(text, today=date(2026, 4, 27)))
    assert "[report]\nrecent_months = 9\nlasting_share = 1.0\n" in text
    assert str(again) == "Nothing to change."


def test_the_plan_tells_old_and_new_and_what_is_left_out_again_is_taken_back(db: Database) -> None:
    loaded(db, CHARTER)
    said = str(loaded(db, WITH_REPORT)).splitlines()
    assert said == [
        "changed  report report (numbers of the rule): waits for Riverside Hospitals and Riverside Council",
        "           Recent months: 6 → 9",
        "           Share of fixes that last: 0.8 → 1.0",
    ]
    taken_back = "proposal 1 is taken back: numbers of the report changed"
    assert str(loaded(db, CHARTER)).splitlines() == ["Nothing to change.", taken_back]
    assert thresholds(db) == Thresholds()


def test_when_a_year_starts_is_a_number_of_the_report_and_none_of_the_rule(db: Database) -> None:
    loaded(db, f"{CHARTER}\n[report]\nyear_starts = 4\n")
    assert thresholds(db) == Thresholds()
    with db.read() as session:
        assert by_key(session, "RIV").report.year_starts == 4


def test_when_a_year_starts_is_exported_and_loads_without_a_change(db: Database) -> None:
    loaded(db, f"{CHARTER}\n[report]\nyear_starts = 4\n")
    with db.read() as session:
        text = export(session, "RIV")
        again = planned(session, check(text, today=date(2026, 4, 27)))
    assert "[report]\nyear_starts = 4\n" in text
    assert str(again) == "Nothing to change."


def test_a_partnership_that_asks_for_hours_says_so_in_its_file_and_every_lead_agrees_to_it(db: Database) -> None:
    loaded(db, CHARTER)
    said = str(loaded(db, f'{CHARTER}\n[report]\nasks = "hours"\n')).splitlines()
    assert said == [
        "changed  report report (numbers of the rule): waits for Riverside Hospitals and Riverside Council",
        "           Asked besides: nothing → hours",
    ]


def test_what_is_asked_is_exported_and_loads_without_a_change(db: Database) -> None:
    loaded(db, f'{CHARTER}\n[report]\nasks = "hours"\n')
    with db.read() as session:
        assert by_key(session, "RIV").report.asks_hours
        text = export(session, "RIV")
        again = planned(session, check(text, today=date(2026, 4, 27)))
    assert '[report]\nasks = "hours"\n' in text
    assert str(again) == "Nothing to change."
    assert thresholds(db) == Thresholds()
