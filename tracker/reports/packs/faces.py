"""A pack as files: the paper for the meeting, and a workbook with a sheet for each part."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from tracker.reports.packs.reading import headlines, ordinary
from tracker.reports.paper import paper
from tracker.reports.spreadsheet import Sheet, Value, workbook
from tracker.rules.arrangement import PaperSize
from tracker.rules.packs import Content

_AGENDA = (
    "Issue", "Title", "Matters", "Between", "Whose turn", "Here since", "Limit", "Tier", "What happened",
    "Story so far", "Papers",
)  # fmt: skip
_DECISIONS = ("Decision", "What", "Decided on", "Due on", "State", "Owners")
_THEMES = ("Theme", "Verdict", "Occurrences", "Before", "Issues", "Open", "Solved", "Resolved, not solved")
_COUNTS = ("occurrences", "before", "issues", "open", "solved", "not_solved")
NOTHING_CHANGED = "Nothing changed."
_QUOTATIONS = ("Theme", "Quotation", "Said by")

Row = tuple[Value, ...]


def as_pdf(content: Content) -> bytes:
    """As its reader may see it; `changed` (sentences) says what changed since it was frozen."""
    return paper("pack", content, PaperSize(content.get("paper", PaperSize.A4)))


def as_xlsx(content: Content) -> bytes:
    """Sheets: what changed since it was published, what did since the last pack, Agenda, Decisions, and where the
    reader has the theme report, what is new since the last meeting, Headlines, Themes and Quotations."""
    return workbook(_sheets(content), f"Pack for {content['meeting']}")


def as_json(content: Content) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


FACES: Mapping[str, Callable[[Content], bytes]] = {"pdf": as_pdf, "xlsx": as_xlsx, "json": as_json}


def _sheets(content: Content) -> Iterator[Sheet]:
    if changed := content.get("changed"):
        yield Sheet("Changed since", ("What changed since it was published",), [(each,) for each in changed])
    if since := content.get("since_last"):
        told = content["changed_since_last"] or [NOTHING_CHANGED]
        yield Sheet("Since the last pack", (f"Changed since the last pack: {since['meeting']}",), [(t,) for t in told])
    yield Sheet("Agenda", _AGENDA, [_agenda(item) for item in content["agenda"]])
    yield Sheet("Decisions", _DECISIONS, [_decision(decision) for decision in content["decisions"]])
    report = content["themes"]
    if not report:
        return
    lines = (*report["themes"], report["untagged"])
    if opening := report.get("opening"):
        yield Sheet("New", (opening["since"],), [(each,) for each in opening["news"]])
    if (found := headlines(report)) is not None:
        told = [(each.sentence, each.around) for each in found] or [(ordinary(report), "")]
        yield Sheet(
            "Headlines", ("Headline", "How it stands"), [*told, (report.get("rest"), ""), (report.get("chance"), "")]
        )
    yield Sheet("Themes", _THEMES, [_theme(line) for line in lines])
    if quoted := report.get("quotations"):
        names = {line["key"]: line["name"] for line in lines}
        yield Sheet("Quotations", _QUOTATIONS, [(names[each["theme"]], each["text"], each["by"]) for each in quoted])


def _agenda(item: Content) -> Row:
    tier = next((rung["name"] for rung in item["ladder"] if rung["here"]), None)
    account = "\n".join(f"{each['who']}, {each['when']}: {each['text']}" for each in item.get("account", ()))
    return (
        item["ref"],
        item["title"],
        item["severity"],
        " and ".join(item["sides"]),
        item["ball"],
        date.fromisoformat(item["since_on"]) if "since_on" in item else item["since"],
        item["limit"] or None,
        tier,
        account or None,
        "\n".join(item["story"]) or None,
        "\n".join(_paper(each) for each in item["papers"]) or None,
    )


def _paper(side: Content) -> str:
    return "\n".join(f"{side['organisation']}. {part['label']}: {part['text']}" for part in side["parts"])


def _decision(each: Content) -> Row:
    days = (date.fromisoformat(each[name]) for name in ("decided_on", "due_on"))
    return (each["number"], each["what"], *days, each["state"], "\n".join(each["owners"]))


def _theme(line: Content) -> Row:
    verdict = line.get("verdict")  # packs that were frozen first have none
    said = line.get("standing") or (verdict["label"] if verdict else None)
    open_now = line.get("open_now", {}).get("issues", line["open"])
    counts = {**line, "open": open_now}
    return line["name"], said, *(counts[name] for name in _COUNTS)
