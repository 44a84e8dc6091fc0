"""Sending by SMTP, to a real server on this machine."""

import ssl
from datetime import UTC, datetime

import pytest

from tests.post.conftest import SITE, Serving, free_port, knows_sam
from tests.post.letters import SIGN_IN, letter
from tracker.post.smtp import PostOffice, Smtp
from tracker.rules.letters import Undelivered

NOW = datetime(2026, 4, 27, 8, tzinfo=UTC)


def refused(url: str) -> Undelivered:
    """What sending a letter there is refused with."""
    channel = Smtp(url, SITE)
    with pytest.raises(Undelivered) as refusal:
        channel.send(letter(), NOW)
    channel.close()
    return refusal.value


@pytest.mark.parametrize(
    "url, read",
    [
        pytest.param("smtp://mail.example", ("mail.example", 25, "", "", False), id="plain"),
        pytest.param("smtp://sam:pw@mail.example", ("mail.example", 587, "sam", "pw", False), id="with-a-password"),
        pytest.param("smtps://mail.example", ("mail.example", 465, "", "", True), id="tls"),
        pytest.param("smtp://s%40m:p%2Fw@[::1]:2525", ("::1", 2525, "s@m", "p/w", False), id="escaped"),
    ],
)
def test_the_address_of_a_mail_server_is_read(url: str, read: tuple[str, int, str, str, bool]) -> None:
    assert PostOffice.read(url) == PostOffice(*read)


def test_a_letter_arrives_whole(mail_server: Serving) -> None:
    with mail_server() as (mailbox, port):
        channel = Smtp(f"smtp://localhost:{port}", SITE)
        channel.send(letter(), NOW)
        channel.close()
    (kept,) = mailbox.kept
    assert (kept.mail_from, kept.rcpt_tos) == ("tracker@tracker.example", ["kim@council.example"])
    assert b"Message-ID: <00000000000000000000000000000000@tracker.example>" in (kept.original_content or b"")


def test_the_letters_of_a_sweep_go_over_one_connection(mail_server: Serving) -> None:
    with mail_server() as (mailbox, port):
        channel = Smtp(f"smtp://localhost:{port}", SITE)
        for each in (letter(), SIGN_IN, letter()):
            channel.send(each, NOW)
        channel.close()
    assert (len(mailbox.kept), len(mailbox.peers)) == (3, 1)


def test_after_the_server_hung_up_the_next_letter_opens_anew(mail_server: Serving) -> None:
    with mail_server(timeout=0.3) as (mailbox, port):
        channel = Smtp(f"smtp://localhost:{port}", SITE)
        channel.send(letter(), NOW)
        line = channel._open and channel._open.sock
        assert line
        line.recv(1000)  # until the server says that it waited too long
        channel.send(letter(), NOW)
        channel.close()
    assert (len(mailbox.kept), len(mailbox.peers)) == (2, 2)


def test_tls_from_the_first_byte(mail_server: Serving, trusted: ssl.SSLContext) -> None:
    with mail_server(ssl_context=trusted) as (mailbox, port):
        channel = Smtp(f"smtps://localhost:{port}", SITE)
        channel.send(letter(), NOW)
        channel.close()
    assert len(mailbox.kept) == 1


def test_starttls_when_it_is_offered_and_a_password_inside_it(mail_server: Serving, trusted: ssl.SSLContext) -> None:
    options = {"tls_context": trusted, "require_starttls": True, "auth_required": True, "authenticator": knows_sam}
    with mail_server(**options) as (mailbox, port):
        channel = Smtp(f"smtp://sam:p%40ss%2Fword@localhost:{port}", SITE)
        channel.send(letter(), NOW)
        channel.close()
    assert len(mailbox.kept) == 1


def test_a_server_nobody_vouches_for_is_told_nothing(mail_server: Serving, untrusted: ssl.SSLContext) -> None:
    with mail_server(tls_context=untrusted) as (mailbox, port):
        refusal = refused(f"smtp://localhost:{port}")
    assert (refusal.nobody_there, refusal.for_good, mailbox.kept) == (True, False, [])
    assert "certificate verify failed" in str(refusal)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_wrong_password_is_no_fault_of_the_letter(mail_server: Serving) -> None:
    options = {"auth_required": True, "auth_require_tls": False, "authenticator": knows_sam}
    with mail_server(**options) as (_, port):
        refusal = refused(f"smtp://sam:wrong@localhost:{port}")
    assert (refusal.nobody_there, refusal.for_good) == (True, False)
    assert "wrong" not in str(refusal)


def test_where_nobody_listens_the_letter_waits() -> None:
    refusal = refused(f"smtp://localhost:{free_port()}")
    assert (refusal.nobody_there, refusal.for_good) == (True, False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_password_does_not_go_over_a_wire_in_the_clear(mail_server: Serving) -> None:
    options = {"auth_required": True, "auth_require_tls": False, "authenticator": knows_sam}
    with mail_server(**options) as (mailbox, port):
        refusal = refused(f"smtp://sam:p%40ss%2Fword@127.1:{port}")  # not recognised as this machine
    assert "offers no TLS, so it is not told the password" in str(refusal)
    assert (refusal.nobody_there, mailbox.kept) == (True, [])


def test_no_letter_goes_over_a_wire_in_the_clear_but_to_a_host_that_is_named(mail_server: Serving) -> None:
    with mail_server() as (mailbox, port):
        refusal = refused(f"smtp://127.1:{port}")  # not recognised as this machine
        assert "offers no TLS, so no letter goes there" in str(refusal)
        assert (refusal.nobody_there, refusal.for_good, mailbox.kept) == (True, False, [])
        for named in ("127.1", f"127.1:{port}"):
            channel = Smtp(f"smtp://127.1:{port}", SITE, may_call=(named,))
            channel.send(letter(), NOW)
            channel.close()
    assert len(mailbox.kept) == 2


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_on_this_very_machine_there_is_no_wire(mail_server: Serving) -> None:
    options = {"auth_required": True, "auth_require_tls": False, "authenticator": knows_sam}
    with mail_server(**options) as (mailbox, port):
        channel = Smtp(f"smtp://sam:p%40ss%2Fword@127.0.0.1:{port}", SITE)
        channel.send(letter(), NOW)
        channel.close()
    assert len(mailbox.kept) == 1


@pytest.mark.parametrize(
    "asked, answer, for_good, nobody_there",
    [
        pytest.param("kim@council.example", "550 no such person", True, False, id="an-unknown-address"),
        pytest.param("kim@council.example", "450 mailbox is full", False, False, id="a-full-mailbox"),
        pytest.param("DATA", "554 looks like spam", True, False, id="a-refused-message"),
        pytest.param("DATA", "451 try later", False, False, id="a-server-in-trouble"),
        pytest.param("MAIL", "553 not your sender", False, True, id="a-sender-that-may-not"),
        pytest.param("MAIL", "552 too large", True, False, id="a-message-too-large"),
    ],
)
def test_what_a_refusal_means(
    mail_server: Serving, asked: str, answer: str, *, for_good: bool, nobody_there: bool
) -> None:
    with mail_server() as (mailbox, port):
        mailbox.answers[asked] = answer
        refusal = refused(f"smtp://localhost:{port}")
    assert (refusal.for_good, refusal.nobody_there) == (for_good, nobody_there)
    assert answer in str(refusal)


def test_after_a_refusal_the_next_letter_is_sent(mail_server: Serving) -> None:
    with mail_server() as (mailbox, port):
        mailbox.answers["kim@council.example"] = "550 no such person"
        channel = Smtp(f"smtp://localhost:{port}", SITE)
        with pytest.raises(Undelivered):
            channel.send(letter(), NOW)
        channel.send(letter(to_address="sam@acute.example"), NOW)
        channel.close()
    assert (len(mailbox.kept), len(mailbox.peers)) == (1, 1)
