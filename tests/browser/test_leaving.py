"""An organisation's directory says that somebody left, while their tab is open."""

import re

import httpx

from tests.browser.cast import DORA
from tests.browser.looks import PHONE
from tests.browser.people import Door
from tests.browser.serving import Tracker

DIRECTORY = "/arrangements/NOR/organisations/hospital/directory"
RAVI = "ravi@hospital.example"


def test_a_leaver_is_signed_out_in_their_open_tab_and_reads_why(tracker: Tracker, door: Door) -> None:
    dora = door(DORA)
    dora.open("/arrangements/NOR/organisations/hospital")
    dora.follow(dora.page.get_by_role("link", name=re.compile("^The directory of")))
    dora.page.get_by_label("What it is for").fill("Entra ID")
    dora.press("Make it")
    dora.look_every_way()
    base, token = dora.page.locator("pre").all_inner_texts()
    asked = {"Authorization": f"Bearer {token.strip()}"}

    with httpx.Client(base_url=base.strip(), headers=asked, timeout=60) as directory:
        user = {"userName": RAVI, "displayName": "Ravi Das", "active": True}
        key = directory.post("/Users", json=user).json()["id"]
        ravi = door(RAVI, size=PHONE)
        ravi.open("/account")
        assert RAVI in ravi.words
        operation = {"op": "Replace", "path": "active", "value": "False"}
        schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
        told = directory.patch(f"/Users/{key}", json={"schemas": [schema], "Operations": [operation]})
        assert told.json()["active"] is False

    ravi.follow(ravi.page.get_by_role("link", name="Issues", exact=True))
    assert "/sign-in" in ravi.page.url
    assert "You no longer belong to Northgate Hospital. Removed by Northgate Hospital's directory" in ravi.words
    ravi.look_every_way()
    dora.open("/arrangements/NOR/events")
    assert "Northgate Hospital's directory recorded that Ravi Das has left Northgate Hospital" in dora.words
