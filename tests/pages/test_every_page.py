"""Every page in a real browser: light and dark, phone and desk, with and without script.

One site and one world serve all looks, because making them costs more than looking; what is wrong
anywhere is gathered and reported at once.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from typing import Literal

from playwright.sync_api import Page, Response

from tests.pages.addresses import Look, looks
from tests.pages.world import World
from tests.support.browsers import OpenPage, axe_violations
from tests.support.sites import Site

Scheme = Literal["light", "dark"]
# Every theme at every width; a theme changes colours and nothing else, so the other rules are
# asked once at each width.
COLOURS = ("color-contrast", "link-in-text-block")
SIGHTS: tuple[tuple[int, Scheme, tuple[str, ...]], ...] = (
    (1280, "light", ()),
    (1280, "dark", COLOURS),
    (390, "dark", ()),
    (390, "light", COLOURS),
)
NARROWEST = 320
# The element that reaches furthest to the right helps to find what is too wide.
WIDEST = """() => {
  const far = [...document.querySelectorAll('body *')]
    .filter(element => !element.closest('.table-box, .family, pre, [data-scrolls]'))
    .sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)[0];
  return `${far.tagName} .${far.className} "${far.textContent.trim().slice(0, 30)}"`;
}"""


def test_no_page_fails_axe_scrolls_sideways_or_needs_script(world: World, live_site: Site, open_page: OpenPage) -> None:
    # The world is made before the worker starts, so that its jobs run once, in this process.
    people: dict[str, list[Look]] = defaultdict(list)
    for look in looks(world):
        people[look.as_].append(look)
    problems: list[str] = []
    broken: list[str] = []
    for handle, pages in people.items():
        artist = world.people.get(handle)
        plain, page = open_page(script=False, as_=artist), open_page(as_=artist)
        page.on("response", partial(watch, live_site.url, broken))
        for look in pages:
            broken.clear()
            found = [*without_script(plain, look), *in_all_sizes(page, look), *broken]
            problems += [f"{look.address} as {handle or 'a visitor'}: {problem}" for problem in found]
    assert not problems, "\n".join(["", *problems])


def watch(site: str, broken: list[str], answer: Response) -> None:
    """Note what a page asks for and does not get, and what it asks of another host."""
    asked = answer.request
    if not asked.url.startswith((site, "blob:", "data:")):
        broken.append(f"asks another host: {asked.url}")
    elif answer.status >= HTTPStatus.BAD_REQUEST and not asked.is_navigation_request():
        broken.append(f"gets {answer.status} from {asked.url}")


def without_script(page: Page, look: Look) -> Iterator[str]:
    """It answers as it should, and shows its own heading and words."""
    answer = page.goto(look.address)
    assert isinstance(answer, Response)
    if answer.status != look.status:
        yield f"answers {answer.status}"
    if "content-security-policy" not in answer.headers:
        yield "has no content security policy"
    headings = page.locator("h1")
    if headings.count() != 1:
        yield f"has {headings.count()} h1"
    elif not headings.is_visible():
        yield "shows no h1 without script"
    if not page.locator("main").inner_text().strip():
        yield "shows nothing without script"


def in_all_sizes(page: Page, look: Look) -> Iterator[str]:
    """axe, and no sideways scroll, in both themes on a phone and at a desk."""
    page.goto(look.address)
    for width, scheme, rules in SIGHTS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        yield from (f"{scheme}, {width} px: {violation}" for violation in axe_violations(page, rules=rules))
        yield from too_wide(page, width)
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    yield from too_wide(page, NARROWEST)


def too_wide(page: Page, width: int) -> Iterator[str]:
    if page.evaluate("document.documentElement.scrollWidth") > width:
        yield f"scrolls sideways at {width} px: {json.dumps(page.evaluate(WIDEST))}"
