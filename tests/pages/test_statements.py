"""A page asks the database a few times, however many rows there are."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bench import pages as names
from tests.bench.pages import Page, always, pages_of
from tests.bench.partnership import KEY
from tests.bench.seed import Size, seed
from tests.bench.statements import Sent, statements
from tests.bench.wanted import most_statements
from tracker.database import Database
from tracker.settings import Settings

FEW, MANY = 60, 600
A_YEAR = 1000  # so that the many are of months enough for a first screen
OTHERS = tuple(
    Page(path, who, always(path))
    for who, path in (
        ("front line", "/"),
        ("front line", "/issues/new"),
        ("manager", "/issues?state=unresolved&side=council&due=soon"),
        ("manager", "/issues?theme=untagged"),
        ("manager", "/account"),
        ("manager", "/bodies"),
        ("manager", f"/bodies/{KEY}/ops"),
        ("manager", f"/people/{KEY}"),
        ("manager", f"/reports/{KEY}/themes"),
        ("manager", f"/reports/{KEY}/themes/untagged"),
        ("manager", f"/reports/{KEY}/issues/2026?crossed=yes&theme=untagged&report=all"),
        ("steering", f"/reports/{KEY}/ladder?period=all"),
        ("steering", f"/reports/{KEY}/ladder/issues?period=all&what=came&tier=1"),
        ("steering", f"/reports/{KEY}/ladder.csv"),
        ("steering", f"/reports/{KEY}/ladder.xlsx"),
        ("steering", f"/reports/{KEY}/ladder.pdf"),
        ("steering", f"/decisions/{KEY}"),
        ("steering", f"/packs/{KEY}"),
        ("steering", f"/bodies/{KEY}/steering/decisions"),
        ("steering", f"/arrangements/{KEY}"),
        ("steering", f"/arrangements/{KEY}/report"),
        ("steering", f"/arrangements/{KEY}/report/exposure"),
        ("steering", f"/arrangements/{KEY}/ladders/operational"),
    )
)
NOW = datetime(2026, 6, 3, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, Sent]]:
    """What every page that is measured sends, and the others, by the number of issues there are."""
    home = tmp_path_factory.mktemp("statements")
    return {count: _sent_with(count, home) for count in (FEW, MANY)}


def _sent_with(count: int, home: Path) -> dict[str, Sent]:
    database = Database(f"sqlite:///{home}/{count}.sqlite3")
    seed(database, Size(count, A_YEAR), NOW)
    settings = Settings.from_environment({"TRACKER_HOME": str(home)})
    try:
        return statements(database, settings, (*pages_of(database), *OTHERS), now=NOW)
    finally:
        database.dispose()


def test_a_page_sends_a_few_statements_whatever_it_shows(sent: dict[int, dict[str, Sent]]) -> None:
    counts = {name: len(each.statements) for name, each in sent[MANY].items() if name not in names.FORMS}
    assert {name: count for name, count in counts.items() if count > most_statements(name)} == {}


def test_ten_times_the_issues_take_the_same_statements(sent: dict[int, dict[str, Sent]]) -> None:
    slow = {names.THEMES, names.PAPER, names.PACK}  # which have charts only after a whole month
    full = sent[FEW].keys() - {page.name for page in OTHERS} - slow  # those on which there is something even with few
    few, many = ({name: len(sent[count][name].statements) for name in full} for count in (FEW, MANY))
    assert many == few


def test_a_list_of_fifty_issues_is_light(sent: dict[int, dict[str, Sent]]) -> None:
    assert sent[MANY][names.LIST].size <= 45_000
