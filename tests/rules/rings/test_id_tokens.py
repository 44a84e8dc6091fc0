"""An ID token counts where it is from this provider, for us alone, of just now, and answers what was asked."""

from datetime import timedelta
from typing import Any

import pytest

from tests.makers import MONDAY
from tracker.rules.rings.id_tokens import (
    LONGEST_AGO,
    SKEW,
    ProvenPerson,
    TokenNotGood,
    address_of,
    is_single_tenant,
    person_in,
    with_claims,
)

ISSUER, CLIENT, NONCE = "https://login.acute.example", "tracker", "asked just now"
NOW = int(MONDAY.timestamp())
GOOD: dict[str, Any] = {
    "iss": ISSUER, "aud": CLIENT, "sub": "248289", "nonce": NONCE, "iat": NOW, "exp": NOW + 300,
    "email": "Sam@Acute.example", "email_verified": True, "name": "Sam Okafor",
}  # fmt: skip
SECONDS = int(SKEW.total_seconds())
LEAVE_OUT = object()


def read(**changed: object) -> ProvenPerson:
    claims = {name: value for name, value in {**GOOD, **changed}.items() if value is not LEAVE_OUT}
    return person_in(claims, issuer=ISSUER, client=CLIENT, nonce=NONCE, now=MONDAY)


def test_a_good_token_names_a_person_by_issuer_and_subject() -> None:
    assert read() == ProvenPerson(ISSUER, "248289", "sam@acute.example", owns_email=True, name="Sam Okafor")


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": [CLIENT]},
        {"azp": CLIENT},
        {"iat": NOW + SECONDS, "exp": NOW + SECONDS + 1},
        {"exp": NOW - SECONDS + 1},
        {"nbf": NOW + SECONDS},
        {"iat": NOW + 0.5},
    ],
)
def test_clocks_may_differ_a_little_and_an_audience_may_be_a_list_of_one(changed: dict[str, object]) -> None:
    assert read(**changed).subject == "248289"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://login.council.example"},
        {"iss": ISSUER + "/"},
        {"iss": LEAVE_OUT},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"aud": []},
        {"aud": LEAVE_OUT},
        {"azp": "another"},
        {"nonce": "of another request"},
        {"nonce": LEAVE_OUT},
        {"nonce": ["asked just now"]},
        {"sub": ""},
        {"sub": LEAVE_OUT},
        {"sub": 248289},
        {"sub": "x" * 256},
        {"sub": "ünä"},
        {"exp": NOW - SECONDS},
        {"exp": LEAVE_OUT},
        {"exp": "tomorrow"},
        {"exp": True},
        {"exp": 1e300},
        {"iat": NOW + SECONDS + 1},
        {"iat": NOW - SECONDS - int(LONGEST_AGO.total_seconds()) - 1},
        {"iat": LEAVE_OUT},
        {"nbf": NOW + SECONDS + 1},
    ],
)
def test_any_other_names_nobody(changed: dict[str, object]) -> None:
    with pytest.raises(TokenNotGood):
        read(**changed)


def test_when_they_signed_in_is_never_later_than_now() -> None:
    assert read(auth_time=NOW - 60).proved_at == MONDAY - timedelta(minutes=1)
    assert read(auth_time=NOW + 3600).proved_at == MONDAY
    assert read().proved_at is None


def test_a_description_counts_where_it_is_of_the_same_person() -> None:
    said = {"sub": "248289", "email": "jo@acute.example", "email_verified": True}
    assert with_claims(read(email=LEAVE_OUT), said).email == "jo@acute.example"
    with pytest.raises(TokenNotGood):
        with_claims(read(), {**said, "sub": "248290"})


@pytest.mark.parametrize("said", [False, "true", 1, None, LEAVE_OUT])
def test_an_address_counts_only_where_the_provider_says_that_it_is_theirs(said: object) -> None:
    assert address_of(read(email_verified=said), (), trusts_addresses=False) is None
    assert address_of(read(), (), trusts_addresses=False) == "sam@acute.example"


def test_an_address_that_is_only_trusted_is_at_a_confirmed_domain_of_a_provider_of_their_own() -> None:
    unsaid, domains = read(email_verified=LEAVE_OUT), {"acute.example"}
    assert address_of(unsaid, domains, trusts_addresses=True) == "sam@acute.example"
    assert address_of(unsaid, domains, trusts_addresses=False) is None
    assert address_of(unsaid, {"council.example"}, trusts_addresses=True) is None
    shared = ProvenPerson("https://accounts.google.com", "1", "sam@acute.example")
    assert address_of(shared, domains, trusts_addresses=True) is None


def test_a_name_or_an_address_that_cannot_be_kept_is_left_out() -> None:
    assert read(name="x" * 300, email="sam\n@acute.example").name == ""
    assert read(email=["sam@acute.example"]).email == ""


@pytest.mark.parametrize(
    "issuer,single",
    [
        ("https://login.microsoftonline.com/2c1b5c1e-9f0a-4d9e-8d0a-0a4e2f3b1c11/v2.0", True),
        ("https://login.microsoftonline.com/common/v2.0", False),
        ("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", False),
        ("https://accounts.google.com", False),
        (ISSUER, True),
    ],
)
def test_where_everybody_can_have_an_account_is_known(issuer: str, single: bool) -> None:
    assert is_single_tenant(issuer) is single


@pytest.mark.parametrize(
    "address",
    ["a b@acute.example", "jörg@acute.example", "x,y@acute.example", "@acute.example", "\u212aay@acute.example", "sam"],
)
def test_an_address_that_no_form_would_take_is_nobodys(address: str) -> None:
    assert read(email=address).email == ""
    assert address_of(read(email=address), {"acute.example"}, trusts_addresses=True) is None
