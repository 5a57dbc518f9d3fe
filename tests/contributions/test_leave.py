"""Who closes an account takes along what files were called and what the decoder said of them."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from contributions import actions
from contributions.models import Contribution, Job, SourceFile, Upload, Version
from contributions.upload_store import upload_store
from profiles.actions import close_account
from tests.contributions.works import declared, given, png, png_file, run_jobs

pytestmark = pytest.mark.django_db

NAME = "Alice_Moore_demo.png"


@pytest.fixture
def work(alice):
    """Published, with a source file; both came under the artist's name, and both logs tell it."""
    version = actions.receive_file(actor=alice, file=png_file(NAME))
    run_jobs()
    work = declared(Contribution.objects.get(pk=version.contribution_id), title="Lamp", alt_text="Blue")
    work = actions.publish_contribution(actor=alice, contribution=work)
    given(work, png_file(NAME))
    for kind in (Job, SourceFile):
        kind.objects.update(log="    artist          : Alice Moore")
    return work


def names(*kinds):
    """What all files are called in these tables."""
    return {name for kind in kinds for name in kind.objects.values_list("file_name", flat=True)}


def test_no_row_says_any_more_what_a_file_was_called(alice, work):
    assert names(Upload, Version, SourceFile) == {NAME}
    close_account(actor=alice)
    assert names(Upload, Version, SourceFile) == {""}
    assert [upload.metadata for upload in Upload.objects.all()] == [{}, {}]
    assert {*Job.objects.values_list("log", flat=True), *SourceFile.objects.values_list("log", flat=True)} == {""}


def test_another_artists_files_keep_their_names(alice, bob, work):
    actions.receive_file(actor=bob, file=png_file("bob.png"))
    close_account(actor=alice)
    assert names(Upload, Version) == {"", "bob.png"}


def test_staff_still_get_a_nameless_file(alice, sam, work, client):
    close_account(actor=alice)
    client.force_login(sam)
    answer = client.get(f"/contributions/{work.pk}/originals/1/")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(f"''{work.pk}-1")
    assert client.get(f"/admin/contributions/upload/?q={alice.pk}").status_code == 200


def test_uploads_that_have_come_to_nothing_go_as_a_whole(alice, work, django_capture_on_commit_callbacks):
    late = actions.begin_upload(actor=alice, length=10, file_name=NAME)
    Upload.objects.filter(pk=late.pk).update(expires_at=timezone.now() - dt.timedelta(days=1))
    actions.sweep_uploads()
    under_way = actions.begin_upload(
        actor=alice, length=10, file_name=NAME, contribution=work, metadata={"note": "Darker."}
    )
    under_way.offset = upload_store().append(under_way, [png()[:5]])
    under_way.save()
    assert Upload.objects.filter(pk__in=[late.pk, under_way.pk]).count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        close_account(actor=alice)
    assert not Upload.objects.filter(pk__in=[late.pk, under_way.pk]).exists()
    assert upload_store().recount(under_way) == 0


def test_what_a_worker_says_of_a_file_after_that_is_not_kept(alice, work):
    broken = SimpleUploadedFile("nothing.wav", b"")
    row = actions.receive_source_file(actor=alice, contribution=work, file=broken)
    note = {"contribution": work, "note": "Darker."}
    version = actions.receive_file(actor=alice, file=SimpleUploadedFile("x.png", png()[:60], "image/png"), **note)
    close_account(actor=alice)
    actions.run_cleaning(row_id=row.pk)
    run_jobs()
    assert SourceFile.objects.get(pk=row.pk).status == version.jobs.get().status == "failed"
    assert {SourceFile.objects.get(pk=row.pk).log, version.jobs.get().log} == {""}
