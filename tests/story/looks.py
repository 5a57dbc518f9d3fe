"""How the pages of the money story are looked at: axe, both widths, and a photograph where SHOTS names a folder."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.support.browsers import axe_violations

SHOTS = os.environ.get("SHOTS", "")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def look(page: Page, name: str) -> None:
    """The page as it stands, without a violation and without scrolling sideways, wide and light, narrow and dark."""
    page.wait_for_load_state()
    for size, scheme in ((NARROW, "dark"), (WIDE, "light")):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict of the two
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} scrolls sideways by {wide} at {size['width']}"
        found = axe_violations(page)
        assert found == [], f"{name}, {scheme}: {found}"
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{size['width']}.png"), full_page=True)
