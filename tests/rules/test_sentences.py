"""Sentences whose numbers can be followed."""

from tracker.reports.sentences import Counted, said


def test_a_sentence_in_pieces_reads_as_one() -> None:
    assert said((Counted("12 fixes", "fixes"), " were followed; ", Counted("3", "back"), " came back.")) == (
        "12 fixes were followed; 3 came back."
    )
