"""A work that is thrown away stops its preparation at the next heartbeat: decoder, folder and files are gone."""

import os
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from contributions import actions, files
from contributions.models import Contribution, Job
from tests import media
from tests.contributions.works import declared, png, png_file, published, run_jobs
from tests.support.sites import eventually

# A heartbeat a second, and what a busy machine needs to notice.
SOON = 4


def decoders():
    """Our own running children."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    pids = [pid for listed in children for pid in listed.read_text().split()]
    return [pid for pid in pids if "ffmpeg" in Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")]


def scratch_folders():
    return list(Path(site.SCRATCH_DIR).glob("job-*"))


@pytest.fixture
def film(tmp_path):
    """One that takes a minute to prepare."""
    path = media.film(tmp_path / "ferry.mp4", seconds=60, size=(960, 540))
    return SimpleUploadedFile(path.name, path.read_bytes(), "video/mp4")


def interrupted(job, by):
    """Do a job in this thread while another does `by` in the middle of the encode; how long it went on after that."""
    ended = []

    def interrupt():
        try:
            stages = Job.objects.filter(pk=job.pk).values_list("stage", flat=True)
            eventually(lambda: stages.first() == "video" and decoders(), seconds=60, what="the encode")
            by()
            ended.append(time.monotonic())
        finally:
            connections.close_all()

    other = threading.Thread(target=interrupt)
    other.start()
    actions.do_job(job=job)
    other.join()
    return time.monotonic() - ended[0]


def test_discarding_a_draft_stops_its_decoder_at_once(committed_db, alice, film):
    version = actions.receive_file(actor=alice, file=film)
    job = actions.take_job(job_id=version.jobs.get().pk)
    draft = version.contribution
    assert interrupted(job, lambda: actions.discard_draft(actor=alice, contribution=draft)) < SOON
    assert not decoders()
    assert not scratch_folders()
    assert not list(files.stored_below(files.folder_of(version.pk)))
    assert not Contribution.objects.exists()


def test_a_newer_version_stops_the_older_ones_decoder_at_once(committed_db, alice, film):
    version = actions.receive_file(actor=alice, file=film)
    job = actions.take_job(job_id=version.jobs.get().pk)

    def replace():
        actions.receive_file(actor=alice, file=png_file(), contribution=version.contribution)

    assert interrupted(job, replace) < SOON
    assert not decoders()
    assert not list(files.stored_below(files.folder_of(version.pk)))
    assert Job.objects.get(pk=job.pk).status == Job.Status.CANCELLED


def test_a_withdrawn_work_is_not_prepared_any_further(alice):
    work = published(alice)
    version = actions.receive_file(actor=alice, file=png_file(), contribution=work, note="A picture")
    actions.withdraw(actor=alice, contribution=work)
    run_jobs()
    assert version.jobs.get().status == Job.Status.CANCELLED


@pytest.mark.parametrize("name", ["png", "jpeg"])
def test_a_format_that_is_switched_off_is_refused_by_name(alice, settings, client, name):
    settings.MEDIA_FORMATS = {name: False}
    version = actions.receive_file(actor=alice, file=SimpleUploadedFile("a.png", png(), "image/png"))
    run_jobs()
    job = version.jobs.get()
    if name != "png":
        assert job.status == Job.Status.DONE
        return
    assert (job.status, job.failure_code) == (Job.Status.FAILED, "format-off")
    assert job.failure_reason == "PNG files are not taken at the moment. Please save it in another format."
    client.force_login(alice)
    assert job.failure_reason in client.get("/upload/").content.decode()
    settings.MEDIA_FORMATS = {}
    actions.retry_transcode(actor=alice, job=job)
    run_jobs()
    assert declared(version.contribution).current_version.ready_at


def test_the_log_says_how_long_each_stage_took(alice, sam, client):
    job = actions.receive_file(actor=alice, file=png_file()).jobs.get()
    run_jobs()
    job.refresh_from_db()
    assert job.log.startswith("attempt 1: fetch ")
    for words in ("inspect", "image", "largest decoder"):
        assert words in job.log
    client.force_login(sam)
    assert "largest decoder" in client.get(f"/admin/contributions/job/{job.pk}/change/").content.decode()


def test_the_log_of_a_refusal_holds_what_the_decoder_said(alice, sam, client):
    data = png()[:60]
    job = actions.receive_file(actor=alice, file=SimpleUploadedFile("a.png", data, "image/png")).jobs.get()
    run_jobs()
    job.refresh_from_db()
    assert "attempt 1: fetch" in job.log
    assert len(job.log.splitlines()) >= 2
    client.force_login(sam)
    assert "attempt 1: fetch" in client.get(f"/admin/contributions/job/{job.pk}/change/").content.decode()
