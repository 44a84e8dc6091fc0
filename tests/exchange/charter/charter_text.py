"""A small charter to load and to spoil: two organisations, a ladder of its own and one from a starter."""

CHARTER = """
[partnership]
key = "RIV"
name = "Riverside Integrated Discharge"
zone = "Europe/London"

[[organisation]]
key = "acute"
name = "Riverside Hospitals"
[organisation.calendar]
zone = "Europe/London"
mon-fri = ["09:00-12:30", "13:00-17:00"]
holidays = "GB-ENG"
closed = [2026-12-24]
open = [{ day = 2026-12-27, hours = ["10:00-14:00"] }]

[[organisation]]
key = "council"
name = "Riverside Council"
calendar = { zone = "Europe/London", mon-thu = ["09:00-17:00"], fri = ["09:00-16:30"], holidays = "GB-ENG" }

[[person]]
email = "sam@acute.example"
name = "Sam Okafor"
organisation = "acute"
roles = ["front_line"]

[[person]]
email = "jo@acute.example"
name = "Jo Lind"
organisation = "acute"
roles = ["manager", "lead"]

[[person]]
email = "kim@council.example"
name = "Kim Tran"
organisation = "council"
roles = ["front_line", "lead"]

[[person]]
email = "ingrid@both.example"
name = "Ingrid Solberg"
organisations = [{ key = "acute", roles = ["front_line"] }, { key = "council", roles = ["front_line"] }]

[[body]]
key = "front"
name = "Front line"
seats = [
  { person = "sam@acute.example", holds = true, deputy = "jo@acute.example" },
  { person = "kim@council.example", holds = true },
]

[[body]]
key = "ops"
name = "Operational managers' group"
meets = "DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=WEEKLY;BYDAY=TU"
seats = [
  { person = "jo@acute.example", holds = true, chair = true },
  { person = "ingrid@both.example", organisation = "council" },
]

[[ladder]]
key = "operational"
default = true
tiers = [
  { body = "front", limit = "3 working days", acknowledge = "1 working day" },
  { body = "ops", limit = "next meeting", or_at_most = "20 working days", paper = true },
]

[[ladder]]
key = "care"
from = "care"
bodies = ["front", "ops", "ops", "ops"]

[[service_area]]
key = "discharge"
name = "Discharge"
answers = "council"
leads = { acute = "sam@acute.example" }

[[route]]
key = "late-discharge"
when = { service_area = ["discharge"], severity = ["serious", "critical"] }
ladder = "operational"
start = "ops"
answers = "council"
leads = { council = "kim@council.example" }

[[route]]
key = "risk"
when = { words = ["fall"] }
ladder = "care-expedited"

[[clause]]
key = "4.2"
topic = "STANDARD"
title = "Discharge letters"
text = "Letters go out \\"the same day\\"."
"""


def spoilt(**replacements: str) -> str:
    """The charter with pieces of its text replaced: `spoilt(**{"old": "new"})`. Each piece must be there."""
    text = CHARTER
    for old, new in replacements.items():
        assert old in text, old
        text = text.replace(old, new)
    return text
