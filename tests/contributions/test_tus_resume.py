"""What uploads survive: kills at any moment, lost bytes, several connections at once; and how they end."""

import datetime as dt
import hashlib
import threading
from pathlib import Path

import pytest
from botocore.config import Config
from django.core.files.storage import default_storage
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from contributions import actions, tus
from contributions.errors import QuotaExceeded
from contributions.models import Contribution, Job, Upload, Version
from contributions.upload_store import LEAST_PART, upload_store
from tests.contributions.tus_client import Tus, stored
from tests.contributions.works import png


def test_parts_and_tails_on_s3(tusd, s3_media, s3_endpoint):
    """Small pieces wait as a tail, a full part is sent, nothing is left lying about."""
    data = hashlib.shake_256(b"sea").digest(LEAST_PART + 3_000_000)
    place = tusd.create(len(data))["Location"]
    offset = 0
    for size in (1_000_000, 2_000_000, 3_000_000, len(data) - 6_000_000):
        assert tusd.patch(place, data[offset : offset + size], offset).status_code == 204
        offset += size
    upload = Upload.objects.get()
    assert upload.status == Upload.Status.FINISHED
    assert stored(upload) == data
    with transaction.atomic():
        upload_store().finish(upload)
    keys = [entry["Key"] for entry in s3_endpoint.client.list_objects_v2(Bucket=s3_media)["Contents"]]
    assert keys == [upload.key]
    assert not s3_endpoint.client.list_multipart_uploads(Bucket=s3_media).get("Uploads")


def test_a_kill_between_bytes_and_row_loses_nothing(tusd, alice, anywhere):
    """The store is ahead of the row, as after kill -9: the same bytes come again and the file is whole."""
    data = hashlib.shake_256(b"night").digest(LEAST_PART + 1_500_000)
    place = tusd.create(len(data))["Location"]
    tusd.patch(place, data[:700_000], 0)
    before = Upload.objects.get()
    # What a killed process had done already: bytes are stored, the offset was not saved.
    upload_store().append(Upload.objects.get(), [data[700_000:1_400_000]])
    assert tusd.head(place)["Upload-Offset"] == str(before.offset)
    assert tusd.patch(place, data[700_000 : LEAST_PART + 1_000_000], 700_000).status_code == 204
    upload_store().append(Upload.objects.get(), [b"garbage of a process that died"])
    assert tusd.patch(place, data[LEAST_PART + 1_000_000 :], LEAST_PART + 1_000_000).status_code == 204
    assert stored(Upload.objects.get()) == data


def test_a_kill_after_the_last_byte_is_healed_by_head(tusd, alice, anywhere):
    data = png()
    upload = actions.begin_upload(actor=alice, length=len(data))
    upload.offset = upload_store().append(upload, [data])
    upload.save()
    assert not Version.objects.exists()
    assert tusd.head(f"/tus/{upload.pk}")["Upload-Offset"] == str(len(data))
    assert Version.objects.get().upload == upload


def test_a_kill_after_the_last_byte_is_healed_by_the_sweep(alice):
    upload = actions.begin_upload(actor=alice, length=3)
    upload.offset = upload_store().append(upload, [b"abc"])
    upload.save()
    assert actions.sweep_uploads() == 1
    assert Version.objects.get().upload == upload


def test_lost_bytes_lower_the_offset(tusd, alice):
    """Should a disk have lost what it promised, the file is asked for again and not believed to be there."""
    place = tusd.create(10)["Location"]
    tusd.patch(place, b"12345", 0)
    upload = Upload.objects.get()
    with open(default_storage.path(upload.key), "r+b") as file:
        file.truncate(2)
    assert tusd.patch(place, b"67890", 5).status_code == 409
    assert tusd.head(place)["Upload-Offset"] == "2"
    assert tusd.patch(place, b"34567890", 2).status_code == 204
    assert stored(Upload.objects.get()) == b"1234567890"


def test_parts_that_an_s3_server_has_lost_are_asked_for_again(tusd, s3_media, s3_endpoint):
    data = hashlib.shake_256(b"reef").digest(2 * LEAST_PART + 1_000_000)
    place = tusd.create(len(data))["Location"]
    tusd.patch(place, data[:LEAST_PART], 0)
    tusd.patch(place, data[LEAST_PART : LEAST_PART + 1000], LEAST_PART)
    upload = Upload.objects.get()
    given = {"Bucket": s3_media, "Key": upload.key, "UploadId": upload.multipart["id"]}
    s3_endpoint.client.abort_multipart_upload(**given)
    assert tusd.head(place)["Upload-Offset"] == "0"
    assert tusd.patch(place, data[LEAST_PART:], LEAST_PART).status_code == 409
    assert tusd.patch(place, data[: LEAST_PART + 5], 0).status_code == 204
    assert tusd.head(place)["Upload-Offset"] == str(LEAST_PART + 5)
    assert tusd.patch(place, data[LEAST_PART + 5 :], LEAST_PART + 5).status_code == 204
    assert stored(Upload.objects.get()) == data


def test_a_tail_that_an_s3_server_has_lost_is_asked_for_again(tusd, s3_media, s3_endpoint):
    data = hashlib.shake_256(b"reef").digest(LEAST_PART + 1_000_000)
    place = tusd.create(len(data))["Location"]
    tusd.patch(place, data[:LEAST_PART], 0)
    tusd.patch(place, data[LEAST_PART : LEAST_PART + 1000], LEAST_PART)
    s3_endpoint.client.delete_object(Bucket=s3_media, Key=Upload.objects.get().multipart["tail"]["key"])
    assert tusd.head(place)["Upload-Offset"] == str(LEAST_PART)
    assert tusd.patch(place, data[LEAST_PART:], LEAST_PART).status_code == 204
    assert stored(Upload.objects.get()) == data


def test_a_multipart_upload_that_no_row_knows_ends_with_the_upload(tusd, s3_media, s3_endpoint):
    """A process killed between telling the S3 server and saving the row."""
    data = hashlib.shake_256(b"buoy").digest(LEAST_PART + 10)
    for finish in (True, False):
        place = tusd.create(len(data))["Location"]
        key = Upload.objects.get(pk=place.rpartition("/")[2]).key
        s3_endpoint.client.create_multipart_upload(Bucket=s3_media, Key=key)
        answer = tusd.patch(place, data, 0) if finish else tusd.ask("DELETE", place)
        assert answer.status_code == 204
        assert not s3_endpoint.client.list_multipart_uploads(Bucket=s3_media).get("Uploads")
    assert stored(Upload.objects.get(status=Upload.Status.FINISHED)) == data


def test_a_tail_that_a_request_under_way_has_just_stored_is_left_alone(s3_media, alice):
    """The tidying of one request comes after its row is free again, and the next one may have begun."""
    upload = actions.begin_upload(actor=alice, length=LEAST_PART)
    store = upload_store()
    upload.offset = store.append(upload, [b"a" * 100])
    upload.save()
    second = Upload.objects.get()
    second.offset += store.append(second, [b"b" * 100])
    store.tidy(upload)
    second.save()
    store.tidy(second)
    assert store.recount(second) == 200


@pytest.fixture
def nowhere(settings):
    """A storage that does not answer."""
    options = {
        "bucket_name": "gone", "endpoint_url": "http://127.0.0.1:9", "access_key": "a", "secret_key": "b",
        "client_config": Config(retries={"total_max_attempts": 1}, connect_timeout=1),
    }  # fmt: skip
    backend = "storages.backends.s3.S3Storage"

    def leave():
        settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": backend, "OPTIONS": options}}

    return leave


def test_a_storage_that_is_away_is_told_so_that_clients_come_again(tusd, alice, s3_media, nowhere):
    """HEAD says "locked": for any other refusal tus-js-client would begin a second upload."""
    place = tusd.create(10)["Location"]
    tusd.patch(place, b"12345", 0)
    before = Upload.objects.get()
    nowhere()
    assert tusd.head(place).status_code == 423
    answer = tusd.patch(place, b"67890", 5)
    assert (answer.status_code, b"is kept" in answer.content) == (503, True)
    assert tusd.ask("DELETE", place).status_code == 503
    after = Upload.objects.get()
    assert (after.offset, after.status) == (before.offset, Upload.Status.OPEN)


def test_an_upload_that_cannot_be_ended_does_not_keep_the_others(alice):
    for length in (3, 4):
        actions.begin_upload(actor=alice, length=length)
    Upload.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    first = Upload.objects.get(length=3)
    # A folder where the first one's bytes should be: nothing can be removed there.
    Path(default_storage.path(first.key)).mkdir(parents=True)
    assert actions.sweep_uploads() == 1
    assert Upload.objects.get(status=Upload.Status.OPEN) == first


def test_a_whole_upload_whose_bytes_are_lost_goes_on_instead_of_failing_for_ever(tusd, alice):
    upload = actions.begin_upload(actor=alice, length=6)
    upload.offset = upload_store().append(upload, [b"abcdef"])
    upload.save()
    default_storage.delete(upload.key)
    actions.sweep_uploads()
    upload.refresh_from_db()
    assert (upload.status, upload.offset) == (Upload.Status.OPEN, 0)
    assert tusd.patch(f"/tus/{upload.pk}", b"abcdef", 0).status_code == 204
    assert Version.objects.get().upload == upload


def test_an_upload_that_went_on_meanwhile_does_not_expire(alice):
    upload = actions.begin_upload(actor=alice, length=10)
    actions.terminate_upload(actor=alice, upload=upload, status=Upload.Status.EXPIRED)
    upload.refresh_from_db()
    assert upload.status == Upload.Status.OPEN


def test_a_wrong_offset_is_a_conflict(tusd):
    place = tusd.create(10)["Location"]
    assert tusd.patch(place, b"123", 5).status_code == 409
    assert tusd.patch(place, b"123", 0).status_code == 204
    assert tusd.patch(place, b"123", 0).status_code == 409


def test_a_lost_connection_keeps_what_has_come(alice):
    class Breaking:
        def __init__(self) -> None:
            self.pieces = [b"abcd", b"ef"]

        def read(self, size: int, /) -> bytes:
            if not self.pieces:
                raise OSError("the client has gone")
            return self.pieces.pop(0)

    upload = actions.begin_upload(actor=alice, length=10)
    upload = tus.receive(alice, upload.pk, offset=0, body=Breaking(), length=10)
    assert upload.offset == 6


def test_an_expired_upload_is_gone(tusd, alice):
    place = tusd.create(10)["Location"]
    tusd.patch(place, b"12345", 0)
    upload = Upload.objects.get()
    Upload.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert default_storage.exists(upload.key)
    assert actions.sweep_uploads() == 1
    upload.refresh_from_db()
    assert upload.status == Upload.Status.EXPIRED
    assert tusd.head(place).status_code == 410
    assert tusd.patch(place, b"67890", 5).status_code == 410
    assert not Contribution.objects.filter(artist=alice).exists()


def test_an_expired_upload_leaves_no_bytes(tusd, alice, anywhere, django_capture_on_commit_callbacks):
    tusd.create(10 * 1024 * 1024)
    upload = Upload.objects.get()
    tusd.patch(f"/tus/{upload.pk}", b"x" * 6 * 1024 * 1024, 0)
    tusd.patch(f"/tus/{upload.pk}", b"y" * 1024, 6 * 1024 * 1024)
    Upload.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        actions.sweep_uploads()
    assert not default_storage.exists(upload.key)
    folder = upload.key.rpartition("/")[0]
    assert default_storage.listdir(folder)[1] == []


def test_termination_removes_bytes_and_draft(tusd, alice, anywhere, django_capture_on_commit_callbacks):
    place = tusd.create(10)["Location"]
    tusd.patch(place, b"12345", 0)
    upload = Upload.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        assert tusd.ask("DELETE", place).status_code == 204
    assert not default_storage.exists(upload.key)
    assert not Contribution.objects.exists()
    assert tusd.head(place).status_code == 410
    assert tusd.ask("DELETE", place).status_code == 410


def test_finishing_twice_is_once(alice):
    data = png()
    upload = actions.begin_upload(actor=alice, length=len(data))
    upload.offset = upload_store().append(upload, [data])
    upload.save()
    first = actions.receive_upload(actor=alice, upload=upload)
    second = actions.receive_upload(actor=alice, upload=upload)
    assert first == second
    assert Job.objects.count() == 1


def test_two_connections_at_once_do_not_mix(committed_db, alice):
    """While one PATCH holds the upload the other is told to come back."""
    upload = actions.begin_upload(actor=alice, length=10)
    begun, go_on = threading.Event(), threading.Event()

    class Slow:
        def __init__(self) -> None:
            self.sent = False

        def read(self, size: int, /) -> bytes:
            if self.sent:
                return b""
            begun.set()
            go_on.wait(20)
            self.sent = True
            return b"abcde"

    def first() -> None:
        tus.receive(alice, upload.pk, offset=0, body=Slow(), length=5)
        connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    assert begun.wait(20)
    client = Client()
    client.force_login(alice)
    assert Tus(client).patch(f"/tus/{upload.pk}", b"XXXXX", 0).status_code == 423
    go_on.set()
    thread.join()
    assert Tus(client).patch(f"/tus/{upload.pk}", b"XXXXX", 0).status_code == 409
    assert Tus(client).patch(f"/tus/{upload.pk}", b"fghij", 5).status_code == 204
    assert stored(Upload.objects.get()) == b"abcdefghij"


def test_two_creations_cannot_share_the_same_room(committed_db, alice, settings):
    settings.ARTIST_QUOTA_BYTES = 100
    answers: list[str] = []

    def create() -> None:
        try:
            actions.begin_upload(actor=alice, length=60)
            answers.append("taken")
        except QuotaExceeded:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["refused", "refused", "refused", "taken"]
