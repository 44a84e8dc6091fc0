"""A letter as an e-mail: its headers, its two faces, and what cannot be smuggled into them."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from tests.post.conftest import SITE
from tests.post.letters import ABOUT, SIGN_IN, letter
from tracker.post.message import message_of
from tracker.rules.letters import Letter, SignInLetter, Undelivered

NOW = datetime(2026, 4, 27, 8, tzinfo=UTC)


def arrived(sent: Letter | SignInLetter) -> EmailMessage:
    """The message as its reader's mail program understands it."""
    return email.message_from_bytes(message_of(sent, SITE, NOW).as_bytes(), policy=email.policy.default)


def face(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_the_headers_say_from_whom_to_whom_and_that_a_machine_wrote_it() -> None:
    message = arrived(letter())
    assert message["From"] == "Partnership tracker <tracker@tracker.example>"
    assert message["To"] == "Kim Tran <kim@council.example>"
    assert message["Subject"] == "[RIV-41] Letters arrive without the medication list"
    assert (message["Auto-Submitted"], message["List-Id"]) == ("auto-generated", "<riv.tracker.example>")
    assert message["Date"] == "Mon, 27 Apr 2026 08:00:00 +0000"


def test_messages_of_an_issue_stand_under_one_root_and_each_has_its_own_id() -> None:
    message = arrived(letter())
    assert message["Message-ID"] == f"<{'0' * 32}@tracker.example>"
    assert message["References"] == message["In-Reply-To"] == f"<{'f' * 32}@tracker.example>"


def test_a_digest_stands_in_no_thread() -> None:
    message = arrived(letter(thread="", digest=True))
    assert (message["References"], message["In-Reply-To"]) == (None, None)


def test_the_text_says_what_happened_where_it_stands_and_where_to_look() -> None:
    text = face(arrived(letter()), "plain")
    assert text.startswith("Sam Okafor raised it.\n\n> Third letter this month.\n> Ärgerlich <b>!\n")
    assert "https://tracker.example/issues/RIV-41\n" in text
    assert "It is the turn of Riverside Council (Kim Tran).\nIt is with Front line until Thu 30 Apr 17:00.\n" in text
    assert "=> Front line\n     Riverside Hospitals: Sam Okafor | Riverside Council: Kim Tran (their turn)\n" in text
    assert "Riverside Council: nobody yet\n" in text


def test_the_other_face_is_html_in_which_nobodys_words_are_markup() -> None:
    html = face(arrived(letter()), "html")
    assert "<blockquote>Third letter this month.<br>Ärgerlich &lt;b&gt;!</blockquote>" in html
    assert '<a href="https://tracker.example/issues/RIV-41">RIV-41 Letters arrive' in html


def test_a_digest_names_every_issue() -> None:
    other = replace(ABOUT, ref="RIV-42", title="Nobody answers the phone", path="/issues/RIV-42")
    text = face(arrived(letter(about=(ABOUT, other), digest=True)), "plain")
    for line in ("RIV-41  Letters arrive without the medication list", "RIV-42  Nobody answers the phone"):
        assert f"{line}\n" in text


def test_a_private_note_says_who_reads_it() -> None:
    told = replace(ABOUT.told[0], readers="Only people of Riverside Council can read this.")
    message = arrived(letter(about=(replace(ABOUT, told=(told,)),)))
    assert "Only people of Riverside Council can read this." in face(message, "plain")
    assert "Only people of Riverside Council can read this." in face(message, "html")


@pytest.mark.parametrize("title", ["Two\nBcc: eve@evil.example", "Two\r\nBcc: eve@evil.example", "Two\x00\u2028 lines"])
def test_a_title_cannot_become_another_header(title: str) -> None:
    message = arrived(letter(subject=f"[RIV-41] {title}"))
    assert message["Bcc"] is None
    assert str(message["Subject"]).startswith("[RIV-41] Two ")


def test_a_long_subject_in_any_script_arrives_as_it_was() -> None:
    subject = "[RIV-41] " + "Überweisungsträger fehlen, 薬のリストがない 🧾 " * 4
    assert arrived(letter(subject=subject))["Subject"] == subject.strip()


@pytest.mark.parametrize("address", ["", "kim", "kim@@council.example", "kim@council.example, eve@evil.example"])
def test_an_address_that_is_none_is_refused_for_good(address: str) -> None:
    with pytest.raises(Undelivered) as refusal:
        message_of(letter(to_address=address), SITE, NOW)
    assert refusal.value.for_good


def test_a_name_cannot_become_another_address() -> None:
    message = arrived(letter(to_name='Kim" <eve@evil.example>,\r\n "Tran'))
    assert [each.addr_spec for each in message["To"].addresses] == ["kim@council.example"]


def test_a_sign_in_letter_holds_the_link_and_how_long_it_is_good_for() -> None:
    message = arrived(SIGN_IN)
    for kind in ("plain", "html"):
        assert "https://tracker.example/sign-in/secret" in face(message, kind)
        assert "20 minutes" in face(message, kind)
    assert message["List-Id"] is None
