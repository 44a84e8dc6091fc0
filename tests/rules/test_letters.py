"""What stands above a letter."""

import pytest

from tracker.rules.letters import LetterItem, subject_of

ISSUE = LetterItem("RIV-41", "Letters arrive late", "/issues/RIV-41", ())
DECISION = LetterItem("", "Decision 3: A joint desk", "/decisions/RIV/3", ())


@pytest.mark.parametrize(
    "about, digest, subject",
    [
        ([ISSUE], False, "[RIV-41] Letters arrive late"),
        ([DECISION], False, "[RIV] Decision 3: A joint desk"),
        ([ISSUE], True, "[RIV] Your digest: 1 issue"),
        ([ISSUE, ISSUE, DECISION], True, "[RIV] Your digest: 2 issues and 1 other matter"),
        ([DECISION, DECISION], True, "[RIV] Your digest: 2 matters"),
    ],
)
def test_a_subject_says_what_it_is_about(about: list[LetterItem], digest: bool, subject: str) -> None:
    assert subject_of(about, key="RIV", digest=digest) == subject
