"""Every route of the API, walked by whoever has no business there."""

import pytest
from litestar.routes import HTTPRoute

from tests.api.calling import Program
from tests.site import Site

PARAMETERS = {"key": "RIV", "side_key": "council", "user_key": "nobody", "name": "User", "rest": "Groups"}
CHANGING = ("POST", "PUT", "PATCH", "DELETE")


def addresses(site: Site, *below: str) -> list[tuple[str, str]]:
    """(the method, the address) of each that is below one of these."""
    return sorted(
        (method, "/".join(PARAMETERS[part[1:-1].split(":")[0]] if "{" in part else part for part in path.split("/")))
        for route in site.app.routes
        if isinstance(route, HTTPRoute) and (path := route.path_format).startswith(below)
        for method in route.methods
        if method in ("GET", *CHANGING)
    )


@pytest.mark.parametrize("who", ["stranger", "nora", "chris"])
def test_nobody_gets_in_without_a_token_whether_signed_in_or_not(site: Site, who: str) -> None:
    browser = site.stranger() if who == "stranger" else site.guest(who)
    answers = {each: browser.client.request(*each).status_code for each in addresses(site, "/api/", "/scim/")}
    assert len(answers) > 15
    assert set(answers.values()) == {401}


def test_for_a_token_of_another_partnership_there_is_nothing(site: Site) -> None:
    program = Program(site, "council")
    headers = {"Authorization": f"Bearer {program.token}"}
    for method, address in addresses(site, "/api/"):
        answer = program.client.request(method, address.replace("RIV", "ELS"), headers=headers)
        assert (answer.status_code, answer.json()["detail"]) == (404, "There is no partnership ELS."), address
