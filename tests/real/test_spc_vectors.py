"""Control charts against published examples and the NHS tools (spc/README.md)."""

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracker.measures.control_charts import Chart, anhoej, laney_p, laney_u, p_chart, u_chart, xmr
from tracker.measures.run_rules import seven_in_a_trend, seven_on_one_side, two_of_three

FOLDER = Path(os.environ["TRACKER_REAL_DATA"]) / "spc"
FACTS = json.loads((FOLDER / "spc_vectors.json").read_text())

DRAWN: dict[str, Callable[..., Chart]] = {"p": p_chart, "u": u_chart}

Vector = dict[str, Any]


def named(vector: Vector) -> str:
    return str(vector.get("id") or vector.get("rule") or vector.get("n"))


def heights(line: float | tuple[float, ...], points: int) -> tuple[float, ...]:
    return line if isinstance(line, tuple) else (line,) * points


def numbers(file: str, column: str) -> list[float]:
    with (FOLDER / file).open(newline="") as rows:
        return [float(row[column]) for row in csv.DictReader(rows)]


@pytest.mark.parametrize("vector", FACTS["attribute_and_individual_charts"], ids=named)
def test_a_textbook_example_has_its_lines_and_points_outside(vector: Vector) -> None:
    points = vector["points"]
    chart = DRAWN[vector["chart"]]([point["numerator"] for point in points], [point["denominator"] for point in points])

    for ours, theirs in (("values", "value"), ("centre", "cl"), ("lower", "lcl"), ("upper", "ucl")):
        expected = [point[theirs] for point in points]
        assert heights(getattr(chart, ours), len(points)) == pytest.approx(expected, abs=1e-9)
    assert ["outside" in chart.signals.get(index, ()) for index in range(len(points))] == [
        point["outside"] for point in points
    ]


@pytest.mark.parametrize("vector", FACTS["attribute_and_individual_charts"], ids=named)
def test_a_textbook_example_has_its_runs(vector: Vector) -> None:
    """Theirs are counted about the mean, ours about the median: no point of these lies between the two."""
    chart, runs = anhoej([point["value"] for point in vector["points"]]), vector["runs"]

    assert (chart.longest_run, chart.longest_allowed) == (runs["longest_run"], runs["longest_run_limit"])
    assert (chart.crossings, chart.crossings_needed) == (runs["crossings"], runs["crossings_min"])
    assert chart.has_signal == runs["signal"]


@pytest.mark.parametrize("vector", FACTS["xmr"], ids=named)
def test_the_nhs_tools_draw_the_same_individuals(vector: Vector) -> None:
    chart = xmr(vector["values"], screen=vector["screen_outlying_moving_ranges"])

    assert {"mean": chart.centre, "lower": chart.lower, "upper": chart.upper} == pytest.approx(
        vector["expected"], abs=vector["tolerance"]
    )


def flags(vector: Vector) -> list[int]:
    points = vector["input"]
    if vector["rule"] == "two_of_three":
        return two_of_three([bool(point) for point in points], vector["side_of_mean"])
    return {"seven_one_side": seven_on_one_side, "seven_trend": seven_in_a_trend}[vector["rule"]](points)


@pytest.mark.parametrize("vector", FACTS["rules"], ids=named)
def test_the_nhs_rules_mark_the_same_points(vector: Vector) -> None:
    assert flags(vector) == vector["expected"]


@pytest.mark.parametrize("vector", FACTS["run_chart_critical_values"], ids=named)
def test_a_run_chart_allows_and_needs_as_much(vector: Vector) -> None:
    pairs, odd = divmod(vector["n"], 2)
    chart = anhoej([1, -1] * pairs + [1, 0, 0] * odd)

    assert (chart.longest_allowed, chart.crossings_needed) == (vector["longest_run_max"], vector["crossings_min"])


@pytest.mark.parametrize("vector", FACTS["nist"], ids=named)
def test_a_handbook_example_has_its_lines(vector: Vector) -> None:
    counts = vector["counts"]
    chart = p_chart(counts, [vector["n"]] * len(counts))
    lines = {
        "cl": chart.centre,
        "ucl": heights(chart.upper, len(counts))[0],
        "lcl": heights(chart.lower, len(counts))[0],
    }

    assert lines == pytest.approx(vector["expected"], abs=vector["tolerance"])


def test_no_vector_of_what_is_measured_here_is_left_out() -> None:
    assert {group: len(vectors) for group, vectors in FACTS.items() if group != "assurance"} == {
        "attribute_and_individual_charts": 2,
        "xmr": 3,
        "rules": 9,
        "run_chart_critical_values": 40,
        "nist": 1,
    }


def outside(chart: Chart) -> set[int]:
    return {index for index, names in chart.signals.items() if "outside" in names}


def test_infections_fall_out_of_the_limits_of_the_first_two_years() -> None:
    chart = u_chart(numbers("cdi.csv", "n"), numbers("cdi.csv", "days"), baseline=24)

    assert len(chart.values) == 36
    assert {index for index, names in chart.signals.items() if "run" in names} >= set(range(30, 36))
    assert outside(chart) & set(range(24)) <= {19}


def test_large_numbers_need_laneys_limits() -> None:
    complaints, sales = numbers("complaints.csv", "complaints"), numbers("complaints.csv", "sales")
    seen, attended = numbers("nhs_accidents.csv", "r"), numbers("nhs_accidents.csv", "n")

    assert len(outside(u_chart(complaints, sales))) > 5 > len(outside(laney_u(complaints, sales)))
    assert len(outside(p_chart(seen, attended))) > 5
    assert outside(laney_p(seen, attended)) == set()
