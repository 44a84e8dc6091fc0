"""Tokens of organisations: who makes them, what is kept of them, and who comes in by one."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session, select
from structlog.testing import capture_logs

from tests.api.calling import FEED, Program, token_of
from tests.site import Site
from tracker.actions.people.keep_token import MOST_TOKENS
from tracker.database import statement_count
from tracker.records.event import Event
from tracker.records.session import OrganisationToken

PAGE = "/arrangements/RIV/organisations/council/tokens"


def kept(session: Session) -> OrganisationToken:
    return session.exec(select(OrganisationToken)).one()


def made_by(site: Site, name: str = "chris") -> str:
    """A token, as its lead is told it."""
    page = site.guest(name).post(PAGE, {"name": "our own copy"}).text
    found = re.search(r"<pre>(tracker_[\w-]+)</pre>", page)
    assert found
    return found[1]


def test_a_lead_is_told_a_token_once_and_only_its_digest_is_kept(site: Site) -> None:
    token = made_by(site)
    with site.db.read() as session:
        row, event = kept(session), session.exec(select(Event).where(Event.kind == "token_made")).one()
    assert token not in f"{row!r} {event!r}"
    assert (row.number, row.name, row.used_at) == (1, "our own copy", None)
    again = site.guest("chris").get(PAGE).text
    assert token not in again
    assert "our own copy" in again
    assert "not used yet" in again
    assert Program(site, token=token).get().status_code == 200


def test_a_name_that_was_sent_is_not_kept_on_the_device_for_another_token(site: Site) -> None:
    answer = site.guest("chris").post(PAGE, {"name": "our own copy", "draft": "a" * 32})
    assert f"tracker-sent={'a' * 32};" in answer.headers["set-cookie"]


@pytest.mark.parametrize("name, status", [("chris", 201), ("kim", 403), ("alex", 403), ("tess", 403), ("nora", 404)])
def test_tokens_are_for_leads_of_their_own_organisation(site: Site, name: str, status: int) -> None:
    made_by(site)
    guest = site.guest(name)
    assert guest.get(PAGE).status_code == (200 if status == 201 else status)
    assert guest.post(PAGE, {"name": "Mine"}).status_code == status
    assert guest.post(f"{PAGE}/1/revocation").status_code == (303 if status == 201 else status)


def test_every_lead_reads_that_there_is_one_and_who_made_it(site: Site) -> None:
    made_by(site)
    site.guest("chris").post(f"{PAGE}/1/revocation")
    told = site.guest("alex").get("/arrangements/RIV/events").text
    assert "Chris Vale made the token “our own copy” of Riverside Council" in told
    assert "Chris Vale revoked the token “our own copy” of Riverside Council" in told


def test_nobody_comes_in_by_a_token_that_was_revoked(site: Site) -> None:
    token = made_by(site)
    site.guest("chris").post(f"{PAGE}/1/revocation")
    refused = Program(site, token=token).get()
    assert refused.status_code == 401
    assert "was revoked" in refused.json()["detail"]
    assert site.guest("chris").post(f"{PAGE}/1/revocation").status_code == 303
    assert site.guest("chris").post(f"{PAGE}/7/revocation").status_code == 404


def test_without_a_name_there_is_no_token(site: Site) -> None:
    refused = site.guest("chris").post(PAGE, {"name": " "})
    assert refused.status_code == 422
    assert "Say what it is for" in refused.text
    with site.db.read() as session:
        assert session.exec(select(OrganisationToken)).all() == []


def test_an_organisation_has_so_many_at_once_and_one_more_once_one_is_revoked(site: Site) -> None:
    for _ in range(MOST_TOKENS):
        token_of(site, "council")
    chris = site.guest("chris")
    assert chris.post(PAGE, {"name": "Another"}).status_code == 409
    chris.post(f"{PAGE}/3/revocation")
    assert chris.post(PAGE, {"name": "Another"}).status_code == 201


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer tracker_nonsense"}, {"Authorization": "Basic a2ltOmtpbQ=="},
                {"Authorization": "Bearer"}, {"Authorization": f"Bearer {'x' * 5000}"}],
)  # fmt: skip
def test_without_a_good_token_it_is_refused_plainly(site: Site, headers: dict[str, str]) -> None:
    refused = site.stranger().get(FEED, headers=headers)
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert refused.json()["title"] == "Unauthorized"


def test_a_session_is_no_token_and_a_token_is_no_session(site: Site) -> None:
    assert site.guest("chris").get(FEED).status_code == 401
    program = Program(site, "council")
    assert program.get("/issues").status_code == 303
    assert program.get("/arrangements/RIV/record").status_code == 303


def test_another_partnership_does_not_exist_for_a_token(site: Site) -> None:
    program = Program(site, "council")
    elsewhere, nowhere = (program.get(f"/api/v1/partnerships/{key}/feed") for key in ("ELS", "XYZ"))
    assert (elsewhere.status_code, nowhere.status_code) == (404, 404)
    assert elsewhere.json()["detail"] == "There is no partnership ELS."


@pytest.mark.parametrize(
    "asked, status, field", [({"limit": 0}, 422, "limit"), ({"limit": 501}, 422, "limit"), ({"limit": "x"}, 400, ""),
                             ({"after": "gAAAA"}, 422, "after"), ({"issue": "RIV-99"}, 404, "")],
)  # fmt: skip
def test_what_is_asked_wrongly_is_refused_with_its_place(
    site: Site, asked: dict[str, str], status: int, field: str
) -> None:
    refused = Program(site, "council").get(params=asked)
    assert refused.status_code == status
    assert [each["field"] for each in refused.json().get("errors", ())] == ([field] if field else [])


def test_when_a_token_was_used_is_noted_to_the_hour_and_written_once_in_it(site: Site) -> None:
    program = Program(site, "council")
    site.now += timedelta(minutes=25)
    program.get()
    with site.db.read() as session:
        assert kept(session).used_at == site.now.replace(minute=0)
    with statement_count(site.db) as sent:
        program.get()
    assert not [each for each in sent if each.startswith("UPDATE")]
    site.now += timedelta(hours=1)
    program.get()
    with site.db.read() as session:
        assert kept(session).used_at == site.now.replace(minute=0)


def test_a_refusal_leaves_a_line_with_the_place_and_the_number_of_the_token(site: Site) -> None:
    program, nobody = Program(site, "council"), Program(site, token="tracker_none")
    with site.db.read() as session:
        token = kept(session)
    with capture_logs() as lines:
        program.get("/api/v1/partnerships/ELS/feed")
        nobody.get()
    told = ("event", "why", "status", "token", "organisation", "place", "method")
    refused = [tuple(line[name] for name in told) for line in lines if line["event"] == "refused"]
    assert refused == [
        ("refused", "NoPartnership", 404, token.id, token.organisation_id, "192.0.2.7", "GET"),
        ("refused", "NoBearer", 401, None, None, "192.0.2.7", "GET"),
    ]
