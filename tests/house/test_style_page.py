"""The living style page in a real browser: every component, both themes, phone and desk."""

import pytest

from tests.support.browsers import OpenPage, axe_violations
from tests.support.sites import Site


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_on_any_component(live_site: Site, open_page: OpenPage, width: int, dark: bool) -> None:
    page = open_page(width=width, dark=dark)
    page.goto("/style/")
    assert axe_violations(page) == []


@pytest.mark.parametrize("width", [1280, 320])
def test_no_component_makes_the_page_scroll_sideways(live_site: Site, open_page: OpenPage, width: int) -> None:
    page = open_page(width=width)
    page.goto("/style/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_script_the_native_players_and_the_plain_form_remain(live_site: Site, open_page: OpenPage) -> None:
    page = open_page(script=False)
    page.goto("/style/")
    assert page.locator("[data-player='audio'] audio").is_visible()
    assert page.locator("[data-player='audio'] [data-controls]").is_hidden()
    assert page.locator("input[type='file']").count() == 1


def test_a_deadline_shows_the_reader_both_zones(live_site: Site, open_page: OpenPage) -> None:
    page = open_page()
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTimezoneOverride", {"timezoneId": "Africa/Lagos"})
    page.goto("/style/")
    words = page.locator(".left time").inner_text()
    assert "30 November" in words
    assert "00:59" in words
    assert "29 November 2026, 23:59 UTC" in words


def test_the_chosen_appearance_survives_a_reload(live_site: Site, open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/style/")
    assert page.locator("html").get_attribute("data-theme") is None
    page.locator("#theme").select_option("dark")
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_a_refused_form_puts_the_focus_on_its_summary_and_its_links_into_the_field(
    live_site: Site, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto("/style/")
    summary = page.locator("[data-error-summary]")
    assert summary.evaluate("element => element === document.activeElement")
    summary.locator("a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_refused-title"


def test_a_chosen_file_gets_a_row_that_says_what_happens(live_site: Site, open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/style/")
    before = page.locator("[data-tray] .up").count()
    page.locator("[data-files]").set_input_files({"name": "lamp.wav", "mimeType": "audio/wav", "buffer": b"x" * 5000})
    row = page.locator("[data-tray] .up").nth(before)
    assert row.locator(".name").inner_text() == "lamp.wav"
    row.get_by_role("button", name="Remove lamp.wav").click()
    assert page.locator("[data-tray] .up").count() == before
