"""Bytes to browsers: who may have them, in what parts, and what they can never do there."""

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from contributions import actions
from contributions.models import Contribution
from contributions.serving import Span, parse_range
from tests.contributions.works import declared, png, png_file, run_jobs


@pytest.fixture
def picture(alice):
    """A published picture."""
    version = actions.receive_file(actor=alice, file=png_file(width=400, height=300))
    run_jobs()
    work = declared(Contribution.objects.get(pk=version.contribution_id), alt_text="Blue")
    return actions.publish_contribution(actor=alice, contribution=work)


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("", None),
        ("bytes=0-", Span(0, 100)),
        ("bytes=0-9", Span(0, 10)),
        ("bytes=90-500", Span(90, 10)),
        ("bytes=-10", Span(90, 10)),
        ("bytes=-500", Span(0, 100)),
        ("bytes=0-1,5-6", None),
        ("pages=1-2", None),
        ("bytes=-", None),
    ],
)
def test_a_range_is_read_as_http_says(header, span):
    assert parse_range(header, 100) == span


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=5-2", "bytes=-0"])
def test_a_range_beyond_the_file_is_refused(header):
    with pytest.raises(ValueError, match="bytes"):
        parse_range(header, 100)


def test_a_rendition_goes_to_everybody_whole_and_in_parts(client, anywhere, picture):
    address = picture.picture(320)
    whole = client.get(address)
    data = body(whole)
    assert whole.status_code == 200
    assert whole["Content-Type"] == "image/webp"
    assert data[8:12] == b"WEBP"
    assert int(whole["Content-Length"]) == len(data)
    part = client.get(address, headers={"Range": "bytes=8-11"})
    assert (part.status_code, body(part)) == (206, b"WEBP")
    assert part["Content-Range"] == f"bytes 8-11/{len(data)}"
    assert client.get(address, headers={"Range": f"bytes={len(data)}-"}).status_code == 416
    head = client.head(address)
    assert (head["Content-Length"], head.content) == (str(len(data)), b"")


def test_what_is_served_can_run_nothing_and_is_forgotten_within_a_minute(client, picture):
    answer = client.get(picture.picture(320))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, max-age=60"


def test_an_unchanged_file_is_not_sent_again(client, picture):
    address = picture.picture(320)
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(address, headers={"Range": "bytes=0-3", "If-Range": etag}).status_code == 206
    assert client.get(address, headers={"Range": "bytes=0-3", "If-Range": '"other"'}).status_code == 200


def test_behind_a_proxy_the_proxy_sends_it(client, picture, settings):
    settings.ACCEL_PREFIX = "/protected/"
    answer = client.get(picture.picture(320))
    assert answer["X-Accel-Redirect"].startswith("/protected/renditions/")
    assert answer["Content-Type"] == "image/webp"
    assert answer.content == b""


def test_a_draft_is_its_artists_and_staffs(client, alice, bob, sam):
    version = actions.receive_file(actor=alice, file=png_file())
    run_jobs()
    address = Contribution.objects.get(pk=version.contribution_id).picture(64)
    assert client.get(address).status_code == 404
    for viewer, status in ((bob, 404), (alice, 200), (sam, 200)):
        client.force_login(viewer)
        assert client.get(address).status_code == status


def test_an_original_is_only_ever_a_download(client, alice, bob, sam, picture):
    address = reverse("contributions:original", args=[picture.pk, 1])
    assert client.get(address).status_code == 302
    for viewer, status in ((bob, 404), (alice, 200), (sam, 200)):
        client.force_login(viewer)
        answer = client.get(address)
        assert answer.status_code == status
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert body(answer) == png(400, 300)


def test_a_name_that_is_no_rendition_is_not_found(client, picture):
    for name in ("image/9999.webp", "../../originals/x", "image/..%2f..%2fx"):
        assert client.get(f"/contributions/{picture.pk}/media/1/{name}").status_code == 404


@pytest.mark.parametrize("how", ["withdrawn", "removed"])
def test_what_is_gone_answers_410_at_every_address(
    client, alice, sam, picture, how, django_capture_on_commit_callbacks
):
    version = picture.current_version
    addresses = [version.rendition_url(name) for name in version.rendition_names]
    keys = list(version.renditions.values_list("key", flat=True))
    assert {client.get(address).status_code for address in addresses} == {200}
    with django_capture_on_commit_callbacks(execute=True):
        if how == "withdrawn":
            actions.withdraw(actor=alice, contribution=picture)
        else:
            actions.remove(actor=sam, contribution=picture, reason="Stolen")
    for viewer in (None, alice):
        if viewer:
            client.force_login(viewer)
        assert {client.get(address).status_code for address in addresses} == {410}
    assert any(default_storage.exists(key) for key in keys) == (how == "removed")


def test_a_removed_work_can_come_back_with_its_files(client, sam, picture):
    address = picture.picture(320)
    actions.remove(actor=sam, contribution=picture, reason="By mistake")
    assert client.get(address).status_code == 410
    actions.restore(actor=sam, contribution=picture)
    assert client.get(address).status_code == 200
