"""Figures of two runs beside each other."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench import pages as names
from tests.bench.compared import got_worse


def _figures(speed: float = 1.0, **desk: float) -> dict[str, Any]:
    """Of a machine that takes `speed` times as long; the desk with figures of its own."""

    def page(p50: float, cpu: float, per_second: float, size: float) -> dict[str, Any]:
        loads = {name: {"per_second": per_second / speed, "slowest": 9.0} for name in ("many", "crowd")}
        return {"p50": p50 * speed, "cpu": cpu * speed, **loads, "statements": 5, "bytes": size}

    desk_page = page(**{"p50": 4.0, "cpu": 3.0, "per_second": 300.0, "size": 20_000, **desk})
    pages = {names.FLOOR: page(2.0, 1.5, 800.0, 9000), names.DESK: desk_page}
    return {"databases": [{"issues": 10_000, "pages": pages}]}


def _kept(folder: Path) -> Path:
    file = folder / "before.json"
    file.write_text(json.dumps(_figures()))
    return file


@pytest.mark.parametrize("speed", [0.5, 1.0, 3.0])
def test_a_slower_machine_makes_nothing_worse(tmp_path: Path, speed: float) -> None:
    assert got_worse(_kept(tmp_path), _figures(speed)) == []


@pytest.mark.parametrize(
    "change, said, times",
    [
        ({"p50": 8.0}, "p50 in floors", 2.0),
        ({"cpu": 4.5}, "cpu in floors", 1.5),
        ({"size": 30_000}, "bytes", 1.5),
    ],
    ids=["slower", "more of the processor", "heavier"],
)
def test_what_is_worse_by_more_than_a_tenth_is_named(
    tmp_path: Path, change: dict[str, Any], said: str, times: float
) -> None:
    (found,) = got_worse(_kept(tmp_path), _figures(2.0, **change))
    assert found.what == f"10,000 issues: {names.DESK}: {said}"
    assert found.times == pytest.approx(times)


def test_fewer_answers_under_load_are_worse(tmp_path: Path) -> None:
    found = got_worse(_kept(tmp_path), _figures(per_second=150.0))
    assert [each.times for each in found] == [2.0, 2.0]


def test_a_tenth_is_not_more_than_a_tenth_and_sizes_that_were_not_measured_do_not_count(tmp_path: Path) -> None:
    now = _figures(p50=4.3)
    now["databases"].append({"issues": 1_000_000, "pages": {}})
    assert got_worse(_kept(tmp_path), now) == []
