"""Lists of people are read however they were pasted, and nothing in them is guessed."""

import pytest

from tracker.exchange.people.reading import BY_COMMAND, ON_SCREEN, ListedPerson, read_list, text_of
from tracker.rules.refusals import WrongFile

SAM = ("sam@acute.example", "Sam Okafor")
JO = ("jo@acute.example", "Jo Lind")


def found(text: str) -> list[tuple[str, str]]:
    return [(each.address, each.name) for each in read_list(text, ON_SCREEN).people]


@pytest.mark.parametrize(
    "text",
    [
        "Sam Okafor <sam@acute.example>\nJo Lind <jo@acute.example>",
        "Sam Okafor <sam@acute.example>; Jo Lind <jo@acute.example>",
        "Sam Okafor <sam@acute.example>, Jo Lind <jo@acute.example>,",
        '"Sam Okafor" <sam@acute.example>\r\n\r\n"Jo Lind" <jo@acute.example>\r\n',
        "Sam Okafor\tsam@acute.example\nJo Lind\tjo@acute.example\t\t",
        "sam@acute.example\tSam Okafor\njo@acute.example\tJo Lind",
        "Sam Okafor;sam@acute.example\nJo Lind;jo@acute.example",
        "Sam Okafor, sam@acute.example\nJo Lind, jo@acute.example",
        "Sam Okafor sam@acute.example\nJo Lind jo@acute.example",
        "Name\tE-mail\tPhone\nSam Okafor\tsam@acute.example\t1\nJo Lind\tjo@acute.example\t2",
        "address,name\nsam@acute.example,Sam Okafor\njo@acute.example,Jo Lind",
    ],
)
def test_names_and_addresses_are_found_in_every_form(text: str) -> None:
    assert found(text) == [SAM, JO]


def test_an_address_alone_is_enough_and_a_surname_first_stays_so() -> None:
    assert found("sam@acute.example") == [("sam@acute.example", "")]
    assert found("Okafor, Sam <sam@acute.example>") == [("sam@acute.example", "Okafor, Sam")]


def test_a_table_has_organisation_roles_and_seats_and_lines_as_an_editor_counts_them() -> None:
    text = '\nName,Address,Organisation,Roles,Seats\n"Okafor,\nSam",sam@acute.example,acute,manager; lead,ops holds\n\n'
    read = read_list(text, ON_SCREEN)
    assert read.has_headings
    assert read.people == (ListedPerson(4, "sam@acute.example", "Okafor,\nSam", "acute", "manager; lead", "ops holds"),)


@pytest.mark.parametrize(
    "line, said",
    [
        ("Sam Okafor", "found no address"),
        ("Sam, Okafor, sam@acute.example", "found “Sam”, “Okafor” beside the address"),
        ("Sam <sam@acute.example> at the front", "found “at the front” behind the last address"),
    ],
)
def test_what_cannot_be_told_apart_is_refused_with_its_line(line: str, said: str) -> None:
    wrong = [(each.line, each.wrong) for each in read_list(f"jo@acute.example\n{line}", ON_SCREEN).people if each.wrong]
    assert [(number, said in why) for number, why in wrong] == [(2, True)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_in_the_encodings_of_spreadsheets(encoding: str) -> None:
    content = "Zoë Müller,zoe@acute.example".encode(encoding)
    assert found(text_of(content, ON_SCREEN)) == [("zoe@acute.example", "Zoë Müller")]


def test_a_cell_that_was_kept_from_being_a_formula_is_read_as_it_was() -> None:
    assert found("name,address\n'=Sam,sam@acute.example\n'Sam,jo@acute.example") == [
        ("sam@acute.example", "=Sam"),
        ("jo@acute.example", "'Sam"),
    ]


def test_a_list_is_measured_before_it_is_read() -> None:
    with pytest.raises(WrongFile, match="allowed: 1,000 at once"):
        read_list("\n".join(f"p{number}@acute.example" for number in range(1001)), ON_SCREEN)
    for read in (lambda: read_list("a" * 200_000, ON_SCREEN), lambda: text_of(b"a" * 200_000, ON_SCREEN)):
        with pytest.raises(WrongFile, match="allowed: 100 kB"):
            read()
    assert len(read_list("\n".join(f"p{number}@acute.example" for number in range(1001)), BY_COMMAND).people) == 1001
    with pytest.raises(WrongFile, match="line 2: found a NUL"):
        read_list("a@b.example\n\0", ON_SCREEN)
    assert read_list(" \n\t\n", ON_SCREEN).people == ()
