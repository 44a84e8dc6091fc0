"""The two-sided paper on a page and printed, for its own side, the other one, and those who are neither."""

import re

import pytest

from tests.actions.sides.test_write_paper import PARTS, at_the_top
from tests.site import Site

THEIRS = {"facts": "markfacts", "view": "markview", "asks": "markasks"}


@pytest.fixture
def ref(site: Site) -> str:
    with site.db.write() as session:
        return at_the_top(session, site.cast).ref


def test_what_a_side_sealed_is_on_no_page_of_anybody_else(site: Site, ref: str) -> None:
    places = (f"/issues/{ref}", f"/issues/{ref}/papers", "/", "/issues", "/issues?q=markfacts", "/bodies/RIV/steering")
    others = {name: site.guest(name) for name in ("dana", "kim", "ines", "chris")}
    before = {(name, place): guest.get(place).text for name, guest in others.items() for place in places}
    assert site.guest("priya").post(f"/issues/{ref}/paper", THEIRS).status_code == 303
    assert "markfacts" in site.guest("priya").get(f"/issues/{ref}/papers").text
    assert "sealed" in site.guest("sam").get(f"/issues/{ref}").text
    for (name, place), page in before.items():
        after = others[name].get(place).text
        assert "markview" not in after, (name, place)
        if place.endswith("papers"):
            assert _main(after) == _main(page), name


def test_open_it_is_read_side_by_side_by_all_who_read_the_issue(site: Site, ref: str) -> None:
    done = {}
    for name, parts in (("priya", PARTS), ("dana", THEIRS)):
        answer = site.guest(name).post(f"/issues/{ref}/paper", {**parts, "once": name})
        assert answer.status_code == 303
        done[name] = site.guest(name).get(answer.headers["location"]).text
    assert "Nobody else reads it, or that there is one" in done["priya"]
    assert "Your side has written its paper, which is sealed." in done["priya"]
    assert "All papers are open now" in done["dana"]
    assert "Nobody else reads it" not in done["dana"]
    for name in ("priya", "dana", "sam", "ines"):
        page = site.guest(name).get(f"/issues/{ref}/papers").text
        assert all(text in page for text in (*PARTS.values(), *THEIRS.values())), name
    printed = site.guest("sam").get(f"/issues/{ref}/papers.pdf")
    assert (printed.status_code, printed.content[:5]) == (200, b"%PDF-")


def test_handed_down_the_ladder_says_on_its_rung_when_and_to_whom_and_that_it_confirms(site: Site, ref: str) -> None:
    told = {"tier": "1", "reason": "One list for all wards.", "once": "d"}
    assert site.guest("dana").post(f"/issues/{ref}/hand-down", told).status_code == 303
    page = site.guest("sam").get(f"/issues/{ref}").text.partition('class="rungs"')[2].partition("</ol>")[0]
    top, *_, front = (" ".join(re.sub(r"<[^>]+>", " ", rung).split()) for rung in page.split("<li")[1:])
    assert "handed down" in top
    assert "to Front line" in top
    assert "confirms how it ends" in top
    assert "handed down" not in front


@pytest.mark.parametrize("ending", ["", ".pdf"])
def test_a_stranger_finds_no_paper(site: Site, ref: str, ending: str) -> None:
    assert site.guest("stan").get(f"/issues/{ref}/papers{ending}").status_code == 404
    assert site.guest("mo").get(f"/issues/{ref}/papers{ending}").status_code == 404


def test_before_it_is_sent_the_form_says_who_reads_it(site: Site, ref: str) -> None:
    form = site.guest("priya").get(f"/issues/{ref}").text.partition('id="paper"')[2].partition("</form>")[0]
    said = " ".join(re.sub(r"<[^>]+>", "", form).split())
    assert "Until then only Riverside Hospitals (5 people) reads it" in said
    assert "from then on everybody does who reads this issue" in said


def _main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]
