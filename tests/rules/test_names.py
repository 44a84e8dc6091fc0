"""What a reader may know of names: a reporter may keep theirs inside their organisation."""

from dataclasses import dataclass

import pytest

from tracker.rules.names import doer_name, may_know, may_know_reporter
from tracker.rules.rings import Membership, Role, Viewer

HOSPITALS, COUNCIL, CARE = 1, 2, 3
SAM, JO = 11, 12
BY_SAM = {"actor": "Sam Okafor", "actor_organisation": "Riverside Hospitals"}


@dataclass(frozen=True)
class AnIssue:
    hide_reporter: bool = True
    raised_by_id: int | None = SAM
    raised_for_id: int = HOSPITALS


def viewer(*organisations: int) -> Viewer:
    roles = frozenset({Role.FRONT_LINE})
    return Viewer(99, "Whoever", tuple(Membership(each, f"org{each}", 1, "RIV", roles) for each in organisations))


INSIDE = [viewer(HOSPITALS), viewer(COUNCIL, HOSPITALS)]
OUTSIDE = [viewer(COUNCIL), viewer(CARE), viewer(), None]


@pytest.mark.parametrize("reader", INSIDE, ids=["own side", "of both sides"])
def test_inside_their_organisation_a_reporter_has_their_name(reader: Viewer) -> None:
    assert may_know_reporter(AnIssue(), reader)
    assert doer_name("noted", SAM, BY_SAM, AnIssue(), reader) == "Sam Okafor"


@pytest.mark.parametrize("reader", OUTSIDE, ids=["other side", "third organisation", "stranger", "one paper for all"])
def test_outside_it_they_are_somebody_in_whatever_they_did(reader: Viewer | None) -> None:
    assert not may_know_reporter(AnIssue(), reader)
    assert not may_know(SAM, AnIssue(), reader)
    assert doer_name("noted", SAM, BY_SAM, AnIssue(), reader) == "Somebody at Riverside Hospitals"


@pytest.mark.parametrize("reader", [*INSIDE, *OUTSIDE])
def test_who_does_not_keep_their_name_inside_has_it_everywhere(reader: Viewer | None) -> None:
    assert doer_name("noted", SAM, BY_SAM, AnIssue(hide_reporter=False), reader) == "Sam Okafor"


@pytest.mark.parametrize("reader", OUTSIDE)
def test_a_colleague_of_the_reporter_keeps_their_own_name(reader: Viewer | None) -> None:
    by_jo = {**BY_SAM, "actor": "Jo Lind"}
    assert doer_name("noted", JO, by_jo, AnIssue(), reader) == "Jo Lind"


@pytest.mark.parametrize("reader", OUTSIDE)
def test_where_nobody_known_raised_it_nobody_is_taken_for_the_reporter(reader: Viewer | None) -> None:
    assert doer_name("noted", None, {"actor": "The clock"}, AnIssue(raised_by_id=None), reader) == "The clock"


def test_where_history_names_no_person_their_organisation_did_it() -> None:
    assert doer_name("noted", None, {"actor_organisation": "Riverside Hospitals"}, AnIssue(), None) == (
        "Riverside Hospitals"
    )
    assert doer_name("noted", None, {}, AnIssue(), None) == "Somebody"
