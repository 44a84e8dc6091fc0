"""The Volvo incidents of 2010-2012 (BPI Challenge 2013) as a history file and a charter, with the figures expected."""

import csv
import gzip
import io
import os
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from pathlib import Path

FOLDER = Path(os.environ.get("TRACKER_REAL_DATA", "")) / "eventlogs"
COLUMNS = ("issue", "at", "event", "organisation", "to_organisation", "tier", "severity", "service_area", "outcome")
SEVERITIES = {"Low": "minor", "Medium": "serious", "High": "critical", "Major": "critical"}
LINES = ("First line", "Second line", "Third line")

Record = dict[str, str]


def history(name: str = "bpi2013_incidents") -> str:
    """The history file: support lines as tiers, organisation lines as organisations, Wait sub-statuses as pauses."""
    text = io.StringIO()
    sheet = csv.DictWriter(text, COLUMNS, restval="")
    sheet.writeheader()
    for _, records in groupby(_records(f"{name}_events"), key=lambda record: record["case_id"]):
        sheet.writerows(_case(list(records)))
    return text.getvalue()


def charter(name: str = "bpi2013_incidents", key: str = "VOLVO") -> str:
    """A charter with every organisation line of the log, always open, and the three support lines as its ladder."""
    names = sorted({record["org_line"] for record in _records(f"{name}_events")})
    opening = 'calendar = { zone = "Europe/Stockholm", mon-sun = ["00:00-24:00"] }'
    organisations = [f'[[organisation]]\nkey = "{slug(name)}"\nname = "{name}"\n{opening}' for name in names]
    people = [
        f'[[person]]\nemail = "lead@{slug(name)}.example"\nname = "Lead of {name}"\norganisation = "{slug(name)}"\n'
        'roles = ["lead", "manager"]'
        for name in names
    ]
    seats = ", ".join(f'{{ person = "lead@{slug(name)}.example", holds = true }}' for name in names)
    bodies = [f'[[body]]\nkey = "{slug(line)}"\nname = "{line}"\nseats = [{seats}]' for line in LINES]
    tiers = ", ".join(f'{{ body = "{slug(line)}", limit = "5 working days" }}' for line in LINES)
    ladder = f'[[ladder]]\nkey = "support"\nname = "Support lines"\ndefault = true\ntiers = [{tiers}]'
    partnership = f'[partnership]\nkey = "{key}"\nname = "Volvo IT incidents"\nzone = "Europe/Stockholm"'
    return "\n\n".join([partnership, *organisations, *people, *bodies, ladder]) + "\n"


def expected(name: str = "bpi2013_incidents") -> dict[str, dict[str, int | str]]:
    """The figures computed straight from the log, by case, under the names of the ladder report."""
    return {
        record["case_id"]: {
            "tier_path": record["tier_path"],
            "max_tier": int(record["max_tier"]),
            "tiers_up": int(record["n_tier_up"]),
            "tiers_down": int(record["n_tier_down"]),
            "hand_overs": int(record["n_org_line_handovers"]),
            "ping_pong": int(record["org_line_pingpong_returns"]),
            "reopens": int(record["n_reopens"]),
            "paused_seconds": int(record["wait_s"]),
            "elapsed_seconds": int(record["elapsed_s"]),
        }
        for record in _records(f"{name}_expected")
    }


def slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _records(name: str) -> list[Record]:
    with gzip.open(FOLDER / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _case(records: list[Record]) -> Iterator[Record]:
    """“Unmatched” is no status of its own: the one before it goes on."""
    for before, record in pairwise(records):
        if record["status"] == "Unmatched":
            record["status"] = before["status"]
    first = records[0]
    yield _row(first, "raised", severity=SEVERITIES[first["impact"]], service_area=first["product"])
    yield from (_row(first, event) for event in _becomes("", first))
    for before, record in pairwise(records):
        yield from list(_moves(before, record)) or [_row(record, "note")]


def _moves(before: Record, record: Record) -> Iterator[Record]:
    """What one record of the log says happened since the one before it; all of it at the same time."""
    if _waits(before) and not _waits(record):
        yield _row(before, "resumed", at=record["timestamp"])
    if before["status"] == "Completed" and record["status"] in {"Accepted", "Queued"}:
        yield _row(before, "reopened", at=record["timestamp"])
    if record["org_line"] != before["org_line"]:
        to = {"organisation": slug(before["org_line"]), "to_organisation": slug(record["org_line"])}
        yield _row(before, "handed_over", at=record["timestamp"], **to)
    if _tier(record) != _tier(before):
        yield _row(record, "escalated" if _tier(record) > _tier(before) else "handed_down")
    yield from (_row(record, event) for event in _becomes(before["status"], record, waited=_waits(before)))


def _becomes(status: str, record: Record, *, waited: bool = False) -> Iterable[str]:
    if _waits(record) and not waited:
        yield "paused"
    if record["status"] == "Completed" and status != "Completed":
        yield "resolved"


def _row(record: Record, event: str, *, at: str = "", **cells: str) -> Record:
    outcome = "solved" if event == "resolved" else ""
    return {
        "issue": record["case_id"],
        "at": at or record["timestamp"],
        "event": event,
        "organisation": slug(record["org_line"]),
        "tier": str(_tier(record)),
        "outcome": outcome,
        **cells,
    }


def _waits(record: Record) -> bool:
    return record["sub_status"].startswith("Wait")


def _tier(record: Record) -> int:
    team = record["support_team"]
    return 3 if team.endswith("3rd") else 2 if team.endswith("2nd") else 1
