"""Taking a work back: who goes on using it, who is told, and that every byte is gone."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from contributions import actions, holds
from contributions.errors import StillUsed, WrongState
from contributions.holds import Hold
from contributions.models import SourceFile, Upload
from profiles.actions import update_profile
from profiles.models import Notice
from tests.contributions.works import given, licence, png_file, published, written


@pytest.fixture
def held(monkeypatch):
    """Something on a higher floor that keeps every work it is asked about."""
    hold = Hold("The Night Ferry", "/projects/the-night-ferry/", timezone.now() - dt.timedelta(days=3))
    monkeypatch.setattr(holds, "_finders", [lambda _work: [hold]])
    return hold


def test_a_finder_is_asked_once_however_often_it_is_registered(alice, monkeypatch):
    monkeypatch.setattr(holds, "_finders", [])
    asked = []

    def finder(contribution):
        asked.append(contribution)
        return []

    holds.register(finder)
    holds.register(finder)
    work = published(alice)
    assert holds.holds_on(work) == []
    assert asked == [work]


def test_the_oldest_hold_comes_first(alice, monkeypatch):
    now = timezone.now()
    two = [Hold("Second", "/2/", now), Hold("First", "/1/", now - dt.timedelta(days=1))]
    monkeypatch.setattr(holds, "_finders", [lambda _work: two])
    assert [hold.title for hold in holds.holds_on(published(alice))] == ["First", "Second"]


def test_who_withdraws_what_is_kept_must_know_it(client, alice, held):
    work = published(alice)
    with pytest.raises(StillUsed):
        actions.withdraw(actor=alice, contribution=work)
    client.force_login(alice)
    address = reverse("contributions:withdraw", args=[work.pk])
    assert "The Night Ferry" in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    work.refresh_from_db()
    assert work.is_published
    assert client.post(address, {"reason": "", "knowing": "on"}).status_code == 302
    work.refresh_from_db()
    assert work.is_gone


def test_a_hold_that_came_after_the_page_was_read_is_told_before_it_is_too_late(client, alice, monkeypatch):
    work = published(alice)
    client.force_login(alice)
    address = reverse("contributions:withdraw", args=[work.pk])
    assert "knowing" not in client.get(address).content.decode()
    hold = Hold("The Night Ferry", "/projects/the-night-ferry/", timezone.now())
    monkeypatch.setattr(holds, "_finders", [lambda _work: [hold]])
    answer = client.post(address, {"reason": "Mine"})
    assert answer.status_code == 422
    assert "The Night Ferry" in answer.content.decode()


def test_the_artist_alone_reads_on_the_work_until_when_it_is_free(client, alice, charlie, monkeypatch):
    monkeypatch.setattr(holds, "_finders", [])
    work = published(alice)
    client.force_login(charlie)
    assert "Taking it back" not in client.get(work.get_absolute_url()).content.decode()
    client.force_login(alice)
    assert "No production has locked a cut with it" in client.get(work.get_absolute_url()).content.decode()
    assert "No production has locked a cut with it" in client.get(work.edit_url).content.decode()
    assert "A production that has locked a cut" in client.get(written(alice).edit_url).content.decode()


def test_who_built_on_it_is_told_of_each_change(alice, bob, charlie, sam):
    first = published(alice, "Waltz")
    published(bob, "Slower", sources=[first])
    published(charlie, "Slowest", sources=[first])
    published(alice, "My own", sources=[first])
    actions.remove(actor=sam, contribution=first, reason="A claim")
    actions.restore(actor=sam, contribution=first)
    actions.withdraw(actor=alice, contribution=first)
    for artist in (bob, charlie):
        told = list(Notice.objects.filter(recipient=artist).order_by("pk").values_list("text", flat=True))
        assert [words for words in told if "Waltz" in words][-3:] == [
            "“Waltz”, which you built on, was taken down. Your work stays as it is.",
            "“Waltz”, which you built on, is back.",
            "Alice has withdrawn “Waltz”, which you built on. Your work stays as it is.",
        ]
    assert not Notice.objects.filter(recipient=alice, text__contains="you built on").exists()


def test_no_notice_calls_the_artist_by_a_name_that_is_no_longer_theirs(alice, bob, sam):
    work = published(alice, "Waltz", code="CC-BY-NC")
    published(bob, "Slower", sources=[work], code="CC-BY-NC")
    actions.ask_for_files(actor=bob, contribution=work)
    given(work, png_file())
    work = actions.relicense(actor=alice, contribution=work, licence=licence("CC-BY"))
    actions.remove(actor=sam, contribution=work, reason="A claim")
    actions.restore(actor=sam, contribution=work)
    update_profile(actor=alice, display_name="A. Moore")
    told = Notice.objects.filter(recipient=bob).values_list("text", flat=True)
    assert len(told) == 4
    assert [words for words in told if "Alice" in words] == []
    assert [words for words in told if "A. Moore" in words] == ["A. Moore lets “Waltz” be used under CC BY 4.0 as well"]


@pytest.mark.parametrize("how", ["withdrawn", "removed"])
def test_source_files_and_pages_are_gone_also_for_who_has_a_copy(
    client, alice, charlie, sam, how, django_capture_on_commit_callbacks
):
    work = published(alice)
    row = given(work, png_file())
    file = work.current_version.rendition_url("text/body.html")
    addresses = [file, f"{file}?download", row.get_absolute_url()]
    client.force_login(charlie)
    etags = [client.get(address)["ETag"] for address in addresses]
    row.refresh_from_db()
    ages = {client.get(address)["Cache-Control"] for address in addresses}
    assert ages == {"private, max-age=60"}
    with django_capture_on_commit_callbacks(execute=True):
        if how == "withdrawn":
            actions.withdraw(actor=alice, contribution=work)
        else:
            actions.remove(actor=sam, contribution=work, reason="A claim")
    for address, etag in zip(addresses, etags, strict=True):
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 410
        assert client.get(address, headers={"Range": "bytes=0-3", "If-Range": etag}).status_code == 410
        assert client.head(address).status_code == 410
    client.force_login(alice)
    assert client.get(reverse("contributions:source_original", args=[work.pk, row.pk])).status_code == 410
    for page in ("files", "versions", "licence"):
        assert client.get(reverse(f"contributions:{page}", args=[work.pk])).status_code == 302
    assert client.get(reverse("contributions:version", args=[work.pk, 1])).status_code == 302
    assert default_storage.exists(row.clean_key) == (how == "removed")
    assert SourceFile.objects.exists() == (how == "removed")


def test_a_restored_work_has_its_source_files_again(client, alice, sam):
    work = published(alice)
    row = given(work, png_file())
    actions.remove(actor=sam, contribution=work, reason="A claim")
    actions.restore(actor=sam, contribution=work)
    assert client.get(row.get_absolute_url()).status_code == 200


def test_an_upload_under_way_ends_with_its_work(alice):
    work = published(alice)
    upload = actions.begin_upload(actor=alice, length=10, contribution=work, metadata={"note": "Longer"})
    actions.withdraw(actor=alice, contribution=work)
    upload.refresh_from_db()
    assert upload.status == Upload.Status.TERMINATED


def test_a_copy_that_is_finished_too_late_is_dropped(alice):
    work = published(alice)
    row = actions.receive_source_file(actor=alice, contribution=work, file=png_file())
    actions.withdraw(actor=alice, contribution=work)
    actions.run_cleaning(row_id=row.pk)
    assert not SourceFile.objects.exists()
    with pytest.raises(WrongState):
        actions.receive_source_file(actor=alice, contribution=work, file=png_file())


def test_the_copy_of_a_removed_work_waits_until_it_is_restored(alice, sam):
    work = published(alice)
    row = actions.receive_source_file(actor=alice, contribution=work, file=png_file())
    actions.remove(actor=sam, contribution=work, reason="A claim")
    actions.run_cleaning(row_id=row.pk)
    assert SourceFile.objects.get(pk=row.pk).status == "queued"
    actions.restore(actor=sam, contribution=work)
    actions.run_cleaning(row_id=row.pk)
    assert SourceFile.objects.get(pk=row.pk).status == "done"


def test_the_tombstone_says_what_takers_keep(client, alice):
    work = published(alice)
    actions.withdraw(actor=alice, contribution=work)
    page = client.get(work.get_absolute_url())
    assert page.status_code == 410
    assert "Who took it under CC BY 4.0 may keep using what they took" in page.content.decode()
