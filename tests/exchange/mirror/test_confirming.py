"""Leads read which copies have gone on past words that were taken out, each of what they may read themselves."""

import re
from html import unescape

from sqlmodel import Session, col, select

from tests.api.calling import FEED, Program
from tests.exchange.mirror.copies import CouncilsCopy
from tests.exchange.mirror.test_following import note, take_out
from tests.queries.proofs.test_verifying import REF
from tests.site import Site
from tracker.actions.people.keep_token import revoke_token
from tracker.records.session import OrganisationToken
from tracker.rules.rings import Ring

PAGE = "/arrangements/RIV/record"
WAITS, CONFIRMED = "Not yet out of the copy of Riverside Council", "Out of the copy of Riverside Council"


def words_of(site: Site, name: str = "alex") -> str:
    """What the page says, without the first of what it says of copies where it says nothing of them."""
    text = unescape(re.sub(r"<[^>]+>", " ", site.guest(name).get(PAGE).text))
    return " ".join(text.split())


def gone_on_from(session: Session) -> list[int | None]:
    return list(session.exec(select(OrganisationToken.gone_on_from).order_by(col(OrganisationToken.id))))


def test_a_copy_that_goes_on_past_a_redaction_has_confirmed_it(site: Site, council: CouncilsCopy) -> None:
    council.follow()
    council.follow()
    take_out(site, "chris", "We look into it.")
    assert WAITS in words_of(site)
    council.follow()
    site.later(minutes=2)
    assert WAITS in words_of(site)
    council.follow()
    council.follow()
    said = words_of(site)
    assert CONFIRMED in said
    assert WAITS not in said
    assert b"We look into it." in council.bytes_kept()  # in the other issue, which says the same


def test_where_nobody_keeps_a_copy_nothing_is_said_of_any(site: Site) -> None:
    take_out(site, "chris", "We look into it.")
    assert "copies" not in words_of(site)
    Program(site, "council").get()
    assert "copies" not in words_of(site)


def test_who_may_not_read_the_issue_reads_nothing_of_its_redaction(site: Site, council: CouncilsCopy) -> None:
    council.follow()
    council.follow()
    take_out(site, "chris", "We look into it.")
    assert REF in words_of(site, "alex")
    assert REF in words_of(site, "chris")
    assert REF not in words_of(site, "tess")


def test_what_one_side_kept_to_itself_is_confirmed_by_no_other(site: Site, council: CouncilsCopy) -> None:
    council.follow()
    council.follow()
    note(site, "Ours alone, Mrs Quince.", who="jo", ring=Ring.ORGANISATION)
    take_out(site, "alex", "Ours alone, Mrs Quince.")
    assert "No organisation that read them keeps a copy." in words_of(site, "alex")
    assert REF not in words_of(site, "chris")


def test_a_token_that_took_the_place_of_a_revoked_one_is_the_one_that_counts(site: Site, council: CouncilsCopy) -> None:
    council.follow()
    council.follow()
    take_out(site, "chris", "We look into it.")
    with site.db.write() as session:
        revoke_token(session, site.cast.partnership.id, 1, site.cast.actor("chris"), now=site.now)
    assert WAITS in words_of(site)
    council.feed._headers = {"Authorization": f"Bearer {Program(site, 'council').token}"}
    site.later(minutes=2)
    council.follow()
    council.follow()
    assert CONFIRMED in words_of(site)
    assert WAITS not in words_of(site)


def test_how_far_a_program_read_never_goes_back(site: Site) -> None:
    program = Program(site, "council")
    site.later(minutes=2)
    first = program.get().json()["next"]
    program.get(params={"after": first, "limit": 1})
    with site.db.read() as session:
        (far,) = gone_on_from(session)
    assert far
    early = program.get(params={"limit": 1}).json()["next"]
    program.get(params={"after": early})
    program.get(f"{FEED}?issue={REF}&limit=1")
    with site.db.read() as session:
        assert gone_on_from(session) == [far]
