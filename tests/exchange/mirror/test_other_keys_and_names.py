"""A copy goes on where its log has another name or another key, and is accused of nothing that the leads agreed."""

from pathlib import Path

import pytest

from tests.exchange.mirror.copies import CouncilsCopy
from tests.issue_makers import doer
from tests.journeys.witnesses import lose_last
from tests.queries.proofs.record import KEY, a_day_later, make_checkpoints
from tests.queries.proofs.test_verifying import REF
from tests.site import Site
from tracker.actions.proving.append_checkpoint import append_checkpoint
from tracker.actions.proving.begin_epoch import begin_epoch
from tracker.actions.proving.settle_log_key import rotate_log_key
from tracker.actions.sides.merge import remove_side
from tracker.exchange.mirror.following import AnotherSource, compare_whole, take_page
from tracker.queries.issues import load
from tracker.records.proofs.signing import SigningKey

NEXT_KEY = SigningKey(b"n" * 32)


def go_on_under_another_name(site: Site, days: int) -> None:
    with site.db.write() as session:
        begin_epoch(session, site.cast.partnership.id, "what was lost", site.cast.actor("alex"), site.now)
        assert make_checkpoints(session, a_day_later(days)) == 1


def go_on_under_another_key(site: Site, days: int) -> None:
    with site.db.write() as session:
        rotate_log_key(session, KEY, NEXT_KEY, now=site.now)
        while append_checkpoint(session, NEXT_KEY, now=a_day_later(days)):
            session.flush()


def sizes(council: CouncilsCopy) -> list[int]:
    return [each.size for each in council.copy.checkpoints()]


def test_after_a_new_epoch_a_copy_goes_on_and_a_new_one_begins(
    site: Site, council: CouncilsCopy, tmp_path: Path
) -> None:
    council.follow()
    go_on_under_another_name(site, 2)
    go_on_under_another_name(site, 3)
    go_on_under_another_key(site, 4)
    council.follow()
    begun = CouncilsCopy(site, tmp_path / "begun.sqlite3")
    begun.follow()
    assert sizes(council) == sizes(begun) == [1, 2, 3, 4]
    assert begun.content() == council.content()


def test_a_copy_that_has_what_was_lost_is_kept_and_says_so(site: Site, council: CouncilsCopy) -> None:
    with site.db.write() as session:
        assert make_checkpoints(session, a_day_later(2)) == 1
    council.follow()
    with site.db.write() as session:
        lose_last(session, site.cast)
    go_on_under_another_name(site, 3)
    with pytest.raises(AnotherSource, match=r"agreed to go on after checkpoint 1\. Keep this copy"):
        council.follow()
    assert sizes(council) == [1, 2]


def test_the_key_that_leads_read_vouches_for_those_before_it(site: Site, council: CouncilsCopy) -> None:
    go_on_under_another_key(site, 2)
    page = council.feed.page("")
    assert page.log
    before, newest = page.log.keys
    with pytest.raises(AnotherSource, match="a key that was not named here"):
        take_page(council.copy, council.feed, [before])
    take_page(council.copy, council.feed, [newest])
    assert council.copy.source


def test_an_issue_that_it_was_taken_out_of_meanwhile_is_not_missed_when_all_is_compared(
    site: Site, tmp_path: Path
) -> None:
    community = CouncilsCopy(site, tmp_path / "community.sqlite3", "community")
    with site.db.write() as session:
        issue = load(session, REF, site.cast.viewer("sam"), for_change=True)
        issue.join_side(site.cast.arrangement(session).organisation("community"), "it was named", at=site.now)
    community.follow()
    with site.db.write() as session:
        remove_side(session, REF, doer(site.cast, "jo", site.now), side="community", reason="Not theirs")
    compare_whole(community.copy, community.feed)
    community.follow()
    assert community.events(REF) == []
