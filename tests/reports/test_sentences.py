"""Sentences whose numbers can be followed."""

from tracker.reports.sentences import Count, joined, plain


def test_a_sentence_in_pieces_reads_as_one() -> None:
    assert plain((Count("12 fixes", "/issues?fix=followed"), " were followed; ", Count("3"), " came back.")) == (
        "12 fixes were followed; 3 came back."
    )


def test_sentences_are_joined_with_their_links() -> None:
    one, other = (Count("7", "/issues?theme=pace"), " lately"), ("so it was",)
    assert joined((one, other), "; ") == (Count("7", "/issues?theme=pace"), " lately", "; ", "so it was")
    assert joined((), "; ") == ()
