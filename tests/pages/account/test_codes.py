"""Codes of an app after a link: set up, asked for, taken once; without the app those on paper."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from httpx import Response
from pyotp import TOTP
from sqlmodel import select

from tests.site import Guest, Site
from tracker.actions.people.keep_codes import MOST_CODES, RECOVERY_CODES
from tracker.actions.welcome import make_link
from tracker.records.session import LINK_KEY, Authenticator, RecoveryCode

WRONG = "000000"
ASKED = "/sign-in/code"


def test_after_a_link_the_code_is_asked_for_and_leads_to_where_one_wanted(site: Site) -> None:
    secret, _ = _set_up(site)
    sam = _by_link(site)
    assert sam.get("/issues?state=open").headers["location"] == "/sign-in/code?next=%2Fissues%3Fstate%3Dopen"
    answer = _typed(sam, _next_code(site, secret), next="/issues?state=open")
    assert (answer.status_code, answer.headers["location"]) == (303, "/issues?state=open")
    assert sam.get("/issues?state=open").status_code == 200


def test_before_the_code_nothing_of_theirs_is_shown(site: Site) -> None:
    _set_up(site)
    sam = _by_link(site)
    for path in ("/", "/issues", "/account", "/issues/RIV-1", "/arrangements/RIV", "/keys"):
        assert sam.get(path).headers["location"].startswith(ASKED)
    page = sam.get(ASKED).text
    assert "Sam Okafor" not in page
    assert "Riverside" not in page
    assert sam.post("/account/name", {"name": "Somebody"}).status_code in (303, 401)
    assert "Sam Okafor" in site.guest("jo").get("/people/RIV").text


def test_what_was_typed_where_a_code_is_asked_for_since_is_kept_sealed(site: Site) -> None:
    other = site.guest("sam")
    other.get("/issues/new")
    secret, _ = _set_up(site)
    answer = other.post("/issues/new", {"title": "Letters come late", "detail": "Again this week."})
    assert answer.status_code == 401
    assert "Nothing was sent, and nothing that you wrote is lost." in answer.text
    assert "Letters come late" not in answer.text
    seal = re.findall(r'name="kept" value="([^"]+)"', answer.text)[0]
    other.get(ASKED)
    assert "You are not signed in yet." in other.post("/sign-in/kept", {"kept": seal}).text
    _typed(other, _next_code(site, secret))
    other.get(ASKED)
    other.get("/sign-in")
    assert "Letters come late" in other.post("/sign-in/kept", {"kept": seal}).text


def test_a_code_is_taken_once_by_whomever(site: Site) -> None:
    secret, _ = _set_up(site)
    code = _next_code(site, secret)
    first, second = _by_link(site), _by_link(site)
    assert _typed(first, code).status_code == 303
    answer = _typed(second, code)
    assert answer.status_code == 422
    assert "This code does not fit, or it was used already." in answer.text


@pytest.mark.both_databases
def test_of_two_who_type_one_code_at_once_one_comes_in(site: Site) -> None:
    secret, (paper, *_) = _set_up(site)
    guests = [_by_link(site) for _ in range(4)]
    for code in (_next_code(site, secret), paper):
        for guest in guests[:2]:
            guest.get(ASKED)
        together = Barrier(2)
        with ThreadPoolExecutor(2) as both:
            answers = [*both.map(_together, guests[:2], [code] * 2, [together] * 2)]
        assert sorted(answers) == [303, 422], code
        guests = guests[2:]


def _together(guest: Guest, code: str, together: Barrier) -> int:
    together.wait(60)
    return guest.post(ASKED, {"code": code}).status_code


def test_a_code_that_set_the_app_up_signs_nobody_in(site: Site) -> None:
    secret, _ = _set_up(site)
    assert _typed(_by_link(site), TOTP(secret).at(site.now)).status_code == 422


def test_a_telephone_whose_clock_is_half_a_minute_off_will_do(site: Site) -> None:
    secret, _ = _set_up(site)
    site.later(minutes=5)
    assert _typed(_by_link(site), TOTP(secret).at(site.now - timedelta(seconds=30))).status_code == 303
    assert _typed(_by_link(site), TOTP(secret).at(site.now + timedelta(seconds=30))).status_code == 303
    site.later(minutes=5)
    assert _typed(_by_link(site), TOTP(secret).at(site.now - timedelta(seconds=90))).status_code == 422


def test_nobody_guesses_codes(site: Site) -> None:
    secret, _ = _set_up(site)
    sam = _by_link(site)
    answers = [_typed(sam, WRONG).status_code for _ in range(MOST_CODES + 1)]
    assert answers == [422] * MOST_CODES + [429]
    assert _typed(_by_link(site), _next_code(site, secret)).status_code == 429
    site.later(minutes=10)
    assert _typed(_by_link(site), _next_code(site, secret)).status_code == 303


def test_each_code_on_paper_is_taken_once(site: Site) -> None:
    _, codes = _set_up(site)
    assert len(set(codes)) == RECOVERY_CODES
    assert _typed(_by_link(site), codes[0]).status_code == 303
    assert _typed(_by_link(site), codes[0]).status_code == 422
    sam = _by_link(site)
    assert _typed(sam, codes[1].upper().replace("-", " ")).status_code == 303
    assert "8 codes on paper are left" in sam.get("/account").text


def test_somebody_elses_codes_open_nothing(site: Site) -> None:
    secret, codes = _set_up(site, "kim")
    _set_up(site, "sam")
    sam = _by_link(site)
    site.later(minutes=1)
    assert _typed(sam, TOTP(secret).at(site.now)).status_code == 422
    assert _typed(sam, codes[0]).status_code == 422


def test_neither_the_secret_nor_a_code_is_kept_as_it_is(site: Site) -> None:
    secret, codes = _set_up(site)
    with site.db.read() as session:
        (app,), kept = [*session.exec(select(Authenticator))], [*session.exec(select(RecoveryCode))]
    assert secret not in app.secret
    assert not {each.code_hash for each in kept} & {*codes}


def test_a_wrong_code_sets_nothing_up_and_the_key_stays_the_same(site: Site) -> None:
    sam = site.guest("sam")
    page = sam.get("/account/authenticator").text
    secret = _secret(page)
    answer = sam.post("/account/authenticator", {"code": WRONG, "seed": _seed(page)})
    assert answer.status_code == 422
    assert _secret(answer.text) == secret
    assert _by_link(site).get("/account").status_code == 200


def test_who_has_an_app_sets_up_no_second_one(site: Site) -> None:
    secret, _ = _set_up(site)
    sam = _by_link(site)
    _typed(sam, _next_code(site, secret))
    assert sam.get("/account/authenticator").headers["location"] == "/account"
    sam.get("/account")
    assert sam.post("/account/authenticator", {"code": WRONG}).status_code == 409


def test_it_is_taken_away_with_a_code_and_the_next_has_another_key(site: Site) -> None:
    sam = site.guest("sam")
    secret, codes = _set_up(site, guest=sam)
    sam.get("/account")
    refused = sam.post("/account/authenticator/removal", {"code": WRONG})
    assert refused.status_code == 422
    assert "This code does not fit" in refused.text
    answer = sam.post("/account/authenticator/removal", {"code": codes[0]})
    assert "No code is asked for any more" in sam.follow(answer.headers["location"]).text
    assert _by_link(site).get("/account").status_code == 200
    assert _secret(sam.get("/account/authenticator").text) != secret
    _set_up(site, guest=sam)
    assert _typed(_by_link(site), codes[1]).status_code == 422


def test_who_lost_app_and_paper_is_let_in_by_those_who_run_the_server_and_leads_see_it(site: Site) -> None:
    _set_up(site)
    with site.db.write() as session:
        key = site.settings.key(LINK_KEY)
        token = make_link(session, "sam@acute.example", now=site.now, key=key, ending_codes=True)
    sam = site.stranger()
    sam.get(f"/sign-in/{token}")
    assert sam.post(f"/sign-in/{token}").status_code == 303
    assert "Set it up" in sam.get("/account").text
    told = "A sign-in link for Sam Okafor was made on the server, and the codes that were asked for after it ended"
    assert told in site.guest("alex").get("/arrangements/RIV/events").text


def test_the_page_for_the_code_is_for_who_is_asked_for_one(site: Site) -> None:
    for guest in (site.stranger(), site.guest("sam")):
        assert guest.get(f"{ASKED}?next=/keys").headers["location"] == "/keys"
    assert site.stranger().get(f"{ASKED}?next=//evil.example").headers["location"] == "/"


@pytest.mark.parametrize("code", ["", "x" * 41, "１２３４５６", "٣٤٥٦٧٨"])
def test_what_is_no_code_is_refused_in_words(site: Site, code: str) -> None:
    _set_up(site)
    assert _typed(_by_link(site), code).status_code == 422


def _set_up(site: Site, name: str = "sam", *, guest: Guest | None = None) -> tuple[str, list[str]]:
    """The secret of their app, and the codes on paper."""
    guest = guest or site.guest(name)
    page = guest.get("/account/authenticator").text
    secret = _secret(page)
    answer = guest.post("/account/authenticator", {"code": TOTP(secret).at(site.now), "seed": _seed(page)})
    assert answer.status_code == 200
    assert guest.get("/account").status_code == 200
    return secret, re.findall(r"\w{4}-\w{4}-\w{4}", answer.text.partition("<pre>")[2])


def _secret(page: str) -> str:
    (found,) = re.findall(r"Key: <code>([A-Z2-7 ]+)</code>", page)
    return str(found).replace(" ", "")


def _seed(page: str) -> str:
    (found,) = re.findall(r'name="seed" value="([^"]+)"', page)
    return str(found)


def _next_code(site: Site, secret: str) -> str:
    site.later(minutes=1)
    return TOTP(secret).at(site.now)


def _by_link(site: Site, email: str = "sam@acute.example") -> Guest:
    guest, link = site.stranger(), site.link(email)
    guest.get(link)
    assert guest.post(link).status_code == 303
    return guest


def _typed(guest: Guest, code: str, **fields: str) -> Response:
    guest.get(ASKED)
    return guest.post(ASKED, {"code": code, **fields})
