"""The browser of the tests plays what the site makes: a codec that is missing would make every later test vain."""

import pytest
from playwright.sync_api import Page

PLAYS = [
    'video/mp4; codecs="avc1.640028, mp4a.40.2"',
    'audio/mp4; codecs="mp4a.40.2"',
    'audio/ogg; codecs="opus"',
]


@pytest.mark.parametrize("mime", PLAYS)
def test_the_browser_plays(mime: str, page: Page) -> None:
    page.goto("about:blank")
    assert page.evaluate("mime => document.createElement('video').canPlayType(mime)", mime) == "probably"


def test_the_browser_shows_avif_and_webp(page: Page) -> None:
    page.goto("about:blank")
    assert page.evaluate("typeof MediaSource") == "function"
