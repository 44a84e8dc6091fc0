"""`tracker charter`: what it prints, and how it ends."""

from pathlib import Path

import pytest

from tests.commands.running import migrated, run
from tests.exchange.charter.charter_text import CHARTER


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An up-to-date database and a charter file."""
    return migrated(tmp_path, monkeypatch)


def test_checking_a_good_file_counts_what_is_in_it(home: Path) -> None:
    said = run("charter", "check", str(home / "riv.toml"))
    assert said.output.startswith("RIV Riverside Integrated Discharge is in order: 2 organisations, 4 people, 2 bodies")


def test_what_is_worth_a_look_is_said_by_check_plan_and_load(home: Path) -> None:
    (home / "riv.toml").write_text(CHARTER.replace('"GB-ENG"', '"GB"'), encoding="utf-8")
    for command in ("check", "plan", "load"):
        said = run("charter", command, str(home / "riv.toml")).stderr.splitlines()
        assert said[0].startswith("Worth a look: [[organisation]] acute, calendar, holidays: “GB” leaves out"), command
        assert sum("is more than one of its tiers" in each for each in said) == 1, command


def test_a_wrong_file_is_refused_place_by_place(home: Path) -> None:
    (home / "riv.toml").write_text(CHARTER.replace('"lead"', '"boss"'), encoding="utf-8")
    said = run("charter", "load", str(home / "riv.toml"), ends=1)
    assert said.stdout == ""
    assert [line.split(",")[0] for line in said.stderr.splitlines()] == [
        "[[person]] jo@acute.example",
        "[[person]] kim@council.example",
    ]


def test_loading_prints_the_plan_and_a_second_time_nothing_to_change(home: Path) -> None:
    assert "added    partnership RIV" in run("charter", "load", str(home / "riv.toml")).output
    assert run("charter", "load", str(home / "riv.toml")).stdout == "Nothing to change.\n"


def test_loading_says_which_ladders_wait_for_leads_and_how_they_agree(home: Path) -> None:
    waiting = run("charter", "load", str(home / "riv.toml")).output.partition("Loaded RIV.\n")[2].splitlines()
    agree = "tracker charter agree RIV operational --person EMAIL"
    assert waiting[0] == f"Operational waits for a lead of every organisation: {agree}"
    assert ["agree RIV care-expedited" in each for each in waiting] == [False, False, True]


def test_what_is_exported_plans_nothing(home: Path) -> None:
    run("charter", "load", str(home / "riv.toml"))
    (home / "out.toml").write_text(run("charter", "export", "RIV").output, encoding="utf-8")
    assert run("charter", "plan", str(home / "out.toml")).stdout == "Nothing to change.\n"


def test_agreeing_says_who_is_still_to_agree(home: Path) -> None:
    run("charter", "load", str(home / "riv.toml"))
    first = run("charter", "agree", "RIV", "operational", "--person", "Jo@acute.example")
    assert first.output == "Operational is agreed; still to agree: Riverside Council.\n"
    last = run("charter", "agree", "RIV", "operational", "--person", "kim@council.example")
    assert last.output == "Operational is in force.\n"


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("RIV", "operational", "--person", "sam@acute.example"), "only a lead agrees a ladder"),
        (("RIV", "operational", "--person", "who@acute.example"), "There is nobody with the address"),
        (("RIV", "operational", "--person", "jörg@acute.example"), "Allowed is an address that mail arrives at"),
        (("RIV", "quick", "--person", "jo@acute.example"), "allowed is one of: operational, care, care-expedited"),
        (("XYZ", "operational", "--person", "jo@acute.example"), "There is no partnership XYZ"),
    ],
    ids=["no lead", "nobody", "no mail", "no such ladder", "no such partnership"],
)
def test_agreeing_is_refused_with_a_reason(home: Path, arguments: tuple[str, ...], said: str) -> None:
    run("charter", "load", str(home / "riv.toml"))
    assert said in run("charter", "agree", *arguments, ends=1).stderr


OTHERWISE = CHARTER.replace('answers = "council"\nleads = { acute', 'answers = "acute"\nleads = { acute')


def test_a_later_load_says_what_waits_and_how_leads_agree_it(home: Path) -> None:
    run("charter", "load", str(home / "riv.toml"))
    (home / "riv.toml").write_text(OTHERWISE, encoding="utf-8")
    said = run("charter", "load", str(home / "riv.toml")).output
    assert "changed  service_area discharge (Discharge): waits for Riverside Hospitals and Riverside Council" in said
    assert "Proposal 1 waits: tracker charter agree RIV --proposal 1 --person EMAIL" in said
    assert 'answers = "acute"' not in run("charter", "export", "RIV").output
    first = run("charter", "agree", "RIV", "--proposal", "1", "--person", "jo@acute.example")
    assert first.output == (
        "Proposal 1 (service area Discharge changed) is agreed; still to agree: Riverside Council.\n"
    )
    last = run("charter", "agree", "RIV", "--proposal", "1", "--person", "kim@council.example")
    assert last.output == "Proposal 1 (service area Discharge changed) is in force.\n"
    assert 'answers = "acute"' in run("charter", "export", "RIV").output


def test_all_that_waits_for_a_lead_is_agreed_at_once(home: Path) -> None:
    run("charter", "load", str(home / "riv.toml"))
    (home / "riv.toml").write_text(OTHERWISE, encoding="utf-8")
    run("charter", "load", str(home / "riv.toml"))
    run("charter", "agree", "RIV", "--all", "--person", "jo@acute.example")
    said = run("charter", "agree", "RIV", "--all", "--person", "kim@council.example").output.splitlines()
    assert said == [
        "Proposal 1 (service area Discharge changed) is in force.",
        "Operational is in force.",
        "Care and safety is in force.",
        "Care and safety, expedited is in force.",
    ]
    nothing = run("charter", "agree", "RIV", "--all", "--person", "kim@council.example").output
    assert nothing == "Nothing waits for Kim Tran.\n"


@pytest.mark.parametrize(
    "arguments, said, ends",
    [
        (("--proposal", "9", "--person", "jo@acute.example"), "There is no proposal 9.", 1),
        (("--all", "--person", "sam@acute.example"), "only a lead agrees a change", 1),
        (("--person", "jo@acute.example"), "Give one of them", 2),
        (("operational", "--all", "--person", "jo@acute.example"), "Give one of them", 2),
    ],
    ids=["no such proposal", "no lead", "nothing named", "two named"],
)
def test_agreeing_a_change_is_refused_with_a_reason(
    home: Path, arguments: tuple[str, ...], said: str, ends: int
) -> None:
    run("charter", "load", str(home / "riv.toml"))
    assert said in run("charter", "agree", "RIV", *arguments, ends=ends).stderr


def test_a_file_that_is_not_there_is_wrong_usage(home: Path) -> None:
    assert "does not exist" in run("charter", "load", str(home / "no.toml"), ends=2).stderr


def test_a_new_charter_is_taken_at_once_and_nothing_of_it_is_worth_a_look(home: Path) -> None:
    file = home / "abc.toml"
    assert run("charter", "new", "ABC", "-o", str(file)).output.startswith(f"Put your own in {file}")
    said = run("charter", "check", str(file))
    assert said.stdout.startswith("ABC North and South is in order: 2 organisations, 6 people, 3 bodies, 1 ladder, 1 r")
    assert said.stderr == ""
    assert run("charter", "new", "ABC").stdout == file.read_text(encoding="utf-8")
    run("charter", "load", str(file))
    for lead in ("lead@north.example", "lead@south.example"):
        agreed = run("charter", "agree", "ABC", "--all", "--person", lead).output
    assert agreed == "Operational is in force.\n"


def test_a_new_charter_is_not_put_over_a_file_that_is_there(home: Path) -> None:
    before = (home / "riv.toml").read_text(encoding="utf-8")
    run("charter", "new", "ABC", "-o", str(home / "riv.toml"), ends=1)
    assert (home / "riv.toml").read_text(encoding="utf-8") == before


def test_a_new_charter_needs_a_key_that_references_can_start_with(home: Path) -> None:
    said = run("charter", "new", "Abc", ends=1).stderr
    assert "found “Abc”; allowed is 2 to 5 capital letters, like RIV" in said
