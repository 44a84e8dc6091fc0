"""A domain can be an organisation's own where not everybody can have an address there."""

import pytest

from tracker.rules.refusals import WrongInput
from tracker.rules.rings.mail_domains import domain_of, read_domain


@pytest.mark.parametrize(
    "typed,read",
    [(" Hospital.Example ", "hospital.example"), ("mail.council.example.", "mail.council.example"),
     ("xn--bcher-kva.example", "xn--bcher-kva.example")],
)  # fmt: skip
def test_a_domain_is_read_in_lower_case(typed: str, read: str) -> None:
    assert read_domain(typed) == read


@pytest.mark.parametrize("typed", ["gmail.com", "Yahoo.co.uk", "hotmail.fr", "mail.yahoo.com", "GMX.de", "proton.me"])
def test_nobody_owns_where_everybody_can_have_an_address(typed: str) -> None:
    with pytest.raises(WrongInput, match="nobody's own"):
        read_domain(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "", "hospital", "a@hospital.example", "*.example", "-a.example", "a..example", "10.0.0.1",
        "hospital.example/x", "x" * 260 + ".example", "höspital.example",
    ],
)  # fmt: skip
def test_what_is_no_domain_is_refused(typed: str) -> None:
    with pytest.raises(WrongInput, match="behind the @"):
        read_domain(typed)


def test_the_domain_of_an_address() -> None:
    assert [domain_of(each) for each in ("sam@Acute.example", "nobody", "a@b@c.example")] == [
        "acute.example", "", "c.example",
    ]  # fmt: skip
