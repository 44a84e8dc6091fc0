"""Sentences with their numbers linked."""

from tracker.reports.sentences import Counted, Figure, counted, linked


def test_a_number_leads_to_what_it_counts_and_one_without_an_address_nowhere() -> None:
    sentence = (Counted("12", "fixes"), " and ", Counted("3", "back"))
    assert linked(sentence, {"fixes": "/issues?outcome=solved"}) == (
        Figure("12", "/issues?outcome=solved"),
        " and ",
        Figure("3"),
    )


def test_none_leads_nowhere_for_there_is_nothing_behind_it() -> None:
    assert linked((Counted("0 fixes", "fixes"),), {"fixes": "/issues"}) == (Figure("0 fixes"),)
    assert (counted(0, {"by": "acute"}), counted(1, {"by": "acute"})) == (Figure("0"), Figure("1", "/issues?by=acute"))
