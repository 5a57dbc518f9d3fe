"""Source files say, signed, with which work they were given; and nothing that their artist has not said of them."""

import hashlib
import json
from pathlib import Path
from typing import Any

import c2pa
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contributions import actions, files
from contributions.actions import signing_given
from contributions.credentials import keys
from contributions.models import Contribution, Download, SourceFile
from tests import media
from tests.contributions.works import given, licence, png_file, published, uploaded

MAKERS = {"layer.png": media.picture, "take.wav": media.recording, "shot.mp4": media.film}


@pytest.fixture
def work(alice: Any, bob: Any) -> Contribution:
    """A remix, made with the help of a tool: things that are said of the work and not of its source files."""
    lamp = published(bob, "The lamp")
    details = {"sources": [(lamp, "adapts")], "ai_use": "assisted", "ai_note": "Noise removed"}
    return published(alice, "Night crossing", **details)


def body(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def manifest(data: bytes, mime: str, tmp_path: Path) -> tuple[str, dict[str, Any]]:
    """How it reads for one who trusts our root."""
    path = tmp_path / "downloaded"
    path.write_bytes(data)
    root = keys.load(Path(settings.CREDENTIALS_DIR)).root
    told = {"verify": {"verify_trust": True}, "trust": {"trust_anchors": root}}
    context = c2pa.Context(c2pa.Settings.from_dict(told))
    with path.open("rb") as file, c2pa.Reader(mime, file, context=context) as reader:
        whole = json.loads(reader.json())
        return str(reader.get_validation_state()), whole["manifests"][whole["active_manifest"]]


def assertion(told: dict[str, Any], label: str) -> dict[str, Any]:
    return next(row["data"] for row in told["assertions"] if row["label"].endswith(label))


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_a_source_file_verifies_after_download(client: Any, tmp_path: Path, charlie: Any, work: Any, name: str) -> None:
    row = given(work, uploaded(MAKERS[name](tmp_path / name)), "Crossing, layer 1")
    client.force_login(charlie)
    answer = client.post(reverse("contributions:download", args=[work.pk]), {"file": row.name})
    data = body(client.get(answer["Location"]))
    state, told = manifest(data, row.clean_mime, tmp_path)
    assert (state, told["title"]) == ("Trusted", "Crossing, layer 1")
    page = client.post("/verify/", {"file": SimpleUploadedFile(name, data)}).content.decode()
    assert "From here, and unchanged" in page
    assert work.get_absolute_url() in page
    assert hashlib.sha256(data).hexdigest() == Download.objects.get().sha256
    changed = bytearray(data)
    changed[-9] ^= 0x01
    page = client.post("/verify/", {"file": SimpleUploadedFile(name, bytes(changed))}).content.decode()
    assert "From here, and unchanged" not in page


def test_what_was_said_of_the_work_is_not_said_of_its_source_files(client: Any, tmp_path: Path, work: Any) -> None:
    row = given(work, png_file(), "Layer 1")
    _state, told = manifest(body(client.get(row.get_absolute_url())), row.clean_mime, tmp_path)
    steps = assertion(told, "c2pa.actions.v2")["actions"]
    assert [step["action"] for step in steps] == ["c2pa.opened", "c2pa.transcoded", "c2pa.published"]
    assert not [step for step in steps if "digitalSourceType" in step]
    assert "Given by Alice with “Night crossing”" in steps[2]["parameters"]["description"]
    assert [one["title"] for one in told["ingredients"]] == ["The file as its artist gave it"]
    metadata = assertion(told, "cawg.metadata")
    assert "dc:creator" not in metadata
    assert (metadata["dc:relation"], metadata["xmpRights:UsageTerms"]) == ("Night crossing", "CC BY 4.0")
    own = assertion(told, ".contribution")
    assert (own["contribution"], own["source_file"], own["given_by"]) == (work.pk, row.pk, "Alice")
    assert not {"ai_use", "sources"} & own.keys()


def test_it_is_signed_once_and_its_page_says_so(client: Any, work: Any) -> None:
    row = given(work, png_file())
    address = reverse("contributions:files", args=[work.pk])
    assert client.get(address).content.decode().count(">Signed<") == 0
    first = body(client.get(row.get_absolute_url()))
    assert body(client.get(row.get_absolute_url())) == first
    assert client.get(address).content.decode().count(">Signed<") == 1


def test_the_signed_copy_takes_the_place_of_the_clean_one(
    client: Any, work: Any, django_capture_on_commit_callbacks: Any
) -> None:
    row = given(work, png_file())
    left = f"{files.folder_of_given(row.pk)}/signed-by-somebody-killed.png"
    default_storage.save(left, ContentFile(b"half"))
    with django_capture_on_commit_callbacks(execute=True):
        body(client.get(row.get_absolute_url()))
    signed = SourceFile.objects.get()
    assert (signed.signed_at is not None, signed.clean_key != row.clean_key) == (True, True)
    assert list(files.stored_below(files.folder_of_given(row.pk))) == [signed.clean_key]


def test_text_and_drafts_go_out_unsigned(client: Any, alice: Any, work: Any) -> None:
    words = given(work, SimpleUploadedFile("words.txt", b"One, two.", "text/plain"))
    assert body(client.get(words.get_absolute_url())) == b"One, two."
    draft = actions.write_text(actor=alice, title="Not yet", body="Soon")
    layer = given(draft, png_file())
    client.force_login(alice)
    body(client.get(layer.get_absolute_url()))
    assert not SourceFile.objects.filter(signed_at__isnull=False).exists()


def test_a_large_one_is_signed_by_a_worker(
    client: Any, work: Any, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(signing_given, "LIGHT_BYTES", 10)
    row = given(work, png_file())
    with django_capture_on_commit_callbacks() as queued:
        answer = client.get(row.get_absolute_url())
    assert (answer.status_code, answer["Retry-After"], len(queued)) == (503, "60", 1)
    asked = client.post(reverse("contributions:download", args=[work.pk]), {"file": row.name}, follow=True)
    assert "This file is being signed" in asked.content.decode()
    assert not Download.objects.exists()
    actions.sign_source_file(row_id=row.pk)
    actions.sign_source_file(row_id=row.pk)
    assert SourceFile.objects.get().signed_at is not None
    assert client.get(row.get_absolute_url()).status_code == 200


def test_a_wider_licence_is_said_by_the_files_that_are_taken_from_then_on(
    client: Any, tmp_path: Path, alice: Any
) -> None:
    work = published(alice, "The tide", code="CC-BY-NC")
    row = given(work, png_file())
    said = []
    for wider in (None, licence("CC-BY")):
        if wider is not None:
            actions.relicense(actor=alice, contribution=work, licence=wider)
        _state, told = manifest(body(client.get(row.get_absolute_url())), row.clean_mime, tmp_path)
        said.append(assertion(told, "cawg.metadata")["xmpRights:UsageTerms"])
    assert said == ["CC BY-NC 4.0", "CC BY 4.0"]


def test_a_file_of_a_work_withdrawn_meanwhile_is_not_brought_back(client: Any, alice: Any, work: Any) -> None:
    row = given(work, png_file())
    actions.withdraw(actor=alice, contribution=work)
    actions.sign_source_file(row_id=row.pk)
    assert not SourceFile.objects.exists()
    assert client.get(row.get_absolute_url()).status_code == 410
