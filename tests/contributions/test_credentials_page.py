"""The page where anybody checks a file, in every state it can show."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contributions.credentials import Finding, keys, reading, signed_copy
from contributions.models import Contribution
from contributions.views import verify
from tests import media
from tests.contributions.works import published

PAGE = "/verify/"


@pytest.fixture
def remix(alice: Any, bob: Any) -> Contribution:
    return published(bob, "Night crossing", sources=[(published(alice, "The lamp"), "adapts")])


@pytest.fixture
def signed(remix: Contribution, tmp_path: Path) -> bytes:
    plain = media.picture(tmp_path / "lamp.jpg")
    return signed_copy(plain, mime="image/jpeg", contribution=remix).read_bytes()


def asked(client: Any, data: bytes, *, name: str = "lamp.jpg", **headers: str) -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data)}, headers=headers)


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_file_of_ours_is_recognised_with_its_history_and_family(client: Any, signed: bytes, remix: Any) -> None:
    answer = asked(client, signed)
    page = words(answer)
    assert answer.status_code == 200
    assert "From here, and unchanged" in page
    for said in (
        "Night crossing",
        "Begun from something that was there",
        "Published",
        "The lamp",
        "made from it",
        "our key",
    ):
        assert said in page
    assert f'href="{remix.get_absolute_url()}"' in page
    assert reverse("lineage", args=[remix.pk]) in page


def test_a_changed_file_is_called_so(client: Any, signed: bytes) -> None:
    data = bytearray(signed)
    data[-200] ^= 0x01
    assert "From here, but changed since" in words(asked(client, bytes(data)))


def test_a_file_without_credentials_is_called_so(client: Any, tmp_path: Path) -> None:
    answer = asked(client, media.picture(tmp_path / "bare.png").read_bytes(), name="bare.png")
    assert "No credentials" in words(answer)


def test_a_strangers_signature_is_no_proof_of_a_work_here(
    client: Any, remix: Contribution, settings: Any, tmp_path: Path
) -> None:
    own, settings.CREDENTIALS_DIR = settings.CREDENTIALS_DIR, str(tmp_path / "theirs")
    keys.make(tmp_path / "theirs", name="<b>Another</b> Studio")
    data = signed_copy(media.picture(tmp_path / "x.jpg"), mime="image/jpeg", contribution=remix).read_bytes()
    settings.CREDENTIALS_DIR = own
    page = words(asked(client, data))
    assert "Signed by somebody else, and unchanged" in page
    assert "&lt;b&gt;Another&lt;/b&gt; Studio" in page
    assert "unknown here" in page
    assert f'href="{remix.get_absolute_url()}"' not in page


def test_a_withdrawn_work_is_told_as_gone(client: Any, signed: bytes, remix: Contribution, bob: Any) -> None:
    from contributions import actions

    actions.withdraw(actor=bob, contribution=remix)
    assert "is no longer here" in words(asked(client, signed))


def test_a_script_gets_the_verdict_alone(client: Any, signed: bytes) -> None:
    answer = asked(client, signed, **{"HX-Request": "true"})
    assert b"<html" not in answer.content
    assert "From here, and unchanged" in words(answer)


@pytest.mark.parametrize("htmx", [True, False])
def test_no_file_is_told_in_words(client: Any, htmx: bool) -> None:
    answer = client.post(PAGE, {}, headers={"HX-Request": "true"} if htmx else {})
    assert answer.status_code == 422
    assert "This field is required" in words(answer)


def test_a_file_too_large_is_told_in_words_and_not_kept(client: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(verify.credentials, "MOST_BYTES", 70_000)
    answer = asked(client, b"x" * 200_000)
    assert answer.status_code == 422
    assert "which is the most that can be checked here" in words(answer)


def test_when_too_many_ask_the_page_says_to_come_back(client: Any, signed: bytes, monkeypatch: Any) -> None:
    monkeypatch.setattr(verify, "PATIENCE_SECONDS", 0.1)
    taken = [verify._places.acquire() for _place in range(verify.AT_ONCE)]
    try:
        answer = asked(client, signed)
    finally:
        for _place in taken:
            verify._places.release()
    assert answer.status_code == 503
    assert "Too many at once" in words(answer)
    assert asked(client, signed).status_code == 200


@pytest.mark.parametrize(
    ("verdict", "heading"),
    [
        ("ours_expired", "with a certificate that has run out"),
        ("other_changed", "Signed by somebody else, and changed since"),
        ("broken", "Its credentials are damaged"),
        ("remote", "Its credentials are kept elsewhere"),
    ],
)
def test_every_verdict_has_its_words(verdict: str, heading: str, rf: Any, db: None) -> None:
    from django.template.loader import render_to_string

    context = {"finding": Finding(verdict), "file_name": "x.jpg", **verify._shown(Finding(verdict))}
    assert heading in render_to_string("contributions/_verdict.html", context)


def test_the_root_is_published_with_its_fingerprint(client: Any, db: None) -> None:
    chain = keys.load(Path(settings.CREDENTIALS_DIR))
    answer = client.get("/credentials/root.pem")
    assert answer.content.decode() == chain.root
    assert b"PRIVATE" not in answer.content
    assert chain.fingerprint in words(client.get(PAGE))


def test_a_site_without_certificates_says_so(client: Any, db: None, settings: Any, tmp_path: Path) -> None:
    settings.CREDENTIALS_DIR = str(tmp_path / "none")
    assert client.get("/credentials/root.pem").status_code == 404
    assert "This site signs nothing at the moment" in words(client.get(PAGE))
    bare = media.picture(tmp_path / "bare.png").read_bytes()
    assert "No credentials" in words(asked(client, bare))


def test_nothing_of_a_checked_file_is_kept(client: Any, signed: bytes) -> None:
    before = set(Path(settings.SCRATCH_DIR).glob("*"))
    asked(client, signed)
    assert set(Path(settings.SCRATCH_DIR).glob("*")) == before


def test_what_a_strangers_file_says_is_text_and_no_link() -> None:
    found = {"state": "Valid", "good": [reading.SIGNATURE], "bad": [], "work": {"contribution": 1}}
    assert reading.judge(found).work_pk is None


def test_the_files_page_tells_of_credentials(client: Any, remix: Contribution) -> None:
    page = words(client.get(reverse("contributions:files", args=[remix.pk])))
    assert "Content credentials" in page
    assert 'href="/verify/"' in page


def test_a_dropped_file_is_judged_in_place(live_site: Any, open_page: Any, signed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "dropped.jpg"
    path.write_bytes(signed)
    for script in (True, False):
        page = open_page(script=script, width=390)
        page.goto(PAGE)
        page.set_input_files("#id_file", path)
        if not script:
            page.get_by_role("button", name="Check it").click()
        page.get_by_role("heading", name="From here, and unchanged").wait_for()
        page.get_by_text("dropped.jpg").wait_for()
        page.get_by_role("link", name="Night crossing").first.click()
        page.get_by_role("heading", name="Night crossing", level=1).wait_for()
