"""A filter stands in two tables: of what the address may say of it, and of what it asks of an issue."""

from tracker.pages.issues.filters import FILTERS
from tracker.queries.issue_list import CONDITIONS, OF_ONE_OCCURRENCE

# Whose partnership it is stands in every query; by which name says more of "named" alone; an order asks nothing.
WITHIN_OTHERS = {"partnership", "alike", "sort"}


def test_every_filter_of_an_address_asks_something_of_an_issue_and_the_other_way_round() -> None:
    names = [each.name for each in FILTERS]
    assert set(names) - WITHIN_OTHERS == {*CONDITIONS, *OF_ONE_OCCURRENCE}
    assert len(names) == len(set(names))


def test_every_filter_says_what_can_be_chosen_and_is_said_of_a_list_or_chosen_first() -> None:
    assert [each.name for each in FILTERS if not each.choices and not each.words] == []
    said_otherwise = {each.name for each in FILTERS if not each.phrase}
    assert said_otherwise == {
        "state",
        "from",
        "until",
        "raised_from",
        "raised_until",
        "resolved_from",
        "resolved_until",
        "sort",
    }
