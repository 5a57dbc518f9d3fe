"""What was taken, by whom, under which licence: written once and never changed."""

import hashlib

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from contributions import actions
from contributions.errors import WrongState
from contributions.models import Download
from tests.contributions.works import given, licence, png_file, published, written
from tests.support.queries import cost_of

FILE = "1/text/body.html"


def take(client, work, file=FILE):
    return client.post(reverse("contributions:download", args=[work.pk]), {"file": file})


def rendition(work):
    return work.current_version.renditions.get(name="text/body.html")


def test_taking_a_file_records_the_licence_and_leads_to_the_file(client, alice, charlie):
    work = published(alice)
    client.force_login(charlie)
    answer = take(client, work)
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{rendition(work).version.rendition_url('text/body.html')}?download",
    )
    assert client.get(answer["Location"])["Content-Disposition"].startswith("attachment")
    row = Download.objects.get()
    assert (row.artist, row.file, row.licence, row.sha256) == (charlie, FILE, licence(), rendition(work).sha256)
    assert row.terms == work.receipts.get().terms


def test_the_same_file_is_recorded_once_a_person(client, alice, bob, charlie):
    work = published(alice)
    for viewer in (bob, charlie, bob):
        client.force_login(viewer)
        assert take(client, work).status_code == 302
    assert Download.objects.count() == 2


def test_looking_playing_prefetching_and_ranges_record_nothing(client, alice, charlie):
    work = published(alice)
    client.force_login(charlie)
    address = rendition(work).version.rendition_url("text/body.html")
    client.get(f"{address}?download")
    client.head(f"{address}?download")
    client.get(f"{address}?download", headers={"Range": "bytes=0-3"})
    client.get(f"{address}?download", headers={"Sec-Purpose": "prefetch"})
    assert client.get(reverse("contributions:download", args=[work.pk])).status_code == 405
    assert not Download.objects.exists()


def test_visitors_leave_one_row_a_day_without_a_name(client, alice):
    work = published(alice)
    for __ in range(3):
        take(client, work)
    row = Download.objects.get()
    assert (row.artist, row.day) == (None, timezone.now().date())
    with time_machine.travel(timezone.now() + timezone.timedelta(days=1)):
        take(client, work)
    assert Download.objects.count() == 2


def test_ones_own_work_is_not_recorded(client, alice):
    work = published(alice)
    client.force_login(alice)
    assert take(client, work).status_code == 302
    assert not Download.objects.exists()


def test_a_source_file_is_recorded_by_its_label(client, alice, charlie):
    work = published(alice)
    row = given(work, png_file(), "Bass, dry")
    client.force_login(charlie)
    assert take(client, work, row.name)["Location"] == row.get_absolute_url()
    data = b"".join(client.get(row.get_absolute_url()).streaming_content)
    taken = Download.objects.get()
    assert (taken.label, taken.sha256) == ("Bass, dry", hashlib.sha256(data).hexdigest())
    assert taken.sha256 != row.clean_sha256  # it was signed on its way out, before it was recorded
    page = client.get(reverse("contributions:files", args=[work.pk])).content.decode()
    assert "You took it under CC BY 4.0 on" in page


@pytest.mark.parametrize(
    "file", ["", "files/", "files/x", "1/../secret", "9/text/body.html", "files/99999", "²/x", "1"]
)
def test_a_file_that_is_not_there_is_not_found(client, alice, file):
    assert take(client, published(alice), file).status_code == 404
    assert not Download.objects.exists()


def test_nothing_is_taken_from_a_draft(client, alice, charlie):
    work = written(alice)
    client.force_login(charlie)
    assert take(client, work).status_code == 404
    with pytest.raises(WrongState):
        actions.record_download(actor=charlie, taken=rendition(work))


def test_what_is_gone_leads_to_its_tombstone_and_the_proof_stays(client, alice, charlie):
    work = published(alice)
    client.force_login(charlie)
    take(client, work)
    actions.withdraw(actor=alice, contribution=work)
    assert take(client, work)["Location"] == reverse("contribution_short", args=[work.pk])
    page = client.get(reverse("contributions:downloads")).content.decode()
    for words in ("Keeper", "CC BY 4.0", "No longer here", Download.objects.get().sha256):
        assert words in page


def test_a_wider_licence_makes_a_second_row_and_the_first_keeps_its_own(client, alice, charlie):
    work = published(alice, code="CC-BY-NC")
    client.force_login(charlie)
    take(client, work)
    actions.relicense(actor=alice, contribution=work, licence=licence("CC-BY"))
    take(client, work)
    taken = Download.objects.order_by("pk").values_list("licence__code", flat=True)
    assert list(taken) == ["CC-BY-NC", "CC-BY"]


def test_postgresql_refuses_to_change_or_delete_a_record(client, alice, charlie, owner_connection):
    client.force_login(charlie)
    take(client, published(alice))
    for change in (
        lambda: Download.objects.update(sha256="0" * 64),
        lambda: Download.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Download.objects.count() == 1


def test_the_artist_sees_how_many_took_it(client, alice, bob, charlie):
    work = published(alice)
    for viewer in (bob, charlie):
        client.force_login(viewer)
        take(client, work)
    client.logout()
    take(client, work)
    client.force_login(alice)
    page = client.get(reverse("contributions:files", args=[work.pk])).content.decode()
    assert "taken by 2 artists, and by visitors on 1 day." in page
    client.force_login(bob)
    assert "taken by 2" not in client.get(reverse("contributions:files", args=[work.pk])).content.decode()


def test_what_i_took_is_mine_alone(client, alice, bob, charlie):
    client.force_login(charlie)
    take(client, published(alice, "Taken by Charlie"))
    assert "Taken by Charlie" in client.get("/downloads/").content.decode()
    client.force_login(bob)
    assert "You have taken nothing yet" in client.get("/downloads/").content.decode()
    client.logout()
    assert client.get("/downloads/").status_code == 302


def test_thirty_downloads_cost_no_more_queries_than_three(client, alice, charlie):
    work = published(alice)
    terms = work.receipts.get().terms
    client.force_login(charlie)

    def more(numbers):
        Download.objects.bulk_create(
            Download(contribution=work, artist=charlie, file=f"1/{n}", label=f"{n}", licence=licence(), terms=terms)
            for n in numbers
        )

    more(range(3))
    before = cost_of(client, "/downloads/")
    more(range(3, 30))
    assert cost_of(client, "/downloads/") == before
    more(range(30, 60))
    assert "?after=" in client.get("/downloads/").content.decode()
