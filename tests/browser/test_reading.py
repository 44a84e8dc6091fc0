"""The steering group reads what keeps rubbing, and every page that the menu offers is fit to be seen."""

from tests.browser.cast import AMINA, BRID, DORA
from tests.browser.people import Door


def test_a_number_in_the_theme_report_leads_to_the_issues_behind_it(door: Door) -> None:
    brid, dora = door(BRID), door(DORA)
    title = "The discharge letter came without the medicines"
    brid.raise_issue(title)
    form = brid.step("theme")
    form.locator("[name=theme]").select_option("info_flow")
    brid.press("Confirm", form)
    dora.open("/reports/NOR/themes")
    row = dora.page.locator("table.themes tr").filter(has=dora.page.locator('a[href*="theme=info_flow"]')).first
    dora.follow(row.locator("td[data-of=now] a"))
    assert dora.page.get_by_role("link", name=title).is_visible()


def test_every_page_that_the_menu_offers_a_lead_is_fit_to_be_seen(door: Door) -> None:
    door(AMINA).raise_issue("The lift was out of order again")
    dora = door(DORA)
    dora.open("/")
    links = dora.page.locator("header nav a, header .menu a").evaluate_all("all => all.map(each => each.pathname)")
    assert {"/", "/issues", "/bodies"} <= {*links, "/"}
    for link in links:
        dora.open(link)
