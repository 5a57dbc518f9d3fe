"""/healthz and /readyz, and one request's id through the logs of the web process and of the worker."""

import json
from typing import Any

import pytest
from django.test import Client

from hitrecord import health, logs
from profiles.tasks import mail_notices
from tests.support.sites import Site, eventually


def test_a_living_process_says_so_even_without_its_servers(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_ready_means_database_broker_storage_and_ffmpeg(db: None, client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "broker": "ok", "storage": "ok", "ffmpeg": "ok"}


def test_it_is_not_ready_without_its_broker(db: None, client: Client, settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "broker": "failing", "storage": "ok", "ffmpeg": "ok"}


def test_it_is_not_ready_on_a_full_or_missing_disk(db: None, client: Client, settings: Any) -> None:
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": backend, "OPTIONS": {"location": "/proc/nowhere"}}}
    assert client.get("/readyz").json()["storage"] == "failing"


def test_it_is_ready_on_s3(db: None, client: Client, s3_media: str) -> None:
    assert client.get("/readyz").json()["storage"] == "ok"


def test_it_is_not_ready_with_a_bucket_that_is_not_there(
    db: None, client: Client, s3_media: str, settings: Any
) -> None:
    settings.STORAGES["default"]["OPTIONS"]["bucket_name"] = "no-such-bucket"
    settings.STORAGES = dict(settings.STORAGES)
    assert client.get("/readyz").json()["storage"] == "failing"


def test_the_reason_of_a_failure_stays_in_the_logs(
    db: None, client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = "redis://:very-secret@127.0.0.1:1"
    answer = client.get("/readyz")
    assert b"very-secret" not in answer.content
    assert "not ready: broker" in caplog.text


def test_every_answer_names_its_request(client: Client) -> None:
    assert len(client.get("/healthz")[logs.HEADER]) == 32
    assert client.get("/healthz", headers={"x-request-id": "from-the-proxy-1"})[logs.HEADER] == "from-the-proxy-1"


@pytest.mark.parametrize("forged", ["short", "with a space in it", "new\nline-in-the-logs", "x" * 65])
def test_a_name_that_could_forge_a_log_is_not_taken(forged: str, client: Client) -> None:
    assert client.get("/healthz", headers={"x-request-id": forged})[logs.HEADER] != forged


def test_ffmpeg_is_asked_for_real() -> None:
    health.check_ffmpeg.cache_clear()
    health.check_ffmpeg()


def test_one_id_is_in_the_logs_of_the_request_and_of_the_task_it_queued(site_factory: Any) -> None:
    site: Site = site_factory(LOG_FORMAT="json")
    site.start_worker(queues="mail")
    with logs.under_request("the-very-request"):
        mail_notices.apply_async(queue="mail")
    mail_notices.apply_async(queue="mail")

    def outcomes() -> list[dict[str, Any]]:
        written = [json.loads(line) for line in site.log("worker").read_text().splitlines() if line.startswith("{")]
        return [line for line in written if " succeeded in " in line["message"]]

    eventually(lambda: len(outcomes()) == 2, what="both outcomes in the log")
    ids = {line["request_id"] for line in outcomes()}
    assert "the-very-request" in ids
    assert len(ids) == 2
    assert all(each == "the-very-request" or each.startswith("task-") for each in ids)
