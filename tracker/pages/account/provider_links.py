"""From one's own account to an organisation's own sign-in, and linking the two, which only its person can."""

from litestar import Response, post
from litestar.params import FromPath

from tracker.actions.people.providers.coming import known_as, link_own
from tracker.pages.account.own_sign_in import Errand, send_to_provider
from tracker.pages.account.provider_seals import link_in
from tracker.pages.web.audit import note
from tracker.pages.web.forms import Shape, TheForm, read
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, local_address
from tracker.pages.web.step_done import NOBODY_TOLD, StepDone, see_done
from tracker.pages.web.visitor import ANEW, OWN, go_on
from tracker.queries.administration.providers import sign_in_at, sign_in_of
from tracker.rules import addresses
from tracker.rules.refusals import MoveNotAllowed, NotThere
from tracker.rules.rings.doors import ANEW_FOR, sso_door


class AwayForm(Shape):
    """`afresh`: they are to prove anew who they are; `next`: where to go on to."""

    afresh: str = ""
    next: str = addresses.ACCOUNT


class ProviderLinkForm(Shape):
    """Who somebody is at a provider, as it was shown to them, sealed."""

    seal: str
    next: str = addresses.ACCOUNT


@post(f"{addresses.PROVIDER_LINKS}/{{key:str}}/{{side_key:str}}", status_code=200, sync_to_thread=True)
def go_there(
    request: Asking,
    db: TheDatabase,
    now: TheTime,
    visitor: TheVisitor,
    form: TheForm,
    key: FromPath[str],
    side_key: FromPath[str],
) -> Response[bytes]:
    """To the provider of an organisation of theirs, and back into this session."""
    wanted, _ = read(AwayForm, form)
    with db.read() as session:
        sign_in = sign_in_at(session, key, side_key)
    mine = {each.id for each in (*visitor.sides, *visitor.waiting, *visitor.demanding)}
    if wanted is None or sign_in is None or sign_in.organisation_id not in mine:
        raise NotThere("There is no such sign-in of yours, or not any more.")
    back, person_id = local_address(wanted.next), visitor.person_id
    errand = Errand(sign_in, back, person_id, hint=visitor.email, afresh=bool(wanted.afresh))
    return send_to_provider(request, db, now, errand)


@post(addresses.PROVIDER_LINKS, sync_to_thread=True, opt={**ANEW, **OWN})
def keep_link(request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor, form: TheForm) -> Response[bytes]:
    """It is they: from now on that sign-in opens their account."""
    wanted, _ = read(ProviderLinkForm, form)
    link = link_in(request, wanted.seal, visitor.person_id, now) if wanted else None
    if wanted is None or link is None:
        raise MoveNotAllowed("This was shown to you too long ago. Sign in there once more.")
    organisation_id, person = link
    with db.write() as session:
        sign_in = sign_in_of(session, organisation_id)
        if sign_in is None or sign_in.issuer != person.issuer:
            raise MoveNotAllowed("That sign-in is not there any more.")
        if known_as(session, person) == visitor.person_id:
            raise MoveNotAllowed("That sign-in is linked to your account already.")
        link_own(session, sign_in, person, visitor.person_id, now=now)
        go_on(request, session, visitor.person_id, sso_door(organisation_id), proved_at=now - ANEW_FOR)
    note(request, "provider linked")
    done = StepDone(f"The sign-in of {sign_in.name} opens your account from now on", NOBODY_TOLD)
    return see_done(request, local_address(wanted.next), done)


routes = [go_there, keep_link]
