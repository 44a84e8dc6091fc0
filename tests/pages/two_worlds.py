"""Two sites in which the same people did the same at the same moments, and in one of them others did more.

The reader may not read that, and it happens early enough that every number that a table counts is another one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, update
from sqlmodel import Session, col

from tests.decision_makers import make_decision, make_pack
from tests.issue_makers import doer, make_issue
from tests.makers import LONG_AGO, MONDAY, Cast
from tests.notice_makers import announce_all
from tests.site import Guest, Site, opened_site
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note, record_occurrence
from tracker.actions.amend import confirm_theme
from tracker.actions.people.keep_session import begin_session
from tracker.actions.raise_issue import cross
from tracker.actions.resolve import agree, propose
from tracker.clock import clock_of
from tracker.database import Database
from tracker.records.partnership import Partnership
from tracker.records.partnership_chain import record
from tracker.records.person import Membership, Person
from tracker.records.session import SESSION_KEY, hash_of, session_token
from tracker.records.session import Session as SignedIn
from tracker.records.timer import Sweep
from tracker.rules.events.arrangement import ArrangementChanged
from tracker.rules.rings import Ring
from tracker.rules.rings.doors import Door

TITLES = (
    "Letters arrive without the medication list",
    "The panel takes weeks to decide",
    "Weeks until the panel decides on a bed",
    "The van came late with the oxygen",
    "The van came too late again",
    "Still no answer about the wheelchair",
)
MANY = 54  # issues, more than a page of a list holds
SAID = {"title": "The panel decides late about oxygen", "detail": "Weeks of waiting"}  # by somebody who raises it

Other = Callable[[Session, Cast, int], None]


def nothing_else(_: Session, __: Cast, ___: int) -> None:
    """What others do in the first of the two worlds."""


def kept_inside(session: Session, cast: Cast, turn: int) -> None:
    """What nobody of the Council may read, nor any lead of theirs: it crosses no boundary and moves no total."""
    if turn == 0:
        _strangers(session, cast)
    words = f"The panel decides about oxygen {'quickly ' * turn}"
    kept = make_issue(session, cast, title=words, detail="Oxygen, panel, waiting: medication.", ring=Ring.ORGANISATION)
    add_note(session, kept.ref, doer(cast, "sam"), text="To ourselves.", ring=Ring.ORGANISATION)
    confirm_theme(session, kept.ref, doer(cast, "jo"), theme="reliability")
    if turn:
        text = f"Between us: the panel and the oxygen, for the {turn}th time."
        add_note(session, f"RIV-{turn}", doer(cast, "jo"), text=text, ring=Ring.ORGANISATION)


def between_others(session: Session, cast: Cast, turn: int) -> None:
    """The same, and what two others have with each other, which takes its number after all that the reader has."""
    kept_inside(session, cast, turn)
    words = f"The panel decides about oxygen and wheelchairs {turn}"
    kept = make_issue(session, cast, with_="community", title=words, detail="Waiting.", ring=Ring.ORGANISATION)
    if turn == len(TITLES):
        for ring in (Ring.NAMED, Ring.SHARED):
            make_issue(session, cast, with_="community", title="The panel and the oxygen van", detail="", ring=ring)
        shared = cross(session, kept.ref, doer(cast, "sam"))
        confirm_theme(session, shared.ref, doer(cast, "jo"), theme="authority")
        lead = cast.actor("alex")
        said = ArrangementChanged(table="person", key="sam@acute.example", what="Sam Okafor is away")
        record(session, partnership_id=cast.partnership.id, kind=said, actor=lead, now=MONDAY)


def about_a_person(session: Session, cast: Cast, turn: int) -> None:
    """What Sam and Kim alone may read of the reader's own side, which takes its number after all the others."""
    if turn == len(TITLES):
        issue = make_issue(session, cast, title="The panel and the oxygen of one person", ring=Ring.NAMED)
        add_note(session, issue.ref, doer(cast, "kim"), text="The panel decides about oxygen.", ring=Ring.SHARED)
        confirm_theme(session, issue.ref, doer(cast, "kim"), theme="reliability")


def _strangers(session: Session, cast: Cast) -> None:
    """Another partnership, with people, issues, sessions and links of its own."""
    elsewhere = replace(cast, partnership=cast.elsewhere)
    make_issue(session, elsewhere, by="stan", with_="south", title="The panel decides about oxygen")
    for name in ("stan", "sam"):
        begin_session(
            session, cast.people[name].id, Door.LINK, now=MONDAY, key=b"k" * 32, agent="Other/1", instead_of=""
        )
    newcomer(session, cast, "Nick Stone", "north")


def newcomer(session: Session, cast: Cast, name: str, organisation: str) -> None:
    person = Person(email=f"{name.split()[0].lower()}@{organisation}.example", name=name, created_at=LONG_AGO)
    session.add(person)
    session.flush()
    place = Membership(person_id=person.id, organisation_id=cast.organisations[organisation].id, front_line=True)
    session.add(place)
    home = cast.organisations[organisation].partnership_id
    session.get_one(Partnership, home).changed()
    session.flush()


@contextmanager
def world(db: Database, home: Path, cast: Cast, others: Other) -> Iterator[Site]:
    """The site as the reader knows it, with what `others` do before each step of it."""
    with opened_site(db, home, cast) as site:
        with db.write() as session:
            for turn, title in enumerate(TITLES):
                others(session, cast, turn)
                _step(session, cast, turn, title, MONDAY + timedelta(minutes=turn))
            for number in range(MANY):
                make_issue(session, cast, by="kim", with_="acute", title=f"Bed {number} was not ready", detail="")
            others(session, cast, len(TITLES))
        site.now = MONDAY + timedelta(days=2)
        with db.write() as session:
            announce_all(session, site.now)  # what goes in one letter does not hang on where a sweep's batch ends
        assert list(clock_of(site.settings, db, now=site.now).until_nothing_is_due())
        with db.write() as session:
            session.execute(update(Sweep).values(ended_at=site.now))
        yield site


def _step(session: Session, cast: Cast, turn: int, title: str, now: datetime) -> None:
    """Issues of Hospitals and Council as they go, the people and decisions beside them."""
    issue = make_issue(session, cast, title=title, now=now, hide_reporter=turn == 4)
    add_note(session, issue.ref, doer(cast, "kim", now), text="We look into it.", ring=Ring.SHARED)
    add_note(session, issue.ref, doer(cast, "lee", now), text="Ours alone.", ring=Ring.ORGANISATION)
    if turn == 0:
        newcomer(session, cast, "Ned Sharp", "council")
    if turn in (1, 2):
        confirm_theme(session, issue.ref, doer(cast, "lee", now), theme="decision_speed")
    if turn in (3, 4):
        acknowledge(session, issue.ref, doer(cast, "kim", now))
        record_occurrence(session, issue.ref, doer(cast, "kim", now), occurred_on=now.date(), detail="Again.")
    if turn == 3:
        propose(session, issue.ref, doer(cast, "jo", now), outcome="solved", done="Another van.")
        agree(session, issue.ref, doer(cast, "lee", now))
        make_decision(session, cast, issues=(issue.ref,))
        make_pack(session, cast)


def reader(site: Site, name: str) -> Guest:
    """Somebody signed in on two devices, with the same cookie in every world."""
    key, person = site.settings.key(SESSION_KEY), site.cast.people[name]
    nonces = [f"{name} {device}" for device in ("phone", "desk")]
    with site.db.write() as session:
        session.execute(delete(SignedIn).where(col(SignedIn.person_id) == person.id))
        for nonce in nonces:
            mine = SignedIn.begun(person.id, Door.LINK, key=key, now=site.now, agent="Firefox/1 Windows")
            mine.nonce, mine.token_hash = nonce, hash_of(session_token(key, nonce, 0))
            session.add(mine)
    guest = site.stranger()
    guest.bring_cookie(session_token(key, nonces[-1], 0))
    return guest
