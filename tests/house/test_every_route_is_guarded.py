"""Every address needs somebody signed in, but for the few that are listed here."""

from collections.abc import Iterator

import pytest
from litestar.handlers import HTTPRouteHandler

from tests.site import Site, opened_site
from tracker.app import DOOR as DOOR_MODULES
from tracker.app import INSIDE
from tracker.app import OUTSIDE as OUTSIDE_MODULES
from tracker.database import Database
from tracker.pages.web.csrf import own_door_form
from tracker.pages.web.visitor import signed_in

DOOR = {
    "/sign-in",
    "/sign-in/sent",
    "/sign-in/as",
    "/sign-in/kept",
    "/sign-in/passkey",
    "/sign-in/code",
    "/sign-in/{token}",
    "/sign-in/own",
    "/sign-in/own/{key}/{side_key}",
}
OUTSIDE = {"/static/{path}", "/favicon.ico", "/health/live", "/health/ready", "/health/clock", "/metrics"}
API = ("/api/", "/scim/")
_READING = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture
def site(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with every route."""
    with opened_site(db, tmp_path_factory.mktemp("home")) as made:
        yield made


def test_only_what_is_listed_is_open(site: Site) -> None:
    unguarded = {path for path, handler in _handlers(site) if signed_in not in handler.resolve_guards()}
    assert {path for path in unguarded if not path.startswith(API)} == DOOR | OUTSIDE


def test_no_handler_is_registered_twice() -> None:
    routes = [route for module in (*INSIDE, *DOOR_MODULES, *OUTSIDE_MODULES) for route in module.routes]
    assert len(routes) == len({id(route) for route in routes})


def test_what_is_sent_at_the_door_is_looked_at(site: Site) -> None:
    assert {path for path, handler in _handlers(site) if own_door_form in handler.resolve_guards()} == DOOR


def test_what_is_open_to_every_program_only_reads(site: Site) -> None:
    changing = {path for path, handler in _handlers(site) if path in OUTSIDE and set(handler.http_methods) - _READING}
    assert changing == set()


def test_the_api_has_a_guard_of_its_own_everywhere(site: Site) -> None:
    assert {path for path, handler in _handlers(site) if path.startswith(API) and not handler.resolve_guards()} == set()


def test_no_stranger_gets_past_the_door(site: Site) -> None:
    stranger, closed = (
        site.stranger(),
        {path for path, handler in _handlers(site) if signed_in in handler.resolve_guards()},
    )
    asked = {path: stranger.get(path.replace("{", "").replace("}", "")) for path in closed}
    let_in = {path for path, answer in asked.items() if answer.status_code not in {303, 400, 404, 405}}
    assert let_in == set()


def test_nothing_that_reads_changes_anything_by_its_name(site: Site) -> None:
    both = {path for path, handler in _handlers(site) if len(set(handler.http_methods) - {"OPTIONS"}) > 1}
    assert both == set()


def _handlers(site: Site) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in site.app.routes:
        for handler in getattr(route, "route_handlers", ()):
            yield route.path_format, handler
