"""A lead pastes three hundred people, who are written to over SMTP while their organisation is open, and three come."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, expect

from tests.browser.cast import DORA
from tests.browser.looks import PHONE
from tests.browser.people import Door, Person
from tests.browser.serving import Tracker
from tests.post.conftest import Mailbox, free_port

PEOPLE = 300
HOSPITAL = "/arrangements/NOR/organisations/hospital"
LINES = "\n".join(f"Péter Çelik{number:03} <p{number:03}@hospital.example>" for number in range(PEOPLE))
OPEN_BY = timedelta(days=3)  # whatever the hour, and over any weekend


class Post:
    """What a mail server took, by whom it was for and what its subject says."""

    def __init__(self) -> None:
        self.box, self.port = Mailbox(), free_port()

    def letters(self, subject: str) -> dict[str, str]:
        """The text of the last letter with this subject to each address."""
        found = {}
        for each in self.box.kept:
            letter = message_from_bytes(_bytes(each.content), _class=EmailMessage, policy=default)
            text = letter.get_body(("plain",))
            if subject in letter["Subject"] and text:
                found[str(each.rcpt_tos[0])] = text.get_content()
        return found


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    found = Post()
    server = Controller(found.box, hostname="127.0.0.1", port=found.port)
    server.start()
    yield found
    server.stop()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, post: Post) -> Iterator[Tracker]:
    """A tracker of its own, since three hundred people stay."""
    home: Path = tmp_path_factory.mktemp("large")
    plain = f"127.0.0.1:{post.port}"
    found = Tracker(home, TRACKER_SMTP_URL=f"smtp://{plain}", TRACKER_MAY_CALL=plain)
    found.set_up()
    with found.served():
        yield found


@pytest.fixture
def large_door(large: Tracker, chromium: Browser) -> Iterator[Door]:
    found = Door(large, chromium, {})
    yield found
    found.close()


def test_three_hundred_are_invited_and_three_of_them_arrive(large: Tracker, large_door: Door, post: Post) -> None:
    dora = large_door(DORA)
    dora.open(HOSPITAL)
    dora.follow(dora.page.get_by_role("link", name="Add many people at once"))
    dora.look_every_way()
    dora.page.get_by_label("Names and addresses").fill(f"{LINES}\nEsi <esi@council.example>")
    dora.press("Show what it would do")
    assert "300 to be invited, 1 refused." in dora.words
    assert "they belong to Northgate Council" in dora.words
    dora.press("Do all of this")
    assert "Northgate Hospital: 300 added and 1 refused" in dora.words

    large.ring(datetime.now(UTC) + OPEN_BY)
    invited = post.letters("You are invited")
    by_dora = [email for email, text in invited.items() if "Dora Lind of Northgate Hospital invites you to" in text]
    assert len(by_dora) == PEOPLE

    for number in (7, 70, 299):
        _arrive(large, large_door, post, f"p{number:03}@hospital.example", invited)

    dora.open(HOSPITAL)
    dora.page.get_by_role("checkbox", name="only who has not come in").check()
    dora.press("Find")
    assert re.search(r"29[79] of 30[0-9] people\.", dora.words)
    assert "has not come" in dora.words
    dora.look_every_way()
    dora.open(f"{HOSPITAL}?name=celik070")
    assert "last in" in dora.words
    _choose_by_typing(large_door, dora)


def _arrive(large: Tracker, large_door: Door, post: Post, email: str, invited: dict[str, str]) -> None:
    """By the letter, in a browser that has never been there."""
    person = large_door.stranger(size=PHONE)
    (address,) = re.findall(rf"{large.address}\S+", invited[email])
    person.open(address)
    person.page.get_by_label("Your e-mail address").fill(email)
    person.press("Send me a link")
    large.ring(datetime.now(UTC))
    (link,) = re.findall(rf"{large.address}/sign-in/\S+", post.letters("Your sign-in link")[email])
    person.open(link)
    person.press("Sign in")
    person.open("/account")
    assert email in person.words


def _choose_by_typing(large_door: Door, dora: Person) -> None:
    """One of all these, with scripts and without."""
    dora.open("/arrangements/NOR/bodies/ops")
    dora.page.get_by_text("Change the seats of Northgate Hospital").click()
    field = dora.page.get_by_label("Person in row 2", exact=True)
    field.press_sequentially("celik07")
    options = dora.page.locator(f"#{field.get_attribute('list')} option")
    expect(options).to_have_count(10)
    expect(options.first).to_have_attribute("value", "Péter Çelik070 <p070@hospital.example>")
    dora.look_every_way()

    plain = large_door(DORA, scripts=False)
    plain.open("/people/NOR?name=celik29")
    assert "10 of" in plain.words
    plain.open("/arrangements/NOR/bodies/ops")
    plain.page.get_by_text("Change the seats of Northgate Hospital").click()
    plain.page.get_by_label("Person in row 2", exact=True).fill("celik070")
    plain.press("Keep", plain.page.locator("#seats-hospital form"))
    assert "Péter Çelik070" in plain.words


def _bytes(content: bytes | str | None) -> bytes:
    return content.encode() if isinstance(content, str) else content or b""
