"""Whoever keeps an organisation's provider can come in as any of its people: they get no further than its own."""

import re
from datetime import timedelta

import pytest
from litestar.routes import HTTPRoute
from sqlmodel import select

from tests.pages.account.providers import FakeProvider, set_up
from tests.pages.account.test_own_sign_in import SAM, at_the_door, from_account, link, visitor
from tests.pages.arrangements.test_demands import joins
from tests.site import Guest, Site, went_to
from tracker.actions.people.keep_passkeys import require_passkey_shown
from tracker.records.partnership import Organisation, Partnership
from tracker.records.person import Membership
from tracker.records.session import Passkey
from tracker.rules.refusals import MayNot
from tracker.rules.rings.doors import ANEW_FOR, Demand, Door

# Of a session that an organisation alone opened: what is of that one, proves more, or ends it.
NOT_OF_OTHERS = {
    "/account/absence": "from the organisations that count in this session",
    "/account/keys": "which keys do something on their pages",
    "/account/confirmation": "by a code of theirs",
    "/account/confirmation/passkey": "by a passkey of theirs",
    "/account/confirmation/link": "by a link to their own address",
    "/account/second-factor": "by what they set up themselves",
    "/account/providers/{key:str}/{side_key:str}": "to where they prove who they are",
}


@pytest.fixture
def provider(site: Site) -> FakeProvider:
    """Of Riverside Hospitals, where Sam is known. They belong to Riverside Council, too."""
    made = set_up(site, "acute.example")
    joins(site, "sam", "council")
    link(site, "sam", made, **SAM)
    return made


def comes_in(site: Site, provider: FakeProvider, **who: object) -> Guest:
    guest = site.stranger()
    guest.get(provider.signs_in(at_the_door(site, guest), **{**SAM, **who}))
    return guest


def ended(site: Site, organisation_id: int) -> None:
    """A lead there signs Sam out."""
    with site.db.write() as session:
        place = (Membership.person_id == site.cast.sam.id, Membership.organisation_id == organisation_id)
        session.exec(select(Membership).where(*place)).one().sessions_from = site.now


def of(site: Site, guest: Guest) -> list[str]:
    return [each.key for each in visitor(site, guest).sides]


def test_nothing_of_an_account_that_others_count_on_is_changed_by_a_provider_alone(
    site: Site, provider: FakeProvider
) -> None:
    guest = comes_in(site, provider)
    guest.get("/account")
    routes = [each for each in site.app.routes if isinstance(each, HTTPRoute) and "POST" in each.methods]
    paths = {each.path_format for each in routes if each.path.startswith(("/account/", "/invitations/"))}
    ours = {re.sub(r":\w+", "", each) for each in NOT_OF_OTHERS} | {"/account/code"}
    asked = [each for each in sorted(paths) if re.sub(r":\w+", "", each) not in ours]
    assert len(asked) >= 12
    for path in asked:
        answer = guest.post(
            re.sub(r"\{\w*number\w*\}|\{session_id\}", "1", path), {"name": "Evil", "notices": "digest"}
        )
        assert (answer.status_code, "it is your organisation alone" in answer.text) == (403, True), path


def test_it_is_not_told_where_else_somebody_belongs(site: Site, provider: FakeProvider) -> None:
    guest = comes_in(site, provider)
    for page in ("/", "/account"):
        assert "Riverside Council" not in guest.get(page).text
    assert "Riverside Council" in site.guest("sam").get("/account").text


def test_behind_a_link_it_opens_nothing_that_a_lead_elsewhere_ended(site: Site, provider: FakeProvider) -> None:
    sam = site.guest("sam")
    site.now += timedelta(hours=1)
    ended(site, site.cast.council.id)
    site.now += timedelta(minutes=1)
    assert sam.get(provider.signs_in(from_account(sam), **SAM)).status_code == 303
    assert of(site, sam) == ["acute"]


def test_behind_a_link_it_confirms_nothing_anew(site: Site, provider: FakeProvider) -> None:
    sam = site.guest("sam")
    site.now += timedelta(hours=1)
    sam.get(provider.signs_in(from_account(sam), **SAM))
    sam.get("/account")
    assert "anew" not in sam.get("/account/confirmation").text.partition("<form")[2]
    assert "Is it still you?" in sam.post("/account/sessions/end").text


def test_who_is_signed_out_by_a_lead_proves_anew_at_the_provider_who_they_are(
    site: Site, provider: FakeProvider
) -> None:
    before = int(site.now.timestamp())
    site.now += ANEW_FOR
    ended(site, site.cast.acute.id)
    site.now += timedelta(minutes=1)
    guest = site.stranger()
    page = guest.get(provider.signs_in(at_the_door(site, guest, "/issues"), **SAM, auth_time=before))
    assert (guest.session, "max_age=0" in page.text) == ("", True)
    assert went_to(guest.get(provider.signs_in(page.text, **SAM))) == "/issues"
    assert of(site, guest) == ["acute"]


def test_a_second_factor_that_is_asked_for_elsewhere_guards_what_opens_the_account(
    site: Site, provider: FakeProvider
) -> None:
    sam = site.guest("sam")
    with site.db.write() as session:
        council = session.get_one(Organisation, site.cast.council.id)
        council.demand = Demand.SECOND_FACTOR
        session.get_one(Partnership, council.partnership_id).changed()
        mine = {"person_id": site.cast.sam.id, "name": "my watch", "sign_count": 0, "made_at": site.now}
        session.add(Passkey(**mine, credential_id=b"one", public_key=b"one"))
    ended(site, site.cast.council.id)
    found = visitor(site, sam)
    assert [each.key for each in found.waiting] == ["council"]
    with site.db.read() as session:
        with pytest.raises(MayNot, match="show it first"):
            require_passkey_shown(session, found)
        require_passkey_shown(session, visitor(site, site.guest("sam", Door.PASSKEY)))


def test_what_was_shown_to_link_the_two_links_them_once(site: Site) -> None:
    provider, sam = set_up(site, "acute.example"), site.guest("sam")
    page = sam.get(provider.signs_in(from_account(sam), **SAM)).text
    seal = page.partition('name="seal" value="')[2].partition('"')[0]
    site.now += ANEW_FOR - timedelta(minutes=1)
    confirmed = visitor(site, sam).session
    assert sam.post("/account/providers", {"seal": seal, "next": "/account"}).status_code == 303
    after = visitor(site, sam).session
    assert confirmed
    assert after
    assert (after.confirmed_at, after.anew_at) == (confirmed.confirmed_at, confirmed.anew_at)
    sam.get("/account")
    answer = sam.post("/account/providers", {"seal": seal, "next": "/account"})
    assert (answer.status_code, "linked to your account already" in answer.text) == (409, True)
