"""An organisation's own sign-in: whom it lets in, whom it does not know, and what is only its person's to say."""

from datetime import timedelta

from sqlmodel import select

from tests.pages.account.providers import ISSUER, FakeProvider, address_on, set_up
from tests.site import Guest, Site, went_to
from tracker.actions.people.belong import come_in
from tracker.queries.visitors import Visitor, visitor_by_token
from tracker.records.person import Membership, Person
from tracker.records.session.providers import ProviderIdentity
from tracker.rules.rings.doors import Door, sso_door

SAM = {"sub": "sam at acute", "email": "sam@acute.example", "email_verified": True, "name": "Samuel O."}
NEW = {"sub": "new at acute", "email": "Nia@acute.example", "email_verified": True, "name": "Nia Bell"}
UNKNOWN = "Riverside Hospitals knows you, and this site does not yet"


def at_the_door(site: Site, guest: Guest, then: str = "/") -> str:
    """The page that leads on to the provider of whose domain acute.example is."""
    guest.get("/sign-in")
    offered = guest.post("/sign-in", {"email": "sam@acute.example", "next": then, "csrf": _token(guest)})
    assert "Sign in with Riverside Hospitals" in offered.text
    return guest.post("/sign-in/own", {"domain": "acute.example", "next": then, "csrf": _token(guest)}).text


def from_account(guest: Guest) -> str:
    """The same from somebody's account."""
    guest.get("/account")
    return guest.post("/account/providers/RIV/acute", {"next": "/account"}).text


def link(site: Site, whom: str, provider: FakeProvider, **who: object) -> Guest:
    """Somebody of the cast, signed in by a link, who says that it is they."""
    guest = site.guest(whom)
    page = guest.get(provider.signs_in(from_account(guest), **who)).text
    assert "Is this you?" in page
    seal = page.partition('name="seal" value="')[2].partition('"')[0]
    assert guest.post("/account/providers", {"seal": seal, "next": "/account"}).status_code == 303
    return guest


def visitor(site: Site, guest: Guest) -> Visitor:
    with site.db.read() as session:
        found = visitor_by_token(session, guest.session, site.now)
    assert found is not None
    return found


def _token(guest: Guest) -> str:
    page = guest.client.get("/sign-in").text
    return page.partition('name="csrf" value="')[2].partition('"')[0]


def test_who_is_linked_comes_in_by_their_organisations_sign_in_and_gets_where_they_wanted(site: Site) -> None:
    provider = set_up(site, "acute.example")
    link(site, "sam", provider, **SAM)
    guest = site.stranger()
    answer = guest.get(provider.signs_in(at_the_door(site, guest, "/issues?q=beds"), **SAM))
    assert (answer.status_code, went_to(answer)) == (303, "/issues?q=beds")
    found = visitor(site, guest)
    assert (found.name, found.session and found.session.doors) == ("Sam Okafor", (sso_door(site.cast.acute.id),))


def test_the_page_that_leads_there_names_no_secret_and_asks_for_a_code_with_pkce(site: Site) -> None:
    set_up(site, "acute.example")
    address = address_on(at_the_door(site, site.stranger()))
    assert address.startswith(f"{ISSUER}/authorize?tenant=1&response_type=code&")
    assert "code_challenge_method=S256" in address
    assert "shown" not in address


def test_who_has_come_in_before_is_not_known_by_their_address_alone(site: Site) -> None:
    provider, guest = set_up(site, "acute.example", arrives=True), site.stranger()
    with site.db.write() as session:
        come_in(session, site.cast.sam.id, now=site.now)
    answer = guest.get(provider.signs_in(at_the_door(site, guest), **SAM))
    assert answer.status_code == 403
    assert UNKNOWN in answer.text
    assert guest.session == ""


def test_who_was_never_invited_reads_the_same_as_who_has_an_account(site: Site) -> None:
    provider = set_up(site, "acute.example")
    pages = []
    for who in (SAM, NEW):
        guest = site.stranger()
        page = guest.get(provider.signs_in(at_the_door(site, guest), **who)).text
        pages.append(page.partition("<main")[2])
    assert pages[0] == pages[1]


def test_who_was_invited_comes_in_by_their_address_once_and_later_by_who_they_are(site: Site) -> None:
    provider = set_up(site, "acute.example")
    invite(site, "nia@acute.example")
    guest = site.stranger()
    assert guest.get(provider.signs_in(at_the_door(site, guest), **NEW)).status_code == 303
    assert visitor(site, guest).email == "nia@acute.example"
    again, other = site.stranger(), site.stranger()
    moved = {**NEW, "email": "nia.bell@acute.example"}
    assert again.get(provider.signs_in(at_the_door(site, again), **moved)).status_code == 303
    assert visitor(site, again).email == "nia@acute.example"
    assert UNKNOWN in other.get(provider.signs_in(at_the_door(site, other), **{**NEW, "sub": "another"})).text


def test_an_address_that_the_provider_has_not_checked_is_nobodys(site: Site) -> None:
    provider = set_up(site, "acute.example", arrives=True)
    invite(site, "nia@acute.example")
    for said in (False, "true", None):
        guest = site.stranger()
        assert UNKNOWN in guest.get(provider.signs_in(at_the_door(site, guest), **{**NEW, "email_verified": said})).text


def test_a_lead_can_trust_the_addresses_of_a_provider_that_says_nothing_of_them(site: Site) -> None:
    provider = set_up(site, "acute.example", trusts=True)
    invite(site, "nia@acute.example")
    guest = site.stranger()
    unsaid = {name: value for name, value in NEW.items() if name != "email_verified"}
    assert guest.get(provider.signs_in(at_the_door(site, guest), **unsaid)).status_code == 303


def test_whoever_has_an_account_there_arrives_as_front_line_where_the_organisation_says_so(site: Site) -> None:
    provider, guest = set_up(site, "acute.example", arrives=True), site.stranger()
    assert guest.get(provider.signs_in(at_the_door(site, guest), **NEW)).status_code == 303
    found = visitor(site, guest)
    assert (found.name, found.email) == ("Nia Bell", "nia@acute.example")
    assert [sorted(each.roles) for each in found.viewer.memberships] == [["front_line"]]
    told = site.guest("alex").get("/arrangements/RIV/events").text
    assert "Nia Bell (nia@acute.example) arrived at Riverside Hospitals as front line, by its own sign-in" in told


def test_nobody_arrives_with_an_address_elsewhere(site: Site) -> None:
    provider, guest = set_up(site, "acute.example", arrives=True), site.stranger()
    answer = guest.get(provider.signs_in(at_the_door(site, guest), **{**NEW, "email": "nia@council.example"}))
    assert UNKNOWN in answer.text


def test_who_has_left_does_not_come_back_by_themselves(site: Site) -> None:
    provider = set_up(site, "acute.example", arrives=True)
    link(site, "sam", provider, **SAM)
    with site.db.write() as session:
        session.exec(select(Membership).where(Membership.person_id == site.cast.sam.id)).one().end(site.now)
    guest = site.stranger()
    assert UNKNOWN in guest.get(provider.signs_in(at_the_door(site, guest), **SAM)).text


def test_who_is_somebody_elses_there_already_is_not_linked_again(site: Site) -> None:
    provider = set_up(site, "acute.example")
    link(site, "sam", provider, **SAM)
    jo = site.guest("jo")
    answer = jo.get(provider.signs_in(from_account(jo), **SAM))
    assert (answer.status_code, "let nobody in" in answer.text) == (403, True)
    with site.db.read() as session:
        assert [each.person_id for each in session.exec(select(ProviderIdentity))] == [site.cast.sam.id]


def test_a_link_that_was_shown_to_one_is_nothing_in_the_hands_of_another(site: Site) -> None:
    provider, sam, jo = set_up(site, "acute.example"), site.guest("sam"), site.guest("jo")
    page = sam.get(provider.signs_in(from_account(sam), **SAM)).text
    seal = page.partition('name="seal" value="')[2].partition('"')[0]
    for guest, value in ((jo, seal), (sam, "made up")):
        assert guest.post("/account/providers", {"seal": value}).status_code == 409
    site.now += timedelta(minutes=31)
    sam.get("/account/confirmation")
    assert sam.post("/account/providers", {"seal": seal}).status_code in {403, 409}
    with site.db.read() as session:
        assert session.exec(select(ProviderIdentity)).all() == []


def test_who_went_signed_in_and_comes_back_signed_out_is_let_in_nowhere(site: Site) -> None:
    provider = set_up(site, "acute.example")
    sam = link(site, "sam", provider, **SAM)
    back = provider.signs_in(from_account(sam), **SAM)
    sam.post("/sign-out")
    assert sam.get(back).status_code == 410
    assert sam.session == ""


def test_a_provider_says_who_somebody_is_for_its_own_organisation_alone(site: Site) -> None:
    """Sam belongs to the Council, too: what is of it does not show, and nothing of their account is changed."""
    provider = set_up(site, "acute.example")
    with site.db.write() as session:
        member = Membership(person_id=site.cast.sam.id, organisation_id=site.cast.council.id, front_line=True)
        session.add(member)
    link(site, "sam", provider, **SAM)
    guest = site.stranger()
    guest.get(provider.signs_in(at_the_door(site, guest), **SAM))
    assert [each.name for each in visitor(site, guest).sides] == ["Riverside Hospitals"]
    assert "Riverside Council" not in guest.get("/").text
    account = guest.get("/account").text
    assert "An organisation alone says who you are" in account
    assert "Riverside Council" not in account
    guest.get("/account")
    for address in ("/account/passkeys", "/account/authenticator", "/account/address", "/account/providers"):
        answer = guest.post(address, {"name": "Mine", "address": "evil@council.example", "seal": "x", "code": "1"})
        assert (answer.status_code, "it is your organisation alone" in answer.text) == (403, True), address


def test_a_session_of_before_goes_on_with_one_door_more(site: Site) -> None:
    provider = set_up(site, "acute.example")
    sam = link(site, "sam", provider, **SAM)
    session = visitor(site, sam).session
    assert session is not None
    assert session.doors == (Door.LINK, sso_door(site.cast.acute.id))


def test_what_was_proved_long_ago_at_the_provider_confirms_nothing_anew(site: Site) -> None:
    provider = set_up(site, "acute.example")
    link(site, "alex", provider, sub="alex at acute")
    long_ago = int((site.now - timedelta(hours=3)).timestamp())
    for proved, status in ((long_ago, 403), (None, 403), (int(site.now.timestamp()), 201)):
        guest = site.stranger()
        guest.get(provider.signs_in(at_the_door(site, guest), sub="alex at acute", auth_time=proved))
        guest.get("/account")
        assert guest.post("/arrangements/RIV/organisations/acute/tokens", {"name": "Ours"}).status_code == status


def test_to_confirm_anew_one_can_sign_in_there_once_more(site: Site) -> None:
    provider = set_up(site, "acute.example")
    link(site, "alex", provider, sub="alex at acute")
    alex = site.stranger()
    alex.get(provider.signs_in(at_the_door(site, alex), sub="alex at acute"))
    site.now += timedelta(hours=1)
    assert "Sign in with Riverside Hospitals anew" in alex.get("/account/confirmation").text
    page = alex.post("/account/providers/RIV/acute", {"afresh": "yes", "next": "/account/confirmation"}).text
    assert "max_age=0" in address_on(page)
    assert alex.get(provider.signs_in(page, sub="alex at acute")).status_code == 303
    assert "It is you" in alex.get("/account/confirmation").text


def test_a_link_by_mail_is_there_beside_it(site: Site) -> None:
    set_up(site, "acute.example")
    guest = site.stranger()
    asked = {"email": "sam@acute.example", "way": "link", "csrf": _token(guest)}
    assert went_to(guest.post("/sign-in", asked)) == "/sign-in/sent"


def test_only_the_domain_decides_what_the_door_offers(site: Site) -> None:
    set_up(site, "acute.example")
    pages = []
    for name in ("sam", "nobody"):
        guest = site.stranger()
        page = guest.post("/sign-in", {"email": f"{name}@acute.example", "csrf": _token(guest)}).text
        pages.append(page.partition("<main")[2].replace(name, ""))
    first, second = (page.partition('name="csrf"')[0] for page in pages)
    assert first == second
    elsewhere = site.stranger()
    answer = elsewhere.post("/sign-in", {"email": "kim@council.example", "csrf": _token(elsewhere)})
    assert went_to(answer) == "/sign-in/sent"


def test_nobody_goes_by_the_sign_in_of_an_organisation_that_is_not_theirs(site: Site) -> None:
    set_up(site, "acute.example")
    for name, status in (("kim", 404), ("stan", 404), ("sam", 200)):
        guest = site.guest(name)
        assert guest.post("/account/providers/RIV/acute").status_code == status


def invite(site: Site, email: str) -> None:
    with site.db.write() as session:
        person = Person(email=email, name="Nia", created_at=site.now)
        session.add(person)
        session.flush()
        place = Membership(person_id=person.id, organisation_id=site.cast.acute.id, front_line=True)
        place.invite("Nia", pending=False, now=site.now)
        session.add(place)
