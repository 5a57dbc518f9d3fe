"""Chapter: alice joins, and four works of four media come in by the pages, one built on another."""

from __future__ import annotations

from pathlib import Path

from allauth.account.models import EmailAddress
from playwright.sync_api import Page

from contributions.models import Contribution, Remix
from tests import media
from tests.story.stage import PATIENCE, Stage, link_in, log_in, mail_to, number_in, said
from tests.support.cast import PASSWORD
from tests.support.sites import eventually


def alice_joins(stage: Stage) -> None:
    """By the join page; her address counts once she has followed the mailed link."""
    page = stage.sit_down("alice")
    page.goto("/")
    page.get_by_role("link", name="Upload something").first.click()
    page.goto("/accounts/signup/")
    page.get_by_label("Your name").fill("Alice")
    page.locator("#id_email").fill("alice@example.com")
    page.locator("input[type=password]").first.fill(PASSWORD)
    page.get_by_role("button", name="Join", exact=True).click()
    page.locator("header").get_by_role("link", name="Upload").wait_for()
    address = EmailAddress.objects.get(email="alice@example.com")
    assert not address.verified
    page.goto(link_in(mail_to("alice@example.com", "confirm-email"), "confirm-email"))
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_load_state()
    eventually(lambda: EmailAddress.objects.get(pk=address.pk).verified, seconds=20, what="the verified address")


def everybody_else_comes(stage: Stage) -> None:
    """Members since earlier, through the log-in page; one visitor who never logs in."""
    for handle in ("bob", "charlie", "sam", "dana"):
        log_in(stage, handle)
    stage.sit_down("visitor")


def alice_uploads_a_picture(stage: Stage) -> None:
    path = media.picture(stage.folder / "lamp_room.png", size=(1200, 800))
    page = send(stage, "alice", path, "/upload/")
    fill_in(page, title="Lamp room", alt="A lamp in four colours", permission="yes")
    stage.works["image"] = publish(page)
    assert stage.works["image"].picture(640)


def bob_remixes_it_in_sound(stage: Stage) -> None:
    """From the button on her work's page; she is told, and both pages show it."""
    page = stage.at("bob", stage.works["image"].get_absolute_url())
    with page.expect_navigation():
        page.get_by_role("link", name="Remix this").first.click()
    path = media.recording(stage.folder / "waltz.wav", seconds=4)
    page = send(stage, "bob", path, page.url)
    said(page, "Lamp room")
    page.locator("#sources select[name=kind]").select_option("adapts")
    page.locator("#sources input[name=note]").fill("What the lamp sounds like")
    page.get_by_role("button", name="Save this").click()
    said(page, "Saved.")
    fill_in(page, title="Waltz for the lamp", permission="yes")
    work = stage.works["audio"] = publish(page)
    edge = Remix.objects.get(child=work)
    assert (edge.parent, edge.kind, edge.note) == (stage.works["image"], "adapts", "What the lamp sounds like")
    assert work.generation == 1
    said(stage.at("alice", "/inbox/"), "Waltz for the lamp")
    said(stage.at("visitor", stage.works["image"].get_absolute_url()), "Waltz for the lamp")


def alice_writes(stage: Stage) -> None:
    page = stage.at("alice", "/write/")
    page.locator("#id_title").fill("Keeper’s letter")
    page.locator("#id_body").fill("The lamp turns **once** for every boat.\n\nCount slowly.")
    page.get_by_role("button", name="Details and publish").click()
    page.wait_for_url("**/edit/")
    fill_in(page, title="Keeper’s letter", permission="yes")
    stage.works["text"] = publish(page)
    read = stage.at("visitor", stage.works["text"].get_absolute_url())
    assert read.locator("strong", has_text="once").is_visible()


def bob_films(stage: Stage) -> None:
    """He wants to be asked before a production uses it."""
    path = media.film(stage.folder / "ferry.mp4", seconds=2)
    page = send(stage, "bob", path, "/upload/")
    fill_in(page, title="The ferry, shot 12", alt="A lit ferry on dark water", permission="ask")
    stage.works["video"] = publish(page)
    watched = stage.at("visitor", stage.works["video"].get_absolute_url())
    assert watched.locator("video").count() == 1


def send(stage: Stage, handle: str, path: Path, address: str) -> Page:
    """A file through the tray; ends on the page of its details."""
    page = stage.at(handle, address)
    page.locator("[data-files]").set_input_files(path)
    row = page.locator("[data-tray] .up").first
    row.get_by_text("Ready").wait_for()
    row.get_by_role("link", name="Details and publish").click()
    page.wait_for_url("**/edit/")
    return page


def fill_in(page: Page, *, title: str, permission: str, alt: str = "") -> None:
    """The details and the rights, in plain words."""
    page.locator("#id_title").fill(title)
    page.locator("#id_tags").fill("lamp, rain")
    if alt:
        page.locator("#id_alt_text").fill(alt)
    page.locator("#id_original_work").check()
    page.locator("input[name=ai_use][value=none]").check()
    page.locator("input[name=remix_permission][value=anyone]").check()
    page.get_by_label("CC BY 4.0").first.check()
    page.locator(f"input[name=production_permission][value={permission}]").check()


def publish(page: Page) -> Contribution:
    """Press the button; a work that is not ready yet comes out by itself."""
    pk = number_in(page.url)
    page.locator("button[name=publish]").click()
    page.wait_for_load_state()
    assert page.locator("[data-error-summary]").count() == 0, page.locator("[data-error-summary]").inner_text()
    public = Contribution.objects.filter(pk=pk, status=Contribution.Status.PUBLISHED)
    eventually(public.exists, seconds=PATIENCE, what="the publication")
    return public.select_related("artist", "current_version").get()
