"""The living style page in a real browser: every component, both themes, phone and desk.

One site serves several looks at it, because starting a site costs more than looking.
"""

from playwright.sync_api import FilePayload, Page, Route

from tests.support.browsers import OpenPage, axe_violations
from tests.support.sites import Site

LAMP: FilePayload = {"name": "lamp.wav", "mimeType": "audio/wav", "buffer": b"x" * 5000}


def test_no_component_fails_axe_or_scrolls_sideways(live_site: Site, open_page: OpenPage) -> None:
    for width, dark in [(1280, False), (1280, True), (390, False), (390, True), (320, False)]:
        page = open_page(width=width, dark=dark)
        page.goto("/style/")
        assert axe_violations(page) == [], (width, dark)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_components_work_with_and_without_script(live_site: Site, open_page: OpenPage) -> None:
    plain = open_page(script=False)
    plain.goto("/style/")
    assert plain.locator("[data-player='audio'] audio").is_visible()
    assert plain.locator("[data-player='audio'] [data-controls]").is_hidden()
    page = open_page()
    page.context.new_cdp_session(page).send("Emulation.setTimezoneOverride", {"timezoneId": "Africa/Lagos"})
    page.goto("/style/")
    check_refused_form(page)
    check_deadline(page)
    check_upload_row(page)
    check_appearance(page)


def test_a_file_chosen_before_the_script_came_gets_its_row(live_site: Site, open_page: OpenPage) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page = open_page()
    page.route("**/upload-tray*.js", hold)
    with page.expect_request("**/upload-tray*.js"):
        page.goto("/style/")
    page.locator("[data-files]").set_input_files(LAMP)
    held.pop().continue_()
    page.locator("[data-tray] .up .name", has_text="lamp.wav").wait_for()


def check_refused_form(page: Page) -> None:
    """The focus stands on the summary; its links move it into the field."""
    summary = page.locator("[data-error-summary]")
    assert summary.evaluate("element => element === document.activeElement")
    summary.locator("a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_refused-title"


def check_deadline(page: Page) -> None:
    """A deadline shows the reader's zone and UTC."""
    words = page.locator(".left time").inner_text()
    assert "30 November at 00:59" in words
    assert "29 November 2026, 23:59 UTC" in words


def check_upload_row(page: Page) -> None:
    """A chosen file gets a row at once, and the row can be taken away."""
    rows = page.locator("[data-tray] .up")
    before = rows.count()
    page.locator("[data-files]").set_input_files(LAMP)
    assert rows.nth(before).locator(".name").inner_text() == "lamp.wav"
    rows.nth(before).get_by_role("button", name="Remove lamp.wav").click()
    assert rows.count() == before


def check_appearance(page: Page) -> None:
    """The chosen theme is printed by the server from then on."""
    assert page.locator("html").get_attribute("data-theme") is None
    page.locator("#theme").select_option("dark")
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
