"""The step by which whoever raised an issue lets words of it be quoted: what they are asked, and who would read it."""

from dataclasses import dataclass

from tracker.pages.frames import side_class
from tracker.pages.part_views import Reader, Readers
from tracker.queries.story import Told
from tracker.records.issue import Issue
from tracker.rules.arrangement import Arrangement
from tracker.rules.quoting import LONGEST
from tracker.rules.wording import listed


@dataclass(frozen=True, slots=True)
class QuotationStep:
    """`quoted`: their words that are quoted now, "" for none; `words`: those to begin from; `most`: letters."""

    quoted: str
    words: str
    readers: Readers
    most: int = LONGEST


def draw_quotation_step(issue: Issue, arrangement: Arrangement, story: tuple[Told, ...]) -> QuotationStep:
    """As this reader's own story has it."""
    quoted = next((told.quoted for told in story if told.quoted), "")
    return QuotationStep(quoted, issue.detail or issue.title, _readers_of_quotations(issue, arrangement))


def _readers_of_quotations(issue: Issue, arrangement: Arrangement) -> Readers:
    """Everybody of a side reads reports of its issues; of other organisations those who see totals."""
    sides = [arrangement.organisations[each] for each in issue.side_ids]
    others = [each.name for each in arrangement.active_organisations() if each.id not in issue.side_ids]
    later = f"the steering members and leads of {listed(others)}" if others else ""
    return Readers(tuple(Reader(each.name, side_class(each.position)) for each in sides), later=later)
