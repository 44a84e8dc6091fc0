"""After every form, wherever it stands, a line says what was done and who is told, where it happened."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from typing import Any

import pytest
from litestar.routes import HTTPRoute

from tests.api.calling import token_of
from tests.decision_makers import make_decision
from tests.issue_makers import doer, make_issue
from tests.pages.account.providers import set_up
from tests.pages.account.test_identity import _link as link_for
from tests.pages.account.test_invitations import ELSEWHERE, invite
from tests.pages.arrangements.forms_on_page import all_agree, person_address
from tests.pages.arrangements.test_ladders import PROPOSED
from tests.pages.arrangements.test_mail import failed
from tests.pages.arrangements.test_proposals import NOSY
from tests.pages.arrangements.test_record import lost_at, sweep
from tests.pages.arrangements.test_setting_up import FREIGHT
from tests.pages.forms_on_pages import forms_on
from tests.site import Guest, Site
from tracker.actions.add_note import add_note
from tracker.actions.people.providers.coming import PROVIDERS_KEY
from tracker.actions.people.providers.keep_provider import name_domain, record_for
from tracker.pages.governance.decisions import STEPS
from tracker.records.proofs.signing import SigningKey
from tracker.records.session import Passkey
from tracker.rules.proofs.notes import SignatureType
from tracker.rules.rings import Ring

AT, SIDE, OPS, LADDER = (
    "/arrangements/RIV",
    "/arrangements/RIV/organisations/acute",
    "/arrangements/RIV/bodies/ops",
    "/arrangements/RIV/ladders/operational",
)
OWN_SIGN_IN = f"{SIDE}/sign-in/provider"
JO, RAVI, STEERING = person_address("acute", "jo@acute.example"), "ravi@acute.example", f"{AT}/bodies/steering"
LINE = re.compile(r'<div class="done" id="done" role="status" tabindex="-1">(.*?)</div>', re.DOTALL)
LOST: dict[str, Any] = {}  # the checkpoint, as somebody kept it
EVERY_LEAD = "Chris Vale at Riverside Council and Tess Ward at Riverside Community Care are told."
INVITED_NEXT = "They are written to when their organisation is open, and belong once they have come in or accepted."
NOBODY = "Nobody else is sent word of it."
ONCE_AGREED = "It is in force once a lead of every organisation has agreed it."
UNTIL_THEN = "Until then everything stays as it is."
WITNESS = str(SigningKey(b"w" * 32).verifier("acute.example/witness", SignatureType.COSIGNATURE))

# What leads to a page that says it by itself, or to no page.
APART = {
    "/sign-in": "the page after it is about nothing but the link that was sent",
    "/sign-in/sent": "who comes in is where they wanted to go, with their name on top",
    "/sign-in/{token}": "who comes in is where they wanted to go, with their name on top",
    "/sign-in/as": "who comes in is where they wanted to go, with their name on top",
    "/sign-in/passkey": "who comes in is where they wanted to go, with their name on top",
    "/sign-in/code": "who comes in is where they wanted to go, with their name on top",
    "/account/second-factor": "who shows one is where they wanted to go, or reads that it is done",
    "/account/confirmation": "the page after it is about nothing but that it is they",
    "/account/confirmation/passkey": "the page after it is about nothing but that it is they",
    "/account/confirmation/link": "the page after it is about nothing but the link that was sent",
    "/account/authenticator": "its answer says the codes for paper, which stand in no address",
    "/account/authenticator/removal": "tests/pages/account/test_codes.py",
    "/sign-in/kept": "the page after it is about nothing but what was kept",
    "/sign-out": "the door is what signing out leads to",
    "/account/sessions/end": "the door is what signing out leads to",
    "/account/address": "the page after it is about nothing but the link that was sent",
    "/sign-in/own": "the page after it leads on to the sign-in of an organisation",
    "/account/providers/{key}/{side_key}": "the page after it leads on to the sign-in of an organisation",
    "/account/providers": "tests/pages/account/test_own_sign_in.py",
    "/arrangements/{key}/organisations/{side_key}/tokens": "its answer says the token, which stands in no address",
    "/arrangements/{key}/organisations/{side_key}/directory": "its answer says the token, which stands in no address",
    "/arrangements/{key}/organisations/{side_key}/newcomers": "tests/pages/arrangements/test_newcomers.py",
    "/issues/similar": "it asks and does nothing",
    "/decisions/{key}/precedents": "it asks and does nothing",
    "/account/passkeys": "tests/pages/account/test_passkeys.py",
    "/issues/new": "tests/pages/issues/test_after_step.py",
    "/issues/{ref}/{step}": "tests/pages/issues/test_after_step.py",
    "/issues/{ref}/asks": "tests/pages/issues/test_asks.py",
    "/issues/{ref}/asks/{number}/{answer}": "tests/pages/issues/test_asks.py",
}


@dataclass(frozen=True)
class Scene:
    """Who sends which form, and the line that they read: how it begins and ends.

    `page`: where the form stands, if not at its own address; `fields`: what is typed into it, or what makes that of the
    page; `before`: what happened already, which gives the address where that is drawn by lot.
    """

    who: str
    address: str
    begins: str
    ends: str
    fields: dict[str, Any] | Callable[[str], dict[str, Any]] = field(default_factory=dict)
    page: str = ""
    before: Callable[[Site], str | None] = lambda _: None


def issue(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)


def noted(site: Site) -> None:
    issue(site)
    with site.db.write() as session:
        add_note(session, "RIV-1", doer(site.cast, "kim", site.now), text="Rang the ward.", ring=Ring.SHARED)


def decided(site: Site) -> None:
    with site.db.write() as session:
        make_decision(session, site.cast)


def drafted(site: Site) -> None:
    site.guest("priya").post("/packs/RIV", MEETING)


def added(address: str, fields: dict[str, Any], *, agreed: bool = False) -> Callable[[Site], None]:
    """Somebody sent this before."""

    def add(site: Site) -> None:
        alex = site.guest("alex")
        assert alex.post(address, {**standing(alex, address, address), **fields}).status_code == 303
        if agreed:
            all_agree(site)

    return add


def invited(email: str) -> Callable[[Site], None]:
    def add(site: Site) -> None:
        invite(site, email)

    return add


def kept(site: Site) -> None:
    site.guest("kim").post("/lists", {"asked": "state=open", "name": "Mine"})


def other_device(site: Site) -> str:
    site.guest("sam")
    (first, *_) = re.findall(r"/account/sessions/\d+/end", site.guest("sam").get("/account").text)
    return str(first)


def with_a_passkey(site: Site) -> str:
    with site.db.write() as session:
        person, at = site.cast.people["sam"].id, site.now
        made = Passkey(person_id=person, credential_id=b"1", public_key=b"", sign_count=0, name="My phone", made_at=at)
        session.add(made)
        return f"/account/passkeys/{made.number}/removal"


def new_address(site: Site) -> str:
    site.guest("jo").post("/account/address", {"email": "jo.lind@acute.example"})
    return link_for(site, "jo.lind@acute.example")


def log_begun(site: Site) -> None:
    sweep(site)
    site.later(hours=2)


def witness_named(site: Site) -> None:
    log_begun(site)
    assert site.guest("alex").post(f"{AT}/record/witnesses/acute", {"verifier": WITNESS}).status_code == 303


def checkpoint_lost(site: Site) -> None:
    LOST["lost"] = lost_at(site)


def not_sent(site: Site) -> None:
    failed(site)


def at_its_domain(site: Site) -> None:
    set_up(site, "acute.example")


def domain_named(site: Site) -> None:
    set_up(site)
    with site.db.write() as session:
        name_domain(session, site.cast.actor("alex"), "acute.example", now=site.now)
    shown = record_for(site.cast.acute.id, "acute.example", site.settings.key(PROVIDERS_KEY))
    site.app.state.texts_at = lambda _: ("v=spf1 -all", shown)


def token_made(site: Site) -> None:
    token_of(site, "council")


def each_month(site: Site) -> None:
    with site.db.write() as session:
        for month in range(2025 * 12 + 3, 2026 * 12 + 3):
            make_issue(session, site.cast, theme="authority", occurred_on=date(month // 12, month % 12 + 1, 3))


def frozen(site: Site) -> None:
    each_month(site)
    added(f"{AT}/report/baselines", FREEZE, agreed=True)(site)


def routes(site: Site) -> None:
    for key, severity in (("urgent", ["critical"]), ("all", [])):
        fields = {"key": key, "ladder": "operational", "start": "ops", "severity": severity}
        added(f"{AT}/routes", fields, agreed=True)(site)


def another_in_force(site: Site) -> None:
    added(f"{AT}/ladders", ANOTHER)(site)
    for name in ("alex", "chris", "tess"):
        assert site.guest(name).post(f"{AT}/ladders/contract/agreement", {"number": "1"}).status_code == 303


MEETING = {"body": "steering", "meets_at": "2026-04-28T10:00:00+01:00"}
AMOUNTS = {"year": "2026", "2026-03.acute": "120"}
ANOTHER = {**PROPOSED, "key": "contract", "name": "Contract"}
FREEZE = {"theme": "authority", "since": "2025-04", "until": "2026-03", "reason": "Before the new ward"}
CLAUSE = {"key": "5.1", "topic": "GOV", "title": "Two days"}
PANEL = added(f"{AT}/bodies", {"key": "panel", "name": "Panel"})

# By the pattern of the address; of a step of a decision, and where one form has several answers, with a word more.
SCENES = {
    "/account/absence": Scene("sam", "/account/absence", "Sam Okafor is away from Mon 4 May to Fri 8 May at", NOBODY,
        {"away_from": "2026-05-04", "away_until": "2026-05-08"}),
    "/account/notices": Scene("sam", "/account/notices", "Word comes to you once a day, together.",
        "What is urgent still comes at once.", {"notices": "digest"}),
    "/account/reach": Scene("sam", "/account/reach", "It is kept how you are reached.",
        "Whoever reads an issue that you hold sees it there.", {"phone": "01482 555 0101", "reach": "In the mornings"}),
    "/account/name": Scene("sam", "/account/name", "You are called Sam Lind now.", NOBODY, {"name": "Sam Lind"}),
    "/account/keys": Scene("sam", "/account/keys", "The keys are off now.", NOBODY, {"keys": "off"}),
    "/account/asks": Scene("jo", "/account/asks", "Your name and address stay as they are.", NOBODY,
        before=added(f"{JO}/asking", {"what": "You are Jo Lindqvist now"})),
    "/account/sessions/{session_id}/end": Scene("sam", "", "You are signed out on that device.", NOBODY,
        before=other_device),
    "/account/passkeys/{passkey_number}/removal": Scene("sam", "", "My phone is taken away.",
        "It opens nothing any more. Take it off your device, too.", before=with_a_passkey),
    "/account/address/{token}": Scene("jo", "", "Your address is jo.lind@acute.example now.", NOBODY,
        before=new_address),
    "/invitations/{key}/{side_key}/acceptance": Scene("stan", "/invitations/RIV/acute/acceptance",
        "You belong to Riverside Hospitals now.", NOBODY, before=invited(ELSEWHERE)),
    "/invitations/{key}/{side_key}/refusal": Scene("stan", "/invitations/RIV/acute/refusal",
        "You declined the invitation to Riverside Hospitals.", NOBODY,
        before=invited(ELSEWHERE)),
    "/several": Scene("kim", "/several", "1 issue was noted.", "Sam Okafor at Riverside Hospitals is told.",
        {"do": "notes", "ref": ["RIV-1"], "text": "Wait for the form.", "ring": "shared", "back": "/issues"},
        before=issue),
    "/looks": Scene("kim", "/looks", "What was new to you is marked as seen.", NOBODY, before=issue),
    "/lists": Scene("kim", "/lists", "This list is kept as “Mine”.", NOBODY, {"asked": "state=open", "name": "Mine"}),
    "/lists/removal": Scene("kim", "/lists/removal", "“Mine” is kept no longer.", NOBODY, {"name": "Mine"},
        before=kept),
    "/issues/{ref}/look": Scene("kim", "/issues/RIV-1/look", "What was new to you is marked as seen.", NOBODY,
        before=issue),
    "/issues/{ref}/attention": Scene("kim", "/issues/RIV-1/attention", "You follow it:", NOBODY, {"wish": "follow"},
        before=issue),
    "/issues/{ref}/take-back": Scene("kim", "/issues/RIV-1/take-back", "You took a note back.", NOBODY,
        page="/issues/RIV-1", before=noted),
    "/issues/{ref}/words": Scene("alex", "/issues/RIV-1/words", "You took out a title", "that they have it.",
        lambda text: {"words": re.findall('name="words" value="([^"]+)"', text)[:1], "why": "person"}, before=issue),
    "/bodies/{key}/{body_key}/decisions": Scene("priya", "/bodies/RIV/steering/decisions",
        "You recorded what Steering group decided: decision 1", "are told.",
        lambda text: {"what": "Funding is answered in two days", "due_on": "2026-05-29", "themes": ["decision_speed"],
            "owners": re.findall(r'<option value="([^"]+)">(?:Jo Lind|Lee Ford)<', text)}),
    "/decisions/{key}/{number}/{decision_step} completion": Scene("jo", "/decisions/RIV/1/completion",
        "You said that decision 1", "are told.", {"done_on": "2026-04-27"}, "/decisions/RIV/1", decided),
    "/decisions/{key}/{number}/{decision_step} progress": Scene("jo", "/decisions/RIV/1/progress",
        "You said how far decision 1",
        "Halfway there. Lee Ford at Riverside Council is told.", {"text": "Halfway there."},
        "/decisions/RIV/1", decided),
    "/decisions/{key}/{number}/{decision_step} due-date": Scene("priya", "/decisions/RIV/1/due-date",
        "You moved decision 1", "are told.", {"due_on": "2026-06-30", "reason": "A holiday"}, "/decisions/RIV/1",
        decided),
    "/decisions/{key}/{number}/{decision_step} withdrawal": Scene("priya", "/decisions/RIV/1/withdrawal",
        "You withdrew decision 1", "are told.", {"reason": "Not needed"}, "/decisions/RIV/1", decided),
    "/packs/{key}": Scene("priya", "/packs/RIV", "You began the pack for Steering group",
        "What is in it moves until it is published.", MEETING),
    "/packs/{key}/{number}/publication": Scene("priya", "/packs/RIV/1/publication", "You published the pack for",
        "From now on it stays as it is.", before=drafted),
    "/packs/{key}/{number}/discarding": Scene("priya", "/packs/RIV/1/discarding",
        "You discarded the draft of the pack for", NOBODY, before=drafted),
    "/arrangements/{key}/partnership": Scene("alex", f"{AT}/partnership", "You changed the arrangement: ",
        f"{EVERY_LEAD} In force now.", {"name": "Humber"}),
    "/arrangements/{key}/{entries}": Scene("alex", f"{AT}/service-areas",
        "You changed the arrangement: service area Care at home added", f"{EVERY_LEAD} In force now.",
        {"name": "Care at home"}),
    "/arrangements/{key}/{entries} waits": Scene("alex", f"{AT}/clauses",
        "You proposed a change, no. 1: clause Two days added; it waits for", UNTIL_THEN, CLAUSE),
    "/arrangements/{key}/{entries}/{entry_key}": Scene("alex", f"{AT}/service-areas/discharge",
        "You changed the arrangement: service area", f"{EVERY_LEAD} In force now.", {"name": "Going home"}),
    "/arrangements/{key}/{entries}/{entry_key} unchanged": Scene("alex", f"{AT}/service-areas/discharge",
        "Nothing was changed: it stood like that already.", "already."),
    "/arrangements/{key}/{entries}/{entry_key}/retirement": Scene("alex",
        f"{AT}/service-areas/discharge/retirement", "You changed the arrangement: service area Discharge retired.",
        f"{EVERY_LEAD} In force now.", page=f"{AT}/service-areas/discharge"),
    "/arrangements/{key}/{entries}/{entry_key}/order": Scene("alex", f"{AT}/routes/all/order",
        "You changed the arrangement: order of the routes", f"{EVERY_LEAD} In force now.", {"move": "up"},
        f"{AT}/routes", routes),
    "/arrangements/{key}/bodies": Scene("alex", f"{AT}/bodies", "You changed the arrangement: body Panel added",
        f"{EVERY_LEAD} In force now.", {"key": "panel", "name": "Panel"}),
    "/arrangements/{key}/bodies/{body_key}": Scene("alex", f"{AT}/bodies/panel",
        "You changed the arrangement: body Expert panel changed (name: Panel → Expert panel).",
        f"{EVERY_LEAD} In force now.", {"name": "Expert panel"}, before=PANEL),
    "/arrangements/{key}/bodies/{body_key}/seats/{side_key}": Scene("alex", f"{OPS}/seats/acute",
        "You changed the arrangement: body", f"{EVERY_LEAD} In force now.", {"deputy1": "rita@acute.example"}, OPS),
    "/arrangements/{key}/bodies/{body_key}/meetings": Scene("chris", f"{STEERING}/meetings",
        "You cancelled the meeting of Steering group", "In force now.", {"meeting": "2026-04-28T09:00:00+00:00"},
        STEERING),
    "/arrangements/{key}/bodies/{body_key}/retirement": Scene("alex", f"{AT}/bodies/panel/retirement",
        "You changed the arrangement: body Panel retired.", f"{EVERY_LEAD} In force now.", page=f"{AT}/bodies/panel",
        before=PANEL),
    "/arrangements/{key}/organisations": Scene("alex", f"{AT}/organisations", "You proposed a change, no. 1:",
        UNTIL_THEN, FREIGHT),
    "/arrangements/{key}/organisations/{side_key}": Scene("alex", SIDE, "You changed the arrangement: organisation",
        "In force now.", {"fri": "09:00-12:00"}),
    "/arrangements/{key}/organisations/{side_key}/sign-in": Scene("alex", f"{SIDE}/sign-in",
        "Nothing was changed: it stood like that already.", "already.", {"require": "link"}),
    "/arrangements/{key}/organisations/{side_key}/retirement": Scene("alex",
        f"{AT}/organisations/community/retirement", "You proposed a change, no. 1:", UNTIL_THEN),
    "/arrangements/{key}/organisations/{side_key}/people": Scene("alex", f"{SIDE}/people",
        f"You invited Ravi Das ({RAVI}) to Riverside Hospitals as front line. {EVERY_LEAD}",
        INVITED_NEXT,
        {"email": RAVI, "name": "Ravi Das", "roles": ["front_line"]}, SIDE),
    "/arrangements/{key}/organisations/{side_key}/people/{person_key}": Scene("alex", JO,
        "You changed what Jo Lind is for Riverside Hospitals: manager → front line", EVERY_LEAD,
        {"roles": ["front_line"]}),
    "/arrangements/{key}/organisations/{side_key}/people/{person_key}/correction": Scene("alex",
        f"{person_address('acute', RAVI)}/correction", "You corrected the name of Ravi Das at", NOBODY,
        {"name": "Ravi Dass"}, person_address("acute", RAVI), invited(RAVI)),
    "/arrangements/{key}/organisations/{side_key}/people/{person_key}/leaving": Scene("alex", f"{JO}/leaving",
        "You recorded that Jo Lind has left Riverside Hospitals.", f"{EVERY_LEAD} In force now.", page=JO),
    "/arrangements/{key}/organisations/{side_key}/people/{person_key}/invitation": Scene("alex",
        f"{person_address('acute', RAVI)}/invitation", "You invited Ravi Das (ravi@acute.example) to", INVITED_NEXT,
        page=person_address("acute", RAVI), before=invited(RAVI)),
    "/arrangements/{key}/organisations/{side_key}/people/{person_key}/sessions": Scene("alex", f"{JO}/sessions",
        "You signed Jo Lind out for Riverside Hospitals.", "They are written to, and sign in anew.", page=JO),
    "/arrangements/{key}/organisations/{side_key}/people/{person_key}/asking": Scene("alex", f"{JO}/asking",
        "You asked Jo Lind of Riverside Hospitals to look at their name and address: Are you Jo Lindqvist now? N",
        "It stands on their desk until they have looked.", {"what": "Are you Jo Lindqvist now?"}, JO),
    "/arrangements/{key}/ladders": Scene("alex", f"{AT}/ladders", "You proposed version 1 of the Contract ladder",
        ONCE_AGREED, ANOTHER),
    "/arrangements/{key}/ladders/{ladder_key}/proposal": Scene("alex", f"{LADDER}/proposal",
        "You proposed version 2 of the Operational ladder.", ONCE_AGREED, PROPOSED),
    "/arrangements/{key}/ladders/{ladder_key}/agreement": Scene("alex", f"{LADDER}/agreement",
        "You agreed version 2 of the Operational ladder for Riverside Hospitals.",
        ONCE_AGREED, page=LADDER,
        before=added(f"{LADDER}/proposal", PROPOSED)),
    "/arrangements/{key}/ladders/{ladder_key}/withdrawal": Scene("alex", f"{LADDER}/withdrawal",
        "You changed the arrangement: ladder Operational", f"{EVERY_LEAD} In force now.", page=LADDER,
        before=added(f"{LADDER}/proposal", PROPOSED)),
    "/arrangements/{key}/ladders/{ladder_key}/default": Scene("alex", f"{AT}/ladders/contract/default",
        "You proposed a change, no. 1: ", UNTIL_THEN, page=f"{AT}/ladders/contract", before=another_in_force),
    "/arrangements/{key}/ladders/{ladder_key}/retirement": Scene("alex", f"{AT}/ladders/contract/retirement",
        "You changed the arrangement: ladder Contract retired.", f"{EVERY_LEAD} In force now.",
        page=f"{AT}/ladders/contract", before=added(f"{AT}/ladders", ANOTHER)),
    "/arrangements/{key}/proposals/{number}/agreement": Scene("chris", f"{AT}/proposals/1/agreement",
        "You agreed proposal 1 for Riverside Council: route nosy added.",
        "It is in force once a lead of each organisation that it touches has agreed it.",
        before=added(f"{AT}/routes", NOSY)),
    "/arrangements/{key}/proposals/{number}/return": Scene("chris", f"{AT}/proposals/1/return",
        "You returned proposal 1 (route nosy added): Not like this.", "Everything stays as it is.",
        {"reason": "Not like this"}, before=added(f"{AT}/routes", NOSY)),
    "/arrangements/{key}/proposals/{number}/withdrawal": Scene("alex", f"{AT}/proposals/1/withdrawal",
        "You took proposal 1 back: route nosy added.", "Everything stays as it is.",
        before=added(f"{AT}/routes", NOSY)),
    "/arrangements/{key}/report": Scene("alex", f"{AT}/report", "You proposed a change, no. 1:", UNTIL_THEN,
        {"recent_months": "9"}),
    "/arrangements/{key}/report/baselines": Scene("alex", f"{AT}/report/baselines", "You proposed a change, no. 1:",
        UNTIL_THEN, FREEZE, before=each_month),
    "/arrangements/{key}/report/baselines/unfreezing": Scene("alex", f"{AT}/report/baselines/unfreezing",
        "You proposed a change, no. 2:", UNTIL_THEN, {"theme": "authority", "reason": "No longer"},
        before=frozen),
    "/arrangements/{key}/report/exposure": Scene("alex", f"{AT}/report/exposure",
        "Saved: joint cases of March 2026.", EVERY_LEAD, AMOUNTS),
    "/arrangements/{key}/report/exposure/file": Scene("alex", f"{AT}/report/exposure/file",
        "Saved: joint cases of December 2025.", EVERY_LEAD, {"lines": "month,organisation,amount\n2025-12,acute,7\n"}),
    "/arrangements/{key}/report/exposure/name": Scene("alex", f"{AT}/report/exposure/name",
        "You set that reports say how often per 100 bed days", EVERY_LEAD, {"what": "bed days", "per": "100"}),
    "/arrangements/{key}/record": Scene("alex", f"{AT}/record", "You asked for a checkpoint of the record.",
        "The clock makes it within a minute, and sends it to every lead.", before=log_begun),
    "/arrangements/{key}/record/witnesses/{side_key}": Scene("alex", f"{AT}/record/witnesses/acute",
        "You named the witness of Riverside Hospitals.",
        f"{EVERY_LEAD} It cosigns by itself, and only what it cosigns reads as seen by Riverside Hospitals.",
        {"verifier": WITNESS}, page=f"{AT}/record", before=log_begun),
    "/arrangements/{key}/record/witnesses/{side_key}/retirement": Scene("alex",
        f"{AT}/record/witnesses/acute/retirement", "You ended the witness of Riverside Hospitals.",
        f"{EVERY_LEAD} From now on no checkpoint reads as seen by Riverside Hospitals; what was cosigned stays.",
        page=f"{AT}/record", before=witness_named),
    "/arrangements/{key}/record/epoch": Scene("alex", f"{AT}/record/epoch",
        "You proposed a change, no. 1: a new epoch of the log of the record;", UNTIL_THEN, lambda _: LOST,
        page=f"{AT}/record", before=checkpoint_lost),
    "/arrangements/{key}/organisations/{side_key}/sign-in/provider": Scene("alex", OWN_SIGN_IN,
        "You had Riverside Hospitals sign in by https://login.acute.example, whoever has an account there arrives",
        EVERY_LEAD, {"arrives": "yes"}, before=at_its_domain),
    "/arrangements/{key}/organisations/{side_key}/sign-in/provider/retirement": Scene("alex",
        f"{OWN_SIGN_IN}/retirement", "You ended the sign-in of Riverside Hospitals by https://login.acute.example.",
        EVERY_LEAD, page=OWN_SIGN_IN, before=at_its_domain),
    "/arrangements/{key}/organisations/{side_key}/sign-in/provider/domains": Scene("alex", f"{OWN_SIGN_IN}/domains",
        "You named a domain.", "It counts once its DNS says that it is Riverside Hospitals’s.",
        {"domain": "Hospital.example"}, page=OWN_SIGN_IN),
    "/arrangements/{key}/organisations/{side_key}/sign-in/provider/domains/{domain}/confirmation": Scene("alex",
        f"{OWN_SIGN_IN}/domains/acute.example/confirmation",
        "You had acute.example confirmed as a domain of Riverside Hospitals.", EVERY_LEAD, page=OWN_SIGN_IN,
        before=domain_named),
    "/arrangements/{key}/organisations/{side_key}/sign-in/provider/domains/{domain}/removal": Scene("alex",
        f"{OWN_SIGN_IN}/domains/acute.example/removal",
        "You took acute.example from the domains of Riverside Hospitals.", EVERY_LEAD, page=OWN_SIGN_IN,
        before=at_its_domain),
    "/arrangements/{key}/organisations/{side_key}/tokens/{number}/revocation": Scene("chris",
        f"{AT}/organisations/council/tokens/1/revocation",
        "You revoked the token “our own copy” of Riverside Council.",
        "Alex Hill at Riverside Hospitals and Tess Ward at Riverside Community Care are told.",
        page=f"{AT}/organisations/council/tokens", before=token_made),
    "/arrangements/{key}/organisations/{side_key}/directory/{number}/revocation": Scene("chris",
        f"{AT}/organisations/council/directory/1/revocation",
        "You revoked the token “our own copy” of Riverside Council.",
        "Alex Hill at Riverside Hospitals and Tess Ward at Riverside Community Care are told.",
        page=f"{AT}/organisations/council/directory", before=token_made),
    "/arrangements/{key}/mail": Scene("chris", f"{AT}/mail", "1 message is sent again.", NOBODY, {"again": "every"},
        before=not_sent),
}  # fmt: skip


def test_every_form_has_its_scene_or_a_reason_to_have_none(site: Site) -> None:
    posted = {
        re.sub(r":[a-z]+\}", "}", route.path_format)
        for route in site.app.routes
        if isinstance(route, HTTPRoute) and "POST" in route.methods and not route.path.startswith(("/api/", "/scim/"))
    }
    assert posted == {each.partition(" ")[0] for each in SCENES} | APART.keys()
    assert {each.partition(" ")[2] for each in SCENES if "decision_step" in each} == STEPS.keys()


@pytest.mark.parametrize("name", SCENES)
def test_after_a_form_a_line_says_what_was_done_and_who_is_told(site: Site, name: str) -> None:
    scene = SCENES[name]
    address = scene.before(site) or scene.address
    site.later(minutes=1)
    guest = site.guest(scene.who)
    answer = guest.post(address, filled(guest, scene, address))
    assert answer.status_code == 303, re.findall(r"<li><a href=.#[^>]+>.*?</a></li>|<strong>.*?</strong>", answer.text)
    line = line_of(guest, answer.headers["location"])
    assert (line[: len(scene.begins)], line[-len(scene.ends) :]) == (scene.begins, scene.ends), line
    assert len(LINE.findall(guest.get(answer.headers["location"]).text)) == 1


def test_the_line_is_for_whoever_sent_the_form_and_for_an_hour(site: Site) -> None:
    sam = site.guest("sam")
    where = sam.post("/account/keys", {"keys": "off"}).headers["location"]
    assert "The keys are off now" in sam.get(where).text
    assert "The keys are off now" not in site.guest("kim").get(where).text
    assert "Done by nobody" not in sam.get("/keys?sent=Done+by+nobody").text
    site.later(minutes=61)
    assert "The keys are off now" not in sam.get(where).text


def test_what_is_long_is_cut_in_the_line_and_stands_whole_where_it_is_told(site: Site) -> None:
    alex, words = site.guest("alex"), "Two working days. " * 60
    page = f"{AT}/themes/authority"
    where = alex.post(page, {**standing(alex, page, page), "means": words}).headers["location"]
    assert len(where) < 1000
    assert line_of(alex, where).partition(" …")[2] == f" {EVERY_LEAD} In force now."
    assert words.strip() in alex.get(f"{AT}/events").text


def filled(guest: Guest, scene: Scene, address: str) -> dict[str, Any]:
    """The form as it stands on its page, with what is typed into it; where it stands on none, that alone."""
    text = guest.get(scene.page or address).text
    typed = scene.fields(text) if callable(scene.fields) else scene.fields
    return {**standing(guest, scene.page or address, address), **typed}


def standing(guest: Guest, page: str, address: str) -> dict[str, str]:
    """What the form with this address sends untouched, where it stands on a page."""
    posted = (each for each in forms_on(guest.get(page).text) if each.method == "post")
    fields = next((each.fields for each in posted if each.action == address), {})
    return {name: value for name, value in fields.items() if name != "csrf"}


def line_of(guest: Guest, address: str) -> str:
    (line,) = LINE.findall(guest.get(address.partition("#")[0]).text)
    return " ".join(unescape(re.sub("<[^>]+>", "", line)).split())
