"""How the directory of an organisation is connected: where it asks, what it does, and the tokens that let it in."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.pages.arrangements.door import ArrangementRequest
from tracker.pages.arrangements.organisations import active
from tracker.pages.arrangements.tokens import AS_IT_IS, TokenAnswer, made_token, revoked_token
from tracker.pages.web.forms import Form
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
    return _draw(asked, side_key, made_token(asked, side_key, form, TokenScope.DIRECTORY))


@post(
    "/arrangements/{key:str}/organisations/{side_key:str}/directory/{number:int}/revocation",
    sync_to_thread=True,
    opt=ANEW,
)
def disconnect_directory(
    asked: NamedDependency[ArrangementRequest], side_key: FromPath[str], number: FromPath[int]
) -> Response[bytes]:
    """Whatever has that token says nothing here from now on; who belongs stays."""
    return revoked_token(asked, side_key, number, "directory")


def _draw(asked: ArrangementRequest, side_key: str, answer: TokenAnswer = AS_IT_IS) -> Response[bytes]:
    organisation = asked.agreed.organisation(side_key)
    with asked.db.read() as session:
        tokens = tokens_of(session, organisation.id, TokenScope.DIRECTORY)
        known = listed_people(session, organisation.id)
    return asked.draw(
        "directory",
        **answer._asdict(),
        organisation=organisation,
        tokens=tokens,
        base=f"{settings_of(asked.request).base_url}{addresses.directory(asked.agreed.key, side_key)}",
        known=(len(known), sum(each.belonging.is_here for each in known)),
    )


routes = [show_directory, connect_directory, disconnect_directory]
