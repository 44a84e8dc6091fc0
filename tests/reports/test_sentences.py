"""Sentences whose numbers can be followed."""

from tracker.reports.sentences import Count, Counted, counted, linked, said


def test_a_sentence_in_pieces_reads_as_one() -> None:
    assert said((Counted("12 fixes", "fixes"), " were followed; ", Counted("3", "back"), " came back.")) == (
        "12 fixes were followed; 3 came back."
    )


def test_a_number_leads_to_what_it_counts_and_one_without_an_address_nowhere() -> None:
    sentence = (Counted("12", "fixes"), " and ", Counted("3", "back"))
    assert linked(sentence, {"fixes": "/issues?outcome=solved"}) == (
        Count("12", "/issues?outcome=solved"),
        " and ",
        Count("3"),
    )


def test_none_leads_nowhere_for_there_is_nothing_behind_it() -> None:
    assert linked((Counted("0 fixes", "fixes"),), {"fixes": "/issues"}) == (Count("0 fixes"),)
    assert (counted(0, {"by": "acute"}), counted(1, {"by": "acute"})) == (Count("0"), Count("1", "/issues?by=acute"))
