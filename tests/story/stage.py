"""What the chapters of the story share: the running site, the people at their browsers, and the works so far."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Page

from contributions.models import Contribution
from profiles.models import Artist
from tests.support.browsers import OpenPage
from tests.support.cast import PASSWORD
from tests.support.sites import Site, eventually

PATIENCE = 120
# A page may be slow to come on a busy machine.
PAGE_MS = 45_000
VISITOR = "visitor"


@dataclass
class Stage:
    """The people, each with a browser of their own, and what they have made."""

    site: Site
    open_page: OpenPage
    folder: Path
    browsers: dict[str, Page] = field(default_factory=dict)
    works: dict[str, Contribution] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)

    def sit_down(self, handle: str) -> Page:
        """A browser for somebody, signed out."""
        page = self.browsers[handle] = self.open_page()
        page.set_default_timeout(PAGE_MS)
        return page

    def come(self, handle: str) -> Page:
        """A browser for somebody who has just logged in."""
        page = self.browsers[handle] = self.open_page(as_=self.artist(handle))
        page.set_default_timeout(PAGE_MS)
        return page

    def at(self, handle: str, address: str) -> Page:
        """Somebody's browser, gone to an address."""
        page = self.browsers[handle]
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, f"{address} answers {answer.status} to {handle}"
        return page

    def artist(self, handle: str) -> Artist:
        """The row of a person, read afresh."""
        return Artist.objects.get(handle=handle)

    def again(self, name: str) -> Any:
        """A kept row, read afresh."""
        self.rows[name].refresh_from_db()
        return self.rows[name]


def log_in(stage: Stage, handle: str) -> None:
    """By the log-in page, with address and password."""
    page = stage.sit_down(handle)
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(f"{handle}@example.com")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.locator("header").get_by_role("link", name="Upload").wait_for()


def mail_to(address: str, containing: str) -> str:
    """The words of the newest mail to an address that contains something; the mails are files."""

    def find() -> str:
        files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*"), key=lambda file: file.stat().st_mtime)
        for file in reversed(files):
            for message in file.read_bytes().split(b"-" * 79):
                mail = email.message_from_bytes(message.lstrip(), policy=email.policy.default)
                body = mail.get_body()
                words = str(body.get_content()) if body is not None else ""
                if address in str(mail["To"]) and containing in words:
                    return words
        return ""

    return str(eventually(find, seconds=PATIENCE, what=f"a mail to {address} with {containing}"))


def link_in(words: str, containing: str) -> str:
    """The path of the first link of a mail that contains something."""
    links = re.findall(r"https?://\S+", words)
    return urlsplit(next(link for link in links if containing in link)).path


def number_in(address: str) -> int:
    """The number that stands in an address of a row."""
    found = re.search(r"/(\d+)/", urlsplit(address).path)
    assert found is not None, address
    return int(found[1])


def said(page: Page, words: str) -> None:
    """The page says this somewhere, now or as soon as it has come."""
    page.get_by_text(words).first.wait_for()
