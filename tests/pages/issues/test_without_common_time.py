"""What the rules refuse when it is sent comes back on the form, with all that was typed."""

from sqlmodel import select

from tests.makers import Cast
from tests.site import Site
from tracker.records.agreement import ServiceArea
from tracker.records.partnership import Organisation, Partnership

HOURS = {"acute": ["09:00-13:00"], "council": ["12:00-16:00"], "community": ["09:00-10:00", "15:00-16:00"]}
DETAIL = "The lift was locked.\nThe porters waited below.\nNobody had the key."


def three_that_never_meet(site: Site, cast: Cast) -> None:
    """Each two of them share working time, the three together none; discharge is answered by the third."""
    with site.db.write() as session:
        for key, hours in HOURS.items():
            calendar = {"zone": "Europe/London", "mon-fri": hours}
            session.get_one(Organisation, cast.organisations[key].id).calendar = calendar
        areas = select(ServiceArea).where(ServiceArea.partnership_id == cast.partnership.id)
        session.exec(areas.where(ServiceArea.key == "discharge")).one().answers = "community"
        session.get_one(Partnership, cast.partnership.id).changed()


def test_sides_without_common_time_are_refused_on_the_form_and_what_was_typed_stays(site: Site) -> None:
    three_that_never_meet(site, site.cast)
    said = {"title": "Beds wait for porters", "detail": DETAIL, "severity": "serious", "with": "council", "once": "a"}
    answer = site.guest("sam").post("/issues/new", {**said, "service_area": "discharge"})
    assert answer.status_code == 409
    assert "share no working time on any weekday" in answer.text
    assert 'value="Beds wait for porters"' in answer.text
    assert DETAIL in answer.text.replace("\r\n", "\n")
    assert site.guest("sam").get("/issues/RIV-1").status_code == 404
