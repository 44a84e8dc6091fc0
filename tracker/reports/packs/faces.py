"""A pack as files: the paper for the meeting, and a workbook with a sheet for each part."""

from collections.abc import Callable, Iterator, Mapping

from tracker.reports.packs.reading import headlines
from tracker.reports.paper import paper
from tracker.reports.spreadsheet import Sheet, Value, workbook
from tracker.rules.packs import Content

_AGENDA = (
    "Issue", "Title", "Matters", "Between", "Ball with", "Here since", "Limit", "Tier", "What happened",
    "Story so far",
)  # fmt: skip
_DECISIONS = ("Decision", "What", "Decided on", "Due on", "State", "Owners")
_THEMES = ("Theme", "Verdict", "Occurrences", "Before", "Issues", "Open", "Solved", "Resolved, not solved")
_COUNTS = ("occurrences", "before", "issues", "open", "solved", "not_solved")
_QUOTATIONS = ("Theme", "Quotation", "Said by")

Row = tuple[Value, ...]


def as_pdf(content: Content) -> bytes:
    """As its reader may see it; `changed` (sentences) says what changed since it was frozen."""
    return paper("pack", content)


def as_xlsx(content: Content) -> bytes:
    """Sheets: Agenda, Decisions, and where the reader has the theme report, Headlines, Themes and Quotations."""
    return workbook(_sheets(content), f"Pack for {content['meeting']}")


FACES: Mapping[str, Callable[[Content], bytes]] = {"pdf": as_pdf, "xlsx": as_xlsx}


def _sheets(content: Content) -> Iterator[Sheet]:
    yield Sheet("Agenda", _AGENDA, [_agenda(item) for item in content["agenda"]])
    yield Sheet("Decisions", _DECISIONS, [_decision(decision) for decision in content["decisions"]])
    report = content["themes"]
    if not report:
        return
    lines = (*report["themes"], report["untagged"])
    if sentences := headlines(report):
        yield Sheet("Headlines", ("Headline",), [*((words,) for words, _ in sentences), (report.get("chance"),)])
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
        item["since"],
        item["limit"] or None,
        tier,
        account or None,
        "\n".join(item["story"]) or None,
    )


def _decision(each: Content) -> Row:
    return each["number"], each["what"], each["decided_on"], each["due_on"], each["state"], "\n".join(each["owners"])


def _theme(line: Content) -> Row:
    verdict = line.get("verdict")  # packs that were frozen first have none
    return line["name"], verdict["label"] if verdict else None, *(line[name] for name in _COUNTS)
