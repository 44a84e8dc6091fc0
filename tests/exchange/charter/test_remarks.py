"""What in a charter is taken, and worth a look: it is hardly meant, and each is told once."""

from datetime import UTC, datetime

import pytest

from tests.exchange.charter.charter_text import spoilt
from tracker.exchange.charter.checking import check
from tracker.exchange.charter.remarks import holidays_remark, remarks

NOW = datetime(2026, 4, 27, 8, tzinfo=UTC)


MEANT = {'bodies = ["front", "ops", "ops", "ops"]': 'bodies = ["front", "ops", "board", "panel"]',
    '[[ladder]]\nkey = "operational"': """[[body]]
key = "board"
name = "Board"
seats = [{ person = "jo@acute.example", holds = true }, { person = "kim@council.example", holds = true }]

[[body]]
key = "panel"
name = "Panel"
seats = [{ person = "jo@acute.example", holds = true }, { person = "kim@council.example", holds = true }]

[[ladder]]
key = "operational\"""",
    '{ person = "ingrid@both.example", organisation = "council" }':
        '{ person = "ingrid@both.example", organisation = "council", holds = true }',
}  # fmt: skip
ROUTES = '[[route]]\nkey = "risk"'


def remarked(**spoils: str) -> list[str]:
    """What is remarked of the charter in which everything is meant, spoilt."""
    text = spoilt(**MEANT)
    for old, new in spoils.items():
        assert old in text, old
        text = text.replace(old, new)
    return [str(each) for each in remarks(check(text, today=NOW.date()), NOW)]


def with_route(key: str, when: str) -> dict[str, str]:
    """The charter with one route more, tried behind late-discharge and before risk."""
    return {ROUTES: f'[[route]]\nkey = "{key}"\nwhen = {when}\nladder = "operational"\n\n{ROUTES}'}


def test_nothing_is_remarked_of_a_charter_in_which_everything_is_meant() -> None:
    assert remarked() == []


@pytest.mark.parametrize("country, part", [("GB", "GB-ENG"), ("AU", "AU-NSW"), ("CA", "CA-ON"), ("DE", "DE-BY")])
def test_the_holidays_of_a_country_are_remarked_with_the_parts_that_keep_more(country: str, part: str) -> None:
    (remark,) = remarked(**{'holidays = "GB-ENG"\nclosed': f'holidays = "{country}"\nclosed'})
    assert remark.startswith(f"[[organisation]] acute, calendar, holidays: “{country}” leaves out the public holidays")
    assert part in remark


@pytest.mark.parametrize("code", ["GB-ENG", "AU-NSW", "IE", "NL", None])
def test_a_part_or_a_country_that_keeps_one_list_is_not_remarked(code: str | None) -> None:
    assert holidays_remark(code) == ""


def test_meetings_that_are_all_past_are_remarked() -> None:
    once = {"DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=WEEKLY;BYDAY=TU": "DTSTART:20260106T100000Z"}
    assert remarked(**once) == ["[[body]] ops, meets: all of its meetings are past"]


def test_a_body_twice_in_a_ladder_is_remarked_once_for_it_and_its_twin() -> None:
    (remark,) = remarked(**{'"board", "panel"': '"board", "board"'})
    assert remark == (
        "[[ladder]] care, tiers: Board is more than one of its tiers: an issue would climb to those who have it"
    )


def test_a_tier_at_which_nobody_holds_for_a_side_is_remarked() -> None:
    (remark,) = remarked(**{', organisation = "council", holds = true }': ', organisation = "council" }'})
    assert remark == (
        "[[body]] ops, seats: nobody holds there for Riverside Council; "
        "an issue that comes there is passed to the next tier at once"
    )


def test_a_body_on_no_ladder_may_be_empty() -> None:
    assert (
        remarked(**{'[[ladder]]\nkey = "care"': '[[body]]\nkey = "quiet"\nname = "Quiet"\n\n[[ladder]]\nkey = "care"'})
        == []
    )


def test_a_route_that_repeats_another_is_remarked() -> None:
    when = '{ severity = ["critical", "serious"], service_area = ["discharge"] }'
    (remark,) = remarked(**with_route("again", when))
    repeats = "asks for just what route late-discharge asks for, which is tried first; it is never taken"
    assert remark == f"[[route]] again, when: {repeats}"


def test_a_route_of_which_all_is_taken_before_it_is_remarked() -> None:
    taken = "is never taken: all it asks for goes by"
    narrower = with_route("narrower", '{ service_area = ["discharge"], severity = ["critical"], words = ["bed"] }')
    assert remarked(**narrower) == [f"[[route]] narrower, when: {taken} route late-discharge, tried first"]
    late = """[[route]]\nkey = "last"\nwhen = { severity = ["serious"] }\nladder = "care"\n\n[[clause]]"""
    everything = remarked(**{'when = { words = ["fall"] }': "when = {}", "[[clause]]": late})
    assert everything == [f"[[route]] last, when: {taken} routes late-discharge and risk, tried first"]


def test_a_word_that_stands_in_an_earlier_route_s_words_hides_a_route() -> None:
    hidden = {"[[clause]]": '[[route]]\nkey = "fell"\nwhen = { words = ["falls"] }\nladder = "care"\n\n[[clause]]'}
    assert remarked(**hidden) == [
        "[[route]] fell, when: is never taken: all it asks for goes by routes late-discharge and risk, tried first"
    ]


def test_a_route_between_an_organisation_and_itself_is_remarked() -> None:
    assert remarked(**with_route("self", '{ organisation = ["acute"], with = ["acute"] }')) == [
        "[[route]] self, when: can never match: nobody raises an issue with their own organisation"
    ]


@pytest.mark.parametrize(
    "when",
    [
        '{ service_area = ["discharge"] }',
        '{ severity = ["critical"] }',
        '{ words = ["bed"] }',
        '{ topic = ["GOV"] }',
        '{ kind = ["early_warning"] }',
        '{ organisation = ["council"], with = ["acute"] }',
    ],
)
def test_a_route_that_some_issue_can_take_is_not_remarked(when: str) -> None:
    assert remarked(**with_route("some", when)) == []
