"""Seals: what goes out into a page and comes back is read by nobody on the way, and not changed."""

from datetime import timedelta

import pytest

from tests.makers import MONDAY
from tracker.settings.seals import SEAL_LIVES, opened, sealed

KEY, OTHER = b"k" * 32, b"o" * 32


@pytest.mark.parametrize("text", ["", "x", "Nobody told the ward. " * 4_000, "अ ß \U0001f600"])
def test_what_was_sealed_is_opened_as_it_was(text: str) -> None:
    assert opened(sealed(text, KEY, now=MONDAY), KEY, now=MONDAY + SEAL_LIVES) == text


def test_no_other_key_opens_it_and_nobody_after_seven_days() -> None:
    seal = sealed("Words", KEY, now=MONDAY)
    assert opened(seal, OTHER, now=MONDAY) is None
    assert opened(seal, KEY, now=MONDAY + timedelta(days=7, seconds=1)) is None


def test_the_same_words_are_sealed_differently_each_time() -> None:
    assert sealed("Words", KEY, now=MONDAY)[:20] != sealed("Words", KEY, now=MONDAY)[:20]


@pytest.mark.parametrize("text", ["0 0", "7 1", "123456789 3650", "9" * 40])
def test_how_long_a_seal_is_tells_nothing_of_a_number(text: str) -> None:
    assert len(sealed(text, KEY, now=MONDAY)) == len(sealed("", KEY, now=MONDAY))


def test_what_was_changed_on_the_way_is_not_opened() -> None:
    seal = sealed("Words", KEY, now=MONDAY)
    for at in range(0, len(seal) - 1, 3):
        changed = seal[:at] + ("A" if seal[at] != "A" else "B") + seal[at + 1 :]
        assert opened(changed, KEY, now=MONDAY) is None, at


@pytest.mark.parametrize("seal", ["", "é", "AAAA", "A" * 200, "x" * 5_000, "===="])
def test_what_never_was_a_seal_is_not_opened(seal: str) -> None:
    assert opened(seal, KEY, now=MONDAY) is None
