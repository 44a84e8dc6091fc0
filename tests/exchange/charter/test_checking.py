"""Checking a charter file: every mistake at once, each by table, key and field, with what is allowed."""

from datetime import date

import pytest

from tests.exchange.charter.charter_mistakes import MISTAKES
from tests.exchange.charter.charter_text import CHARTER, spoilt
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.checking import MOST_ROUTES, MOST_WORDS, check
from tracker.rules.refusals import WrongFile

TODAY = date(2026, 4, 27)
_NIGHTLY = """[[organisation]]
key = "night"
name = "Night Care"
calendar = { zone = "Europe/London", mon-fri = ["20:00-24:00"] }

[[person]]
email = "nell@night.example"
name = "Nell Night"
organisation = "night"
roles = ["lead"]
"""


@pytest.mark.parametrize("old, new, said", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_names_its_place_what_was_found_and_what_is_allowed(old: str, new: str, said: str) -> None:
    with pytest.raises(WrongFile) as refused:
        check(spoilt(**{old: new}), today=TODAY)
    assert said in str(refused.value)
    assert len(refused.value.places) == 1


def test_an_organisation_that_shares_no_time_with_several_is_one_mistake() -> None:
    third = CHARTER.replace("[[organisation]]", f"{_NIGHTLY}\n[[organisation]]", 1)
    with pytest.raises(WrongFile) as refused:
        check(third, today=TODAY)
    (place,) = refused.value.places
    said = "Night Care shares no working time on any weekday with Riverside Hospitals and Riverside Council"
    assert place == f"[[organisation]] night, acute and council, calendar: {said}; allowed is some"


def test_all_mistakes_are_told_at_once() -> None:
    names = ["a partnership key in small letters", "an unknown table", "hours that are none", "a seat for nobody"]
    spoils = dict(MISTAKES[name][:2] for name in names)
    with pytest.raises(WrongFile) as refused:
        check(spoilt(**spoils), today=TODAY)
    assert len(refused.value.places) == len(spoils)


def test_of_routes_and_their_words_there_are_no_more_than_can_be_held_against_each_other() -> None:
    named = ", ".join(f'"word {number}"' for number in range(MOST_WORDS))
    routes = "".join(f'\n[[route]]\nkey = "more-{number}"\nladder = "operational"\n' for number in range(MOST_ROUTES))
    with pytest.raises(WrongFile) as refused:
        check(f"{CHARTER}{routes}when = {{ words = [{named}] }}\n", today=TODAY)
    assert [each.partition(": ")[2] for each in refused.value.places] == [
        f"found {CHARTER.count('[[route]]') + MOST_ROUTES}; allowed are {MOST_ROUTES}",
        f"found {MOST_WORDS + 1:,} in all routes together; allowed are {MOST_WORDS:,}",
    ]


def test_what_is_not_toml_is_refused_with_the_line() -> None:
    with pytest.raises(WrongFile, match="line 2"):
        check("[partnership]\nkey RIV", today=TODAY)


def test_an_empty_file_says_what_is_missing() -> None:
    with pytest.raises(WrongFile, match=r"\[partnership\]: is missing"):
        check("", today=TODAY)


def test_a_beginning_without_a_rule_is_one_meeting() -> None:
    once = check(spoilt(**{" RRULE:FREQ=WEEKLY;BYDAY=TU": ""}), today=TODAY)
    assert once.body["ops"].meets == "DTSTART;TZID=Europe/London:20260106T100000"


def test_left_out_themes_are_the_fourteen_that_ship() -> None:
    charter = _checked()
    assert (len(charter.group), len(charter.theme)) == (5, 14)


def test_a_ladder_from_a_starter_has_its_tiers_on_the_bodies_given() -> None:
    care = _checked().ladder["care"]
    assert [(tier.name, tier.body, tier.limit) for tier in care.tiers[:2]] == [
        ("Professionals", "front", "2 working days"),
        ("Managers", "ops", "5 working days"),
    ]
    assert care.skip == "anyone"


def test_a_route_to_the_expedited_twin_brings_it_in_with_half_the_limits() -> None:
    twin = _checked().ladder["care-expedited"]
    assert [tier.limit for tier in twin.tiers] == ["1 working day", "3 working days", "1 working day", "1 working day"]
    assert not twin.default


def test_an_external_tier_needs_neither_limit_nor_body() -> None:
    bodies = '"front", "ops", "ops", "ops"'
    contract = _checked(**{'from = "care"': 'from = "contract"', bodies: bodies, "care-expedited": "care"}).ladder[
        "care"
    ]
    assert (contract.tiers[-1].name, contract.tiers[-1].body, contract.tiers[-1].limit) == ("Mediation", None, None)


def test_an_expedited_ladder_cannot_be_the_default() -> None:
    text = spoilt(**{"default = true\n": "", 'key = "care"\n': 'key = "care-expedited"\ndefault = true\n'})
    with pytest.raises(WrongFile, match="only a route chooses an expedited ladder"):
        check(text, today=TODAY)


def test_the_only_ladder_is_the_default() -> None:
    start = CHARTER.index('[[ladder]]\nkey = "care"')
    end = CHARTER.index("[[service_area]]")
    text = (CHARTER[:start] + CHARTER[end:]).replace("default = true\n", "").replace("care-expedited", "operational")
    assert check(text, today=TODAY).ladder["operational"].default


def test_an_address_counts_in_any_case() -> None:
    assert _checked(**{'email = "sam@acute.example"': 'email = "Sam@Acute.example"'}) == _checked()


def test_two_ways_of_writing_a_week_are_the_same() -> None:
    assert _checked(**{"mon-thu = [": 'mon-tue = ["09:00-17:00"], wed = ["09:00-17:00"], thu = ['}) == _checked()


def _checked(**replacements: str) -> Charter:
    return check(spoilt(**replacements), today=TODAY)
