"""What no page may let slip: a loose policy, sniffed bytes, somebody's draft, an admin behind one factor."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import reverse

from contributions import actions
from contributions.models import Contribution
from tests.contributions.works import png_file, published, run_jobs, written

pytestmark = pytest.mark.django_db

PAGES = [
    "/", "/explore/", "/search/?q=lamp", "/upload/", "/challenges/", "/projects/", "/money/", "/how/",
    "/accounts/login/", "/accounts/signup/", "/no-such-page/", "/admin/login/",
]  # fmt: skip
STRICT = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def policy_of(answer: Any) -> dict[str, str]:
    """The directives of the header."""
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, _space, sources in parts}


def holds_strict_policy(answer: Any) -> None:
    policy = policy_of(answer)
    assert {name: policy[name] for name in STRICT} == STRICT
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    body = answer.content.decode()
    assert "<style" not in body
    assert " style=" not in body
    assert "javascript:" not in body


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_the_strict_policy_and_keeps_it(client, db, address):
    holds_strict_policy(client.get(address))


def staff_pages() -> list[str]:
    """The first page of the admin, every list of it, and every form that adds something."""
    pages = [reverse("admin:index")]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages += [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
    return pages


def test_the_admin_has_the_strict_policy_too(client, sam, dana):
    for person in (sam, dana):
        client.force_login(person)
        answers = {address: client.get(address) for address in staff_pages()}
        seen = {address: answer for address, answer in answers.items() if answer.status_code == 200}
        assert {answer.status_code for answer in answers.values()} <= {200, 302, 403}
        assert len(seen) > 20
        for answer in seen.values():
            holds_strict_policy(answer)


def picture_of(artist: Any) -> Contribution:
    """A prepared picture, still a draft."""
    version = actions.receive_file(actor=artist, file=png_file())
    run_jobs()
    return Contribution.objects.get(pk=version.contribution_id)


def test_bytes_are_served_without_sniffing_and_can_run_nothing(client, alice):
    work = picture_of(alice)
    client.force_login(alice)
    for address in (work.picture(320), reverse("contributions:original", args=[work.pk, 1])):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "attachment" in answer.headers["Content-Disposition"]


def drafts_addresses(work: Contribution) -> list[str]:
    named = ("edit", "versions", "files", "shares", "sources", "withdraw", "discard", "status")
    pages = [reverse(f"contributions:{name}", args=[work.pk]) for name in named]
    return [
        *pages,
        work.get_absolute_url(),
        f"/contributions/{work.pk}/",
        reverse("lineage", args=[work.pk]),
        work.picture(320),
        reverse("contributions:original", args=[work.pk, 1]),
    ]


def test_a_draft_exists_for_nobody_else(client, alice, charlie):
    work = picture_of(alice)
    client.force_login(charlie)
    for address in drafts_addresses(work):
        assert client.get(address).status_code == 404, address
    client.logout()
    for address in drafts_addresses(work):
        assert client.get(address).status_code in (302, 404), address
    assert b"Lamp room" not in client.get("/explore/").content + client.get("/search/?q=lamp").content


@pytest.mark.parametrize("name", ["edit", "withdraw", "discard", "shares", "sources", "write_on"])
def test_a_stranger_finds_no_way_to_change_a_published_work(client, alice, charlie, name):
    work = published(alice)
    client.force_login(charlie)
    address = reverse(f"contributions:{name}", args=[work.pk])
    assert client.get(address).status_code == 404
    assert client.post(address, {"title": "Mine now"}).status_code == 404
    work.refresh_from_db()
    assert (work.title, work.status) == ("Keeper's letter", "published")


def test_a_stranger_cannot_discard_a_draft(client, alice, charlie):
    work = written(alice)
    client.force_login(charlie)
    assert client.post(reverse("contributions:discard", args=[work.pk])).status_code == 404
    assert Contribution.objects.filter(pk=work.pk).exists()


def test_script_in_any_word_of_a_work_stays_words(client, alice):
    words = "<script>alert(1)</script>"
    work = published(alice, f"Lamp {words}", description=words, tags=["rain"])
    for address in (work.get_absolute_url(), "/", "/explore/", "/@alice/", f"/search/?q={words}"):
        page = client.get(address)
        assert words not in page.content.decode(), address


def test_staff_need_a_second_factor_for_the_admin(client, sam, settings):
    settings.STAFF_SECOND_FACTOR = True
    client.force_login(sam)
    for address in ("/admin/", "/admin/royalties/statement/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("mfa_index"))
    Authenticator.objects.create(user=sam, type=Authenticator.Type.TOTP, data={"secret": "made-up"})
    assert client.get("/admin/").status_code == 200


def test_the_admin_is_closed_to_members(client, alice):
    client.force_login(alice)
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/royalties/statement/").status_code == 302
