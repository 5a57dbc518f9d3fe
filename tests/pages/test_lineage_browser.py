"""The whole tree and the chain in a real browser: by keyboard with script, as lists without."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from contributions.models import Contribution
from tests import media
from tests.contributions.works import published
from tests.pages.bulk import hang, multiply
from tests.pages.world import published_file
from tests.support.browsers import axe_violations

KEEP_WHAT_IS_SAID = """() => {
  window.said = [];
  const state = document.querySelector("[data-chain-state]");
  new MutationObserver(() => window.said.push(state.textContent)).observe(state, { childList: true });
}"""


@pytest.fixture
def here(alice, bob):
    """A work in the twentieth generation with seventy remixes, one of which has one."""
    first = published(alice, "Kettle")
    line = [first, *multiply(first, 20)]
    for generation, work in enumerate(line):
        work.generation = generation
    Contribution.objects.bulk_update(line, ["generation"])
    hang(line[:-1], line[1:])
    remixes = multiply(first, 70, artists=[bob], generation=21)
    hang([line[-1]], remixes)
    hang([remixes[0]], multiply(first, 1, generation=22))
    return line[-1]


def active(page):
    """What a reader hears of the item that has the focus."""
    return page.evaluate(
        "document.getElementById(document.querySelector('svg[role=tree]').getAttribute('aria-activedescendant'))"
        ".querySelector('title').textContent"
    )


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)
        page.locator("[data-tree]:not([aria-busy])").wait_for()


def test_the_tree_is_walked_by_keyboard(here, live_site, open_page):
    page = open_page()
    page.goto(reverse("lineage_tree", args=[here.pk]))
    expect(page.locator(".tree-node.here")).to_be_visible()
    expect(page.locator("[data-tree] [data-state]")).to_have_text("Works added: 50")
    page.focus("svg[role=tree]")
    assert "You are here" in active(page)
    press(page, "ArrowRight")
    assert "Generation 21" in active(page)
    press(page, "ArrowRight", "ArrowRight")
    assert "Generation 22" in active(page)
    press(page, "ArrowLeft", "ArrowLeft", "End")
    assert active(page) == "20 more"
    press(page, "Enter")
    expect(page.locator("[data-tree] [data-state]")).to_have_text("Works added: 20")
    # Only what is in view is drawn, though 71 works are open below this one.
    assert page.locator(".tree-node").count() < 40
    press(page, "Home")
    assert active(page).startswith("Kettle, Alice, Original")
    press(page, "ArrowRight")
    assert active(page) == "11 generations between"
    press(page, "Enter")
    assert page.locator(".tree-node.fold").count() == 0 or "generation" in active(page)
    page.click("[data-move=here]")
    expect(page.locator(".tree-node.here")).to_be_visible()
    before = page.get_attribute("svg[role=tree]", "viewBox")
    page.click("[data-move=in]")
    assert page.get_attribute("svg[role=tree]", "viewBox") != before
    assert axe_violations(page) == []
    page.focus("svg[role=tree]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(re.escape(here.get_absolute_url())))


def test_on_a_phone_and_without_script_the_list_is_the_tree(here, live_site, open_page):
    phone = open_page(width=390)
    phone.goto(reverse("lineage_tree", args=[here.pk]))
    expect(phone.locator(".tree-view")).to_be_hidden()
    phone.click("text=64 more remixes")
    expect(phone.locator("#lineage-status")).to_contain_text("12 remixes")
    # htmx gives the focus when the list has settled, a moment after the status is spoken.
    expect(phone.locator("a.node:focus")).to_have_count(1)
    expect(phone.locator("text=52 more remixes")).to_be_visible()
    plain = open_page(script=False)
    plain.goto(reverse("lineage_tree", args=[here.pk]))
    plain.click("text=64 more remixes")
    assert plain.url.endswith(reverse("lineage", args=[here.pk]))


@pytest.fixture
def heard(alice, bob, tmp_path):
    """A sound built on another; made before the worker starts, so that their jobs run in this process."""
    first = published_file(alice, media.recording(tmp_path / "one.wav", seconds=1), "One")
    return published_file(bob, media.recording(tmp_path / "two.wav", seconds=1), "Two", sources=[(first, "reuses")])


def test_the_chain_plays_one_after_the_other(heard, live_site, open_page):
    page = open_page()
    page.goto(reverse("chain", args=[heard.pk]))
    # Each lasts a second, in which a busy machine may not look once.
    page.evaluate(KEEP_WHAT_IS_SAID)
    page.click("text=Play the chain")
    expect(page.locator("[data-chain-state]")).to_have_text("The chain is over.")
    assert page.evaluate("window.said") == ["Playing 1 of 2: One", "Playing 2 of 2: Two", "The chain is over."]
    plain = open_page(script=False)
    plain.goto(reverse("chain", args=[heard.pk]))
    assert plain.locator("audio[controls]").count() == 2
    expect(plain.locator("[data-chain-play]")).to_be_hidden()
