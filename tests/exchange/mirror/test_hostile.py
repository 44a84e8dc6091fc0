"""A copy whose token is revoked while it reads, and one whose server hands over to a key as it likes."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.api.calling import Program
from tests.exchange.mirror.copies import CouncilsCopy
from tests.queries.proofs.record import KEY
from tests.queries.proofs.test_verifying import REF
from tests.site import Site
from tracker.actions.people.keep_token import revoke_token
from tracker.exchange.mirror.following import AnotherSource, take_page
from tracker.records.proofs.signing import SigningKey
from tracker.rules.proofs.notes import SignedNote, WrongNote
from tracker.rules.proofs.succession import KeyChange
from tracker.rules.refusals import Refused

NEXT_KEY = SigningKey(b"n" * 32)


def test_a_token_that_is_revoked_while_its_feed_is_read_tells_nothing_more(
    site: Site, council: CouncilsCopy, tmp_path: Path
) -> None:
    council.feed.limit = 3
    assert take_page(council.copy, council.feed).more
    before = council.content()
    with site.db.write() as session:
        revoke_token(session, site.cast.partnership.id, 1, site.cast.actor("chris"), now=site.now)
    for reading_on in (council.follow, lambda: council.feed.issue(REF), council.feed.home):
        with pytest.raises(Refused, match=r"This token is none, or was revoked\."):
            reading_on()
    assert council.content() == before
    council.feed._headers = {"Authorization": f"Bearer {Program(site, 'council').token}"}
    council.follow()
    other = CouncilsCopy(site, tmp_path / "other.sqlite3")
    other.follow()
    assert council.content() == other.content()


def handing_over(old: SigningKey, new: SigningKey, *signed_by: SigningKey, name: str) -> str:
    """That a log goes on under another key, as these signed it."""
    text = KeyChange(1, old.verifier(name), new.verifier(name)).text
    return str(SignedNote(text, tuple(each.sign(name, text) for each in signed_by)))


@pytest.mark.parametrize("how", ["nobody says so", "a stranger hands over", "a stranger signs for the one it knows"])
def test_a_copy_follows_no_key_to_which_the_one_that_it_knows_did_not_hand_over(
    council: CouncilsCopy, how: str
) -> None:
    council.follow()
    before, page = council.content(), council.feed.page("")
    assert page.log
    stranger, name = SigningKey(b"s" * 32), page.log.origin
    changes = {
        "nobody says so": (),
        "a stranger hands over": (handing_over(stranger, NEXT_KEY, stranger, NEXT_KEY, name=name),),
        "a stranger signs for the one it knows": (handing_over(KEY, NEXT_KEY, stranger, NEXT_KEY, name=name),),
    }[how]
    keys = (*page.log.keys, str(NEXT_KEY.verifier(name)))
    hostile = page.model_copy(update={"log": page.log.model_copy(update={"keys": keys, "changes": changes})})
    with pytest.raises((AnotherSource, WrongNote), match="did not"):
        take_page(council.copy, SimpleNamespace(page=lambda _: hostile))
    assert council.content() == before
