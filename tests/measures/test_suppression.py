"""Small numbers: what is hidden, and that a reader who adds and subtracts cannot bring it back."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.measures.suppression import Key, ReportedCount, ShownCount, Sum, are_few, suppressed
from tracker.reports.themes.verdicts import people

ALL = "all"  # the key of a total, in the place of its row or column


def cell(count: int, reporters: int | None = None, *, narrow: bool = True) -> ReportedCount:
    """So many occurrences, by default each reported by somebody else."""
    return ReportedCount(count, frozenset(range(count if reporters is None else reporters)), narrow)


def table(
    cells: Mapping[tuple[Key, Key], ReportedCount], *, wide_totals: bool = True
) -> tuple[dict[Key, ReportedCount], list[Sum]]:
    """The cells of a table by (row, column) with its totals, and how they add up. Reporters of a total are a set:
    they do not add up. `wide_totals`: the totals are about whole organisations."""
    rows = dict.fromkeys(row for row, _ in cells)
    columns = dict.fromkeys(column for _, column in cells)
    lines = {(row, ALL): tuple(key for key in cells if key[0] == row) for row in rows}
    lines |= {(ALL, column): tuple(key for key in cells if key[1] == column) for column in columns}
    totals = {key: _total([cells[part] for part in parts], wide_totals) for key, parts in lines.items()}
    sums = [Sum(key, parts) for key, parts in lines.items()]
    sums += [
        Sum((ALL, ALL), tuple((row, ALL) for row in rows)),
        Sum((ALL, ALL), tuple((ALL, column) for column in columns)),
    ]
    return {**cells, **totals, (ALL, ALL): _total(cells.values(), wide_totals)}, sums


def _total(parts: Iterable[ReportedCount], is_wide: bool) -> ReportedCount:
    of = list(parts)
    reporters = frozenset[Hashable]().union(*(each.reporters for each in of))
    return ReportedCount(sum(each.count for each in of), reporters, narrow=not is_wide)


def texts(rows: Sequence[Sequence[int]], *, wide_totals: bool = True) -> list[str]:
    """A table as it is shown, its totals in the last place of each line and in the last line."""
    cells = {(row, column): cell(count) for row, line in enumerate(rows) for column, count in enumerate(line)}
    shown = suppressed(*table(cells, wide_totals=wide_totals))
    heads, columns = [*range(len(rows)), ALL], [*range(len(rows[0])), ALL]
    return [" ".join(shown[row, column].text for column in columns) for row in heads]


@pytest.mark.parametrize("many, few", [(0, False), (0.5, True), (1, True), (4, True), (5, False), (40, False)])
def test_of_one_to_four_people_only_that_they_are_few_is_said(many: float, few: bool) -> None:
    assert are_few(many) is few
    assert (people(many) == "fewer than 5") is few


def test_a_cell_of_fewer_than_five_reporters_is_hidden_however_much_they_reported() -> None:
    shown = suppressed({"a": cell(40, reporters=4), "b": cell(5), "c": cell(0)}, [])

    assert [shown[each].text for each in "abc"] == ["<5", "5", "0"]


def test_what_is_not_narrower_than_an_organisation_is_shown() -> None:
    assert suppressed({"pair": cell(1, narrow=False)}, [])["pair"] == ShownCount(1)


def test_a_second_is_hidden_in_its_row_and_its_column_and_so_is_what_would_bring_it_back() -> None:
    assert texts([[2, 9, 8], [7, 6, 5], [10, 12, 11]]) == [
        "<5 9 hidden 19",
        "hidden 6 hidden 18",
        "10 12 11 33",
        "19 27 24 70",
    ]


def test_where_nothing_else_stands_in_its_row_the_total_is_hidden_too() -> None:
    assert texts([[2, 0], [7, 9]]) == ["<5 0 hidden", "hidden 9 hidden", "9 9 18"]


def test_where_all_is_hidden_the_largest_is_not_even_said_to_be_small() -> None:
    assert texts([[1, 1], [1, 1]], wide_totals=False)[-1].endswith("hidden")


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_a_total_that_is_known_anyway_is_not_hidden_in_the_place_of_a_part(counts: list[int]) -> None:
    parts = {place: cell(count) for place, count in enumerate(counts)}
    whole: dict[Key, ReportedCount] = {**parts, ALL: cell(sum(counts), narrow=False)}
    shown = suppressed(whole, [Sum(ALL, tuple(parts))], known=[ALL])
    hidden = [place for place in parts if shown[place].value is None]

    assert shown[ALL].value == sum(counts)
    assert len(hidden) != 1 or sum(count > 0 for count in counts) == 1


def test_what_cannot_be_kept_leaves_nothing_else_open() -> None:
    """All that is recent is of one area, so its total tells it; that total tells nothing of what was before."""
    recent, before = {("a", 1): cell(2), ("b", 1): cell(0)}, {("a", 0): cell(2), ("b", 0): cell(13), ("c", 0): cell(9)}
    sums = [Sum((ALL, 1), tuple(recent)), Sum((ALL, 0), tuple(before))]
    wholes: dict[Key, ReportedCount] = {(ALL, 1): cell(2, narrow=False), (ALL, 0): cell(24, narrow=False)}
    shown = suppressed({**recent, **before, **wholes}, sums, known=wholes)

    assert [shown[key].text for key in before] == ["<5", "13", "hidden"]


def test_what_is_said_of_a_hidden_count_is_taken_for_known() -> None:
    """“at least 9” of ten in two leaves 9 and 1."""
    many = ReportedCount(9, frozenset(range(2)), least=9)
    cells: dict[Key, ReportedCount] = {"a": many, "b": cell(1), "c": cell(13), ALL: cell(23, narrow=False)}
    shown = suppressed(cells, [Sum(ALL, ("a", "b", "c"))], known=[ALL])

    assert [shown[key].text for key in "abc"] == ["<5", "<5", "hidden"]


def test_reporters_of_a_total_are_a_set_and_do_not_add_up() -> None:
    same = frozenset(range(3))
    cells, _ = table({("x", "jan"): ReportedCount(3, same), ("x", "feb"): ReportedCount(4, same)}, wide_totals=False)

    assert cells["x", ALL] == ReportedCount(7, same)
    assert cells["x", ALL].is_small


def test_a_second_cut_does_not_bring_back_what_the_first_hid() -> None:
    counts = {"jan": 2, "feb": 7, "mar": 8, "apr": 6, "may": 9}
    cells, sums = table({("site", month): cell(count) for month, count in counts.items()})
    by_quarter = {("site", "Q1"): cell(17), ("site", "Q2"): cell(15)}
    quarters = [
        Sum(("site", "Q1"), (("site", "jan"), ("site", "feb"), ("site", "mar"))),
        Sum(("site", "Q2"), (("site", "apr"), ("site", "may"))),
    ]

    alone = suppressed(cells, sums)
    together = suppressed({**cells, **by_quarter}, [*sums, *quarters])

    assert alone["site", "apr"].text == "hidden"  # which the quarter would undo
    assert "hidden" in {together["site", "feb"].text, together["site", "mar"].text, together["site", "Q1"].text}
    assert is_safe({**cells, **by_quarter}, [*sums, *quarters], together)


COUNTS = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 8, 11])
TABLES = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(COUNTS, min_size=width, max_size=width), min_size=1, max_size=3)
)


@settings(max_examples=150, deadline=None)
@given(TABLES, st.booleans())
def test_a_reader_who_solves_the_table_finds_no_hidden_number(rows: list[list[int]], wide_totals: bool) -> None:
    counts = {(row, column): cell(count) for row, line in enumerate(rows) for column, count in enumerate(line)}
    cells, sums = table(counts, wide_totals=wide_totals)

    assert is_safe(cells, sums, suppressed(cells, sums))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(COUNTS, min_size=4, max_size=4), min_size=1, max_size=2))
def test_nor_does_one_who_has_a_coarser_cut_of_it_too(rows: list[list[int]]) -> None:
    counts = {(row, column): cell(count) for row, line in enumerate(rows) for column, count in enumerate(line)}
    cells, sums = table(counts)
    halves = {(row, half): ((row, 2 * half), (row, 2 * half + 1)) for row in range(len(rows)) for half in (0, 1)}
    coarse = {("half", *key): cell(sum(cells[part].count for part in parts)) for key, parts in halves.items()}
    both, links = {**cells, **coarse}, [*sums, *(Sum(("half", *key), parts) for key, parts in halves.items())]

    assert is_safe(both, links, suppressed(both, links))


@given(TABLES)
def test_every_small_number_is_hidden_and_no_nought(rows: list[list[int]]) -> None:
    counts = {(row, column): cell(count) for row, line in enumerate(rows) for column, count in enumerate(line)}
    shown = suppressed(*table(counts))

    assert all(shown[key].value is None for key, each in counts.items() if each.is_small)
    assert all(shown[key] == ShownCount(0) for key, each in counts.items() if each.count == 0)


def is_safe(cells: Mapping[Key, ReportedCount], sums: Sequence[Sum], shown: Mapping[Key, ShownCount]) -> bool:
    """Whether a reader who tries every filling that fits finds at least two values for each hidden number.

    It knows that a hidden number is at least 1, and takes “<5” for less than 5 where that is true.
    """
    hidden = [key for key in cells if shown[key].value is None]
    most = max((each.count for each in cells.values()), default=0) + 2
    ends = {key: min(most, 4) if shown[key].is_small and cells[key].count < 5 else most for key in hidden}
    return all(_has_two(key, hidden, ends, cells, sums) for key in hidden)


def _has_two(
    key: Key, hidden: list[Key], ends: Mapping[Key, int], cells: Mapping[Key, ReportedCount], sums: Sequence[Sum]
) -> bool:
    others = [value for value in range(1, ends[key] + 1) if value != cells[key].count]
    nearest = sorted(others, key=lambda value: abs(value - cells[key].count))
    known = {each: cell.count for each, cell in cells.items() if each not in hidden}
    rest = [each for each in hidden if each != key]
    return any(next(_fillings({**known, key: value}, rest, ends, sums), None) is not None for value in nearest)


def _fillings(
    known: dict[Key, int], rest: list[Key], ends: Mapping[Key, int], sums: Sequence[Sum]
) -> Iterator[dict[Key, int]]:
    """Every way to fill in the rest. A sum with one gap fills it; else the next number is tried."""
    known, rest = dict(known), list(rest)
    while forced := _forced(known, sums):
        key, value = forced
        if not 1 <= value <= ends[key]:
            return
        known[key] = value
        rest.remove(key)
    if any(_difference(line, known) for line in sums if all(each in known for each, _ in line.signed())):
        return
    if not rest:
        yield known
        return
    for value in range(1, ends[rest[0]] + 1):
        yield from _fillings({**known, rest[0]: value}, rest[1:], ends, sums)


def _forced(known: Mapping[Key, int], sums: Sequence[Sum]) -> tuple[Key, int] | None:
    for line in sums:
        gaps = [(each, sign) for each, sign in line.signed() if each not in known]
        if len(gaps) == 1:
            return gaps[0][0], -gaps[0][1] * _difference(line, known)
    return None


def _difference(line: Sum, known: Mapping[Key, int]) -> int:
    return sum(sign * known[each] for each, sign in line.signed() if each in known)
