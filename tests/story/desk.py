"""How staff work in the admin: find a row's page, fill a form, press a button."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from playwright.sync_api import Page

from tests.story.stage import Stage, said


def desk(stage: Stage, handle: str, row: Any) -> Page:
    """The admin's page of a row."""
    return stage.at(handle, reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk]))


def new(stage: Stage, handle: str, name: str) -> Page:
    """The admin's page that adds a row, e.g. "projects_round"."""
    return stage.at(handle, reverse(f"admin:{name}_add"))


def press(page: Page, button: str, *, words: str = "") -> None:
    """A move with the words that it asks for."""
    form = page.locator("form", has=page.get_by_role("button", name=button, exact=True))
    if words:
        form.locator("input[name=words], textarea[name=words], input[name=reason]").first.fill(words)
    form.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


def done(page: Page) -> None:
    """The admin says that it worked."""
    page.locator(".messagelist .success").first.wait_for()
    assert page.locator(".messagelist .error, .errornote").count() == 0


def refused(page: Page, words: str) -> None:
    """The admin says why not."""
    said(page.locator(".messagelist .error").first.page, words)


def pick(page: Page, field: str, words: str) -> None:
    """Choose a row in one of the admin's fields that search as one types."""
    page.locator(f"#{field} + .select2 .select2-selection").click()
    page.locator(".select2-container--open .select2-search__field").fill(words)
    page.locator(".select2-results__option", has_text=words).first.click()


def save(page: Page) -> None:
    """The admin's own button."""
    page.locator("input[name=_save]").click()
    page.wait_for_load_state()
    done(page)
