"""What stands above a letter, and whom it can be written to."""

import pytest

from tracker.rules.letters import LetterItem, is_deliverable, subject_of

ISSUE = LetterItem("RIV-41", "Letters arrive late", "/issues/RIV-41", ())
NAMED = LetterItem("RIV-42", "Kim was rough", "/issues/RIV-42", (), is_named=True)
DECISION = LetterItem("", "Decision 3: A joint desk", "/decisions/RIV/3", ())


@pytest.mark.parametrize(
    "about, digest, subject",
    [
        ([ISSUE], False, "[RIV-41] Letters arrive late"),
        ([DECISION], False, "[RIV] Decision 3: A joint desk"),
        ([NAMED], False, "[RIV-42] An issue about a person"),
        ([ISSUE], True, "[RIV] Your digest: 1 issue"),
        ([ISSUE, ISSUE, DECISION], True, "[RIV] Your digest: 2 issues and 1 other matter"),
        ([DECISION, DECISION], True, "[RIV] Your digest: 2 matters"),
    ],
)
def test_a_subject_says_what_it_is_about(about: list[LetterItem], digest: bool, subject: str) -> None:
    assert subject_of(about, key="RIV", digest=digest) == subject


@pytest.mark.parametrize("address", ["sam@acute.example", "sam.o'neil+tracker@acute.example", "s@localhost"])
def test_mail_arrives_at_an_address_in_plain_letters(address: str) -> None:
    assert is_deliverable(address)


@pytest.mark.parametrize(
    "address",
    ["jörg.müller@acute.example", "sam@äcute.example", "a..b@acute.example", "sam", "", f"{'s' * 65}@acute.example"],
    ids=["letters before", "letters behind", "two dots", "no place", "nothing", "too long"],
)
def test_mail_arrives_at_no_address_that_a_mail_server_may_not_take(address: str) -> None:
    assert not is_deliverable(address)
