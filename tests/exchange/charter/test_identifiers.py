"""What is typical of one domain is a line of the charter: whom issues never name, which numbers are warned of."""

import re

import pytest

from tests.exchange.charter.charter_text import CHARTER
from tests.house.tree import ROOT, under
from tests.makers import MONDAY
from tracker.database import Database
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.checking import check
from tracker.exchange.charter.loading import export, load, planned
from tracker.exchange.identifiers import COUNTRIES, kinds_of
from tracker.queries.arrangements import by_key
from tracker.rules.identifiers import what_may_identify
from tracker.rules.refusals import WrongFile

PEOPLE = {
    "GB": ("943 476 5870", "an NHS number"),
    "NL": ("111222333", "a Dutch BSN"),
    "DE": ("36 574 261 809", "a German tax identification number"),
    "SE": ("880320-0016", "a Swedish personal number"),
    "US": ("536-90-4399", "a US social security number"),
    "IT": ("RCCMNL83S18D969H", "an Italian tax code"),
    "FI": ("131052-308T", "a Finnish identity code"),
}


@pytest.mark.parametrize("country, number, called", [(key, *each) for key, each in PEOPLE.items()])
def test_a_number_is_warned_of_where_its_country_is_named_and_only_there(
    country: str, number: str, called: str
) -> None:
    texts = {"text": f"It was about {number}, I think."}
    assert ("text", f"{called}: {number}") in what_may_identify(texts, kinds_of((country,)))
    assert called not in str(what_may_identify(texts, kinds_of([each for each in COUNTRIES if each != country])))


def test_a_number_that_is_none_is_not() -> None:
    assert what_may_identify({"text": "order 943 476 5871, 4.2 and 111222334"}, kinds_of(("GB", "NL"))) == ()


def test_a_national_insurance_number_is_one_of_great_britain() -> None:
    assert what_may_identify({"text": "QQ 12 34 56 C"}) == ()
    found = what_may_identify({"text": "AB 12 34 56 C"}, kinds_of(("GB",)))
    assert found == (("text", "a National Insurance number: AB 12 34 56 C"),)


def test_every_country_that_may_be_named_can_be_looked_for() -> None:
    for country in COUNTRIES:
        assert [kind.called for kind in kinds_of((country,))]
        assert what_may_identify({"text": "1234567890 0000000000 A1 x"}, kinds_of((country,))) is not None


SAID = 'zone = "Europe/London"\nnever_name = "a passenger"\nidentifiers = ["GB", "NL"]\n'


def read(text: str) -> Charter:
    return check(text, today=MONDAY.date())


def domain(text: str = SAID) -> str:
    return CHARTER.replace('zone = "Europe/London"\n', text, 1)


def test_both_lines_are_kept_exported_and_loaded_again_without_a_change(db: Database) -> None:
    with db.write() as session:
        load(session, read(domain()), now=MONDAY)
    with db.read() as session:
        found = by_key(session, "RIV")
        assert (found.never_name, found.identifiers) == ("a passenger", ("GB", "NL"))
        assert SAID in export(session, "RIV")
        assert str(planned(session, read(export(session, "RIV")))) == "Nothing to change."


def test_both_are_in_force_at_once_for_they_touch_nobody_else(db: Database) -> None:
    with db.write() as session:
        load(session, read(CHARTER), now=MONDAY)
        assert "never_name" not in export(session, "RIV")
        done = load(session, read(domain()), now=MONDAY)
        assert "in force" in str(done)
        assert by_key(session, "RIV").never_name == "a passenger"


def test_a_country_that_is_not_known_is_refused_with_those_that_are(db: Database) -> None:
    with pytest.raises(WrongFile, match=r"identifiers.*XX.*GB"):
        read(domain('zone = "Europe/London"\nidentifiers = ["XX"]\n'))


WORDS = re.compile(r"patient|\bNHS\b|\bwards?\b", re.IGNORECASE)
OF_A_DOMAIN = ("tracker/exchange/demonstration/", "tracker/exchange/identifiers.py", "tracker/measures/")


def test_no_source_and_no_template_speaks_of_one_domain() -> None:
    """The demonstration is one; the list of numbers names them; a measure names where its formula is from."""
    files = [*under("tracker", ".py"), *under("tracker", ".toml"), *under("templates", "")]
    assert [
        f"{name}: {found[0]}"
        for name in files
        if not name.startswith(OF_A_DOMAIN) and (found := WORDS.search((ROOT / name).read_text()))
    ] == []
