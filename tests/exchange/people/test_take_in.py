"""A list of people is planned line by line and taken in at once; nobody is retired by it, no other side is touched."""

import pytest
from sqlmodel import Session, col, select

from tests.makers import MONDAY, Cast
from tests.notice_makers import announce_all, told
from tracker.database import Database
from tracker.exchange.people.plan import PeoplePlan, PersonFate
from tracker.exchange.people.reading import ON_SCREEN, read_list
from tracker.exchange.people.take_in import people_planned, take_in_people
from tracker.exchange.people.writing import people_sheet
from tracker.records.event import Event
from tracker.reports.spreadsheet import comma_separated
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Role

RAVI = "Ravi Das <ravi@acute.example>"


def planned(session: Session, cast: Cast, text: str, *, own: str | None = "acute") -> PeoplePlan:
    return people_planned(session, cast.partnership.id, read_list(text, ON_SCREEN), own=own, roles=[Role.FRONT_LINE])


def taken_in(session: Session, cast: Cast, text: str) -> PeoplePlan:
    plan = planned(session, cast, text)
    take_in_people(session, cast.partnership.id, plan, actor=cast.actor("alex"), now=MONDAY)
    session.flush()
    return plan


def said(plan: PeoplePlan) -> list[tuple[str, str]]:
    return [(each.fate.value, "; ".join(each.said)) for each in plan.people]


def places(agreed: Arrangement, email: str) -> dict[str, frozenset[Role]]:
    found = next(each for each in agreed.people.values() if each.email == email)
    return dict(found.places)


def test_who_is_new_is_invited_with_roles_and_seats(db: Database, cast: Cast) -> None:
    table = "name,address,roles,seats\nRavi Das,ravi@acute.example,manager;steering,ops holds;steering"
    with db.write() as session:
        plan = taken_in(session, cast, table)
        agreed = cast.arrangement(session)
    assert said(plan) == [
        ("added", "as manager and steering group; seat on Operational managers' group, holds; seat on Steering group")
    ]
    assert places(agreed, "ravi@acute.example") == {"acute": {Role.MANAGER, Role.STEERING}}
    ravi = next(each for each in agreed.people.values() if each.email == "ravi@acute.example")
    assert ravi.invited["acute"].name == "Ravi Das"
    assert [body.key for body in agreed.bodies.values() if ravi.id in {seat.person_id for seat in body.seats}] == [
        "ops",
        "steering",
    ]


def test_of_who_is_there_roles_and_seats_change_and_the_name_stays_theirs(db: Database, cast: Cast) -> None:
    table = "name,address,roles,seats\nJoe Lind,jo@acute.example,steering,front\nSam Okafor,sam@acute.example,,"
    with db.write() as session:
        plan = taken_in(session, cast, table)
        agreed = cast.arrangement(session)
        assert said(planned(session, cast, table))[0] == ("unchanged", "their name is theirs to change")
    assert said(plan) == [
        ("changed", "manager → steering group; seat on Front line; their name is theirs to change"),
        ("unchanged", ""),
    ]
    assert places(agreed, "jo@acute.example") == {"acute": {Role.STEERING}}
    assert agreed.people[cast.jo.id].name == "Jo Lind"


def test_the_name_of_who_is_invited_follows_the_list(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, RAVI)
        plan = taken_in(session, cast, "Ravi Dass <ravi@acute.example>")
        agreed = cast.arrangement(session)
    assert said(plan) == [("changed", "Ravi Das → Ravi Dass")]
    assert [each.name for each in agreed.people.values() if each.email == "ravi@acute.example"] == ["Ravi Dass"]


@pytest.mark.parametrize(
    "line, why",
    [
        (
            "Kim Tran <kim@council.example>",
            "they belong to Riverside Council; who belongs to two is added one at a time",
        ),
        ("Ravi Das <ravi@acute>", "no letter arrives there"),
        ("Jörg <jörg@acute.example>", "no letter arrives there"),
        (f"name,address\n{'x' * 201},x@acute.example", "the name has 201 letters; allowed: 1 to 200"),
        ("address,organisation\nx@acute.example,council", "they stand under Riverside Council"),
        ("address,organisation\nx@acute.example,mars", "found the organisation “mars”; allowed: acute, council"),
        ("address,roles\nx@acute.example,boss", "found the role “boss”; allowed: front line, manager"),
        ("address,seats\nx@acute.example,moon holds", "found a seat on “moon holds”; allowed: "),
        ("address,roles\nalex@acute.example,manager", "nobody else who leads it has come in yet"),
        ("address,name\n,Ravi", "the column of addresses is empty"),
    ],
)
def test_a_line_is_refused_with_its_reason(db: Database, cast: Cast, line: str, why: str) -> None:
    with db.write() as session:
        before = cast.arrangement(session)
        plan = taken_in(session, cast, line)
        assert cast.arrangement(session).version == before.version
    assert [(fate, why in reason) for fate, reason in said(plan)] == [("refused", True)]


def test_somebody_who_stands_there_twice_is_taken_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        plan = planned(session, cast, f"{RAVI}\nRAVI@acute.example")
    assert said(plan) == [("added", "as front line"), ("refused", "line 1 has them already")]


def test_who_is_not_in_a_table_is_named_and_stays(db: Database, cast: Cast) -> None:
    with db.write() as session:
        before = cast.arrangement(session).people.keys()
        plan = taken_in(session, cast, "address\nsam@acute.example\nravi@acute.example")
        after = cast.arrangement(session)
        assert planned(session, cast, "sam@acute.example").missing == ()
    assert sorted(each.name for _, each in plan.missing) == ["Alex Hill", "Jo Lind", "Priya Nair", "Rita Moss"]
    assert before - after.people.keys() == set()
    assert [each.retired for each in after.people.values()] == [False] * len(after.people)


def test_an_address_alone_gives_a_name_that_can_be_read(db: Database, cast: Cast) -> None:
    with db.write() as session:
        plan = planned(session, cast, "maria-jose.ruiz_vega@acute.example")
    assert [each.name for each in plan.people] == ["Maria Jose Ruiz Vega"]


def test_leads_hear_of_all_of_it_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, "\n".join(f"p{number}@acute.example" for number in range(5)))
        kinds = [each.kind for each in session.exec(select(Event).order_by(col(Event.id)))]
    with db.write() as session:
        announce_all(session, MONDAY)
        hears = [told(session, each) for each in ("person_invited", "people_taken_in")]
    assert kinds[-6:] == ["person_invited"] * 5 + ["people_taken_in"]
    assert hears == [set(), {"chris", "tess"}]


def test_what_was_shown_is_marked_by_what_would_be_done(db: Database, cast: Cast) -> None:
    with db.write() as session:
        first, same = (planned(session, cast, RAVI) for _ in range(2))
        other = planned(session, cast, "Ravi Dass <ravi@acute.example>")
    assert (first.mark == same.mark, first.mark == other.mark) == (True, False)


def test_people_written_as_a_file_change_nothing_when_taken_in_again(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, "=cmd <ravi@acute.example>")
        agreed = cast.arrangement(session)
        text = comma_separated(people_sheet(agreed, ["acute", "council"]))
        plan = planned(session, cast, text, own=None)
    assert "'=cmd" in text
    assert {each.fate for each in plan.people} == {PersonFate.UNCHANGED}
    assert (len(plan.people), plan.missing) == (11, ())
