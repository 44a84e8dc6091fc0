"""Lengths of time as a ladder writes them, and their halves."""

import pytest

from tracker.rules.deadlines import Length, Unit, UnknownLength, expedited, read_length


@pytest.mark.parametrize(
    "text, length",
    [
        pytest.param("3 working days", Length(3, Unit.WORKING_DAY), id="working days"),
        pytest.param("1 working day", Length(1, Unit.WORKING_DAY), id="one working day"),
        pytest.param("4 working hours", Length(4, Unit.WORKING_HOUR), id="working hours"),
        pytest.param("10 days", Length(10, Unit.DAY), id="days"),
        pytest.param("next meeting", Length(1, Unit.MEETING), id="the next meeting"),
        pytest.param("  3  Working\tDays ", Length(3, Unit.WORKING_DAY), id="in other case and spacing"),
    ],
)
def test_a_length_is_read(text: str, length: Length) -> None:
    assert read_length(text) == length


@pytest.mark.parametrize("text", ["3 working days", "1 working day", "1 working hour", "10 days", "next meeting"])
def test_a_length_is_written_as_it_is_read(text: str) -> None:
    assert str(read_length(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "3", "soon", "0 working days", "-1 days", "1.5 days", "3 weeks", "3 working day(s)", "10000 days", "٣ days"],
)
def test_a_text_that_is_no_length_is_refused_with_what_was_found_and_what_is_allowed(text: str) -> None:
    with pytest.raises(UnknownLength) as refusal:
        read_length(text)
    assert str(refusal.value) == (
        f"“{text}” is no length of time that is allowed here; "
        "allowed are “3 working days”, “4 working hours”, “10 days”, “next meeting”."
    )


def test_the_next_meeting_is_refused_where_only_a_length_is_allowed() -> None:
    with pytest.raises(UnknownLength, match=r"allowed are “3 working days”, “4 working hours”, “10 days”\.$"):
        read_length("next meeting", meeting=False)


@pytest.mark.parametrize(
    "text, half",
    [
        pytest.param("10 working days", "5 working days", id="half"),
        pytest.param("3 working days", "2 working days", id="half, rounded up"),
        pytest.param("1 working day", "1 working day", id="at least a working day"),
        pytest.param("10 days", "5 days", id="days"),
        pytest.param("4 working hours", "4 working hours", id="less than a working day is not made longer or shorter"),
        pytest.param("12 working hours", "8 working hours", id="hours down to a working day"),
        pytest.param("41 working hours", "21 working hours", id="many hours"),
        pytest.param("next meeting", "next meeting", id="a meeting"),
    ],
)
def test_an_expedited_length_is_half_rounded_up_and_at_least_a_working_day(text: str, half: str) -> None:
    assert expedited(text) == half
