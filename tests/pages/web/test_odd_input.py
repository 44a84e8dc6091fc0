"""What nobody types by intent: days and numbers out of reach, markup, formulas, forms sent to what is not there."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from tests.decision_makers import make_decision
from tests.issue_makers import doer, make_issue
from tests.pages.governance.test_decisions import FORM, filled
from tests.pages.test_who_may_read import addresses, plant
from tests.reports.pdf_words import words_on
from tests.reports.workbook_rows import rows_of
from tests.site import Guest, Site, went_to
from tracker.actions import escalate

FAR_OFF = "Give a day in the years 1990 to 2099."
ENDLESS = "9" * 5000  # more digits than Python makes a number of
PERIODS = ("9999-Q9", "9999-Q4", "9999", "0001", "=1+1", "<b>", "2026-13", ENDLESS, "٢٠٢٦")
MARKUP = ("=HYPERLINK(1)", "#panic() $x$ *b* @ref", "<script>alert(1)</script>", "{{ 7*7 }}")
FACES = tuple(f"{name}{ending}" for name in ("themes", "ladder") for ending in ("", ".json", ".csv", ".xlsx", ".pdf"))


@pytest.mark.parametrize("field, day", [("decided_on", "0001-01-01"), ("decided_on", "0026-04-27"),
                                        ("due_on", "9999-12-31"), ("due_on", "2100-01-01")])  # fmt: skip
def test_a_decision_on_a_day_that_no_calendar_reaches_is_refused_beside_its_field(
    site: Site, field: str, day: str
) -> None:
    answer = site.guest("priya").post(FORM, filled(site, **{field: day}))
    assert (answer.status_code, FAR_OFF in answer.text) == (422, True)


def test_a_due_date_out_of_reach_is_refused_and_the_reason_is_kept(site: Site) -> None:
    with site.db.write() as session:
        make_decision(session, site.cast)
    form = {"due_on": "9999-12-31", "reason": "When it suits"}
    answer = site.guest("jo").post("/decisions/RIV/1/due-date", form)
    assert (answer.status_code, "When it suits" in answer.text) == (422, True)


def test_what_happened_in_the_year_26_is_asked_again_and_no_report_counts_from_there(site: Site) -> None:
    sam = site.guest("sam")
    raised = {"title": "Letters", "severity": "serious", "with": "council", "occurred_on": "0026-04-27"}
    answer = sam.post("/issues/new", raised)
    assert (answer.status_code, FAR_OFF in answer.text) == (422, True)
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    assert sam.post(f"/issues/{ref}/occurrences", {"occurred_on": "0026-04-27"}).status_code == 422
    assert sam.get("/reports/RIV/themes.csv?period=all").status_code == 200


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-12:00", "0001-01-01", "99999999999999", "nan", ENDLESS])
def test_a_pack_for_a_meeting_that_never_comes_is_refused_with_a_sentence(site: Site, at: str) -> None:
    answer = site.guest("priya").post("/packs/RIV", {"body": "steering", "meets_at": at})
    assert (answer.status_code, "Choose a meeting, or give its day." in answer.text) == (422, True)


@pytest.mark.parametrize("period", PERIODS)
def test_a_period_that_is_none_is_refused_by_every_face_and_for_a_pack(site: Site, period: str) -> None:
    priya = site.guest("priya")
    for face in FACES:
        answer = priya.get(f"/reports/RIV/{face}", params={"period": period})
        assert (answer.status_code, "Choose another period" in answer.text) == (422, True), face
    meeting = {"body": "steering", "meets_at": "2026-05-05", "period": period}
    assert priya.post("/packs/RIV", meeting).status_code == 422


def test_a_number_with_thousands_of_digits_is_no_fault_anywhere(site: Site) -> None:
    with site.db.write() as session:
        make_decision(session, site.cast)
        ref = make_issue(session, site.cast).ref
    priya, jo, alex = (site.guest(name) for name in ("priya", "jo", "alex"))
    answers = [
        priya.post(FORM, filled(site, owners=[f"acute {ENDLESS}", f"council {ENDLESS}"])),
        priya.post(FORM, filled(site, replaces=ENDLESS)),
        priya.post(FORM, filled(site, replaces="9" * 12)),
        jo.post("/decisions/RIV/1/progress", {"text": "", "version": ENDLESS}),
        jo.post(f"/issues/{ref}/acknowledgement", {"version": "9" * 18}),
        alex.post("/arrangements/RIV/report/exposure", {"2026-03.acute": ENDLESS, "year": ENDLESS}),
        alex.post("/arrangements/RIV/bodies/steering/seats/acute", {f"person{ENDLESS}": "jo"}),
        alex.post(
            "/arrangements/RIV/ladders/operational/proposal", {"reopens_to_escalate": ENDLESS, f"limit{ENDLESS}": "x"}
        ),
    ]
    assert [each.status_code for each in answers] == [422, 422, 422, 422, 409, 422, 409, 422]
    assert alex.get(f"/arrangements/RIV/report/exposure?year={ENDLESS}").status_code == 200


def test_markup_and_formulas_are_words_in_a_decision_an_issue_and_every_face_of_a_pack(site: Site) -> None:
    priya, jo = site.guest("priya"), site.guest("jo")
    for odd in MARKUP:
        where = _recorded(priya, site, odd)
        assert jo.post(f"{where}/progress", {"text": odd}).status_code == 303
        assert "<script>alert" not in jo.get(where).text
    priya.post("/packs/RIV", {"body": "steering", "meets_at": "2026-05-05"})
    for _ in ("draft", "published"):
        page, paper, sheets = (priya.get(f"/packs/RIV/1{face}") for face in ("", "/pack.pdf", "/pack.xlsx"))
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text
        assert all(odd in words_on(paper.content) for odd in MARKUP)
        assert {row["Title"] for row in rows_of(sheets.content)["Agenda"]} == {f"'{MARKUP[0]}", *MARKUP[1:]}
        priya.post("/packs/RIV/1/publication")


@pytest.mark.parametrize("odd", ["\u202eback", "\x1b[31m\x07", "\u2028next", "\ufffe", "ﷺ" * 40], ids=ascii)
def test_a_letter_that_no_font_has_and_one_that_is_none_spoil_no_page_and_no_paper(site: Site, odd: str) -> None:
    priya = site.guest("priya")
    where = _recorded(priya, site, odd)
    priya.post("/packs/RIV", {"body": "steering", "meets_at": "2026-05-05"})
    pack = tuple(f"/packs/RIV/1{face}" for face in ("", "/pack.pdf", "/pack.xlsx"))
    reports = tuple(f"/reports/RIV/{face}?period=2026-03" for face in FACES)
    for address in (where, "/decisions/RIV", "/bodies/RIV/steering", *pack, *reports):
        assert priya.get(address).status_code == 200, address
    assert priya.post("/packs/RIV/1/publication").status_code == 303
    assert [priya.get(address).status_code for address in pack] == [200, 200, 200]


FIELDS = (
    "after", "before", "period", "year", "q", "theme", "pair", "from", "until", "raised_from", "outcome",
    "themes", "issues", "what", "due_on", "owners", "reason", "text", "body", "meets_at", "title", "severity",
    "with", "key", "name", "leads", "topic", "ladder", "roles", "email", "often", "first_on", "at", "meets",
    "away_from", "since", "lines", "per", "version", "once", "number", "occurred_on", "tier", "ring", "done",
    "mon", "limit1", "person1", "2026-03.acute", "fixes",
)  # fmt: skip


@pytest.mark.parametrize("odd", ["9" * 400, ",", "<script>", "9999-12-31", "acute ٣"], ids=lambda odd: odd[:10])
def test_no_address_takes_an_odd_word_for_a_fault_of_ours(site: Site, odd: str) -> None:
    plant(site)
    alex, form = site.guest("alex"), dict.fromkeys(FIELDS, odd)
    pages = [each for each in addresses(site, "GET") if not each.endswith((".pdf", ".xlsx", "/health/clock"))]
    steps = [each for each in addresses(site, "POST") if each != "/sign-out"]
    answers = {f"GET {each}": alex.get(each, params=form).status_code for each in pages}
    answers |= {f"POST {each}": alex.post(each, form).status_code for each in steps}
    assert {address: status for address, status in answers.items() if status >= 500} == {}


def _recorded(priya: Guest, site: Site, odd: str) -> str:
    """The address of a decision that is called so, beside an issue of that name before the steering group."""
    with site.db.write() as session:
        ref = make_issue(session, site.cast, title=odd, detail=odd, occurred_on=date(2026, 3, 3)).ref
        escalate.by_holder(session, ref, doer(site.cast, "sam"), cause="legal deadline", to=4)
    answer = priya.post(FORM, filled(site, what=f"{odd}.", detail=odd))
    assert answer.status_code == 303
    return went_to(answer)


NO_ADDRESS = ("http://[", "http://[::1", "http://a]b", "//[", "[", "http://a:99999999/", "null")
POSTED = ("/sign-in", "/issues/new", "/account/name")


@pytest.mark.parametrize("header", ["origin", "referer", "hx-current-url"])
@pytest.mark.parametrize("address", NO_ADDRESS)
def test_an_address_in_a_header_that_is_none_is_no_fault(site: Site, header: str, address: str) -> None:
    for guest in (site.stranger(), site.guest("sam")):
        for path in POSTED:
            answer = guest.post(path, {"name": "Sam Okafor"}, headers={header: address, "HX-Request": "true"})
            assert answer.status_code in {303, 401, 403, 422}, path
        assert guest.get("/issues", headers={header: address}).status_code in {200, 303}


HOSTS = {
    **dict.fromkeys(("http://evil.example", "[", "[:::]", "a:99999", "a:b", "a b", "a/b", "\xe9", "javascript:x"), 400),
    **dict.fromkeys(("tracker.example", "tracker.example:8000", "127.0.0.1:8000", "[::1]:8000", ""), 200),
}


@pytest.mark.parametrize("host, status", HOSTS.items())
def test_a_host_that_can_be_none_is_refused_with_a_page(site: Site, host: str, status: int) -> None:
    answer = site.stranger().get("/sign-in", headers={"host": host.encode("latin-1")})
    assert answer.status_code == status
    assert ("cannot be read" in answer.text) == (status == 400)
    assert answer.headers["content-security-policy"]


@pytest.mark.parametrize("hosts, status", [(("tracker.example",), 200), (("tracker.example", "evil.example"), 400)])
def test_who_names_two_hosts_is_refused(site: Site, hosts: tuple[str, ...], status: int) -> None:
    with ThreadPoolExecutor(1) as apart:  # a loop may run in this thread already
        assert apart.submit(asyncio.run, status_for(site, hosts)).result() == status


async def status_for(site: Site, hosts: tuple[str, ...]) -> int:
    """How the door answers a request with these headers `host`; the client of the tests sends one alone."""
    answered: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        answered.append(message)

    headers = [(b"host", host.encode()) for host in hosts]
    about = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "root_path": ""}
    asked = {"method": "GET", "path": "/sign-in", "raw_path": b"/sign-in", "query_string": b"", "headers": headers}
    await site.app({**about, **asked, "client": ("192.0.2.7", 1), "server": ("127.0.0.1", 80)}, receive, send)  # type: ignore[arg-type]
    return int(answered[0]["status"])
