"""Who has no business at the door of a directory, and what is sent there that is none of its forms."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from tests.api.calling import FEED, Program, token_of
from tests.api.directory.calling import Caller, directory_token
from tests.site import Site
from tracker.records.event import Event
from tracker.records.person import Membership, Person
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.rings import directory

KIM = "kim@council.example"
PAGE = "/arrangements/RIV/organisations/council/directory"


@pytest.fixture
def entra(site: Site) -> Caller:
    return Caller(site)


def everything(site: Site) -> list[Any]:
    with site.db.read() as session:
        tables: tuple[Any, ...] = (Person, Membership)
        return [row.model_dump() for table in tables for row in session.exec(select(table).order_by(table.id))]


def try_all(caller: Caller, key: str) -> set[int]:
    """The answers to everything that one can ask about somebody."""
    user = {"userName": "x@north.example", "active": False}
    operation = {"op": "replace", "path": "active", "value": False}
    return {
        caller.ask("GET", "/Users").status_code,
        caller.ask("GET", f"/Users/{key}").status_code,
        caller.create("x@north.example").status_code,
        caller.ask("PUT", f"/Users/{key}", user).status_code,
        caller.patch(key, operation).status_code,
        caller.ask("DELETE", f"/Users/{key}").status_code,
        caller.ask("POST", "/Users/.search", {}).status_code,
        caller.ask("GET", "/Schemas").status_code,
        caller.ask("GET", "/Groups").status_code,
    }


@pytest.mark.parametrize(
    "whose, status",
    [("nobody's", 401), ("revoked", 401), ("for reading", 403), ("another organisation's", 404), ("a session's", 401)],
)
def test_nobody_else_says_who_belongs(site: Site, entra: Caller, whose: str, status: int) -> None:
    key = entra.find(KIM)["id"]
    if whose == "revoked":
        tokens = directory_token(site, "council")
        site.guest("chris").post(f"{PAGE}/2/revocation")
    else:
        tokens = {
            "nobody's": "tracker_nonsense", "for reading": token_of(site, "council"),
            "another organisation's": directory_token(site, "acute"), "a session's": site.guest("chris").session,
        }[whose]  # fmt: skip
    before = everything(site)
    assert try_all(Caller(site, token=tokens), key) == {status}
    assert everything(site) == before


def test_somebody_of_another_organisation_is_not_there_for_a_directory(site: Site, entra: Caller) -> None:
    council, acute = entra.find(KIM)["id"], Caller(site, "acute")
    acute.find("sam@acute.example")
    before = everything(site)
    answers = try_all(acute, council) - {200, 201}
    assert answers == {404}
    assert [each["email"] for each in everything(site) if each not in before and "email" in each] == ["x@north.example"]
    assert acute.ask("GET", "/Users").json()["totalResults"] == 6


def test_a_directory_knows_its_own_people_alone(entra: Caller) -> None:
    told = entra.ask("GET", "/Users").json()
    assert told["totalResults"] == 5
    assert {each["userName"].partition("@")[2] for each in told["Resources"]} == {"council.example"}


def test_the_token_of_a_directory_reads_nothing_else(site: Site, entra: Caller) -> None:
    program = Program(site, token=entra.token)
    assert program.get(FEED).status_code == 403
    assert program.get("/api/v1/partnerships/RIV/organisation").status_code == 403
    assert program.get("/issues").status_code == 303


def test_another_partnership_or_organisation_does_not_exist_for_it(entra: Caller) -> None:
    for base in ("/scim/v2/ELS/council", "/scim/v2/ELS/north", "/scim/v2/RIV/acute", "/scim/v2/RIV/nowhere"):
        entra.base = base
        assert entra.ask("GET", "/Users").status_code == 404, base


@pytest.mark.parametrize("name, status", [("kim", 403), ("alex", 403), ("tess", 403), ("nora", 404), ("chris", 200)])
def test_a_directory_is_connected_by_leads_of_its_own_organisation_alone(site: Site, name: str, status: int) -> None:
    directory_token(site, "council")
    guest = site.guest(name)
    assert guest.get(PAGE).status_code == status
    made, revoked = guest.post(PAGE, {"name": "Mine"}), guest.post(f"{PAGE}/1/revocation")
    assert (made.status_code, revoked.status_code) == ((201, 303) if status == 200 else (status, status))


def test_a_token_is_told_once_and_leads_read_what_it_may_do(site: Site) -> None:
    chris = site.guest("chris")
    page = chris.post(PAGE, {"name": "Entra ID"}).text
    assert "tracker_" in page
    again = chris.get(PAGE).text
    assert ("tracker_" in again, "Entra ID" in again, "not used yet" in again) == (False, True, True)
    assert "Entra ID" not in chris.get("/arrangements/RIV/organisations/council/tokens").text
    told = site.guest("alex").get("/arrangements/RIV/events").text
    assert "the token “Entra ID” of Riverside Council: whoever has it says who belongs to Riverside Council" in told


def test_when_it_asked_last_is_seen(site: Site, entra: Caller) -> None:
    entra.ask("GET", "/Users")
    assert "used last in the hour from" in site.guest("chris").get(PAGE).text


def test_so_many_calls_are_answered_in_a_minute(site: Site, entra: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.api.bearer.MOST_CALLS", 3)
    answers = [entra.ask("GET", "/Schemas") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= directory.CALLS_WINDOW.total_seconds()
    assert answers[-1].json()["status"] == "429"
    site.now += timedelta(minutes=1)
    assert entra.ask("GET", "/Schemas").status_code == 200


@pytest.mark.parametrize(
    "sent, keyword",
    [
        (b"[", "invalidSyntax"), (b"[" * 9000, "invalidSyntax"), (b"7", "invalidSyntax"), (b"\xff", "invalidSyntax"),
        (b"{}", "invalidValue"), (b'{"userName": "ravi", "active": true}', "invalidValue"),
        (b'{"userName": "a@b.example", "active": "perhaps"}', "invalidValue"),
        (b'{"userName": "a\\u0000@b.example"}', "invalidValue"), (b'{"userName": "\\ud800@b.example"}', "invalidValue"),
        (b'{"userName": "j\xc3\xb6rg@b.example"}', "invalidValue"),
        (b'{"userName": "ravi", "emails": [{"value": "nowhere"}]}', "invalidValue"),
        (b'{"userName": " ", "emails": [{"value": "a@b.example"}]}', "invalidValue"),
        (b'{"userName": "' + b"a" * 400 + b'@b.example"}', "invalidValue"),
        (b'{"userName": "a@b.example", "emails": ' + str([{"value": "a@b.example"}] * 30).replace("'", '"').encode()
         + b"}", "invalidValue"),
    ],
)  # fmt: skip
def test_what_is_no_user_is_refused_in_the_form_of_scim(site: Site, entra: Caller, sent: bytes, keyword: str) -> None:
    before = everything(site)
    headers = {"Authorization": f"Bearer {entra.token}"}
    answer = entra.client.post(f"{entra.base}/Users", content=sent, headers=headers)
    assert (answer.status_code, answer.json()["scimType"]) == (400, keyword)
    assert answer.headers["content-type"] == "application/scim+json"
    assert everything(site) == before


@pytest.mark.parametrize(
    "operation, status, keyword",
    [
        ({"op": "replace", "path": "userName"}, 400, "invalidValue"),
        ({"op": "replace", "path": "id", "value": "x"}, 400, "mutability"),
        ({"op": "remove", "path": "userName"}, 400, "mutability"),
        ({"op": "remove"}, 400, "noTarget"),
        ({"op": "explode", "path": "userName", "value": "x"}, 400, "invalidValue"),
        ({"op": "replace", "path": "userName[", "value": "x"}, 400, "invalidPath"),
        ({"op": "replace", "path": "active", "value": "perhaps"}, 400, "invalidValue"),
        ({"op": "replace", "path": "emails", "value": [{"value": "nowhere"}]}, 400, "invalidValue"),
        ({"op": "replace", "path": "userName", "value": "lee@council.example"}, 409, "uniqueness"),
    ],
)
def test_a_patch_that_cannot_be_is_refused_and_changes_nothing(
    site: Site, entra: Caller, operation: dict[str, Any], status: int, keyword: str
) -> None:
    user = entra.find(KIM)
    answer = entra.patch(user["id"], {"op": "replace", "path": "displayName", "value": "Mine"}, operation)
    assert (answer.status_code, answer.json()["scimType"]) == (status, keyword)
    assert entra.find(KIM) == user


def test_an_address_of_somebody_who_belongs_is_no_ones_to_take(site: Site, entra: Caller) -> None:
    key = entra.create("ravi@council.example").json()["id"]
    taken = {"op": "replace", "path": "emails", "value": [{"value": KIM}]}
    assert entra.patch(key, taken).status_code == 409
    assert entra.create("other", emails=[{"value": KIM}]).status_code == 409
    assert entra.create(KIM.upper()).status_code == 409


def test_a_filter_that_is_none_is_refused(entra: Caller) -> None:
    headers = {"Authorization": f"Bearer {entra.token}"}
    for wrong in ("userName eq", 'userName like "x"', "(" * 5000, 'active gt "x"', "userName eq 5"):
        answer = entra.client.get(f"{entra.base}/Users", params={"filter": wrong}, headers=headers)
        assert answer.status_code in (400, 413), wrong
        assert answer.headers["content-type"].startswith("application/scim+json") or answer.status_code == 413


@pytest.mark.parametrize("wrong", ["(" * 2_001, 'userName eq "' + "x" * 2_000 + '"', "not " * 600])
def test_a_filter_that_is_too_long_is_refused_before_it_is_read(entra: Caller, wrong: str) -> None:
    headers = {"Authorization": f"Bearer {entra.token}"}
    asked = entra.client.get(f"{entra.base}/Users", params={"filter": wrong}, headers=headers)
    sent = entra.ask("POST", "/Users/.search", {"filter": wrong})
    for answer in (asked, sent):
        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter")
        assert "allowed are 2,000" in answer.json()["detail"]


def test_a_patch_of_too_many_operations_is_refused_before_it_is_read(entra: Caller) -> None:
    key, name = entra.find(KIM)["id"], {"op": "replace", "path": "externalId", "value": "x"}
    assert entra.patch(key, *[name] * 100).status_code == 200
    answer = entra.patch(key, *[name] * 101)
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")
    assert answer.json()["detail"] == "Operations: found 101; allowed are 100"


def test_a_path_that_is_too_long_is_refused_before_it_is_read(entra: Caller) -> None:
    path = f"emails[{'(' * 2_000}"
    answer = entra.patch(entra.find(KIM)["id"], {"op": "replace", "path": path, "value": "x"})
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidPath")
    assert answer.json()["detail"] == "path: found 2,007 letters; allowed are 2,000"


def test_a_directory_has_so_many_users_and_no_more(site: Site, entra: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.exchange.directory.keeping.MOST_ENTRIES", 6)
    assert entra.create("first@council.example", active=False).status_code == 201
    before = everything(site)
    answer = entra.create("ravi@council.example")
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")
    assert answer.json()["detail"].startswith("A directory has 6 users at most")
    assert everything(site) == before
    assert entra.ask("DELETE", f"/Users/{entra.find('first@council.example')['id']}").status_code == 204
    assert entra.create("ravi@council.example").status_code == 201


def test_a_fault_of_the_database_says_when_to_ask_again(
    site: Site, entra: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MoveNotAllowed("Not now.")

    monkeypatch.setattr("tracker.api.directory.call.listed_people", fail)
    answer = entra.ask("GET", "/Users")
    assert (answer.status_code, answer.json()["detail"]) == (409, "Not now.")


def test_every_step_of_a_directory_is_told_as_its_own(site: Site, entra: Caller) -> None:
    entra.create("ravi@council.example")
    entra.set_active(KIM, active=False)
    entra.set_active(KIM, active=True)
    with site.db.read() as session:
        events = session.exec(select(Event).where(Event.kind != "token_made")).all()
    assert {each.kind for each in events} >= {"person_invited", "person_left"}
    for each in events:
        assert (each.actor_name, each.person_id) == ("Riverside Council's directory", None), each.kind
