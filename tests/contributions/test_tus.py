"""tus 1.0: the protocol by HTTP, on local disk and on a real S3 server."""

import base64
import datetime as dt
import hashlib
import threading
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from contributions import actions, tus
from contributions.models import Contribution, Job, Upload, Version
from contributions.upload_store import LEAST_PART, upload_store
from tests.contributions.works import png, published

CHUNK = "application/offset+octet-stream"


def meta(**pairs: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


class Tus:
    """A small client that says exactly what it is told."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def ask(self, method: str, path: str, data: bytes = b"", **headers: str) -> Any:
        given = {"Tus-Resumable": "1.0.0"} | {name.replace("_", "-"): value for name, value in headers.items()}
        content_type = given.pop("Content-Type", "application/octet-stream")
        return self.client.generic(method, path, data, content_type=content_type, headers=given)

    def create(self, length: int, **pairs: str) -> Any:
        return self.ask("POST", "/tus/", Upload_Length=str(length), Upload_Metadata=meta(**pairs))

    def patch(self, path: str, data: bytes, offset: int, **headers: str) -> Any:
        return self.ask("PATCH", path, data, Content_Type=CHUNK, Upload_Offset=str(offset), **headers)

    def head(self, path: str) -> Any:
        return self.ask("HEAD", path)


@pytest.fixture
def tusd(client: Client, alice: Any) -> Tus:
    client.force_login(alice)
    return Tus(client)


@pytest.fixture(params=["disk", "s3"])
def anywhere(request: pytest.FixtureRequest) -> str:
    """Each test that takes this runs on local disk and on S3."""
    if request.param == "s3":
        request.getfixturevalue("s3_media")
    return request.param


def stored(upload: Upload) -> bytes:
    with default_storage.open(upload.key) as file:
        return file.read()


def test_the_server_says_what_it_can(tusd):
    answer = tusd.ask("OPTIONS", "/tus/")
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    for extension in ("creation", "creation-with-upload", "expiration", "checksum", "termination"):
        assert extension in answer["Tus-Extension"].split(",")
    assert "sha1" in answer["Tus-Checksum-Algorithm"]
    assert int(answer["Tus-Max-Size"]) >= 10**9


def test_a_file_in_three_pieces(tusd, anywhere, finish_jobs):
    data = png(300, 200)
    made = tusd.create(len(data), filename="lamp_room.png", filetype="image/png")
    assert made.status_code == 201
    place = made["Location"]
    assert not place.endswith("/")
    assert tusd.head(place)["Upload-Offset"] == "0"
    third = len(data) // 3
    assert tusd.patch(place, data[:third], 0)["Upload-Offset"] == str(third)
    assert tusd.patch(place, data[third : 2 * third], third).status_code == 204
    head = tusd.head(place)
    assert (head["Upload-Offset"], head["Upload-Length"]) == (str(2 * third), str(len(data)))
    assert head["Cache-Control"] == "no-store"
    assert not Version.objects.exists()
    with finish_jobs():
        assert tusd.patch(place, data[2 * third :], 2 * third).status_code == 204
    version = Version.objects.get()
    assert version.sha256 == hashlib.sha256(data).hexdigest()
    assert version.ready_at
    assert version.contribution.title == "Lamp room"
    assert tusd.head(place)["Upload-Offset"] == str(len(data))


def test_the_draft_stands_from_the_first_moment(tusd, alice):
    made = tusd.create(10, filename="a-b.mov")
    work = Contribution.objects.get(pk=made["X-Contribution"])
    assert work.artist == alice
    assert work.title == "A b"


def test_creation_with_the_first_bytes(tusd):
    data = png()
    answer = tusd.ask("POST", "/tus/", data[:50], Content_Type=CHUNK, Upload_Length=str(len(data)))
    assert answer.status_code == 201
    assert answer["Upload-Offset"] == "50"
    assert answer["Upload-Expires"]


def test_a_whole_file_at_creation(tusd):
    data = png()
    answer = tusd.ask("POST", "/tus/", data, Content_Type=CHUNK, Upload_Length=str(len(data)))
    assert answer["Upload-Offset"] == str(len(data))
    assert Version.objects.get().bytes == len(data)


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


def test_a_wrong_offset_is_a_conflict(tusd):
    place = tusd.create(10)["Location"]
    assert tusd.patch(place, b"123", 5).status_code == 409
    assert tusd.patch(place, b"123", 0).status_code == 204
    assert tusd.patch(place, b"123", 0).status_code == 409


def test_more_than_was_announced_is_refused(tusd):
    place = tusd.create(4)["Location"]
    assert tusd.patch(place, b"12345", 0).status_code == 413
    assert tusd.head(place)["Upload-Offset"] == "0"


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


@pytest.mark.parametrize("algorithm", tus.ALGORITHMS)
def test_a_checksum_is_verified(tusd, algorithm, anywhere):
    place = tusd.create(8)["Location"]
    right = base64.b64encode(hashlib.new(algorithm, b"abcd").digest()).decode()
    assert tusd.patch(place, b"abcX", 0, Upload_Checksum=f"{algorithm} {right}").status_code == 460
    assert tusd.head(place)["Upload-Offset"] == "0"
    assert tusd.patch(place, b"abcd", 0, Upload_Checksum=f"{algorithm} {right}").status_code == 204
    assert tusd.head(place)["Upload-Offset"] == "4"
    tusd.patch(place, b"efgh", 4)
    assert stored(Upload.objects.get()) == b"abcdefgh"


@pytest.mark.parametrize("header", ["crc32 AAAA", "sha1 ???", "sha1"])
def test_a_checksum_that_makes_no_sense_is_refused(tusd, header):
    place = tusd.create(8)["Location"]
    answer = tusd.patch(place, b"abcd", 0, Upload_Checksum=header)
    assert answer.status_code in {400, 460}
    assert tusd.head(place)["Upload-Offset"] == "0"


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


def test_anothers_upload_does_not_exist(tusd, client, bob):
    place = tusd.create(10)["Location"]
    client.force_login(bob)
    assert tusd.head(place).status_code == 404
    assert tusd.patch(place, b"123", 0).status_code == 404
    assert tusd.ask("DELETE", place).status_code == 404
    assert tusd.head(f"/tus/{uuid4()}").status_code == 404


def test_signed_out_is_told_plainly(client, db):
    assert Tus(client).create(10).status_code == 401


def test_another_version_of_the_protocol_is_refused(tusd):
    answer = tusd.client.generic("POST", "/tus/", b"", headers={"Tus-Resumable": "0.2.2", "Upload-Length": "1"})
    assert answer.status_code == 412
    assert answer["Tus-Version"] == "1.0.0"


@pytest.mark.parametrize("length", ["", "many", "-1", "1.5", "²"])
def test_a_length_that_is_no_number_is_refused(tusd, length):
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": length}
    answer = tusd.client.generic("POST", "/tus/", b"", headers=headers)
    assert answer.status_code == 400


def test_a_file_beyond_every_limit_is_refused_before_its_bytes(tusd):
    assert tusd.create(10**13).status_code == 413
    assert not Upload.objects.exists()


def test_the_quota_is_checked_before_the_bytes(tusd, settings):
    settings.ARTIST_QUOTA_BYTES = 100
    assert tusd.create(60).status_code == 201
    answer = tusd.create(60)
    assert answer.status_code == 413
    assert "does not fit" in answer.content.decode()
    assert Upload.objects.count() == 1


def test_the_csrf_token_is_needed(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert Tus(client).create(10).status_code == 403
    client.get("/upload/")
    token = client.cookies["csrftoken"].value
    answer = Tus(client).ask("POST", "/tus/", Upload_Length="10", X_CSRFToken=token)
    assert answer.status_code == 201


def test_a_new_version_by_tus(tusd, alice, bob):
    first = actions.receive_file(actor=alice, file=_file(png()))
    data = png(80, 80)
    place = tusd.create(len(data), contribution=str(first.contribution_id), note="Bigger")["Location"]
    tusd.patch(place, data, 0)
    second = Version.objects.get(number=2)
    assert second.contribution_id == first.contribution_id
    assert second.note == "Bigger"
    foreign = published(bob)
    assert tusd.create(10, contribution=str(foreign.pk)).status_code == 404


def _file(data: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("a.png", data, "image/png")


def test_source_and_challenge_travel_with_the_file(tusd, bob):
    source = published(bob)
    made = tusd.create(10, remix=str(source.pk), challenge="night", filename="a.png")
    work = Contribution.objects.get(pk=made["X-Contribution"])
    assert work.draft_sources.get().source == source
    assert work.challenge_slug == "night"


def test_the_row_of_a_finished_upload(tusd):
    data = png()
    place = tusd.create(len(data), filename="a.png")["Location"]
    tusd.patch(place, data, 0)
    answer = tusd.client.get(f"/uploads/{place.rpartition('/')[2]}/row/")
    assert answer.status_code == 200
    assert b'class="up"' in answer.content
    assert b"every 2s" in answer.content


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
        except actions.uploads.ContributionError:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["refused", "refused", "refused", "taken"]
