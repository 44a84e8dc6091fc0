"""Nobody is ever sent to another site."""

import pytest

from tracker.pages.web.request import local_address, sign_in_address


@pytest.mark.parametrize("path", ["/", "/issues/RIV-41", "/issues?q=a%20b&side=acute", "/people/RIV#kim"])
def test_paths_on_this_site_are_kept(path: str) -> None:
    assert local_address(path) == path


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/ok\\..\\evil",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/ok\r\nSet-Cookie: x=1",
        "issues",
        "",
        "/sign-in/sent",
        "/sign-out",
        "/" + "x" * 2_000,
    ],
)
def test_anything_else_leads_to_the_start(text: str) -> None:
    assert local_address(text) == "/"


def test_the_door_carries_where_to_go_from_there() -> None:
    assert sign_in_address("/issues?q=a b") == "/sign-in"
    assert sign_in_address("/issues?q=a&x=%2F") == "/sign-in?next=%2Fissues%3Fq%3Da%26x%3D%252F"
