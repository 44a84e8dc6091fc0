"""Who has an issue, who was late, who is asked again and who has left: the same on every path that names a holder."""

import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from html import unescape

from sqlmodel import Session

from tests.decision_makers import make_pack
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tests.site import Site
from tracker.actions import escalate
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note
from tracker.clock import clock_of
from tracker.exchange.charter.loading import revise
from tracker.exchange.charter.revisions import with_leaver
from tracker.rules.rings import Ring

TWO_DAYS, WEEKS = MONDAY + timedelta(days=2), MONDAY + timedelta(days=9)


def test_a_late_acknowledgement_is_told_a_tier_up_and_said_wherever_the_issue_stands(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    mails = later(site, TWO_DAYS)
    late = "Riverside Council was to acknowledge it by"
    assert any(who.startswith("lee") and late in text for who, text in mails.items())
    assert late in read(site, "sam", "/issues/RIV-1")
    assert "Your side, Riverside Council, was to acknowledge it by" in read(site, "kim", "/issues/RIV-1")
    for path in ("/issues", "/bodies/RIV/front"):
        assert "Riverside Council was to acknowledge by" in read(site, "sam", path), path
        assert "Acknowledge by" in read(site, "kim", path), path
    assert "Acknowledge by" in read(site, "kim", "/")


def test_whose_acknowledgement_lapsed_is_asked_whether_they_still_have_it_wherever_it_stands(site: Site) -> None:
    with site.db.write() as session:
        at_the_top(session, site.cast)
        sent = doer(site.cast, "priya", MONDAY + timedelta(days=4))
        add_note(session, "RIV-1", sent, text="Any news?", ring=Ring.SHARED)
    mails = later(site, WEEKS)
    asked = "Nothing from Riverside Council for a while"
    assert any(who.startswith("dana") and asked in text for who, text in mails.items())
    assert f"{asked}, so it was asked" in read(site, "priya", "/issues/RIV-1")
    assert "Nothing from your side, Riverside Council, for a while: still with you?" in read(
        site, "dana", "/issues/RIV-1"
    )
    for path in ("/issues", "/bodies/RIV/steering"):
        assert "still has it? Asked" in read(site, "ines" if path != "/issues" else "sam", path), path
        assert "Still with you? Asked" in read(site, "dana", path), path
    assert "Still with you? Asked" in read(site, "dana", "/")
    with site.db.write() as session:
        make_pack(session, site.cast, now=site.now)
    assert f"{asked}: it was asked" in read(site, "priya", "/packs/RIV/1")
    with site.db.write() as session:
        for name in ("dana", "priya"):
            acknowledge(session, "RIV-1", doer(site.cast, name, site.now))
    assert "so it was asked" not in read(site, "priya", "/issues/RIV-1")


def test_who_has_left_is_named_as_a_holder_nowhere(site: Site) -> None:
    with site.db.write() as session:
        at_the_top(session, site.cast)
        change, lead = with_leaver("dana@council.example", "council"), site.cast.actor("chris")
        revise(session, site.cast.partnership.id, change, actor=lead, now=TWO_DAYS)
    mails = later(site, TWO_DAYS)
    with site.db.write() as session:
        make_pack(session, site.cast, now=site.now)
    turn = re.compile(r"It is the turn of [^.]*Dana Roy|Dana Roy (?:answers|has it)|Riverside Council, Dana Roy")
    paths = ("/issues/RIV-1", "/issues", "/bodies/RIV/steering", "/packs/RIV/1", "/")
    said = [read(site, name, path) for name in ("priya", "chris") for path in paths]
    assert not [each for each in (*said, *mails.values()) if turn.search(each)]
    assert not [who for who in mails if who.startswith("dana")]
    page = read(site, "priya", "/issues/RIV-1")
    assert "Dana Roy left Riverside Council" in page, page[:3000]
    assert "It is the turn of Riverside Council" in page, page[:3000]


def at_the_top(session: Session, cast: Cast) -> None:
    """RIV-1 with the steering group, acknowledged there by both sides."""
    ref = make_issue(session, cast).ref
    escalate.by_holder(session, ref, doer(cast, "kim"), cause="legal deadline", reason="Soon", to=4)
    for name in ("dana", "priya"):
        acknowledge(session, ref, doer(cast, name))


def later(site: Site, at: datetime) -> dict[str, str]:
    """Once the clock has gone round at a moment: all that was sent, by to whom."""
    list(clock_of(site.settings, site.db, now=at).until_nothing_is_due())
    site.now = at
    found: dict[str, str] = {}
    for file in sorted((site.settings.home / "mail").glob("*.eml")):
        mail = message_from_bytes(file.read_bytes(), policy=default)
        text = " ".join(part.get_content() for part in mail.walk() if part.get_content_type() == "text/plain")
        found[str(mail["to"].addresses[0].addr_spec)] = f"{found.get(str(mail['to']), '')} {' '.join(text.split())}"
    return found


def read(site: Site, who: str, path: str) -> str:
    page = site.guest(who).follow(path).text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).replace(" ,", ",").split()).replace(" ,", ",")
