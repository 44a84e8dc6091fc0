"""Tokens of an organisation, by which its programs read what it may read: made, told once and revoked by its leads."""

from typing import NamedTuple

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.actions.people.keep_token import make_token, revoke_token
from tracker.exchange.charter.fields import Line
from tracker.pages.arrangements.door import ArrangementRequest
from tracker.pages.arrangements.organisations import active
from tracker.pages.web.forms import Form, Shape, read
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import settings_of
from tracker.pages.web.visitor import ANEW
from tracker.queries.administration.tokens import tokens_of
from tracker.rules import addresses
from tracker.rules.rings import TokenScope


class TokenForm(Shape):
    """What its leads call a token."""

    sentences = {"name": "Say what it is for, like “our own copy”."}
    name: Line


class TokenAnswer(NamedTuple):
    """What the page of a token says: of the form as it was sent, or the token that was just made, and its name."""

    status: int = 200
    state: FormState = FormState()
    token: str = ""
    name: str = ""


AS_IT_IS = TokenAnswer()


@get("/arrangements/{key:str}/organisations/{side_key:str}/tokens", sync_to_thread=True)
def show_tokens(asked: NamedDependency[ArrangementRequest], side_key: FromPath[str]) -> Response[bytes]:
    """Those that there are, for leads of the organisation."""
    asked.require_lead(active(asked.agreed, side_key))
    return _draw(asked, side_key)


@post("/arrangements/{key:str}/organisations/{side_key:str}/tokens", sync_to_thread=True, opt=ANEW)
def add_token(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], side_key: FromPath[str]
) -> Response[bytes]:
    return _draw(asked, side_key, made_token(asked, side_key, form, TokenScope.READ))


@post(
    "/arrangements/{key:str}/organisations/{side_key:str}/tokens/{number:int}/revocation", sync_to_thread=True, opt=ANEW
)
def revoke(
    asked: NamedDependency[ArrangementRequest], side_key: FromPath[str], number: FromPath[int]
) -> Response[bytes]:
    return revoked_token(asked, side_key, number, "tokens")


def made_token(asked: ArrangementRequest, side_key: str, form: Form, scope: TokenScope) -> TokenAnswer:
    """The answer says it, this once: it stands in no address and is not kept, so there is nothing to lead on to."""
    actor = asked.actor(active(asked.agreed, side_key))
    typed, state = read(TokenForm, form)
    if typed is None:
        return TokenAnswer(422, state)
    with asked.db.write() as session:
        token = make_token(session, asked.agreed.id, typed.name, actor, now=asked.now, scope=scope)
    return TokenAnswer(201, token=token, name=typed.name)


def revoked_token(asked: ArrangementRequest, side_key: str, number: int, back: str) -> Response[bytes]:
    """Nobody comes in by it from now on. `back`: the page of the organisation where it stood."""
    actor = asked.actor(active(asked.agreed, side_key))
    with asked.db.write() as session:
        revoke_token(session, asked.agreed.id, number, actor, now=asked.now)
        done = asked.done_by(session)
    return asked.done(done, "organisations", side_key, back)


def _draw(asked: ArrangementRequest, side_key: str, answer: TokenAnswer = AS_IT_IS) -> Response[bytes]:
    organisation = asked.agreed.organisation(side_key)
    with asked.db.read() as session:
        tokens = tokens_of(session, organisation.id, TokenScope.READ)
    return asked.draw(
        "tokens",
        **answer._asdict(),
        organisation=organisation,
        tokens=tokens,
        feed=f"{settings_of(asked.request).base_url}{addresses.api(asked.agreed.key)}",
    )


routes = [show_tokens, add_token, revoke]
