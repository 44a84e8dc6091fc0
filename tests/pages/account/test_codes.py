"""A link signs in the browser that asked for it; in another one it shows a code, to be typed where it was asked for."""

import re
from datetime import timedelta
from typing import Any

import pytest
from httpx import Response
from sqlmodel import col, select
from structlog.testing import capture_logs

from tests.makers import MONDAY
from tests.pages.web.test_audit import noted
from tests.site import Guest, Site
from tracker.actions.people.try_code import show_code
from tracker.actions.welcome import ask_for_link
from tracker.database import statement_count
from tracker.records.session import CODE_LETTERS, LINK_KEY, MOST_CODE_TRIES, SignInLink, link_code

SAM, NOBODY = "sam@acute.example", "nobody@acute.example"
FIREFOX = {"headers": {"user-agent": "Mozilla/5.0 (Windows NT 10.0; rv:127.0) Gecko/20100101 Firefox/127.0"}}
CODE = re.compile(f'<p class="code">([{CODE_LETTERS}]{{4}}-[{CODE_LETTERS}]{{4}})</p>')
WRONG = "BBBB-BBBB"


def asks(guest: Guest, email: str = SAM, **more: str) -> Response:
    guest.get("/sign-in")
    return guest.post("/sign-in", {"email": email, **more}, **FIREFOX)


def mailed(site: Site) -> str:
    """The address in the newest letter."""
    with site.db.read() as session:
        link = session.exec(select(SignInLink).order_by(col(SignInLink.id).desc())).first()
        assert link is not None
        return f"/sign-in/{link.token(site.settings.key(LINK_KEY))}"


def shown(phone: Guest, link: str) -> str:
    """The code that somebody is shown who says that they asked."""
    phone.get(link)
    assert phone.post(link).headers["location"] == link
    found = CODE.search(phone.get(link).text)
    assert found
    return found[1]


def types(guest: Guest, code: str) -> Response:
    guest.get("/sign-in/sent")
    return guest.post("/sign-in/sent", {"code": code})


def is_in(guest: Guest) -> bool:
    return guest.get("/account").status_code == 200


@pytest.fixture
def desktop(site: Site) -> Guest:
    """A browser in which sam's address has been given."""
    guest = site.stranger()
    asks(guest, next="/issues/RIV-41?x=1")
    return guest


@pytest.fixture
def phone(site: Site) -> Guest:
    return site.stranger(address="198.51.100.7")


def test_the_browser_that_asked_is_signed_in_as_before(site: Site, desktop: Guest) -> None:
    link = mailed(site)
    assert "Welcome, Sam Okafor" in desktop.get(link).text
    assert desktop.post(link).headers["location"] == "/issues/RIV-41?x=1"
    assert is_in(desktop)


def test_another_browser_reads_what_asked_and_is_not_signed_in(site: Site, desktop: Guest, phone: Guest) -> None:
    link = mailed(site)
    site.later(minutes=3)
    text = phone.get(link).text
    assert "Did you ask for this link?" in text
    assert "with Firefox on Windows, from the network 192.0.2.x" in text
    assert "3 minutes ago" in text
    assert "192.0.2.7" not in text
    assert not CODE.search(text)
    phone.post(link)
    assert not is_in(phone)
    assert is_in(desktop) is False


@pytest.mark.parametrize(
    "address, network",
    [
        ("10.0.0.9", ", from the network 10.0.0.x"),
        ("2001:db8:0:5::9", ", from the network 2001:db8:0:x"),
        ("a.test", ""),
    ],
)
def test_where_it_was_asked_for_is_told_without_the_device(site: Site, address: str, network: str) -> None:
    asks(site.stranger(address=address))
    with site.db.read() as session:
        assert session.exec(select(SignInLink)).one().about == f"Firefox on Windows{network}"


def test_the_code_signs_in_the_browser_that_asked_and_leads_on(site: Site, desktop: Guest, phone: Guest) -> None:
    code = shown(phone, mailed(site))
    assert "Nobody will ever ask you for it" in phone.get(mailed(site)).text
    assert types(desktop, code).headers["location"] == "/issues/RIV-41?x=1"
    assert is_in(desktop)
    assert not is_in(phone)


@pytest.mark.parametrize(
    "spelt", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code[:4]}{code[5:]} "]
)
def test_a_code_is_taken_however_it_is_spaced(site: Site, desktop: Guest, phone: Guest, spelt: Any) -> None:
    assert types(desktop, spelt(shown(phone, mailed(site)))).status_code == 303


def test_a_code_is_good_nowhere_but_where_it_was_asked_for(site: Site, desktop: Guest, phone: Guest) -> None:
    code, other = shown(phone, mailed(site)), site.stranger()
    asks(other, "kim@council.example")
    assert types(other, code).status_code == 422
    assert types(phone, code).status_code == 410
    assert not is_in(other)
    assert not is_in(phone)


def test_a_code_counts_only_once_somebody_said_that_they_asked(site: Site, desktop: Guest, phone: Guest) -> None:
    """Who asks for somebody else's address gets nowhere, whatever they guess, while its owner does nothing."""
    link = mailed(site)
    phone.get(link)
    with site.db.read() as session:
        code = link_code(site.settings.key(LINK_KEY), session.exec(select(SignInLink)).one().nonce)
    assert types(desktop, code).status_code == 422
    shown(phone, link)
    assert types(desktop, code).status_code == 303


def test_a_code_and_its_link_are_spent_together_and_once(site: Site, desktop: Guest, phone: Guest) -> None:
    link = mailed(site)
    code = shown(phone, link)
    cookie = desktop.client.cookies.get("tracker-asked")
    types(desktop, code)
    assert phone.get(link).status_code == 410
    desktop.client.cookies.set("tracker-asked", cookie or "")
    assert types(desktop, code).status_code == 410


def test_after_five_tries_in_vain_the_link_is_spent(site: Site, desktop: Guest, phone: Guest) -> None:
    link = mailed(site)
    code = shown(phone, link)
    answers = [types(desktop, WRONG) for _ in range(MOST_CODE_TRIES)]
    assert [each.status_code for each in answers] == [422] * 4 + [410]
    assert "You can try 4 more times." in answers[0].text
    assert "You can try 1 more time." in answers[3].text
    assert f'value="{WRONG}"' in answers[0].text
    assert types(desktop, code).status_code == 410
    assert phone.get(link).status_code == 410
    assert not is_in(desktop)


def test_link_and_code_are_good_for_ten_minutes(site: Site, desktop: Guest, phone: Guest) -> None:
    link = mailed(site)
    code = shown(phone, link)
    site.later(minutes=10)
    assert types(desktop, code).status_code == 410
    assert phone.get(link).status_code == 410


def test_of_the_links_that_a_browser_asked_for_the_newest_is_good(site: Site, desktop: Guest, phone: Guest) -> None:
    first = mailed(site)
    old = shown(phone, first)
    asks(desktop)
    assert desktop.get(first).status_code == 410
    assert types(desktop, old).status_code == 422
    assert types(desktop, shown(phone, mailed(site))).status_code == 303


def test_asking_in_one_browser_leaves_what_another_asked_for(site: Site, desktop: Guest, phone: Guest) -> None:
    """Nobody keeps somebody out by asking for their address."""
    link = mailed(site)
    asks(phone)
    desktop.get(link)
    assert desktop.post(link).status_code == 303


def test_who_did_not_ask_ends_the_link(site: Site, desktop: Guest, phone: Guest) -> None:
    link = mailed(site)
    phone.get(link)
    answer = phone.post(link, {"mine": "no"})
    assert (answer.status_code, "of no use any more" in answer.text) == (410, True)
    assert desktop.get(link).status_code == 410
    assert not is_in(desktop)


def test_nobody_is_signed_in_by_a_link_that_somebody_else_asked_for_and_sent_on(site: Site, phone: Guest) -> None:
    """Otherwise they would write into the account of whoever sent it."""
    attacker = site.stranger()
    asks(attacker, "kim@council.example")
    phone.get(mailed(site))
    phone.post(mailed(site))
    assert phone.session == ""


def test_what_the_operator_made_signs_in_any_browser(site: Site, phone: Guest) -> None:
    link = site.link(SAM)
    phone.get(link)
    assert phone.post(link).status_code == 303
    assert is_in(phone)


def test_a_code_is_answered_alike_and_by_the_same_work_whether_or_not_somebody_has_the_address(site: Site) -> None:
    answers, work = [], []
    for address in (SAM, NOBODY):
        guest = site.stranger()
        asks(guest, address)
        guest.get("/sign-in/sent")
        with statement_count(site.db) as sent:
            answers += [guest.post("/sign-in/sent", {"code": WRONG}) for _ in range(MOST_CODE_TRIES + 1)]
        work.append(list(sent))
    known, unknown = answers[: MOST_CODE_TRIES + 1], answers[MOST_CODE_TRIES + 1 :]
    assert [each.status_code for each in known] == [each.status_code for each in unknown]
    assert [said(each) for each in known] == [said(each) for each in unknown]
    assert work[0] == work[1]


def said(answer: Response) -> str:
    """The page without what differs on every page."""
    return re.sub(r'(name="csrf" (?:value|content)|content)="[^"]+"', "", answer.text)


def test_for_an_address_nobody_has_no_code_lets_anybody_in(site: Site) -> None:
    guest, key = site.stranger(), site.settings.key(LINK_KEY)
    asks(guest, NOBODY)
    with site.db.write() as session:
        link = session.exec(select(SignInLink)).one()
        show_code(session, link.token(key), now=MONDAY)
        code = link_code(key, link.nonce)
    assert types(guest, code).status_code == 410
    assert not is_in(guest)


def test_no_code_is_kept(site: Site, desktop: Guest, phone: Guest) -> None:
    code = shown(phone, mailed(site)).replace("-", "")
    secret = desktop.client.cookies.get("tracker-asked")
    with site.db.read() as session:
        kept = session.exec(select(SignInLink)).one().model_dump_json()
    assert code not in kept
    assert secret
    assert secret not in kept


def test_without_having_asked_there_is_no_field_for_a_code(site: Site, phone: Guest) -> None:
    assert 'name="code"' not in phone.get("/sign-in/sent").text
    assert types(phone, WRONG).status_code == 410


def test_who_has_asked_finds_the_field_again_at_the_door(site: Site, desktop: Guest, phone: Guest) -> None:
    assert 'href="/sign-in/sent"' in desktop.get("/sign-in").text
    assert 'href="/sign-in/sent"' not in phone.get("/sign-in").text


def test_codes_leave_lines_with_the_number_of_the_person_alone(site: Site, desktop: Guest, phone: Guest) -> None:
    link, sam = mailed(site), site.cast.sam.id
    with capture_logs() as lines:
        code = shown(phone, link)
        types(desktop, WRONG)
        types(desktop, code)
    assert noted(lines) == [
        ("sign-in code shown", sam, "198.51.100.7", "POST", "/sign-in/{token}"),
        ("sign-in refused", sam, "192.0.2.7", "POST", "/sign-in/sent", "the code does not fit"),
        ("signed in", sam, "192.0.2.7", "POST", "/sign-in/sent", "code"),
    ]
    assert code not in str(lines)


def test_codes_of_different_links_differ(site: Site) -> None:
    key = site.settings.key(LINK_KEY)
    codes = {link_code(key, SignInLink.made(None, key=key, now=MONDAY).nonce) for _ in range(200)}
    assert len(codes) == 200
    assert {*"".join(codes)} == {*CODE_LETTERS}


def test_a_link_asked_for_before_browsers_were_told_apart_is_still_good(site: Site, phone: Guest) -> None:
    with site.db.write() as session:
        ask_for_link(session, SAM, now=MONDAY, key=site.settings.key(LINK_KEY))
    link = mailed(site)
    phone.get(link)
    assert phone.post(link).status_code == 303
    assert site.now - MONDAY < timedelta(minutes=10)
