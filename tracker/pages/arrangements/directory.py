"""How the directory of an organisation is connected: where it asks, what it does, and the tokens that let it in."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.actions.people.keep_token import make_token, revoke_token
from tracker.pages.arrangements.door import ArrangementRequest
from tracker.pages.arrangements.organisations import active
from tracker.pages.arrangements.tokens import TokenForm
from tracker.pages.web.forms import Form, read
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import settings_of
from tracker.pages.web.visitor import ANEW
from tracker.queries.administration.directory import listed_people
from tracker.queries.administration.tokens import tokens_of
from tracker.rules import addresses
from tracker.rules.rings import TokenScope


@get("/arrangements/{key:str}/organisations/{side_key:str}/directory", sync_to_thread=True)
def show_directory(asked: NamedDependency[ArrangementRequest], side_key: FromPath[str]) -> Response[bytes]:
    """For leads of the organisation."""
    asked.require_lead(active(asked.agreed, side_key))
    return _draw(asked, side_key)


@post("/arrangements/{key:str}/organisations/{side_key:str}/directory", sync_to_thread=True, opt=ANEW)
def connect_directory(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], side_key: FromPath[str]
) -> Response[bytes]:
    """A token for it, said this once by the answer."""
    actor = asked.actor(active(asked.agreed, side_key))
    typed, state = read(TokenForm, form)
    if typed is None:
        return _draw(asked, side_key, state=state, status=422)
    with asked.db.write() as session:
        scope = TokenScope.DIRECTORY
        token = make_token(session, asked.agreed.id, typed.name, actor, now=asked.now, scope=scope)
    return _draw(asked, side_key, status=201, token=token, name=typed.name)


@post(
    "/arrangements/{key:str}/organisations/{side_key:str}/directory/{number:int}/revocation",
    sync_to_thread=True,
    opt=ANEW,
)
def disconnect_directory(
    asked: NamedDependency[ArrangementRequest], side_key: FromPath[str], number: FromPath[int]
) -> Response[bytes]:
    """Whatever has that token says nothing here from now on; who belongs stays."""
    actor = asked.actor(active(asked.agreed, side_key))
    with asked.db.write() as session:
        revoke_token(session, asked.agreed.id, number, actor, now=asked.now)
        done = asked.done_by(session)
    return asked.done(done, "organisations", side_key, "directory")


def _draw(
    asked: ArrangementRequest,
    side_key: str,
    *,
    state: FormState | None = None,
    status: int = 200,
    token: str = "",
    name: str = "",
) -> Response[bytes]:
    organisation = asked.agreed.organisation(side_key)
    with asked.db.read() as session:
        tokens = tokens_of(session, organisation.id, TokenScope.DIRECTORY)
        known = listed_people(session, organisation.id)
    return asked.draw(
        "directory",
        status=status,
        organisation=organisation,
        tokens=tokens,
        token=token,
        name=name,
        base=f"{settings_of(asked.request).base_url}{addresses.directory(asked.agreed.key, side_key)}",
        known=(len(known), sum(each.belonging.is_here for each in known)),
        state=state or FormState(),
    )


routes = [show_directory, connect_directory, disconnect_directory]
