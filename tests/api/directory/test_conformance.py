"""The directory's door, tried by a library that no one here wrote."""

from scim2_tester import Status, check_server

from tests.api.directory.calling import Caller, TestingClient
from tests.site import Site


def test_scim2_tester_finds_nothing_wrong(site: Site) -> None:
    results = check_server(TestingClient(Caller(site)))
    wrong = [f"{each.title}: {each.reason}" for each in results if each.status not in (Status.SUCCESS, Status.SKIPPED)]
    assert wrong == []
    assert len(results) > 30
