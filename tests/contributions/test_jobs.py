"""Preparation: the lease, the reaper, refusals, and a real worker killed in the middle."""

import datetime as dt
import errno
import hashlib
import http.client
import io
import os
import sys
import tempfile
import wave
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from contributions import actions, files
from contributions.actions import interruptions, preparing, queueing
from contributions.errors import NotYours, WrongState
from contributions.models import Contribution, Job, Rendition, Version
from contributions.transcoding import moving
from profiles.models import Event, Notice
from tests import media
from tests.contributions.works import declared, png, png_file, published, run_jobs, written
from tests.support.sites import eventually


def stored_names(version):
    return set(files.stored_below(files.folder_of(version.pk)))


def scratch_folders():
    return list(Path(site.SCRATCH_DIR).glob("job-*"))


def test_a_picture_is_prepared(alice):
    data = png(700, 500)
    version = actions.receive_file(actor=alice, file=SimpleUploadedFile("a.png", data, "image/png"))
    job = version.jobs.get()
    assert (job.status, version.ready_at) == (Job.Status.QUEUED, None)
    actions.run_transcode(job_id=job.pk)
    job.refresh_from_db()
    version.refresh_from_db()
    assert (job.status, job.progress, job.lease) == (Job.Status.DONE, 100, None)
    assert version.sha256 == hashlib.sha256(data).hexdigest()
    assert version.facts["width"] == 700
    assert "image/640.avif" in version.rendition_names
    assert {rendition.key for rendition in version.renditions.all()} == stored_names(version)
    for rendition in version.renditions.all():
        with default_storage.open(rendition.key) as file:
            assert hashlib.sha256(file.read()).hexdigest() == rendition.sha256
    assert not scratch_folders()


def test_running_a_job_again_changes_nothing(alice):
    version = actions.receive_file(actor=alice, file=png_file())
    job = version.jobs.get()
    for _ in range(2):
        actions.run_transcode(job_id=job.pk)
    job.refresh_from_db()
    assert job.attempts == 1
    assert Event.objects.filter(verb="contributions.prepared").count() == 1


def test_nobody_takes_a_job_that_is_held(alice):
    job = actions.receive_file(actor=alice, file=png_file()).jobs.get()
    assert actions.take_job(job_id=job.pk)
    assert actions.take_job(job_id=job.pk) is None


def test_a_lease_that_ran_out_is_anybodys_and_the_first_worker_stops(alice):
    version = actions.receive_file(actor=alice, file=png_file())
    first = actions.take_job(job_id=version.jobs.get().pk)
    Job.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    second = actions.take_job(job_id=first.pk)
    assert second.attempts == 2
    actions.do_job(job=second)
    before = stored_names(version)
    actions.do_job(job=first)
    assert stored_names(version) == before
    assert Job.objects.get().status == Job.Status.DONE
    assert Rendition.objects.filter(version=version).count() == len(before)


def test_what_a_killed_attempt_left_is_removed(alice):
    version = actions.receive_file(actor=alice, file=png_file())
    job = actions.take_job(job_id=version.jobs.get().pk)
    # As after kill -9: files without rows, a row of the dead attempt, a scratch folder.
    default_storage.save(f"{files.folder_of(version.pk)}/{job.lease.hex}/image/64.webp", png_file())
    Rendition.objects.create(
        version=version, kind="image", label="64", name="image/64.webp", bytes=1, sha256="0" * 64, mime="image/webp",
        key=f"{files.folder_of(version.pk)}/{job.lease.hex}/image/64.webp",
    )  # fmt: skip
    left = Path(site.SCRATCH_DIR) / f"job-{job.pk}-{job.lease.hex}"
    left.mkdir(parents=True)
    Job.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert actions.reap_jobs() == 1
    actions.run_transcode(job_id=job.pk)
    assert Job.objects.get().status == Job.Status.DONE
    assert {rendition.key for rendition in version.renditions.all()} == stored_names(version)
    assert not left.exists()


def test_the_reaper_leaves_living_jobs_alone(alice):
    actions.take_job(job_id=actions.receive_file(actor=alice, file=png_file()).jobs.get().pk)
    assert actions.reap_jobs() == 0


def test_the_reaper_hints_again_at_what_the_broker_lost(alice, finish_jobs):
    actions.receive_file(actor=alice, file=png_file())
    assert actions.reap_jobs() == 0
    Job.objects.update(heartbeat_at=timezone.now() - dt.timedelta(minutes=5))
    with finish_jobs():
        assert actions.reap_jobs() == 1
    assert Job.objects.get().status == Job.Status.DONE


def die(job):
    """As after kill -9: the lease runs out and nobody says a word."""
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))


def test_a_good_file_outlives_more_kills_than_attempts(alice):
    """Machines are restarted and memory runs out; neither is the file's fault."""
    job = actions.receive_file(actor=alice, file=png_file()).jobs.get()
    for number in range(interruptions.FORGIVEN):
        assert actions.take_job(job_id=job.pk)
        die(job)
        if number % 2:
            assert actions.reap_jobs() == 1
    actions.run_transcode(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts) == (Job.Status.DONE, interruptions.FORGIVEN + 1)
    assert Event.objects.filter(verb=interruptions.VERB, topic=f"job:{job.pk}").count() == interruptions.FORGIVEN


def test_a_file_that_kills_every_worker_is_given_up(alice):
    job = actions.receive_file(actor=alice, file=png_file()).jobs.get()
    for _ in range(interruptions.FORGIVEN + interruptions.MOST_ATTEMPTS):
        assert actions.take_job(job_id=job.pk)
        die(job)
    assert actions.take_job(job_id=job.pk) is None
    job.refresh_from_db()
    assert (job.status, job.failure_code) == (Job.Status.FAILED, "worn-out")
    assert Notice.objects.filter(recipient=alice).count() == 1


def test_kills_do_not_use_up_the_attempts_for_our_own_trouble(alice):
    version = actions.receive_file(actor=alice, file=png_file())
    job = version.jobs.get()
    for _ in range(3):
        assert actions.take_job(job_id=job.pk)
        die(job)
    default_storage.delete(version.key)
    for _ in range(2):
        actions.run_transcode(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts) == (Job.Status.QUEUED, 5)
    actions.run_transcode(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.failure_code) == (Job.Status.FAILED, "our-side")


def test_a_killed_decoder_is_no_fault_of_the_file(alice, monkeypatch):
    """An ffmpeg that dies of SIGKILL each time, as for want of memory: tried again, then given up."""
    killed = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    monkeypatch.setattr(moving, "ladder_command", lambda *_: [sys.executable, "-I", "-S", "-c", killed])
    with tempfile.TemporaryDirectory() as folder:
        path = media.film(Path(folder) / "ferry.mp4", seconds=0.4)
        version = actions.receive_file(actor=alice, file=SimpleUploadedFile(path.name, path.read_bytes()))
    job = version.jobs.get()
    for attempt in range(1, interruptions.MOST_ATTEMPTS + 2):
        actions.run_transcode(job_id=job.pk)
        job.refresh_from_db()
        assert (job.status, job.attempts) == (Job.Status.QUEUED, attempt)
    assert "killed from outside" in job.log
    told = Event.objects.filter(verb=interruptions.VERB, topic=f"job:{job.pk}").order_by("pk")
    assert [(one.payload["attempt"], one.payload["stage"]) for one in told] == [
        (number, "video") for number in range(1, 5)
    ]
    monkeypatch.undo()
    actions.run_transcode(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == Job.Status.DONE


def test_what_another_worker_left_at_the_last_moment_is_removed(alice):
    """A worker that lost its lease and is killed while it stores: whoever ends the job takes its file away."""
    version = actions.receive_file(actor=alice, file=png_file())
    first = actions.take_job(job_id=version.jobs.get().pk)
    die(first)
    second = actions.take_job(job_id=first.pk)
    late = f"{files.folder_of(version.pk)}/{first.lease.hex}/image/64.webp"

    class Slow(preparing.Heartbeat):
        def __call__(self, stage, percent):
            if not default_storage.exists(late):
                default_storage.save(late, png_file())
            super().__call__(stage, percent)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preparing, "Heartbeat", Slow)
        actions.do_job(job=second)
    assert Job.objects.get().status == Job.Status.DONE
    assert stored_names(version) == {rendition.key for rendition in version.renditions.all()}


def test_a_disk_that_fills_up_after_the_lease_was_lost_leaves_nothing(alice, monkeypatch):
    version = actions.receive_file(actor=alice, file=png_file())
    job = actions.take_job(job_id=version.jobs.get().pk)

    def store_half(job, version, made):
        default_storage.save(f"{files.folder_of(version.pk)}/{job.lease.hex}/{made.name}", png_file())
        Job.objects.update(status=Job.Status.CANCELLED, lease=None)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(preparing, "_store", store_half)
    actions.do_job(job=job)
    assert Job.objects.get().status == Job.Status.CANCELLED
    assert not stored_names(version)


def test_a_refusal_is_plain_and_can_be_tried_again(alice, bob):
    version = actions.receive_file(actor=alice, file=SimpleUploadedFile("a.png", png()[:60], "image/png"))
    run_jobs()
    job = version.jobs.get()
    work = Contribution.objects.get()
    assert (job.status, job.failure_code) == (Job.Status.FAILED, "damaged")
    assert job.failure_reason
    assert job.log
    assert (work.status, work.current_version) == (Contribution.Status.DRAFT, None)
    assert not stored_names(version)
    with pytest.raises(NotYours):
        actions.retry_transcode(actor=bob, job=job)
    again = actions.retry_transcode(actor=alice, job=job)
    assert again.status == Job.Status.QUEUED
    with pytest.raises(WrongState):
        actions.retry_transcode(actor=alice, job=job)


def test_our_own_trouble_is_tried_three_times(alice):
    version = actions.receive_file(actor=alice, file=png_file())
    default_storage.delete(version.key)
    job = version.jobs.get()
    for attempt in range(1, 4):
        actions.run_transcode(job_id=job.pk)
        job.refresh_from_db()
        assert job.attempts == attempt
    assert (job.status, job.failure_code) == (Job.Status.FAILED, "our-side")
    assert "cannot be read" in job.log
    assert "our side" in job.failure_reason


def test_a_cancelled_job_stops_and_leaves_nothing(alice):
    version = actions.receive_file(actor=alice, file=png_file())
    job = actions.take_job(job_id=version.jobs.get().pk)
    Job.objects.update(status=Job.Status.CANCELLED, lease=None)
    actions.do_job(job=job)
    assert not stored_names(version)
    assert not scratch_folders()


def test_a_newer_version_cancels_the_older_ones_job(alice):
    first = actions.receive_file(actor=alice, file=png_file())
    actions.receive_file(actor=alice, file=png_file(), contribution=first.contribution)
    assert first.jobs.get().status == Job.Status.CANCELLED


def test_a_version_of_another_kind_is_refused(alice):
    work = published(alice)
    version = actions.receive_file(actor=alice, file=png_file(), contribution=work, note="A picture")
    run_jobs()
    assert version.jobs.get().failure_code == "other-medium"
    work.refresh_from_db()
    assert work.is_published
    assert work.current_version.number == 1


def test_a_published_text_changes_only_when_its_new_version_is_ready(alice):
    work = published(alice)
    actions.write_text(actor=alice, contribution=work, title=work.title, body="The lamp is out.")
    work = Contribution.objects.get(pk=work.pk)
    assert work.current_version.number == 1
    assert "lit" in work.body_html
    actions.prepare_text(actor=alice, contribution=work, note="The ending")
    run_jobs()
    work = Contribution.objects.get(pk=work.pk)
    assert work.current_version.number == 2
    assert "out" in work.body_html


def test_a_prepared_text_is_not_prepared_again(alice):
    assert actions.prepare_text(actor=alice, contribution=written(alice)) is None


def test_light_files_do_not_wait_behind_films():
    assert queueing.queue_of(queueing.LIGHT_BYTES) == "interactive"
    assert queueing.queue_of(queueing.LIGHT_BYTES + 1) == "media"


def noise(seconds):
    """A recording long enough to be killed in the middle of."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(48_000)
        sound.writeframes(os.urandom(48_000) * 4 * seconds)
    return out.getvalue()


def test_a_killed_worker_costs_time_and_nothing_else(site_factory, alice, settings):
    """kill -9 in the middle of a transcode: beat and another worker end it well, once, with no stray files."""
    data = noise(120)
    place = site_factory(JOB_LEASE_SECONDS="3")
    place.start_worker(name="first", processes=1)
    version = actions.receive_file(actor=alice, file=SimpleUploadedFile("noise.wav", data, "audio/wav"))

    def is_under_way():
        job = Job.objects.get(version=version)
        return job.status == Job.Status.RUNNING and job.stage == "audio" and job.progress >= 3

    eventually(is_under_way, seconds=90, what="the transcode")
    place.kill("first")
    first = Job.objects.get(version=version)
    assert first.status == Job.Status.RUNNING
    # A second that stands still for a while is not taken for dead.
    place.environment["JOB_LEASE_SECONDS"] = "30"
    place.start_worker(name="second", processes=1)
    place.start_beat()
    eventually(lambda: Version.objects.get(pk=version.pk).ready_at, seconds=180, what="the second attempt")
    job = Job.objects.get(version=version)
    assert (job.status, job.attempts) == (Job.Status.DONE, 2)
    version.refresh_from_db()
    assert version.sha256 == hashlib.sha256(data).hexdigest()
    assert {rendition.key for rendition in version.renditions.all()} == stored_names(version)
    assert Event.objects.filter(verb="contributions.prepared").count() == 1
    eventually(lambda: not scratch_folders(), seconds=30, what="the sweep of the scratch folder")


def test_a_killed_web_process_loses_no_upload(site_factory, alice, client):
    """kill -9 of the web process in the middle of a PATCH; the client asks for the offset and goes on."""
    data = os.urandom(3_000_000)
    place = site_factory()
    place.start_web()
    client.force_login(alice)
    host = urlsplit(place.url).netloc
    cookie = {"Cookie": f"sessionid={client.cookies['sessionid'].value}; csrftoken={'a' * 32}", "X-CSRFToken": "a" * 32}
    headers = {**cookie, "Tus-Resumable": "1.0.0", "Referer": place.url, "Origin": place.url}

    def ask(method, path, body=b"", **extra):
        connection = http.client.HTTPConnection(host, timeout=30)
        connection.request(method, path, body, {**headers, **extra})
        answer = connection.getresponse()
        answer.read()
        return answer

    def patch(path, offset, body, **extra):
        chunk = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
        return ask("PATCH", path, body, **chunk, **extra)

    made = ask("POST", "/tus/", **{"Upload-Length": str(len(data))})
    assert made.status == 201, made.status
    address = made.headers["Location"]
    assert patch(address, 0, data[:1_000_000]).status == 204
    slow = http.client.HTTPConnection(host, timeout=30)
    slow.putrequest("PATCH", address)
    chunk = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "1000000", "Content-Length": "2000000"}
    for name, value in {**headers, **chunk}.items():
        slow.putheader(name, value)
    slow.endheaders()
    slow.send(data[1_000_000:1_700_000])
    stored_at = Path(default_storage.path(alice.uploads.get().key))
    eventually(lambda: stored_at.stat().st_size > 1_000_000, seconds=20, what="the middle of the PATCH")
    place.kill("web")
    place.start_web()
    offset = int(ask("HEAD", address).headers["Upload-Offset"])
    assert 1_000_000 <= offset <= 1_700_000
    assert patch(address, offset, data[offset:]).status == 204
    with default_storage.open(alice.uploads.get().key) as file:
        assert hashlib.sha256(file.read()).hexdigest() == hashlib.sha256(data).hexdigest()
    assert Version.objects.get().bytes == len(data)


def test_a_job_of_nobody_is_nothing(db):
    actions.run_transcode(job_id=4711)
    assert not Job.objects.exists()


def test_a_wish_is_fulfilled_by_a_real_worker(live_site, alice):
    version = actions.receive_file(actor=alice, file=png_file())
    work = declared(version.contribution, alt_text="Blue")
    actions.publish_contribution(actor=alice, contribution=work)
    eventually(lambda: Contribution.objects.get(pk=work.pk).is_published, seconds=90, what="publishing")
