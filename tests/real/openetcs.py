"""The minutes of the openETCS partnership, 2013 and 2014, as a history file and a charter of its organisations."""

import csv
import gzip
import io
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ.get("TRACKER_REAL_DATA", "")) / "text"
COLUMNS = [
    *("issue", "at", "event", "organisation", "to_organisation"),
    *("tier", "title", "detail", "service_area", "outcome"),
]
CHAIR = "DB"  # calls the meetings up and writes the minutes
TIERS = {"Weekly": 1, "PCC": 2}  # the weekly meetings by work package; the project coordination committee
NO_ORGANISATION = re.compile(r"Decision|Discussion|Result")  # words of the minutes that stand in the list of partners
VOTED_ON = {  # what the committee voted on, by the item of the minutes that tells of it
    ("2013-07-01", "Project cooperation agreement (PCA) accepted"): "PCC-2013-07-01-009",
    ("2013-07-01", "Full project proposal (FPP) accepted"): "PCC-2013-07-01-010",
    ("2013-08-06", "PCA version 2.0.3 confirmed"): "PCC-2013-08-06-016",
    ("2013-10-08", "D7.1 as a package"): "PCC-2013-10-08-023",
}
REOPENED = "PCC-2013-07-01-010"  # its comments had not been considered

Item = dict[str, str]


def items() -> list[Item]:
    with gzip.open(FOLDER / "openetcs_governance_minutes.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def organisations() -> list[str]:
    """The partners whose presence a committee meeting recorded."""
    named = {name.strip() for item in items() for name in item["organisations_present"].split(";")}
    return sorted(name for name in named if name and not NO_ORGANISATION.match(name))


def votes() -> dict[str, dict[str, Any]]:
    """The votes, by the item of the minutes that tells of each."""
    facts = json.loads((FOLDER / "openetcs_partnership_facts.json").read_text(encoding="utf-8"))
    decisions = {
        (item["meeting_date"], f"D{item['topic'].split()[1]}"): item["item_id"]
        for item in items()
        if re.fullmatch(r"Decision \d+", item["topic"])
    }
    places = {**decisions, **VOTED_ON}
    return {places[vote["date"], vote["topic"]]: vote for vote in facts["votes"]}


def history() -> str:
    """One issue an item: raised by the chair, with the first partner that its text names; a vote resolves it."""
    text = io.StringIO()
    sheet = csv.DictWriter(text, COLUMNS, restval="")
    sheet.writeheader()
    voted = votes()
    for item in items():
        sheet.writerows(_rows(item, voted.get(item["item_id"])))
    return text.getvalue()


def charter() -> str:
    """A charter of the partners, the work packages as service areas, the two kinds of meeting as a ladder."""
    opening = 'calendar = { zone = "Europe/Berlin", mon-fri = ["09:00-17:00"] }'
    tables = ['[partnership]\nkey = "OETCS"\nname = "openETCS"\nzone = "Europe/Berlin"']
    for name in organisations():
        tables.append(f'[[organisation]]\nkey = "{slug(name)}"\nname = "{name}"\n{opening}')
        person = f'email = "lead@{slug(name)}.example"\nname = "Lead of {name}"\norganisation = "{slug(name)}"'
        tables.append(f'[[person]]\n{person}\nroles = ["lead", "steering"]')
    seats = ", ".join(f'{{ person = "lead@{slug(name)}.example", holds = true }}' for name in organisations())
    tables += [f'[[body]]\nkey = "{forum.lower()}"\nname = "{forum}"\nseats = [{seats}]' for forum in TIERS]
    tiers = ", ".join(f'{{ body = "{forum.lower()}", limit = "5 working days" }}' for forum in TIERS)
    tables.append(f'[[ladder]]\nkey = "meetings"\nname = "Meetings"\ndefault = true\ntiers = [{tiers}]')
    areas = sorted({item["topic"] for item in items() if area(item)})
    tables += [f'[[service_area]]\nkey = "{topic.split(":")[0].lower()}"\nname = "{topic}"' for topic in areas]
    return "\n\n".join(tables) + "\n"


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def area(item: Item) -> str:
    """The key of the work package that an item is about, if it is about one."""
    found = re.match(r"(WP\d|PMB):", item["topic"])
    return found[1].lower() if found else ""


def asked(item: Item) -> str:
    """The first partner other than the chair that the text of an item names."""
    text = item["text_people_masked"]
    places = {name: re.search(rf"\b{re.escape(name)}\b", text) for name in organisations() if name != CHAIR}
    named = sorted((found.start(), name) for name, found in places.items() if found)
    return named[0][1] if named else ""


def _rows(item: Item, vote: dict[str, Any] | None) -> Iterator[Item]:
    said = {"title": item["topic"], "detail": item["text_people_masked"], "service_area": area(item)}
    yield _row(item, "raised", to_organisation=slug(asked(item)), **said)
    if vote is None:
        return
    yield _row(item, "proposed", detail=vote["topic"])
    result = vote.get("result", "accepted")
    if result != "no result recorded":
        yield _row(item, "resolved", detail=result, outcome="not_solved" if result == "not accepted" else "solved")
    if item["item_id"] == REOPENED:
        yield _row(item, "reopened", detail=vote["note"])


def _row(item: Item, event: str, **cells: str) -> Item:
    known = {"issue": item["item_id"], "at": item["meeting_date"], "organisation": slug(CHAIR)}
    return {**known, "event": event, "tier": str(TIERS[item["forum"]]), **cells}
