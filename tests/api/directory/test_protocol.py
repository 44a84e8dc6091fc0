"""What Entra ID and Okta send, as they send it: filters, pages, patches, versions."""

from typing import Any

import pytest

from tests.api.directory.calling import Caller
from tests.site import Site

KIM = "kim@council.example"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ENTRA_USER = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
    "externalId": "ravi.das",
    "userName": "ravi.das@council.example",
    "active": True,
    "displayName": "Ravi Das",
    "emails": [{"primary": True, "type": "work", "value": "ravi@council.example"}],
    "meta": {"resourceType": "User"},
    "name": {"formatted": "Ravi Das", "familyName": "Das", "givenName": "Ravi"},
    "roles": [],
    "title": "Director",
    ENTERPRISE: {"department": "Estates", "manager": {"value": "1"}},
}


@pytest.fixture
def entra(site: Site) -> Caller:
    return Caller(site)


def ask(caller: Caller, **asked: Any) -> dict[str, Any]:
    answer = caller.client.get(
        f"{caller.base}/Users", params=asked, headers={"Authorization": f"Bearer {caller.token}"}
    )
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def logins(found: dict[str, Any]) -> list[str]:
    return [each["userName"].partition("@")[0] for each in found.get("Resources", ())]


def test_the_first_thing_entra_asks_is_for_somebody_who_is_not_there(entra: Caller) -> None:
    found = ask(entra, filter='userName eq "8f1e-4c5a"')
    assert (found["totalResults"], found["Resources"]) == (0, [])


def test_a_user_as_entra_sends_it_is_told_with_what_is_kept_and_nothing_else(entra: Caller) -> None:
    answer = entra.ask("POST", "/Users", ENTRA_USER)
    assert answer.status_code == 201
    told = answer.json()
    assert told["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:User"]
    kept = ("externalId", "userName", "active", "displayName", "emails", "name")
    assert {name: told[name] for name in kept} == {name: ENTRA_USER[name] for name in kept}
    assert set(told) == {*kept, "schemas", "id", "meta"}


@pytest.mark.parametrize(
    "filter_, found",
    [
        ('userName eq "KIM@council.example"', ["kim"]),
        ('userName sw "k" or userName sw "l"', ["kim", "lee"]),
        ('emails[type eq "work"].value eq "ravi@council.example"', ["ravi.das"]),
        ('externalId eq "ravi.das"', ["ravi.das"]),
        ('externalId eq "RAVI.das"', []),
        ("active eq false", []),
        ('not (userName co "e")', []),
        ('emails.value eq "lee@council.example" and active eq true', ["lee"]),
        ('urn:ietf:params:scim:schemas:core:2.0:User:userName eq "lee@council.example"', ["lee"]),
    ],
)
def test_filters(entra: Caller, filter_: str, found: list[str]) -> None:
    entra.ask("POST", "/Users", ENTRA_USER)
    assert logins(ask(entra, filter=filter_)) == found
    searched = entra.ask("POST", "/Users/.search", {"filter": filter_}).json()
    assert logins(searched) == found


def test_pages_begin_where_they_are_asked_to_and_say_how_many_there_are(entra: Caller) -> None:
    every = logins(ask(entra))
    assert len(every) == 5
    pages = [ask(entra, startIndex=at, count=2) for at in (1, 3, 5, 7)]
    assert [each for page in pages for each in logins(page)] == every
    assert [(each["totalResults"], each["itemsPerPage"]) for each in pages] == [(5, 2), (5, 2), (5, 1), (5, 0)]
    assert ask(entra, count=0)["totalResults"] == 5
    assert ask(entra, startIndex=-4, count=1)["startIndex"] == 1
    assert logins(ask(entra, sortBy="userName", sortOrder="descending")) == sorted(every, reverse=True)


def test_only_what_is_asked_for_is_told(entra: Caller) -> None:
    (user,) = ask(entra, filter=f'userName eq "{KIM}"', attributes="userName")["Resources"]
    assert set(user) == {"schemas", "id", "userName"}
    (user,) = ask(entra, filter=f'userName eq "{KIM}"', excludedAttributes="emails,name")["Resources"]
    assert "emails" not in user


@pytest.mark.parametrize(
    "operations",
    [
        [{"op": "Replace", "path": "active", "value": "False"}],
        [{"op": "replace", "value": {"active": False}}],
        [{"op": "replace", "path": "active", "value": False}, {"op": "Add", "path": "title", "value": "Gone"}],
        [{"op": "Add", "path": f"{ENTERPRISE}:department", "value": "x"},
         {"op": "Replace", "value": {"name.familyName": "Tran", "active": False}}],
    ],
)  # fmt: skip
def test_patches_as_entra_and_okta_send_them_make_somebody_not_active(
    entra: Caller, operations: list[dict[str, Any]]
) -> None:
    key = entra.find(KIM)["id"]
    answer = entra.patch(key, *operations)
    assert (answer.status_code, answer.json()["active"]) == (200, False)


def test_an_address_that_a_path_describes_is_added(entra: Caller) -> None:
    key = entra.find(KIM)["id"]
    added = {"op": "Add", "path": 'emails[type eq "other"].value', "value": "kim@home.example"}
    told = entra.patch(key, added).json()
    assert {each["value"] for each in told["emails"]} == {KIM, "kim@home.example"}


def test_put_without_a_word_on_active_leaves_it(entra: Caller) -> None:
    user = entra.find(KIM)
    entra.set_active(KIM, active=False)
    told = entra.ask("PUT", f"/Users/{user['id']}", {"userName": KIM, "displayName": "Kim"}).json()
    assert (told["active"], told["displayName"]) == (False, "Kim")


def test_what_was_changed_since_is_not_put_over(entra: Caller) -> None:
    user = entra.find(KIM)
    version = user["meta"]["version"]
    operation = {"op": "replace", "path": "displayName", "value": "Kit"}
    assert entra.patch(user["id"], operation, If_Match='W/"other"').status_code == 412
    changed = entra.patch(user["id"], operation, If_Match=version)
    assert changed.headers["etag"] == changed.json()["meta"]["version"] != version
    for method in ("PUT", "DELETE"):
        assert entra.ask(method, f"/Users/{user['id']}", user, If_Match=version).status_code == 412
    known = changed.headers["etag"]
    assert entra.ask("GET", f"/Users/{user['id']}", If_None_Match=known).status_code == 304
    assert entra.ask("GET", f"/Users/{user['id']}", If_None_Match=version).status_code == 200


def test_it_says_what_it_can(entra: Caller) -> None:
    config = entra.ask("GET", "/ServiceProviderConfig").json()
    can = {name: config[name]["supported"] for name in ("patch", "bulk", "filter", "changePassword", "sort", "etag")}
    assert can == {
        "patch": True, "bulk": False, "filter": True, "changePassword": False, "sort": True, "etag": True
    }  # fmt: skip
    (kind,) = entra.ask("GET", "/ResourceTypes").json()["Resources"]
    assert (kind["name"], kind["endpoint"]) == ("User", "/Users")
    (schema,) = entra.ask("GET", "/Schemas").json()["Resources"]
    named = {each["name"] for each in schema["attributes"]}
    assert named >= {"userName", "name", "displayName", "emails", "active"}
    assert "password" not in named
