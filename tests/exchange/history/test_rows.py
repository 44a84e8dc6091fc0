"""Reading the history file."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.exchange.history.cells import COLUMNS, EventName, Names, texts
from tracker.exchange.history.rows import PLACES_TOLD, HistoryFile, HistoryRow, read
from tracker.rules.lifecycle import Outcome, Severity
from tracker.rules.refusals import WrongFile

NAMES = Names(
    zone=ZoneInfo("Europe/London"),
    now=datetime(2026, 11, 2, 12, tzinfo=UTC),
    organisations=texts([("acute", "Riverside Hospitals"), ("council", "The Council")]),
    people=texts([("sam@acute.example", "Sam Okafor")]),
    themes=texts([("info_flow", "Information not shared")]),
    service_areas=texts([("discharge", "Discharge")]),
)
NEEDED = "issue,at,event,organisation"


def file(*lines: str) -> HistoryFile:
    return read("\n".join(lines).encode(), NAMES)


def one(header: str, line: str) -> HistoryRow:
    return file(header, line).rows[0]


def refusal(*lines: str) -> str:
    with pytest.raises(WrongFile) as refused:
        file(*lines)
    return str(refused.value)


def test_a_row_with_every_cell() -> None:
    row = one(
        "issue,at,event,organisation,person,to_organisation,tier,title,detail,severity,theme,service_area,outcome",
        "A-1,2026-03-02T09:30:00+01:00,resolved,acute,sam@acute.example,council,2,Late,Twice,serious,info_flow,"
        "discharge,not_solved",
    )

    assert row == HistoryRow(
        2,
        "A-1",
        datetime(2026, 3, 2, 8, 30, tzinfo=UTC),
        EventName.RESOLVED,
        "acute",
        "sam@acute.example",
        "council",
        2,
        "Late",
        "Twice",
        Severity.SERIOUS,
        "info_flow",
        "discharge",
        Outcome.NOT_SOLVED,
    )


def test_a_row_with_what_is_needed_only() -> None:
    row = one(NEEDED, "A-1,2026-03-02T09:30:00Z,raised,acute")

    assert row == HistoryRow(2, "A-1", datetime(2026, 3, 2, 9, 30, tzinfo=UTC), EventName.RAISED, "acute")


def test_a_byte_order_mark_and_another_order_of_columns_change_nothing() -> None:
    marked = read(b"\xef\xbb\xbforganisation,event,at,issue\r\nacute,raised,2026-03-02,A-1\r\n", NAMES)

    assert marked == file(NEEDED, "A-1,2026-03-02,raised,acute")


@pytest.mark.parametrize(
    "text, at",
    [
        pytest.param("2026-03-02T09:30:00Z", datetime(2026, 3, 2, 9, 30, tzinfo=UTC), id="UTC"),
        pytest.param("2026-07-02 09:30", datetime(2026, 7, 2, 8, 30, tzinfo=UTC), id="by the partnership's clock"),
        pytest.param("2026-07-02", datetime(2026, 7, 1, 23, tzinfo=UTC), id="a day begins at its midnight"),
        pytest.param("2026-03-02T09:30:00-05:00", datetime(2026, 3, 2, 14, 30, tzinfo=UTC), id="with an offset"),
    ],
)
def test_a_moment_becomes_utc(text: str, at: datetime) -> None:
    assert one(NEEDED, f"A-1,{text},raised,acute").at == at


@pytest.mark.parametrize(
    "text, allowed",
    [
        pytest.param("0206-03-02T09:30:00+00:00", "a moment in the years 1990 to 2099", id="a slip of the year"),
        pytest.param("1989-12-31", "a moment in the years 1990 to 2099", id="before them"),
        pytest.param("2100-01-01", "a moment in the years 1990 to 2099", id="after them"),
        pytest.param("2026-11-02T12:00:01Z", "a moment that is past, up to 2026-11-02T12:00:00+00:00", id="to come"),
    ],
)
def test_a_moment_of_another_age_or_to_come_is_refused(text: str, allowed: str) -> None:
    told = refusal(NEEDED, "A-1,2026-03-02,raised,acute", f"A-2,{text},raised,acute")
    assert told == f"row 3, column at: found “{text}”; allowed: {allowed}"


def test_now_itself_is_past() -> None:
    assert one(NEEDED, "A-1,2026-11-02T12:00Z,raised,acute").at == NAMES.now


def test_an_hour_that_comes_twice_is_known_with_its_second_time() -> None:
    autumn = one(NEEDED, "A-1,2026-10-25T01:30,raised,acute")
    assert (autumn.at, autumn.again_at) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )
    assert one(NEEDED, "A-1,2026-10-25T01:30+01:00,raised,acute").again_at is None
    assert one(NEEDED, "A-1,2026-03-29T01:30,raised,acute").again_at is None


@pytest.mark.parametrize("text", ["acute", "ACUTE", "Riverside Hospitals", " riverside hospitals "])
def test_an_organisation_goes_by_key_or_name(text: str) -> None:
    assert one(NEEDED, f"A-1,2026-03-02,raised,{text}").organisation == "acute"


def test_a_name_that_two_bear_is_neither_of_them() -> None:
    assert texts([("a@x.example", "Kim"), ("b@x.example", "Kim")]) == {
        "a@x.example": "a@x.example",
        "b@x.example": "b@x.example",
    }


def test_the_unknown_is_reported_with_how_often_and_stays_as_the_file_has_it() -> None:
    found = file(
        f"{NEEDED},person,to_organisation,theme,colour",
        "A-1,2026-03-02,raised,acute,Nobody,mars,rust,red",
        "A-1,2026-03-02,handed_over,mars,Nobody,council,info_flow,",
    )

    assert found.unknown == {"organisation": {"mars": 2}, "person": {"Nobody": 2}, "theme": {"rust": 1}}
    assert found.unknown_columns == ("colour",)
    assert found.rows[0].to_organisation == "mars"


def test_empty_rows_are_passed_over_but_counted() -> None:
    found = file(NEEDED, "", ",,,", "A-1,2026-03-02,raised,acute")

    assert [row.number for row in found.rows] == [4]


def test_a_text_may_run_over_lines() -> None:
    found = file(f"{NEEDED},detail", 'A-1,2026-03-02,raised,acute,"one', 'two, three"', "A-2,2026-03-02,raised,acute")

    assert [(row.number, row.detail) for row in found.rows] == [(2, "one\ntwo, three"), (3, "")]


@pytest.mark.parametrize(
    "header, line, places",
    [
        pytest.param(
            NEEDED, "A-1,2 March,raised,acute", "row 2, column at: found “2 March”; allowed: a moment", id="at"
        ),
        pytest.param(NEEDED, "A-1,,raised,acute", "row 2, column at: found “”; allowed: a moment", id="no moment"),
        pytest.param(NEEDED, "A-1,0001-01-01T00:00+10:00,raised,acute", "column at: found “0001", id="before time"),
        pytest.param(
            NEEDED, "A-1,2026-03-02,closed,acute", "column event: found “closed”; allowed: raised, ", id="event"
        ),
        pytest.param(NEEDED, "A-1,2026-03-02,,acute", "column event: found “”; allowed: raised, ", id="no event"),
        pytest.param(NEEDED, ",2026-03-02,raised,acute", "column issue: found “”; allowed: a reference", id="no issue"),
        pytest.param(
            f"{NEEDED},tier", "A-1,2026-03-02,raised,acute,0", "column tier: found “0”; allowed: ", id="tier 0"
        ),
        pytest.param(
            f"{NEEDED},tier", "A-1,2026-03-02,raised,acute,²", "column tier: found “²”; allowed: ", id="tier ²"
        ),
        pytest.param(
            f"{NEEDED},severity",
            "A-1,2026-03-02,raised,acute,High",
            "row 2, column severity: found “High”; allowed: minor, serious, critical or nothing",
            id="severity",
        ),
        pytest.param(
            f"{NEEDED},outcome",
            "A-1,2026-03-02,resolved,acute,ok",
            "column outcome: found “ok”; allowed: ",
            id="outcome",
        ),
        pytest.param(
            NEEDED, "A-1,2026-03-02,raised,acute,x", "row 2, column 5: found “x”; allowed: 4 cells", id="cells"
        ),
        pytest.param("issue,at,event", "A-1,2026-03-02,raised", "row 1, column organisation: missing", id="column"),
        pytest.param(f"{NEEDED},at", "A-1,2026-03-02,raised,acute,", "column at: found more than once", id="twice"),
        pytest.param(NEEDED, 'A-1,2026-03-02,"raised"x,acute', "row 2: found ", id="not CSV"),
        pytest.param("", "", "row 1, column issue: missing, found nothing; allowed: issue, at, ", id="nothing"),
    ],
)
def test_what_cannot_be_read_is_refused_by_place(header: str, line: str, places: str) -> None:
    assert places in refusal(header, line)


def test_a_file_in_another_encoding_is_refused_by_its_line() -> None:
    with pytest.raises(WrongFile, match=r"line 2: found the byte 0xe9; allowed: UTF-8"):
        read(f"{NEEDED}\nA-1,2026-03-02,raised,Orl".encode() + b"\xe9ans", NAMES)


def test_a_nul_is_refused_by_its_line() -> None:
    with pytest.raises(WrongFile, match=r"line 2: found a NUL; allowed: text"):
        read(f"{NEEDED}\nA-1,2026-03-02,raised,\0".encode(), NAMES)


def test_all_places_are_told_at_once_up_to_a_limit() -> None:
    bad = [f"A-{number},never,raised,acute" for number in range(PLACES_TOLD + 7)]

    told = refusal(NEEDED, *bad).splitlines()

    assert (len(told), told[-1]) == (PLACES_TOLD + 1, "and 7 more places")


@given(st.permutations(list(COLUMNS)))
def test_the_order_of_the_columns_never_matters(columns: list[str]) -> None:
    cells = {
        "issue": "A-1",
        "at": "2026-03-02",
        "event": "raised",
        "organisation": "acute",
        "tier": "3",
        "title": "Late",
    }

    row = one(",".join(columns), ",".join(cells.get(column, "") for column in columns))

    assert (row.issue, row.tier, row.title, row.detail) == ("A-1", 3, "Late", "")


@given(st.binary(), st.booleans())
def test_any_bytes_are_read_or_refused(content: bytes, headed: bool) -> None:
    with suppress(WrongFile):
        assert len(read(NEEDED.encode() * headed + b"\n" + content, NAMES).rows) <= len(content)
