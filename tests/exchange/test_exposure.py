"""The exposure file: what is read, and how each mistake is told."""

import pytest

from tests.makers import Cast
from tracker.database import Database
from tracker.exchange.exposure import read
from tracker.measures.periods import month_number, period
from tracker.rules.arrangement import Arrangement
from tracker.rules.refusals import WrongFile

MARCH = month_number(period("2026-03").start)


@pytest.fixture
def arranged(db: Database, cast: Cast) -> Arrangement:
    """RIV: acute, council, community."""
    with db.read() as session:
        return cast.arrangement(session)


def test_a_line_is_an_amount_of_a_month_and_an_organisation(arranged: Arrangement) -> None:
    content = "\ufefforganisation, month, amount\nacute,2026-03,120\n\nRiverside Council,2026-04,0\n".encode()
    found = read(content, arranged)
    assert found == {
        (MARCH, arranged.organisation("acute").id): 120,
        (MARCH + 1, arranged.organisation("council").id): 0,
    }


@pytest.mark.parametrize(
    "text, said",
    [
        pytest.param("", "line 1: found “”; allowed: month,organisation,amount", id="nothing"),
        pytest.param("month,amount\n", "line 1: found “month,amount”; allowed: month,organisation,amount", id="column"),
        pytest.param("month,organisation,amount\n", "line 2: found nothing; allowed: a line for each", id="no line"),
        pytest.param(
            "month,organisation,amount\nMarch,acute,1\n",
            "line 2, month: found “March”; allowed: a month like 2026-03", id="month",
        ),
        pytest.param(
            "month,organisation,amount\n2026-03,mars,1\n",
            "line 2, organisation: found “mars”; allowed: acute, council, community", id="organisation",
        ),
        pytest.param(
            "month,organisation,amount\n2026-03,acute,-1\n",
            "line 2, amount: found “-1”; allowed: a number, 0 or more", id="below 0",
        ),
        pytest.param(
            "month,organisation,amount\n2026-03,acute,nan\n",
            "line 2, amount: found “nan”; allowed: a number, 0 or more", id="no number",
        ),
        pytest.param("month,organisation,amount\n2026-03,acute\n", "line 2: found 2 cells; allowed: 3", id="cells"),
        pytest.param(
            "month,organisation,amount\n2026-03,acute,1\n2026-03,acute,2\n",
            "line 3: found 2026-03 of acute again; allowed: once", id="twice",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_what_was_found_and_what_is_allowed(
    arranged: Arrangement, text: str, said: str
) -> None:
    with pytest.raises(WrongFile) as wrong:
        read(text.encode(), arranged)
    assert said in str(wrong.value)


def test_a_month_of_another_age_is_refused(arranged: Arrangement) -> None:
    with pytest.raises(WrongFile) as wrong:
        read(b"month,organisation,amount\n1026-03,acute,1\n", arranged)
    assert str(wrong.value) == "line 2, month: found 1026-03; allowed: a month in the years 1990 to 2099"


def test_all_mistakes_are_told_at_once(arranged: Arrangement) -> None:
    with pytest.raises(WrongFile) as wrong:
        read(b"month,organisation,amount\nMarch,mars,x\n2026-13,acute,1\n", arranged)
    assert len(wrong.value.places) == 4


def test_what_is_not_text_is_refused(arranged: Arrangement) -> None:
    with pytest.raises(WrongFile, match="line 2: found the byte 0xff; allowed: UTF-8"):
        read(b"month,organisation,amount\n\xff", arranged)
