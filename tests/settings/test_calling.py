"""Which addresses may be called: public ones by https, and named ones."""

import pytest

from tracker.rules.refusals import WrongInput
from tracker.settings.calling import CallTarget, is_public


@pytest.mark.parametrize(
    "typed, said",
    [
        ("https://witness.council.example", "https://witness.council.example"),
        ("https://Witness.council.example:443/log/", "https://witness.council.example/log"),
        ("https://witness.council.example:8700", "https://witness.council.example:8700"),
        ("https://8.8.8.8/a", "https://8.8.8.8/a"),
        ("https://[2600::1]:8700", "https://[2600::1]:8700"),
    ],
)
def test_an_address_is_read_and_said_in_one_way(typed: str, said: str) -> None:
    assert str(CallTarget.read(typed)) == said


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "witness.council.example",
        "http://witness.council.example",
        "ftp://witness.council.example",
        "https://",
        "https://somebody:secret@witness.council.example",
        "https://witness.council.example?to=else",
        "https://witness.council.example#part",
        "https://witness.council.example:99999",
        "https://witness council.example",
        "https://witness.council.example\r\nHost: else",
        "https://wítness.council.example",
        "https://localhost:8700",
        "https://tracker.internal",
        "https://127.0.0.1",
        "https://[::1]",
        f"https://{'a' * 500}.example",
    ],
)
def test_what_may_not_be_called_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(WrongInput) as refusal:
        CallTarget.read(typed)
    assert [each.field for each in refusal.value.errors] == ["address"]


def test_a_named_host_may_be_private_and_called_by_http() -> None:
    target = CallTarget.read("http://witness.internal:8700", ("witness.internal",))
    assert target.may_connect("10.0.0.7")
    assert str(target) == "http://witness.internal:8700"


@pytest.mark.parametrize("host", ["witness.internal", "10.0.0.7", "[fd00::7]"])
def test_a_host_that_is_named_with_a_port_is_called_at_that_port_alone(host: str) -> None:
    assert CallTarget.read(f"http://{host}:8700", (f"{host}:8700",)).is_named
    assert CallTarget.read(f"https://{host}", (f"{host}:443",)).is_named
    for address in (f"http://{host}:8701", f"http://{host}", f"http://{host}:87"):
        with pytest.raises(WrongInput):
            CallTarget.read(address, (f"{host}:8700",))


def test_a_name_may_not_lead_inside() -> None:
    target = CallTarget.read("https://witness.council.example", ("another.internal",))
    assert target.may_connect("8.8.8.8")
    assert not target.may_connect("10.0.0.7")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
        "2002:a00:1::", "2001:0:a00:1::", "::7f00:1", "::ffff:0:7f00:1", "64:ff9b:1::a00:1", "fec0::1", "5f00::1",
    ],
)  # fmt: skip
def test_an_address_of_the_house_is_not_public_however_it_is_wrapped(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2600::1", "64:ff9b::808:808"])
def test_an_address_of_the_wide_world_is_public(address: str) -> None:
    assert is_public(address)
