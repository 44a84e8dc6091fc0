"""Sentences with their numbers linked."""

from tracker.pages.linked import linked
from tracker.pages.theme_views import Figure
from tracker.rules.sentences import Counted


def test_a_number_leads_to_what_it_counts_and_one_without_an_address_nowhere() -> None:
    sentence = (Counted("12", "fixes"), " and ", Counted("0", "back"))
    assert linked(sentence, {"fixes": "/issues?outcome=solved"}) == (
        Figure("12", "/issues?outcome=solved"),
        " and ",
        Figure("0"),
    )
