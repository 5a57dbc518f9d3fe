"""A real Chromium: the machine's where there is one, else the one that npm brought, with libraries of its own."""

import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
PACKED = ROOT / "node_modules" / "@sparticuz" / "chromium"
UNPACKED = ROOT / "node_modules" / ".chromium"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
]
# What the browser says of an answer that the test has asked for.
EXPECTED = ("Failed to load resource",)

OpenPage = Callable[..., Page]


def unpack() -> Path:
    """Chromium from its npm package: four brotli archives, unpacked once."""
    program = UNPACKED / "chromium"
    if program.exists():
        return program
    draft = UNPACKED.with_suffix(f".{os.getpid()}")
    draft.mkdir()
    for archive in sorted((PACKED / "bin").glob("*.tar.br")):
        with tarfile.open(fileobj=BytesIO(brotli.decompress(archive.read_bytes()))) as packed:
            # Python has the filter since 3.11.4; the archive's hash stands in the lock either way.
            safely: Any = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
            packed.extractall(draft / archive.name.removesuffix(".tar.br"), **safely)  # noqa: S202
    target = draft / "chromium"
    target.write_bytes(brotli.decompress((PACKED / "bin" / "chromium.br").read_bytes()))
    target.chmod(0o755)
    try:
        draft.rename(UNPACKED)
    except OSError:
        # Another worker was quicker.
        shutil.rmtree(draft)
    return program


def find() -> tuple[str, dict[str, str]]:
    """The browser's program and the environment it needs."""
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        if name and (program := shutil.which(name)):
            return program, {}
    program = str(unpack())
    libraries = [str(folder) for folder in UNPACKED.glob("*/lib")] + [str(UNPACKED / "swiftshader")]
    fonts = UNPACKED / "fonts" / "fonts"
    extra = {"LD_LIBRARY_PATH": ":".join(libraries)}
    if not Path("/etc/fonts/fonts.conf").exists():
        extra["FONTCONFIG_PATH"] = str(fonts)
    return program, extra


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser a run."""
    # Playwright's loop runs in this thread, and Django would take every query for one from a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    program, extra = find()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS, env={**os.environ, **extra})
        yield started
        started.close()


@pytest.fixture
def open_page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[OpenPage]:
    """Opens pages, each in a context of its own (a person): `open_page(width=390, dark=True, as_=alice)`.

    A script error or a breach of the content security policy on any of them fails the test.
    """
    base = request.getfixturevalue("live_site").url if "live_site" in request.fixturenames else None
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            errors.append(f"{message.text} ({message.location.get('url')})")

    def open_(
        *, width: int = 1280, height: int = 900, dark: bool = False, script: bool = True, as_: Any = None
    ) -> Page:
        context = browser.new_context(
            base_url=base,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="en-GB",
            reduced_motion="reduce",
        )
        contexts.append(context)
        if as_ is not None:
            sign_in(context, as_, str(base))
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", heard)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A visitor's page at 1280 pixels."""
    return open_page()


def sign_in(context: BrowserContext, artist: Any, base: str) -> None:
    """Give the context a session of the artist's who has just said who they are, without the log-in page."""
    # This plugin is loaded before the apps are.
    from allauth.account.internal.flows.login import record_authentication

    client = Client()
    client.force_login(artist, backend="django.contrib.auth.backends.ModelBackend")
    asked = RequestFactory().get("/")
    asked.session = client.session
    record_authentication(asked, artist, method="password", reauthenticated=True)
    asked.session.save()
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}])


def axe_violations(page: Page, *, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds on the page as it stands: rule, and the elements it holds against it.

    With `rules` it looks for breaches of these alone.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = page.evaluate("async (options) => (await axe.run(document, options)).violations", options)
    return [f"{rule['id']}: {', '.join(str(node['target']) for node in rule['nodes'][:5])}" for rule in found]
