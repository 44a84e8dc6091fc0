"""What a witness answers: which of it is a cosignature, from where it is asked again, and what is in its way."""

from datetime import timedelta

import pytest

from tracker.rules.proofs.checkpoints import TreeHead
from tracker.rules.proofs.notes import SignedNote, WrongNote
from tracker.rules.proofs.witness_answers import GAPS, WitnessReply, WitnessTrouble, gap_after
from tracker.rules.proofs.witnessing import SIZE_TYPE, AddCheckpoint

FROM_THREE_TO_NINE = AddCheckpoint(3, (), SignedNote(TreeHead("log", 9, bytes(32)).text, ()))


@pytest.mark.parametrize(
    "status, said, trouble",
    [
        (200, "— w AAAAAAA=\n", None),
        (409, "5\n", None),
        (409, "10\n", WitnessTrouble.AHEAD),
        (409, "3\n", WitnessTrouble.ANOTHER_HISTORY),
        (422, "", WitnessTrouble.ANOTHER_HISTORY),
        (403, "", WitnessTrouble.UNTRUSTED_KEY),
        (404, "", WitnessTrouble.UNKNOWN_LOG),
        (307, "", WitnessTrouble.WRONG_ANSWER),
        (500, "", WitnessTrouble.WRONG_ANSWER),
    ],
)
def test_each_answer_has_its_meaning(status: int, said: str, trouble: WitnessTrouble | None) -> None:
    assert WitnessReply(status, SIZE_TYPE, said).trouble_with(FROM_THREE_TO_NINE) is trouble


@pytest.mark.parametrize("kind, said", [("text/plain", "5\n"), (SIZE_TYPE, "many\n"), (SIZE_TYPE, "5\n6\n")])
def test_a_conflict_that_says_no_size_is_wrong(kind: str, said: str) -> None:
    with pytest.raises(WrongNote):
        WitnessReply(409, kind, said).trouble_with(FROM_THREE_TO_NINE)


def test_only_what_nothing_here_can_mend_ends_the_asking() -> None:
    assert {each for each in WitnessTrouble if each.ends_asking} == {
        WitnessTrouble.AHEAD,
        WitnessTrouble.ANOTHER_HISTORY,
    }
    assert all(each.text for each in WitnessTrouble)


def test_whoever_does_not_answer_is_left_alone_longer_and_longer() -> None:
    gaps = [gap_after(attempts) for attempts in range(9)]
    assert gaps[:2] == [timedelta(), timedelta(minutes=1)]
    assert gaps == sorted(gaps)
    assert gaps[-1] == GAPS[-1]
