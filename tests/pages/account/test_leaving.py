"""Whoever leaves an organisation is signed out everywhere, for good: whichever way they leave it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from tests.pages.arrangements.forms_on_page import person_address, version_on
from tests.site import Site
from tracker.actions.people.keep_session import forget_old
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.current import kept
from tracker.exchange.charter.loading import agree_change, load
from tracker.exchange.charter.revisions import with_leaver, with_member
from tracker.queries.administration.proposals import waiting_proposals
from tracker.records.session import SESSION_RESTS
from tracker.rules.rings import Role

pytestmark = pytest.mark.both_databases

MO = "mo@community.example"


def by_their_lead(site: Site) -> None:
    address = person_address("community", MO)
    tess = site.guest("tess")
    assert tess.post(f"{address}/leaving", {"version": version_on(tess, address)}).status_code == 303


def by_a_file_without_them(site: Site) -> None:
    _load(site, with_leaver(MO, "community"))


def by_a_file_without_their_organisation(site: Site) -> None:
    _load(site, _without_community)


WAYS = (by_their_lead, by_a_file_without_them, by_a_file_without_their_organisation)


@pytest.mark.parametrize("leave", WAYS, ids=lambda way: way.__name__)
def test_who_leaves_is_signed_out_everywhere_and_every_link_is_dead(site: Site, leave: Callable[[Site], None]) -> None:
    phone, desk, link = site.guest("mo"), site.guest("mo"), site.link(MO)
    leave(site)
    assert [each.get("/account").status_code for each in (phone, desk)] == [303, 303]
    assert site.stranger().get(link).status_code == 410


@pytest.mark.parametrize("leave", WAYS, ids=lambda way: way.__name__)
def test_who_comes_back_finds_what_was_dead_still_dead(site: Site, leave: Callable[[Site], None]) -> None:
    phone, link, before = site.guest("mo"), site.link(MO), _charter(site)
    leave(site)
    _load(site, lambda _: before)
    assert phone.get("/account").status_code == 303
    assert site.stranger().get(link).status_code == 410
    assert site.stranger().get(site.link(MO)).status_code == 200


def test_who_leaves_one_of_two_organisations_comes_in_anew_for_the_other(site: Site) -> None:
    _load(site, with_member(MO, "Mo Aziz", "acute", [Role.FRONT_LINE]))
    mo = site.guest("mo")
    by_their_lead(site)
    assert mo.get("/account").status_code == 303
    assert "Riverside Hospitals" in site.guest("mo").get("/account").text


def test_nobody_else_is_signed_out(site: Site) -> None:
    bea = site.guest("bea")
    by_their_lead(site)
    assert bea.get("/account").status_code == 200


def _load(site: Site, change: Callable[[Charter], Charter]) -> None:
    with site.db.write() as session:
        load(session, change(_kept(site, session)), now=site.now)
    with site.db.write() as session:  # what touches others is in force once a lead of each has agreed
        for proposal in waiting_proposals(session, site.cast.partnership.id):
            for key in tuple(proposal.touches):
                lead = next(name for name in ("alex", "chris", "tess") if site.cast.actor(name).organisation_key == key)
                agree_change(session, proposal, site.cast.actor(lead), now=site.now)


def _charter(site: Site) -> Charter:
    with site.db.read() as session:
        return _kept(site, session)


def _kept(site: Site, session: Session) -> Charter:
    return kept(session, site.cast.partnership.id)


def _without_community(charter: Charter) -> Charter:
    """The third organisation is retired, with everybody who belongs to it."""
    rest = charter
    for each in charter.person.values():
        if each.roles_in("community"):
            rest = with_leaver(each.email, "community")(rest)
    return replace(rest, organisation={key: each for key, each in rest.organisation.items() if key != "community"})


@pytest.mark.parametrize(
    "leave, by",
    [(by_their_lead, "Tess Ward"), (by_a_file_without_them, "The people who run the server")],
    ids=["lead", "file"],
)
def test_the_browser_of_who_left_says_so_and_who_recorded_it_and_no_other_does(
    site: Site, leave: Callable[[Site], None], by: str
) -> None:
    mo, bea = site.guest("mo"), site.guest("bea")
    leave(site)
    said = f"You no longer belong to Riverside Community Care.</strong> Removed by {by}"
    assert said in mo.follow("/issues").text
    assert said in mo.htmx("/issues", "issues").text
    assert said in mo.post("/issues/new", {"title": "Kept"}).text
    bea.post("/sign-out")
    for other in (bea, site.stranger()):
        assert "no longer belong" not in other.follow("/issues").text


def test_who_came_in_again_is_told_nothing_of_it_any_more(site: Site) -> None:
    _load(site, with_member(MO, "Mo Aziz", "acute", [Role.FRONT_LINE]))
    mo = site.guest("mo")
    by_their_lead(site)
    assert "no longer belong" in mo.follow("/issues").text
    link = site.link(MO)
    mo.get(link)
    mo.post(link)
    mo.post("/sign-out")
    assert "no longer belong" not in mo.follow("/issues").text


def test_after_a_week_it_is_told_no_more(site: Site) -> None:
    mo = site.guest("mo")
    by_their_lead(site)
    with site.db.write() as session:
        forget_old(session, site.now + SESSION_RESTS + timedelta(days=2))
    assert "no longer belong" not in mo.follow("/issues").text
