"""When files are signed: after publishing, when somebody takes one, and again when what they say no longer holds."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import c2pa
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from contributions import actions, files, scratch
from contributions.actions import preparing, signing
from contributions.credentials import keys
from contributions.errors import NotYetSigned
from contributions.models import Contribution, Job, Rendition
from tests import media
from tests.contributions.works import declared, png_file, run_jobs
from tests.support.sites import eventually


@pytest.fixture
def picture(alice: Any) -> Contribution:
    """A published picture whose files are not signed yet."""
    return published_picture(alice, "Lamp room")


def published_picture(artist: Any, title: str, *, sources: Any = ()) -> Contribution:
    version = actions.receive_file(actor=artist, file=png_file(width=700, height=500))
    run_jobs()
    work = declared(Contribution.objects.get(pk=version.contribution_id), title=title, alt_text="Blue")
    for source in sources:
        actions.add_source(actor=artist, contribution=work, source=source, kind="adapts")
    return actions.publish_contribution(actor=artist, contribution=work)


def sign(work: Contribution) -> None:
    assert work.current_version is not None
    actions.sign_version(version_id=work.current_version.pk)


def rows(work: Contribution) -> dict[str, Rendition]:
    return {row.name: row for row in Rendition.objects.filter(version__contribution=work)}


def stored(work: Contribution) -> set[str]:
    """Every file that the storage has of the work's renditions."""
    folders = [files.folder_of(pk) for pk in work.versions.values_list("pk", flat=True)]
    return {key for folder in folders for key in files.stored_below(folder)}


def manifest(data: bytes, mime: str, tmp_path: Path) -> tuple[str, dict[str, Any]]:
    """How it reads for one who trusts our root."""
    path = tmp_path / "taken"
    path.write_bytes(data)
    root = keys.load(Path(settings.CREDENTIALS_DIR)).root
    told = {"verify": {"verify_trust": True}, "trust": {"trust_anchors": root}}
    with (
        path.open("rb") as file,
        c2pa.Reader(mime, file, context=c2pa.Context(c2pa.Settings.from_dict(told))) as reader,
    ):
        whole = json.loads(reader.json())
        return str(reader.get_validation_state()), whole["manifests"][whole["active_manifest"]]


def read(row: Rendition) -> bytes:
    with default_storage.open(row.key) as file:
        return bytes(file.read())


def taken(client: Any, work: Contribution, name: str) -> Any:
    address = reverse("contributions:media", args=[work.pk, 1, name])
    return client.get(f"{address}?download")


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_publishing_has_the_files_signed(alice: Any, finish_jobs: Any, tmp_path: Path) -> None:
    with finish_jobs():
        work = published_picture(alice, "Lamp room")
    work.refresh_from_db()
    assert work.current_version is not None
    assert work.current_version.signed_at is not None
    signed = {name for name, row in rows(work).items() if row.signed_at}
    assert signed == {"image/640.webp", "image/640.avif", "image/card.jpg"}
    for name in signed:
        row = rows(work)[name]
        data = read(row)
        assert len(data) == row.bytes
        state, told = manifest(data, row.mime, tmp_path)
        assert (state, told["title"]) == ("Trusted", "Lamp room")
    assert stored(work) == {row.key for row in rows(work).values()}


def test_signing_works_on_any_storage_and_leaves_no_old_file(
    anywhere: str, alice: Any, finish_jobs: Any, tmp_path: Path
) -> None:
    work = published_picture(alice, "Lamp room")
    before = {row.key for row in rows(work).values()}
    with finish_jobs():
        sign(work)
    row = rows(work)["image/640.webp"]
    assert row.key not in before
    assert manifest(read(row), row.mime, tmp_path)[0] == "Trusted"
    assert stored(work) == {row.key for row in rows(work).values()}
    assert not list(Path(settings.SCRATCH_DIR).glob(f"{scratch.HELD}*"))


def test_signing_twice_changes_nothing_the_second_time(picture: Contribution, finish_jobs: Any) -> None:
    with finish_jobs():
        sign(picture)
    before = {name: row.key for name, row in rows(picture).items()}
    with finish_jobs():
        sign(picture)
    assert {name: row.key for name, row in rows(picture).items()} == before


def test_a_draft_is_not_signed(alice: Any, client: Any) -> None:
    version = actions.receive_file(actor=alice, file=png_file())
    run_jobs()
    actions.sign_version(version_id=version.pk)
    assert not Rendition.objects.filter(version=version, signed_at__isnull=False).exists()
    client.force_login(alice)
    assert taken(client, version.contribution, "image/64.webp").status_code == 200
    assert not Rendition.objects.filter(version=version, signed_at__isnull=False).exists()


def test_a_remix_carries_the_credentials_of_its_sources(
    alice: Any, bob: Any, picture: Contribution, finish_jobs: Any, tmp_path: Path
) -> None:
    with finish_jobs():
        remix = published_picture(bob, "Lamp room in fog", sources=[picture])
    row = rows(remix)["image/640.webp"]
    _state, told = manifest(read(row), row.mime, tmp_path)
    (ingredient,) = told["ingredients"]
    assert (ingredient["title"], ingredient["relationship"]) == ("Lamp room", "parentOf")
    assert ingredient["informational_URI"].endswith(picture.get_absolute_url())
    # The source was signed first, so that its own manifest goes along.
    assert ingredient["active_manifest"]
    assert rows(picture)["image/640.webp"].signed_at is not None


def test_what_a_family_carries_along_stays_small(bob: Any, picture: Contribution, finish_jobs: Any) -> None:
    work = picture
    sizes = []
    for number in range(8):
        with finish_jobs():
            work = published_picture(bob, f"Generation {number}", sources=[work])
        sizes.append(rows(work)["image/card.jpg"].credentials_bytes)
    from contributions.credentials.manifest import CARRIED_MOST_BYTES

    assert max(sizes) < CARRIED_MOST_BYTES + 40_000


# -- when somebody takes a file


@pytest.mark.parametrize("name", ["image/card.jpg", "image/320.webp", "image/320.avif"])
def test_a_download_is_signed_when_it_was_not_yet(
    name: str, client: Any, picture: Contribution, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    assert rows(picture)[name].signed_at is None
    with django_capture_on_commit_callbacks(execute=True):
        answer = taken(client, picture, name)
    data = body(answer)
    assert answer.status_code == 200
    assert int(answer["Content-Length"]) == len(data)
    assert manifest(data, answer["Content-Type"], tmp_path)[0] == "Trusted"
    assert body(taken(client, picture, name)) == data
    assert stored(picture) == {row.key for row in rows(picture).values()}


def test_looking_does_not_sign(client: Any, picture: Contribution) -> None:
    address = reverse("contributions:media", args=[picture.pk, 1, "image/320.webp"])
    assert client.get(address).status_code == 200
    assert rows(picture)["image/320.webp"].signed_at is None


def test_sound_is_signed_and_webm_is_not(client: Any, alice: Any, tmp_path: Path) -> None:
    sound = media.recording(tmp_path / "waltz.wav", seconds=1)
    version = actions.receive_file(actor=alice, file=SimpleUploadedFile("waltz.wav", sound.read_bytes()))
    run_jobs()
    work = declared(Contribution.objects.get(pk=version.contribution_id), title="Waltz")
    actions.publish_contribution(actor=alice, contribution=work)
    assert manifest(body(taken(client, work, "audio/master.m4a")), "audio/mp4", tmp_path)[0] == "Trusted"
    assert taken(client, work, "audio/opus.webm").status_code == 200
    assert rows(work)["audio/opus.webm"].signed_at is None


def test_a_large_file_is_left_to_a_worker(
    client: Any, picture: Contribution, monkeypatch: Any, finish_jobs: Any
) -> None:
    monkeypatch.setattr(signing, "LIGHT_BYTES", 10)
    with finish_jobs():
        answer = taken(client, picture, "image/card.jpg")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert taken(client, picture, "image/card.jpg").status_code == 200


def test_switched_off_files_go_out_as_they_are(client: Any, picture: Contribution, settings: Any) -> None:
    settings.SIGN_FILES = False
    assert taken(client, picture, "image/card.jpg").status_code == 200
    assert rows(picture)["image/card.jpg"].signed_at is None
    assert actions.sweep_unsigned() == 0


def test_without_certificates_files_go_out_and_the_log_says_so(
    client: Any, picture: Contribution, settings: Any, tmp_path: Path, caplog: Any
) -> None:
    settings.CREDENTIALS_DIR = str(tmp_path / "none")
    assert taken(client, picture, "image/card.jpg").status_code == 200
    assert "make_credentials" in caplog.text
    sign(picture)
    assert not any(row.signed_at for row in rows(picture).values())


# -- what comes between


def test_what_a_killed_signer_left_behind_goes_when_it_is_signed(picture: Contribution, finish_jobs: Any) -> None:
    folder = files.folder_of(picture.versions.get().pk)
    left = [f"{folder}/signed/0123456789ab/image/card.jpg", f"{folder}/former-lease/image/320.webp"]
    for key in left:
        default_storage.save(key, png_file())
    with finish_jobs():
        assert actions.sweep_unsigned() == 1
    assert stored(picture) == {row.key for row in rows(picture).values()}
    assert actions.sweep_unsigned() == 0


def test_a_preparer_that_wakes_up_late_leaves_signed_files_alone(
    alice: Any, finish_jobs: Any, monkeypatch: Any, settings: Any, tmp_path: Path
) -> None:
    """While it slept, another prepared the version, which was published and signed; what it still stores goes."""
    version = actions.receive_file(actor=alice, file=png_file(width=700, height=500))
    work = declared(version.contribution, title="Lamp room", alt_text="Blue")
    late = actions.take_job(job_id=version.jobs.get().pk)
    assert late is not None
    signed: dict[str, str] = {}
    store = preparing._store

    def store_after_a_sleep(*args: Any) -> None:
        monkeypatch.setattr(preparing, "_store", store)
        # The other is on another machine, so that nobody takes the sleeper's private folder away.
        settings.SCRATCH_DIR = str(tmp_path)
        Job.objects.filter(pk=late.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
        with finish_jobs():
            actions.run_transcode(job_id=late.pk)
            actions.publish_contribution(actor=alice, contribution=work)
        signed.update({name: row.key for name, row in rows(work).items()})
        store(*args)

    monkeypatch.setattr(preparing, "_store", store_after_a_sleep)
    actions.do_job(job=late)
    assert {name: row.key for name, row in rows(work).items()} == signed
    assert stored(work) == set(signed.values())
    row = rows(work)["image/640.webp"]
    assert manifest(read(row), row.mime, tmp_path)[0] == "Trusted"
    with finish_jobs():
        actions.run_transcode(job_id=late.pk)
    assert stored(work) == set(signed.values())


def test_a_work_withdrawn_meanwhile_is_not_signed_and_leaves_nothing(
    alice: Any, picture: Contribution, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    replace = signing._replace

    def withdrawing(*args: Any) -> None:
        actions.withdraw(actor=alice, contribution=picture)
        replace(*args)

    monkeypatch.setattr(signing, "_replace", withdrawing)
    with django_capture_on_commit_callbacks(execute=True):
        sign(picture)
    assert rows(picture) == {}
    assert stored(picture) == set()


def test_withdrawing_deletes_signed_files_and_removing_keeps_them_out_of_reach(
    alice: Any, sam: Any, client: Any, picture: Contribution, finish_jobs: Any
) -> None:
    with finish_jobs():
        sign(picture)
    address = reverse("contributions:media", args=[picture.pk, 1, "image/card.jpg"])
    actions.remove(actor=sam, contribution=picture, reason="A complaint")
    assert client.get(f"{address}?download").status_code == 410
    assert stored(picture)
    actions.restore(actor=sam, contribution=picture)
    with finish_jobs():
        actions.withdraw(actor=alice, contribution=picture)
    assert stored(picture) == set()
    assert client.get(f"{address}?download").status_code == 410


def test_a_source_that_asks_not_to_be_shown_disappears_from_the_files(
    alice: Any, bob: Any, picture: Contribution, finish_jobs: Any, tmp_path: Path
) -> None:
    with finish_jobs():
        remix = published_picture(bob, "Lamp room in fog", sources=[picture])
    with finish_jobs():
        actions.unlink(actor=alice, remix=remix.source_edges.get())
    row = rows(remix)["image/640.webp"]
    state, told = manifest(read(row), row.mime, tmp_path)
    assert (state, told.get("ingredients", [])) == ("Trusted", [])
    assert stored(remix) == {row.key for row in rows(remix).values()}


def test_a_new_version_of_a_published_work_is_signed(alice: Any, picture: Contribution, finish_jobs: Any) -> None:
    with finish_jobs():
        actions.receive_file(actor=alice, contribution=picture, file=png_file(width=800, height=500), note="Wider")
    picture.refresh_from_db()
    assert picture.current_version is not None
    assert picture.current_version.number == 2
    assert picture.current_version.signed_at is not None


def test_a_file_that_cannot_be_signed_is_tried_five_times(picture: Contribution, finish_jobs: Any) -> None:
    card = rows(picture)["image/card.jpg"]
    default_storage.delete(card.key)
    default_storage.save(card.key, SimpleUploadedFile("card.jpg", b"not a picture"))
    for _round in range(signing.MOST_ATTEMPTS):
        with finish_jobs():
            assert actions.sweep_unsigned() == 1
    assert actions.sweep_unsigned() == 0
    assert picture.versions.get().signed_at is None
    with pytest.raises(NotYetSigned):
        actions.sign_for_download(rendition=rows(picture)["image/card.jpg"])


def test_one_at_a_time_signs_a_version(
    picture: Contribution, client: Any, monkeypatch: Any, second_connection: Any
) -> None:
    monkeypatch.setattr(signing, "PATIENCE_OF_A_PAGE", 0.3)
    version = picture.versions.get()
    with second_connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"sign version {version.pk}"])
        assert taken(client, picture, "image/card.jpg").status_code == 503
    second_connection.close()
    assert taken(client, picture, "image/card.jpg").status_code == 200


@pytest.fixture
def second_connection(db: None) -> Any:
    """Another process' connection to the same database."""
    other = connection.copy()
    yield other
    other.close()


def test_a_signer_that_is_killed_leaves_nothing_once_another_has_been(
    site_factory: Any, alice: Any, tmp_path: Path
) -> None:
    """kill -9 in the middle, a new worker, and in the end every row has its signed file and no file is nobody's."""
    work = published_picture(alice, "Lamp room")
    site = site_factory(JOB_LEASE_SECONDS="2")
    site.start_worker()
    for _round in range(2):
        actions.sweep_unsigned()
        eventually(
            lambda: default_storage_has_signed(work) or is_signed(work), seconds=60, what="the first signed file"
        )
        site.kill("worker")
        site.start_worker()
    actions.sweep_unsigned()
    eventually(lambda: is_signed(work), seconds=60, what="signing")
    eventually(lambda: stored(work) == {row.key for row in rows(work).values()}, what="the sweeping")
    assert {row.name for row in rows(work).values() if row.signed_at} >= {"image/card.jpg", "image/640.webp"}


def is_signed(work: Contribution) -> bool:
    return bool(work.versions.get().signed_at)


def default_storage_has_signed(work: Contribution) -> bool:
    return any("/signed/" in key for key in stored(work))
