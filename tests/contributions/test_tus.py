"""tus 1.0: the protocol by HTTP, on local disk and on a real S3 server."""

import base64
import hashlib
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from contributions import actions, tus
from contributions.models import Contribution, Upload, Version
from tests.contributions.tus_client import CHUNK, Tus, meta, stored
from tests.contributions.works import png, published


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


def test_more_than_was_announced_is_refused(tusd):
    place = tusd.create(4)["Location"]
    assert tusd.patch(place, b"12345", 0).status_code == 413
    assert tusd.head(place)["Upload-Offset"] == "0"


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


def test_a_first_chunk_with_a_wrong_checksum_leaves_no_upload(tusd, anywhere):
    wrong = base64.b64encode(hashlib.sha1(b"other").digest()).decode()  # noqa: S324  tus names sha1
    headers = {"Content_Type": CHUNK, "Upload_Length": "8"}
    assert tusd.ask("POST", "/tus/", b"abcd", **headers, Upload_Checksum=f"sha1 {wrong}").status_code == 460
    assert tusd.ask("POST", "/tus/", b"much more than this", **headers).status_code == 413
    assert not Upload.objects.filter(status=Upload.Status.OPEN).exists()
    assert not Contribution.objects.exists()
    right = base64.b64encode(hashlib.sha1(b"abcd").digest()).decode()  # noqa: S324  tus names sha1
    answer = tusd.ask("POST", "/tus/", b"abcd", **headers, Upload_Checksum=f"sha1 {right}")
    assert (answer.status_code, answer["Upload-Offset"]) == (201, "4")


def test_an_empty_file_is_whole_at_once(tusd, anywhere):
    made = tusd.create(0)
    assert (made.status_code, made["Upload-Offset"]) == (201, "0")
    upload = Upload.objects.get()
    assert upload.status == Upload.Status.FINISHED
    assert stored(upload) == b""
    assert tusd.head(made["Location"])["Upload-Length"] == "0"


def test_the_description_comes_back_as_it_was_sent(tusd):
    given = f"{meta(filename='a b.png', filetype='image/png')},private"
    made = tusd.ask("POST", "/tus/", Upload_Length="10", Upload_Metadata=given)
    assert tusd.head(made["Location"])["Upload-Metadata"] == given
    assert "Upload-Metadata" not in tusd.head(tusd.ask("POST", "/tus/", Upload_Length="10")["Location"])


@pytest.mark.parametrize("given", ["filename ???", "filename é"])
def test_a_description_that_makes_no_sense_is_refused(tusd, given):
    assert tusd.ask("POST", "/tus/", Upload_Length="10", Upload_Metadata=given).status_code == 400
    assert not Upload.objects.exists()


def test_a_post_may_mean_another_method_but_a_get_may_not(tusd):
    place = tusd.create(8)["Location"]
    sent = tusd.ask("POST", place, b"abcd", Content_Type=CHUNK, Upload_Offset="0", X_HTTP_Method_Override="PATCH")
    assert (sent.status_code, sent["Upload-Offset"]) == (204, "4")
    assert tusd.ask("GET", place, X_HTTP_Method_Override="DELETE").status_code == 405
    assert tusd.ask("POST", place, X_HTTP_Method_Override="TRACE").status_code == 405
    assert tusd.ask("POST", place, X_HTTP_Method_Override="DELETE").status_code == 204
    assert tusd.head(place).status_code == 410


def test_what_is_not_done_here_is_refused_plainly(tusd):
    deferred = tusd.ask("POST", "/tus/", Upload_Defer_Length="1")
    assert (deferred.status_code, b"Upload-Length" in deferred.content) == (400, True)
    parts = tusd.ask("POST", "/tus/", Upload_Length="10", Upload_Concat="partial")
    assert (parts.status_code, b"one upload" in parts.content) == (400, True)
    place = tusd.create(10)["Location"]
    chunked = tusd.client.generic(
        "PATCH",
        place,
        b"abc",
        CHUNK,
        headers={"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Transfer-Encoding": "chunked"},
    )
    assert chunked.status_code == 411
    assert tusd.ask("PATCH", place, b"abc", Content_Type="text/plain", Upload_Offset="0").status_code == 415


def test_a_file_that_has_arrived_is_not_given_up(tusd):
    """It is a work now; a late "remove" must not pretend that it is gone."""
    data = png()
    place = tusd.create(len(data))["Location"]
    tusd.patch(place, data, 0)
    answer = tusd.ask("DELETE", place)
    assert (answer.status_code, b"Discard the draft" in answer.content) == (403, True)
    assert Version.objects.count() == 1


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
