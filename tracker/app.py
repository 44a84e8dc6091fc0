"""The web application: every page behind the door, the few before it, and what is done to each answer."""

import gc
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from types import ModuleType

from litestar import Litestar, Router
from litestar.datastructures import FormMultiDict, State
from litestar.di import Provide
from litestar.exceptions import ClientException
from litestar.types import ControllerRouterHandler
from sqlalchemy.orm import configure_mappers

from tracker.actions.people.providers.discovery import Providers
from tracker.api import cosignatures, feed
from tracker.api.bearer import bears_directory_token, bears_token, the_bearer
from tracker.api.directory import problems as directory_problems
from tracker.api.directory import routes as directory
from tracker.api.problems import exception_handlers as problems
from tracker.database import FOR_HEALTH, Database
from tracker.pages import arrangements, copies
from tracker.pages.account import (
    authenticator,
    code_asked,
    confirmation,
    identity,
    invitations,
    keys,
    own_sign_in,
    passkeys,
    provider_links,
    second_factor,
    sign_in,
)
from tracker.pages.account import routes as account
from tracker.pages.desk import routes as desk
from tracker.pages.desk import several
from tracker.pages.governance import bodies, deciding, decisions, packs
from tracker.pages.issues import list as issue_list
from tracker.pages.issues import papers, raising, redacting, suggesting
from tracker.pages.issues import routes as issues
from tracker.pages.reports import issues as issues_counted
from tracker.pages.reports import routes as reports
from tracker.pages.web import assets, health
from tracker.pages.web.compression import compressing
from tracker.pages.web.csrf import own_door_form
from tracker.pages.web.errors import exception_handlers
from tracker.pages.web.headers import answering_head, sending
from tracker.pages.web.metrics import count_failure, count_statements, watched
from tracker.pages.web.request import Asking, database_of, now_of
from tracker.pages.web.sizes import LARGEST_BODY, MOST_PARTS, MeasuredRequest, measured
from tracker.pages.web.threads import LearningThread, choosing_lanes, lanes, threads_begin
from tracker.pages.web.visitor import signed_in, the_visitor
from tracker.post.calls import Calls
from tracker.post.names import texts_at
from tracker.settings import Settings
from tracker.settings.log_lines import write_log

# Signed in.
INSIDE = (
    desk, several, issue_list, raising, redacting, suggesting, papers, issues, bodies, deciding, decisions, packs,
    reports, issues_counted, arrangements, account, identity, invitations, keys, passkeys,
    authenticator, confirmation, second_factor, provider_links,
)  # fmt: skip
DOOR = (sign_in, code_asked, own_sign_in)  # for everybody; what is sent there must have come from there
PROGRAMS = (feed, cosignatures)  # for programs of an organisation, which show a token of it
DIRECTORIES = (directory,)  # for the directory of an organisation, which shows another kind of token
OUTSIDE = (assets, health)  # for everybody and every program; changes nothing


def create_app(
    settings: Settings, *, database: Database | None = None, now: datetime | Callable[[], datetime] | None = None
) -> Litestar:
    """The application. `now` is what time it is, or what tells it; left out, the clock of this machine does."""
    programs = _OwnRoutes(
        "/",
        guards=[bears_token],
        route_handlers=_routes(PROGRAMS),
        dependencies={"bearer": _given(the_bearer)},
        exception_handlers=problems,
    )
    directories = _OwnRoutes(
        "/",
        guards=[bears_directory_token],
        route_handlers=_routes(DIRECTORIES),
        dependencies={"bearer": _given(the_bearer)},
        exception_handlers=directory_problems.exception_handlers,
    )
    return _application(settings, database, now, inside=INSIDE, programs=[programs, directories], reads_only=False)


def create_copy_app(
    settings: Settings, *, database: Database | None = None, now: datetime | Callable[[], datetime] | None = None
) -> Litestar:
    """The same over an organisation's copy, to be read: it has the door, and behind it the pages of a copy alone."""
    return _application(settings, database, now, inside=(copies,), programs=[], reads_only=True)


def _application(
    settings: Settings,
    database: Database | None,
    now: datetime | Callable[[], datetime] | None,
    *,
    inside: Iterable[ModuleType],
    programs: list[ControllerRouterHandler],
    reads_only: bool,
) -> Litestar:
    db = database or Database(settings.database_url, sum(lanes(settings.threads).values()))
    count_statements(db)
    guarded = _OwnRoutes(
        "/", guards=[signed_in], route_handlers=_routes(inside), dependencies={"visitor": _given(the_visitor)}
    )
    door = _OwnRoutes("/", guards=[own_door_form], route_handlers=_routes(DOOR))
    outside = _OwnRoutes("/", route_handlers=_routes(OUTSIDE))
    app = Litestar(
        route_handlers=[guarded, door, *programs, outside],
        dependencies={"db": _given(database_of), "now": _given(now_of), "form": Provide(sent_form)},
        exception_handlers=exception_handlers,
        after_exception=[count_failure],
        before_send=[sending(is_https=settings.is_https)],
        on_startup=[threads_begin(settings.threads)],
        on_shutdown=[_leave_health] if database else [_leave_health, db.dispose],
        request_class=MeasuredRequest,
        request_max_body_size=LARGEST_BODY,
        multipart_form_part_limit=MOST_PARTS,
        state=State(state_of(settings, db, now, reads_only=reads_only)),
        openapi_config=None,
        logging_config=None,
    )
    app.asgi_handler = answering_head(compressing(watched(measured(choosing_lanes(app.asgi_handler)))))
    return app


def state_of(
    settings: Settings, db: Database, now: datetime | Callable[[], datetime] | None = None, *, reads_only: bool = False
) -> dict[str, object]:
    """What an application has beside its routes."""
    for_health = db.apart(threads=1, patience=FOR_HEALTH)
    clock = _clock(now)
    providers = Providers(Calls(settings.may_call), settings.may_call)
    return {
        "settings": settings,
        "database": db,
        "health": for_health,
        "clock": clock,
        "reads_only": reads_only,
        "providers": providers,
        "texts_at": texts_at,
    }


def _leave_health(app: Litestar) -> None:
    app.state.health.dispose()


class _OwnRoutes(Router):
    """Of one application alone, so they are not copied with all that hangs on them: that took a tenth of the time until
    the server answers."""

    def __deepcopy__(self, _: object) -> "_OwnRoutes":
        return self


def from_environment() -> Litestar:
    """The application as each web process makes it for itself. What is there by then stays for good, and need not be
    looked through each time garbage is collected."""
    app = create_app(_logging_settings())
    learning = LearningThread(app.state.database)
    app.on_startup.append(learning.start)
    app.on_shutdown.insert(0, learning.end)
    return _settled(app)


def copy_from_environment() -> Litestar:
    """The same of a copy, from which nothing is learnt."""
    return _settled(create_copy_app(_logging_settings()))


def _logging_settings() -> Settings:
    settings = Settings.from_environment(os.environ)
    write_log(settings.log)
    return settings


def _settled(app: Litestar) -> Litestar:
    configure_mappers()
    gc.freeze()
    return app


async def sent_form(request: Asking) -> FormMultiDict:
    """The dependency `form`: what was sent; reading it waits for the network, so not in a thread. Refuses (400) the one
    character that no database keeps."""
    form = await request.form()
    if any(isinstance(value, str) and "\x00" in value for _, value in form.multi_items()):
        raise ClientException
    return form


def _routes(modules: Iterable[ModuleType]) -> list[ControllerRouterHandler]:
    return [route for module in modules for route in module.routes]


def _given(what: Callable[..., object]) -> Provide:
    return Provide(what, sync_to_thread=False)


def _clock(now: datetime | Callable[[], datetime] | None) -> Callable[[], datetime]:
    if isinstance(now, datetime):
        return lambda: now
    return now or _this_machine


def _this_machine() -> datetime:
    return datetime.now(UTC)
