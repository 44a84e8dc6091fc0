"""Every form on every page, refused in every way: what was typed comes back to whoever typed it, and to nobody else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import pytest
from httpx import Response
from litestar.routes import HTTPRoute
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from tests.pages.forms_on_pages import PageForm, forms_on
from tests.pages.test_who_may_read import PARAMETERS, addresses, digest, plant
from tests.site import Guest, Site
from tracker.database import Database
from tracker.pages.account.sign_in import MOST_FOR_AN_ADDRESS
from tracker.pages.web.sizes import LARGEST_FORM

PEOPLE = ("sam", "jo", "kim", "lee", "alex", "chris", "ines", "dana")
SAM = PARAMETERS["person_key"][0]

# Addresses of forms in which nobody writes anything: buttons, choices, ticks, days.
NO_WORDS = {
    "/account/absence", "/account/notices", "/account/sessions/end", "/account/sessions/{session_id}/end",
    "/sign-out", "/acknowledgements", "/decisions/{key}/precedents", "/issues/similar",
    "/packs/{key}/{number}/publication", "/packs/{key}/{number}/discarding", "/arrangements/{key}/mail",
    "/arrangements/{key}/record", "/arrangements/{key}/record/witnesses/{side_key}/retirement",
    "/arrangements/{key}/organisations/{side_key}/tokens/{number}/revocation",
    "/arrangements/{key}/organisations/{side_key}/directory/{number}/revocation",
    "/arrangements/{key}/{entries}/{entry_key}/order", "/arrangements/{key}/{entries}/{entry_key}/retirement",
    "/arrangements/{key}/ladders/{ladder_key}/agreement", "/arrangements/{key}/ladders/{ladder_key}/withdrawal",
    "/arrangements/{key}/ladders/{ladder_key}/default",
    "/arrangements/{key}/proposals/{number}/agreement", "/arrangements/{key}/proposals/{number}/withdrawal",
    "/arrangements/{key}/bodies/{body_key}/seats/{side_key}",
    "/arrangements/{key}/organisations/{side_key}/people/{person_key}",
    "/arrangements/{key}/organisations/{side_key}/people/{person_key}/leaving",
    "/arrangements/{key}/organisations/{side_key}/people/{person_key}/sessions",
    "/arrangements/{key}/organisations/{side_key}/people/{person_key}/invitation",
    "/invitations/{key}/{side_key}/acceptance", "/invitations/{key}/{side_key}/refusal",
    "/arrangements/{key}/bodies/{body_key}/meetings", "/issues/{ref}/words", "/sign-in/as", "/sign-in/kept",
    "/sign-in/{token}", "/account/address/{token}", "/account/asks",
    "/arrangements/{key}/organisations/{side_key}/retirement", "/arrangements/{key}/ladders/{ladder_key}/retirement",
    "/arrangements/{key}/bodies/{body_key}/retirement", "/account/keys", "/looks", "/lists/removal",
    "/issues/{ref}/look", "/issues/{ref}/take-back", "/issues/{ref}/attention", "/sign-in/passkey", "/sign-in/code",
    "/account/confirmation", "/account/confirmation/passkey", "/account/confirmation/link", "/account/second-factor",
    "/arrangements/{key}/organisations/{side_key}/sign-in",
    "/account/authenticator/removal",
    "/account/providers", "/account/providers/{key}/{side_key}", "/sign-in/own",
    "/arrangements/{key}/organisations/{side_key}/sign-in/provider/retirement",
    "/arrangements/{key}/organisations/{side_key}/sign-in/provider/domains/{domain}/confirmation",
    "/arrangements/{key}/organisations/{side_key}/sign-in/provider/domains/{domain}/removal",
    "/account/passkeys/{passkey_number}/removal",
}  # fmt: skip

DOOR = {"/sign-in", "/sign-in/sent"}  # tests/pages/account

# Forms that stand on no page of the planted site: what they would send.
ELSEWHERE = (
    PageForm("post", "/lists", {"asked": "q=letters"}, ["name"]),
    PageForm("post", "/account/passkeys", {}, ["name"]),
    PageForm("post", "/arrangements/RIV/record/witnesses/acute", {}, ["verifier", "address"]),
    PageForm("post", "/arrangements/RIV/record/epoch", {}, ["lost"]),
    PageForm("post", "/arrangements/RIV/proposals/1/return", {}, ["reason"]),
    PageForm("post", "/issues/RIV-1/asks/1/return", {}, ["reason"]),
    PageForm("post", "/arrangements/RIV/report/baselines/unfreezing", {"theme": "info_flow"}, ["reason"]),
    PageForm("post", f"/arrangements/RIV/organisations/acute/people/{SAM}/correction", {}, ["name", "email"]),
)


class Written:
    """A form of somebody's page with words in every field in which somebody writes."""

    def __init__(self, name: str, form: PageForm) -> None:
        self.name, self.address = name, form.action
        self.words = {each: _words(each, number) for number, each in enumerate(form.written)}
        self.fields = {**{k: v for k, v in form.fields.items() if k != "csrf"}, **self.words}

    def sent_by(self, guest: Guest, **more: str) -> Response:
        fields = {"csrf": guest.token, **self.fields, **more}
        return guest.client.post(self.address, data=fields, follow_redirects=False)

    def missing_from(self, answer: Response) -> set[str]:
        said = unescape(answer.text)
        return {words for words in self.words.values() if words not in said}


def _words(name: str, number: int) -> str:
    return f"kept{number}@words.example" if name == "email" else f"Kept words {number}"


class Ward:
    """One browser, at which one after the other signs in."""

    def __init__(self, site: Site) -> None:
        self.site, self.browser = site, site.stranger()
        self.browser.get("/sign-in")
        self._seats: dict[tuple[str, int], Guest] = {}

    def __call__(self, name: str, turn: int = 1) -> Guest:
        """The browser with somebody signed in. `turn`: the first time, or another."""
        if (name, turn) not in self._seats:
            self._seats[name, turn] = self.site.guest(name)
        seat = self._seats[name, turn]
        self.browser.bring_cookie(seat.session)
        self.browser.token = seat.token
        return self.browser

    def nobody(self) -> None:
        self.browser.bring_cookie("over")


@pytest.fixture
def planted(site: Site) -> Site:
    plant(site)
    return site


@pytest.fixture
def ward(planted: Site) -> Ward:
    return Ward(planted)


_FORMS: dict[str, Written] = {}  # by the pattern of their address: every planted site has the same


def forms(ward: Ward) -> list[Written]:
    """One form of each address in which somebody writes, from all pages of all these people."""
    if not _FORMS:
        for name in PEOPLE:
            for address in addresses(ward.site, "GET"):
                for form in _posted(ward(name).get(address)):
                    _FORMS.setdefault(_pattern(ward.site, form.action), Written(name, form))
        _FORMS.update({_pattern(ward.site, form.action): Written("alex", form) for form in ELSEWHERE})
    return [*_FORMS.values()]


def _posted(answer: Response) -> list[PageForm]:
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return []
    return [form for form in forms_on(answer.text) if form.method == "post" and form.written and not _is_apart(form)]


def _is_apart(form: PageForm) -> bool:
    """The door, where nobody has written anything yet; and the issue whose address is drawn by lot in every site."""
    return form.action in DOOR or PARAMETERS["ref"][-1] in form.action


def _pattern(site: Site, action: str) -> str:
    """The address as its handler names it; of a step, the step, because each has a form of its own."""
    path = action.partition("?")[0]
    for route in _post_routes(site):
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", route), path):
            return f"{route} {path.rpartition('/')[2]}" if "step}" in route else route
    raise AssertionError(f"{action} is no address of ours")


def _post_routes(site: Site) -> list[str]:
    """The plain ones first."""
    found = {
        re.sub(r":[a-z]+\}", "}", route.path_format)
        for route in site.app.routes
        if isinstance(route, HTTPRoute) and "POST" in route.methods and not route.path.startswith(("/api/", "/scim/"))
    }
    return sorted(found, key=lambda path: path.count("{"))


def test_the_walk_comes_by_every_form_in_which_somebody_writes(planted: Site, ward: Ward) -> None:
    met = {_pattern(planted, form.address).partition(" ")[0] for form in forms(ward)}
    assert {*_post_routes(planted)} - met - NO_WORDS - DOOR == set()
    assert met & NO_WORDS == set()


def test_after_the_session_ended_what_was_typed_is_opened_by_whoever_typed_it_alone(planted: Site, ward: Ward) -> None:
    before = digest(planted)
    for form in forms(ward):
        typist = ward(form.name)
        ward.nobody()
        answer = form.sent_by(typist)
        assert answer.status_code == 401, form.address
        assert form.missing_from(answer) == {*form.words.values()}, f"{form.address}: anybody reads it"
        (kept,) = [each for each in forms_on(answer.text) if each.action == "/sign-in/kept"]
        early = typist.client.post(kept.action, data=kept.fields)
        assert "not signed in yet" in early.text, form.address
        other = "kim" if form.name != "kim" else "sam"
        theirs = ward(other).client.post(kept.action, data=kept.fields)
        assert (theirs.status_code, form.missing_from(theirs)) == (403, {*form.words.values()}), form.address
        mine = ward(form.name).client.post(kept.action, data=kept.fields)
        assert form.missing_from(mine) == set(), form.address
        (again,) = [each for each in _posted(mine) if "kept" not in each.fields]
        assert again.action == form.address
        assert {k: v for k, v in again.fields.items() if k not in ("csrf", "unsent")} == form.fields
    assert digest(planted) == before


def test_a_form_of_an_earlier_session_is_given_back_to_the_same_person_and_taken_then(ward: Ward) -> None:
    for form in forms(ward):
        old = ward(form.name).token
        typist = ward(form.name, 2)
        answer = form.sent_by(typist, csrf=old)
        assert (answer.status_code, form.missing_from(answer)) == (403, set()), form.address
        (again,) = [each for each in _posted(answer) if each.action == form.address]
        sent = typist.client.post(again.action, data=again.fields, follow_redirects=False)
        assert "load the page anew" not in sent.text, form.address


def test_a_form_of_somebody_else_who_was_signed_in_here_is_sealed_from_whoever_is_now(ward: Ward) -> None:
    for form in forms(ward):
        left, other = ward(form.name).token, "kim" if form.name != "kim" else "sam"
        answer = form.sent_by(ward(other), csrf=left)
        assert (answer.status_code, form.missing_from(answer)) == (403, {*form.words.values()}), form.address
        assert "sealed: only whoever wrote it" in answer.text


def test_what_may_not_be_done_or_is_not_there_gives_the_words_back(ward: Ward) -> None:
    for form, name in ((form, name) for form in forms(ward) for name in ("stan", "mo", "alex")):
        answer = form.sent_by(ward(name))
        if answer.status_code != 303:
            assert form.missing_from(answer) == set(), f"{form.address} {name} {answer.status_code}"


def test_what_is_stale_or_wrong_gives_the_words_back(ward: Ward) -> None:
    for form in forms(ward):
        for more in (
            {"version": "0"},
            {"severity": "dreadful", "ring": "nobody"},
            {"version": "0", "title": "x" * 999},
        ):
            shown = {**form.words, **{name: text for name, text in more.items() if name in form.words}}
            answer = form.sent_by(ward(form.name), **more)
            if answer.status_code != 303:
                lost = {text for text in shown.values() if text not in unescape(answer.text)}
                assert lost == set(), f"{form.address} {more} {answer.status_code}"


def test_what_the_database_does_not_take_gives_the_words_back_to_be_sent_again(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    for form in forms(ward):
        typist = ward(form.name)
        with _away(monkeypatch, "write"):
            answer = form.sent_by(typist)
        assert answer.status_code in (422, 503, 409), form.address
        assert form.missing_from(answer) == set(), form.address
        with _away(monkeypatch, "read"):
            answer = form.sent_by(typist)
        assert answer.status_code == 503, form.address
        assert form.missing_from(answer) == {*form.words.values()}, f"{form.address}: nobody can say whose it is"
        (kept,) = [each for each in _posted_of(answer) if each.action == "/sign-in/kept"]
        assert form.missing_from(typist.client.post(kept.action, data=kept.fields)) == set(), form.address


def test_what_is_too_much_is_given_back_to_be_shortened(ward: Ward) -> None:
    for form in forms(ward):
        answer = form.sent_by(ward(form.name), more="x" * LARGEST_FORM)
        assert (answer.status_code, form.missing_from(answer)) == (413, set()), form.address


def test_a_form_that_is_only_to_be_shown_is_filled_in_and_does_nothing(planted: Site, ward: Ward) -> None:
    before = digest(planted)
    for form in forms(ward):
        answer = form.sent_by(ward(form.name), unsent="yes")
        assert form.missing_from(answer) == set(), form.address
        if form.address not in {each.action for each in ELSEWHERE}:
            assert answer.status_code == 422, f"{form.address} {answer.status_code}"
            assert [each for each in _posted(answer) if each.action == form.address], form.address
    assert digest(planted) == before


def test_the_door_gives_an_address_back_that_was_asked_for_too_often(site: Site) -> None:
    stranger = site.stranger()
    (door,) = _posted_of(stranger.get("/sign-in"))
    fields = {**door.fields, "email": "kept@acute.example"}
    for _ in range(MOST_FOR_AN_ADDRESS):
        assert stranger.client.post("/sign-in", data=fields, follow_redirects=False).status_code == 303
    answer = stranger.client.post("/sign-in", data=fields)
    assert answer.status_code == 429
    (again,) = _posted_of(answer)
    assert (again.action, again.fields["email"]) == ("/sign-in", "kept@acute.example")


def _posted_of(answer: Response) -> list[PageForm]:
    return [form for form in forms_on(answer.text) if form.method == "post"]


@contextmanager
def _away(monkeypatch: pytest.MonkeyPatch, verb: str) -> Iterator[None]:
    def busy(*_: object, **__: object) -> None:
        raise OperationalError("BEGIN", {}, Exception("database is locked"))

    with monkeypatch.context() as gone, capture_logs():  # a fault is written to the log at length
        gone.setattr(Database, verb, busy)
        yield
