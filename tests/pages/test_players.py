"""Players and comparisons as a browser runs them: what needs ears, keys and a clock."""

from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Route

from contributions import actions
from tests import media
from tests.pages.test_compare import between
from tests.pages.world import published_file
from tests.support.browsers import OpenPage
from tests.support.sites import Site

VTT = b"WEBVTT\n\n00:01.000 --> 00:02.000\n[A bell]\n"


def test_a_and_b_are_heard_at_the_same_place(committed_db, live_site: Site, open_page: OpenPage, alice, tmp_path: Path):
    one = published_file(alice, media.recording(tmp_path / "a.wav", seconds=4), "One")
    two = published_file(alice, media.recording(tmp_path / "b.wav", seconds=4), "Two")
    one.current_version.facts["gain_db_x100"] = two.current_version.facts["gain_db_x100"] - 600
    one.current_version.save(update_fields=["facts"])
    page = open_page()
    page.goto(between(two, one))
    heard = "() => [...document.querySelectorAll('audio')].map(a => [a.muted, a.paused, a.volume.toFixed(2)])"
    page.locator("[data-hear='B']").wait_for()
    assert page.evaluate(heard) == [[False, True, "0.50"], [True, True, "1.00"]]
    page.locator("[data-position]").focus()
    page.keyboard.press("x")
    assert page.locator("[data-hear='B']").get_attribute("aria-pressed") == "true"
    page.keyboard.press(" ")
    page.wait_for_function("() => [...document.querySelectorAll('audio')].every(a => a.currentTime > 0.3)")
    page.keyboard.press("x")
    assert page.evaluate(heard) == [[False, False, "0.50"], [True, False, "1.00"]]
    apart = (
        "() => { const [a, b] = document.querySelectorAll('audio'); return Math.abs(a.currentTime - b.currentTime); }"
    )
    assert page.evaluate(apart) < 0.2
    assert "second" in (page.locator("[data-position]").get_attribute("aria-valuetext") or "")


def test_the_slider_uncovers_by_key(committed_db, live_site: Site, open_page: OpenPage, alice, tmp_path: Path):
    one = published_file(alice, media.picture(tmp_path / "a.png", size=(400, 300)), "One", alt_text="A lamp")
    two = published_file(alice, media.picture(tmp_path / "b.png", size=(400, 300)), "Two", alt_text="A boat")
    page = open_page()
    page.goto(between(two, one))
    slider = page.locator("[data-at]")
    # Hidden until the script has come, and what is hidden takes no focus.
    slider.wait_for()
    slider.focus()
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") == "100 per cent of A, 0 per cent of B"
    assert page.locator("[data-side='A']").evaluate("e => getComputedStyle(e).clipPath").startswith("inset(0px 0%")
    page.locator("[data-beside]").click()
    assert page.locator("[data-side='A']").evaluate("e => getComputedStyle(e).clipPath") == "none"


def test_a_sound_is_evened_looped_without_a_gap_and_opened_at_a_moment(
    committed_db, live_site: Site, open_page: OpenPage, alice, tmp_path: Path
):
    work = published_file(alice, media.recording(tmp_path / "a.wav", seconds=3), "Waltz")
    work.current_version.facts["gain_db_x100"] = -600
    work.current_version.save(update_fields=["facts"])
    page = open_page()
    page.goto(f"{work.get_absolute_url()}#t=2")
    page.wait_for_function("() => document.querySelector('audio').currentTime === 2")
    audio = "() => { const a = document.querySelector('audio'); return [a.paused, a.muted, a.volume.toFixed(2)]; }"
    assert page.evaluate(audio) == [True, False, "0.50"]
    page.locator("[data-even]").click()
    assert page.evaluate(audio) == [True, False, "1.00"]
    page.locator("[data-loop]").click()
    page.locator("[data-position]").focus()
    page.keyboard.press("Home")
    page.keyboard.press(" ")
    # The buffer is heard and the element runs along muted.
    page.wait_for_function("() => document.querySelector('audio').muted")
    page.locator("[data-loop]").click()
    page.wait_for_function("() => !document.querySelector('audio').muted")
    page.keyboard.press("k")
    page.wait_for_function("() => document.querySelector('audio').paused")


def test_a_film_has_keys_a_lane_with_pictures_and_captions(
    committed_db, live_site: Site, open_page: OpenPage, alice, tmp_path: Path
):
    work = published_file(alice, media.film(tmp_path / "a.mp4", seconds=4), "Ferry")
    work.current_version.facts["chapters"] = [{"start_ms": 0, "title": "Quay"}, {"start_ms": 2000, "title": "Sea"}]
    work.current_version.save(update_fields=["facts"])
    actions.set_captions(actor=alice, contribution=work, language="en", content=VTT)
    page = open_page()
    page.goto(f"{work.get_absolute_url()}#t=3")
    # A key pressed before the script has come is nobody's.
    page.wait_for_function("() => document.querySelector('video').currentTime === 3")
    slider = page.locator("[data-lane] [data-position]")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => document.querySelector('video').currentTime === 2")
    assert (slider.get_attribute("aria-valuetext") or "").endswith("4 seconds, Sea")
    page.locator("[data-peek] image[href]").wait_for(state="attached")
    assert page.locator("[data-peek-words]").inner_text() == "0:02 Sea"
    page.keyboard.press("0")
    page.wait_for_function("() => document.querySelector('video').currentTime === 0")
    page.keyboard.press(".")
    page.wait_for_function("() => document.querySelector('video').currentTime > 0")
    page.keyboard.press("m")
    page.keyboard.press("c")
    assert page.evaluate("() => document.querySelector('video').muted")
    assert page.evaluate("() => document.querySelector('video').textTracks[0].mode") == "showing"
    assert page.locator("[data-captions]").get_attribute("aria-pressed") == "true"
    page.wait_for_function("() => document.querySelector('video').textTracks[0].cues?.length === 1")


def test_a_number_moves_in_a_film_of_which_nothing_has_come_yet(
    committed_db, live_site: Site, open_page: OpenPage, alice, tmp_path: Path
):
    work = published_file(alice, media.film(tmp_path / "a.mp4", seconds=4), "Ferry")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.resource_type == "media":
            held.append(route)
        else:
            route.continue_()

    page = open_page()
    page.route("**/*", hold)
    page.goto(f"{work.get_absolute_url()}#t=3", wait_until="commit")
    page.wait_for_function("() => document.querySelector('video')?.currentTime === 3")
    page.locator("[data-lane] [data-position]").focus()
    page.keyboard.press("5")
    assert page.evaluate("() => document.querySelector('video').currentTime") == 2
    assert not page.evaluate("() => Number.isFinite(document.querySelector('video').duration)")


def test_a_picture_is_looked_into_by_key(committed_db, live_site: Site, open_page: OpenPage, alice, tmp_path: Path):
    work = published_file(alice, media.picture(tmp_path / "a.png", size=(1600, 1200)), "Lamp", alt_text="A lamp")
    page = open_page(width=390)
    page.goto(reverse("contributions:view", args=[work.pk]))
    page.locator("[data-said]", has_text="per cent").wait_for()
    wide = "() => document.querySelector('[data-picture]').width"
    fitted = page.evaluate(wide)
    assert fitted < 390
    page.locator("[data-viewport]").focus()
    page.keyboard.press("1")
    assert page.evaluate(wide) == 1600
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('[data-viewport]').scrollLeft > 0")
    page.keyboard.press("0")
    assert page.evaluate(wide) == fitted
