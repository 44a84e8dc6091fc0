"""Who had the ball: whose turn it was, how it passed from hand to hand, how soon it was settled whose an issue is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from itertools import combinations
from math import ceil
from typing import Any

from tracker.measures.ball import NOBODY_NAMED, OUTSIDER, BallState, BallTime, ContestedDays, Matrix, net_imbalance
from tracker.reports.ladder.numbers import Number, What
from tracker.reports.ladder.report import LadderReport
from tracker.reports.ladder.tables import Column, LadderSection, ShareBar, TableLine
from tracker.reports.ladder.words import Address, figure, organisation_names
from tracker.reports.sentences import Count, Sentence
from tracker.reports.spreadsheet import Sheet
from tracker.rules.spans import ONE_DAY
from tracker.rules.wording import say_count

_DARKEST = 4
_TURNS = (Column("Had the turn"), Column("Was waited for"), Column("Days an issue"), Column("Share of the time", "bar"))


def whose_turn(report: LadderReport, at: Address) -> LadderSection:
    """Every organisation in the partnership's order, then whoever else was waited for. Time in which it was nobody's
    turn (before it was on a ladder, once it was resolved) is left out."""
    running = {lay: length for lay, length in report.ball.spent.items() if lay[0] in (BallState.HELD, BallState.PAUSED)}
    ball, issues = BallTime(running), max(1, report.totals.issues)
    names = {**organisation_names(report.arrangement), NOBODY_NAMED: "Nobody named", OUTSIDER: "Outsiders"}
    keys = dict.fromkeys([*report.organisations, *(whose for _, whose in running)]) if ball.elapsed else ()
    lines = tuple(TableLine(names.get(key, key), _turn(key, ball, issues, at)) for key in keys)
    label = "Whose turn it was"
    return LadderSection(label, (), label, "climb", "Organisation", _TURNS, lines)


def hand_to_hand(report: LadderReport, at: Address) -> LadderSection:
    """From each organisation to each, in the partnership's order."""
    matrix, known = report.hand_overs.matrix, organisation_names(report.arrangement)
    keys, most = _keys(report), max(matrix.values(), default=1)
    names = {key: known.get(key, key) for key in keys}
    columns = tuple(Column(f"to {names[taker]}") for taker in keys)
    lines = tuple(
        TableLine(names[giver], tuple(_cell((giver, taker), matrix, most, at) for taker in keys)) for giver in keys
    )
    words = tuple(_passed(report, names, at)) if matrix else ()
    label = "From whom to whom the turn passed"
    return LadderSection("From hand to hand", words, label, "heat", "From", columns, lines)


def values(report: LadderReport) -> dict[str, Any]:
    passed = report.hand_overs
    return {
        "ball_time": [
            {"where": lay.value, "whose": whose or None, "seconds": round(length.total_seconds())}
            for (lay, whose), length in report.ball.spent.items()
        ],
        "hand_overs": {
            "transfers": [{"from": one, "to": other, "count": n} for (one, other), n in passed.matrix.items()],
            "returns": passed.returns,
            "to_and_fro": passed.flagged,
            "contested": asdict(passed.contested),
        },
    }


def sheets(report: LadderReport) -> Iterator[Sheet]:
    spent, matrix = report.ball.spent, report.hand_overs.matrix
    days = [(lay.value, whose, length / ONE_DAY) for (lay, whose), length in spent.items()]
    yield Sheet("Whose turn", ("where it lay", "organisation", "days"), days)
    times = [(one, other, count, net_imbalance(matrix, one, other)) for (one, other), count in matrix.items()]
    yield Sheet("Hand-overs", ("from", "to", "times", "net imbalance"), times)


def _turn(key: str, ball: BallTime, issues: int, at: Address) -> tuple[Count, ...]:
    held, waited = ball.held(key), ball.paused_on(key)
    both = held + waited
    return (
        Count(_percent(held, ball.elapsed), at(Number(What.HELD, by=key))),
        Count(_percent(waited, ball.elapsed), at(Number(What.WAITED_FOR, by=key))),
        Count(f"{both / ONE_DAY / issues:.1f}", at(Number(What.TURN, by=key)) if both else ""),
        ShareBar("", tenths=round(10 * (both / ball.elapsed))),
    )


def _percent(length: timedelta, whole: timedelta) -> str:
    return f"{100 * (length / whole):.0f} %" if length else ""


def _keys(report: LadderReport) -> Sequence[str]:
    """Of those that ever had it: the partnership's, then others."""
    met = {key for pair in report.hand_overs.matrix for key in pair}
    known = [key for key in report.organisations if key in met]
    return [*known, *sorted(met - set(known))]


def _cell(move: tuple[str, str], matrix: Matrix, most: int, at: Address) -> Count:
    count = matrix.get(move, 0)
    return _times(move, str(count), at, ceil(_DARKEST * count / most)) if count else Count("")


def _times(move: tuple[str, str], text: str, at: Address, heat: int = 0) -> Count:
    giver, taker = move
    return Count(text, at(Number(What.PASSED, by=giver, to=taker)), heat)


def _passed(report: LadderReport, names: Mapping[str, str], at: Address) -> Iterator[str | Count]:
    passed = report.hand_overs
    yield "The turn passed on "
    yield figure(sum(passed.matrix.values()), at, What.PASSED, unit="time")
    yield ", "
    yield figure(passed.returns, at, What.RETURNED)
    yield " of them to one that had had it before."
    if passed.flagged:
        yield " "
        yield figure(passed.flagged, at, What.TO_AND_FRO, unit="issue")
        yield " went to and fro, with two returns or more."
    yield from _settling(passed.contested, at)
    for pair in combinations(names, 2):
        yield from _net(*pair, passed.matrix, names, at)


def _settling(contested: ContestedDays, at: Address) -> Sentence:
    """A sentence, led by a blank, on how long it took until it was settled whose such issues are; () of none."""
    if not contested.issues:
        return ()
    if contested.median is None:
        return (" How long it takes until it is settled whose they are is not yet known.",)
    half = f" Half were settled within {say_count(ceil(contested.median), 'day')} of first passing on"
    if not contested.not_settled:
        return (f"{half}.",)
    last = figure(contested.not_settled, at, What.NOT_SETTLED)
    return (f"{half}; ", last, f" {'is' if contested.not_settled == 1 else 'are'} not over yet.")


def _net(one: str, other: str, matrix: Matrix, names: Mapping[str, str], at: Address) -> Sentence:
    """A sentence: “From A to B 9 times, 3 back: a net 50 %.”, led by a blank; () where as much came back."""
    net = net_imbalance(matrix, one, other)
    if not net:
        return ()
    giver, taker = (one, other) if net > 0 else (other, one)
    there, back = matrix.get((giver, taker), 0), matrix.get((taker, giver), 0)
    return (
        f" From {names[giver]} to {names[taker]} ",
        _times((giver, taker), say_count(there, "time"), at),
        ", ",
        _times((taker, giver), str(back), at) if back else Count("0"),
        f" back: a net {100 * abs(net):.0f} %.",
    )
