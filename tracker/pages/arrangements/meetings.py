"""One meeting of a body, cancelled or put off: in force at once, as no limit comes nearer by it."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.exchange.charter.revisions import with_entry
from tracker.pages.arrangements.bodies import body_of, draw_body, next_meetings
from tracker.pages.arrangements.door import ArrangementRequest, version_in
from tracker.pages.web.forms import Form, Shape, read
from tracker.rules.meetings import without_meeting
from tracker.rules.spans import in_utc


class MeetingForm(Shape):
    """Which meeting (its moment), and the day and hour to which it is put off, by the partnership's clock."""

    sentences = {"meeting": "Choose one of the next meetings."}
    meeting: datetime
    becomes: Literal["cancelled", "put_off"] = "cancelled"
    later_on: date | None = None
    later_at: time | None = None

    def instead(self, zone: str) -> datetime | None:
        if self.becomes == "cancelled" or self.later_on is None or self.later_at is None:
            return None
        return in_utc(datetime.combine(self.later_on, self.later_at, ZoneInfo(zone)))

    def wrong(self, planned: tuple[datetime, ...], zone: str) -> dict[str, str]:
        """What cannot be meant, by field."""
        if self.meeting.tzinfo is None or self.meeting not in planned:
            return {"meeting": self.sentences["meeting"]}
        if self.becomes == "cancelled":
            return {}
        if self.later_on is None or self.later_at is None:
            missing = {"later_on": (self.later_on, "Give the day."), "later_at": (self.later_at, "Give the hour.")}
            return {name: reason for name, (given, reason) in missing.items() if given is None}
        later = self.instead(zone)
        if later is None or later <= self.meeting:
            return {"later_on": "Give a later day or hour: an earlier meeting is a change that all leads agree."}
        return {}


@post("/arrangements/{key:str}/bodies/{body_key:str}/meetings", sync_to_thread=True)
def move_meeting(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], body_key: FromPath[str]
) -> Response[bytes]:
    """One of the next meetings, cancelled or put off. Limits that wait for it are worked out anew."""
    body = body_of(asked.charter(), body_key)
    asked.require_lead()
    typed, state = read(MeetingForm, form)
    if typed and (wrong := typed.wrong(next_meetings(body.meets, asked.now), asked.agreed.zone)):
        typed, state = None, replace(state, errors=wrong, open=True)
    status = 422
    if typed and body.meets:
        meets = without_meeting(body.meets, typed.meeting, typed.instead(asked.agreed.zone))
        change = with_entry("body", body.model_copy(update={"meets": meets}))
        speaks = asked.speaking(form)
        status, state = asked.keep(change, "body", body_key, version_in(form), state, organisation=speaks)
    return (
        asked.sent(state, "bodies", body_key) if status == 303 else draw_body(asked, body_key, one=state, status=status)
    )


routes = [move_meeting]
