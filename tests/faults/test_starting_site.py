"""The site starts anew behind its proxy, which answers 502 meanwhile: the browser's upload goes on where it was."""

from typing import Any

from playwright.sync_api import Route

from contributions.models import Contribution, Upload, Version
from tests.contributions.works import png
from tests.support.browsers import OpenPage
from tests.support.sites import Site


def test_an_upload_does_not_begin_anew_when_the_proxy_answers_for_the_site(
    live_site: Site, open_page: OpenPage, alice: Any
) -> None:
    page = open_page(as_=alice)
    asked: list[str] = []

    def proxy(route: Route) -> None:
        method = route.request.method
        asked.append(method)
        if asked.count(method) == 1 and method in {"PATCH", "HEAD"}:
            return route.fulfill(status=502, body="Bad Gateway")
        return route.continue_()

    page.route("**/tus/**", proxy)
    page.goto("/upload/")
    page.locator("[data-files]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": png()})
    page.get_by_role("link", name="Details and publish").wait_for(timeout=60_000)
    assert asked == ["POST", "PATCH", "HEAD", "HEAD", "PATCH"]
    assert Upload.objects.get().status == Upload.Status.FINISHED
    assert (Contribution.objects.count(), Version.objects.count()) == (1, 1)
