"""What a text mentions that can be followed: references and telephone numbers, and nothing that only looks like one."""

import time

import pytest

from tracker.pages.web.links import dialled, mentions, references

NUMBERS = {
    "Ring 0117 496 0123 today": "01174960123",
    "+44 (117) 496-0123": "+441174960123",
    "bleep on +4915123456789.": "+4915123456789",
}
NONE = ["on 04-05-2026", "2026-04-27", "RIV", "XRIV-12x", "no-RIV-12", "4.2", "24/7", "09:00-17:00", "0", "+", ""]


@pytest.mark.parametrize("text, number", NUMBERS.items())
def test_a_number_is_dialled_as_it_was_written(text: str, number: str) -> None:
    assert [each.dial for each in mentions(text) if each.dial] == [number]


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert [each for each in mentions(text) if each.ref or each.dial] == []


def test_the_pieces_of_a_text_are_the_text() -> None:
    text = "As in RIV-12 and (RIV-3): ring 0117 496 0123, or +49 30 901820."
    pieces = [*mentions(text)]
    assert "".join(each.text for each in pieces) == text
    assert [each.ref or each.dial for each in pieces if each.ref or each.dial] == [
        "RIV-12", "RIV-3", "01174960123", "+4930901820",
    ]  # fmt: skip


def test_a_reference_is_asked_about_once_and_never_more_than_a_page_asks() -> None:
    assert references(["RIV-2, RIV-1 and RIV-2", "RIV-1"]) == ("RIV-2", "RIV-1")
    assert len(references([" ".join(f"RIV-{number}" for number in range(1, 1000))])) == 100


def test_dialling_leaves_out_all_but_digits_and_a_leading_plus() -> None:
    assert dialled(" +44 (0)117 / 496") == "+440117496"


@pytest.mark.parametrize("piece", ["0", "+0", "0 ", "RIV-", "A", "0("])
def test_no_text_costs_more_than_its_length(piece: str) -> None:
    def seconds(text: str) -> float:
        began = time.process_time()
        for _ in mentions(text):
            pass
        return time.process_time() - began

    short, long = (min(seconds(piece * times) for _ in range(3)) for times in (4_000, 64_000))
    assert long < 16 * max(short, 0.001) * 4
