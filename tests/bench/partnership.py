"""The partnership of the measurements, as a charter file: three organisations of twenty people, agreed by all leads."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from tracker.actions.agree_ladder import agree_as_lead
from tracker.actions.begin_step import StepRequest
from tracker.actions.freeze_pack import Meeting, draft_pack
from tracker.exchange.charter.checking import check
from tracker.exchange.charter.loading import load
from tracker.measures.periods import month_of
from tracker.queries.arrangements import by_key
from tracker.queries.visitors import visitor_by_email
from tracker.records.ladder import Ladder
from tracker.records.person import Membership, Person
from tracker.rules.arrangement import Arrangement

KEY = "BEN"
ORGANISATIONS = {"acute": "Marsh Hospitals", "council": "Marsh Council", "community": "Marsh Community Care"}
FRONT_LINE, MANAGERS, DIRECTORS, STEERING, LEAD = range(12), range(12, 16), range(16, 18), 18, 19
AREAS = ("discharge", "equipment", "records", "medicines", "transport", "funding", "bookings", "estates")
FIRST = "acute"
PEOPLE = {"manager": 12, "busy manager": 15, "front line": 5, "steering": 18}  # who looks, by their number in the first

_EACH = 20  # people of an organisation

_FIRST_NAMES = "Ana Ben Cora Dan Eve Finn Gita Hugo Ida Jan Kit Lena Max Nell Omar Pia Quin Rosa Sam Tess"
_LAST_NAMES = "Adler Birch Croft Drake Ellis Frost Grant Hale Irwin Joyce Knox Lowe Moss North Orr Pratt Reid"
_CALENDAR = '{ zone = "Europe/London", mon-fri = ["09:00-17:00"], holidays = "GB-ENG" }'
_MEETS = "DTSTART;TZID=Europe/London:20240102T100000 RRULE:FREQ=WEEKLY;BYDAY=TU"
_BODIES = {
    "front": ("Front line", (0, 1)),
    "ops": ("Operational managers' group", (12, 13, 14)),
    "directors": ("Directors", (16,)),
    "steering": ("Steering group", (18,)),
}
_LADDER = """
[[ladder]]
key = "operational"
default = true
tiers = [
  { body = "front", limit = "3 working days", acknowledge = "1 working day", warn = "1 working day" },
  { body = "ops", limit = "5 working days", warn = "1 working day" },
  { body = "directors", limit = "10 working days" },
  { body = "steering", limit = "next meeting", or_at_most = "20 working days", paper = true },
]

[[route]]
key = "critical-goes-to-managers"
when = { severity = ["critical"] }
ladder = "operational"
start = "ops"

[[clause]]
key = "4.2"
topic = "STANDARD"
title = "Letters"
text = "Letters go out the same day."
"""


def address(organisation: str, number: int) -> str:
    """The e-mail address of somebody: twelve front-line people, four managers, two directors, steering, a lead."""
    return f"person{number}@{organisation}.example"


def agree(session: Session, at: datetime) -> Arrangement:
    """The charter is loaded and every lead agrees its ladder, through the product's own steps."""
    load(session, check(charter(), today=at.date()), now=at, invites=False)
    ladder = session.exec(select(Ladder)).one()
    leads = select(Person).join(Membership, col(Membership.person_id) == Person.id).where(col(Membership.lead))
    for lead in session.exec(leads).all():
        agree_as_lead(session, ladder, lead, now=at)
    session.flush()
    return by_key(session, KEY)


def begin_pack(session: Session, arrangement: Arrangement, now: datetime) -> None:
    """A draft for the steering group's meeting a week later, with the theme report of the last whole quarter."""
    visitor = visitor_by_email(session, address("acute", STEERING), now)
    if visitor is None:
        raise RuntimeError("nobody of the steering group is there")
    quarter = month_of(now.date().replace(month=(now.month - 1) // 3 * 3 + 1)).previous().ending(3)
    meeting = Meeting(arrangement.bodies["steering"], now + timedelta(days=7), quarter.name)
    draft_pack(session, arrangement, meeting, StepRequest(visitor.viewer, now))


def charter() -> str:
    """The file."""
    head = f'[partnership]\nkey = "{KEY}"\nname = "Marsh Alliance"\nzone = "Europe/London"\n'
    tables = [head, *map(_organisation, ORGANISATIONS), *map(_body, _BODIES), *map(_area, range(len(AREAS))), _LADDER]
    return "\n".join(tables)


def _organisation(key: str) -> str:
    lines = [f'[[organisation]]\nkey = "{key}"\nname = "{ORGANISATIONS[key]}"\ncalendar = {_CALENDAR}\n']
    return "\n".join([*lines, *(_person(key, number) for number in range(_EACH))])


def _person(organisation: str, number: int) -> str:
    place = number + 7 * list(ORGANISATIONS).index(organisation)
    first, last = _FIRST_NAMES.split(), _LAST_NAMES.split()
    name = f"{first[number]} {last[place % len(last)]}"
    who = f'email = "{address(organisation, number)}"\nname = "{name}"'
    return f'[[person]]\n{who}\norganisation = "{organisation}"\nroles = ["{_role(number)}"]\n'


def _role(number: int) -> str:
    named = {STEERING: "steering", LEAD: "lead"}
    return named.get(number) or ("front_line" if number in FRONT_LINE else "manager")


def _body(key: str) -> str:
    name, seated = _BODIES[key]
    seats = ", ".join(
        f'{{ person = "{address(organisation, number)}", holds = true }}'
        for organisation in ORGANISATIONS
        for number in seated
    )
    return f'[[body]]\nkey = "{key}"\nname = "{name}"\nmeets = "{_MEETS}"\nseats = [ {seats} ]\n'


def _area(place: int) -> str:
    leads = ", ".join(f'{each} = "{address(each, 2 + place)}"' for each in ORGANISATIONS)
    return f'[[service_area]]\nkey = "{AREAS[place]}"\nname = "{AREAS[place].capitalize()}"\nleads = {{ {leads} }}\n'
