"""What in a charter is taken as it stands, and is worth a look: it is hardly meant."""

from collections.abc import Iterator
from datetime import datetime

from tracker.exchange.charter.charter import Charter
from tracker.queries.arrangement_tables import parts_with_more
from tracker.records.governance import meetings_after, no_meeting_text
from tracker.rules.wording import listed


def remarks(charter: Charter, now: datetime) -> Iterator[str]:
    """A sentence for each, by table, key and field."""
    for organisation in charter.organisation.values():
        if remark := holidays_remark(organisation.calendar.holidays):
            yield f"[[organisation]] {organisation.key}, calendar, holidays: {remark}"
    for body in charter.body.values():
        if body.meets and not meetings_after(body.meets, now):
            yield f"[[body]] {body.key}, meets: {no_meeting_text(body.meets)}"


def holidays_remark(code: str | None) -> str:
    """That a list of public holidays is of a whole country, where its parts keep more; "" where they do not."""
    parts = parts_with_more(code) if code else ()
    if not parts:
        return ""
    return f"“{code}” leaves out the public holidays that only parts of the country keep; its parts are {listed(parts)}"
