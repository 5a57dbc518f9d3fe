"""Plays what was accepted in a real browser, which is asked first whether it has the codec."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Player:
    """A browser that is asked whether it can play a type, and then made to."""

    SCRIPT = """async ([kind, mime]) => {
        const url = 'http://corpus.invalid/file';
        if (kind === 'image') {
            const image = new Image(); image.src = url; await image.decode();
            return image.naturalWidth > 0 ? '' : 'has no size';
        }
        const player = document.createElement(kind);
        if (!player.canPlayType(mime)) return 'this browser has no codec for ' + mime;
        player.muted = true; player.src = url; document.body.append(player);
        await new Promise((good, bad) => {
            player.oncanplay = good; player.onerror = () => bad(new Error(player.error.message));
            setTimeout(() => bad(new Error('nothing came')), 15000);
        });
        await player.play();
        await new Promise(done => { player.ontimeupdate = () => player.currentTime > 0 && done();
            player.onended = done; setTimeout(done, 5000); });
        return player.currentTime > 0 || player.duration < 0.3 ? '' : 'did not move';
    }"""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.file: dict[str, Any] = {}
        page.route("http://corpus.invalid/**", self._serve)
        page.goto("http://corpus.invalid/")

    def _serve(self, route: Any) -> None:
        if route.request.url.endswith("/file"):
            route.fulfill(path=self.file["path"], content_type=self.file["mime"])
        else:
            route.fulfill(body="<!doctype html><title>corpus</title>", content_type="text/html")

    def breaches(self, renditions: list[dict[str, Any]]) -> Iterator[str]:
        """Each rendition that should play by itself and does not."""
        from playwright.sync_api import Error

        for rendition in renditions:
            kind = {"poster": "image", "card": "image", "page": "image"}.get(rendition["kind"], rendition["kind"])
            if kind not in ("image", "audio", "video"):
                continue
            self.file = rendition
            try:
                trouble = self.page.evaluate(self.SCRIPT, [kind, rendition["mime"]])
            except Error as error:
                trouble = str(error).splitlines()[0]
            if trouble:
                yield f"{rendition['kind']} {rendition['mime']}: {trouble}"


@contextmanager
def player(browser: Any = None) -> Iterator[Player]:
    """A page of the browser given, or of one of its own: Playwright runs only once in a process."""
    if browser is not None:
        page = browser.new_page()
        yield Player(page)
        page.close()
        return
    from playwright.sync_api import sync_playwright

    from tests.support.browsers import FLAGS, find

    program, extra = find()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=FLAGS, env=os.environ | extra)
        yield Player(opened.new_page())
        opened.close()
