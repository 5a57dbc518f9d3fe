"""kill -9 of the web process in the middle of an upload: the browser goes on, and every byte is right."""

from __future__ import annotations

import hashlib
import random
import wave
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from playwright.sync_api import Page

from contributions.models import Contribution, Job, Upload, Version
from tests.support.browsers import OpenPage
from tests.support.sites import Site, eventually

MB = 1024 * 1024
SIZE = 26 * MB
BYTES_A_SECOND = 5 * MB
PATIENCE = 180


def noise(path: Path) -> Path:
    """A recording of two minutes in which no two pieces are equal, so that a misplaced one shows."""
    piece = random.Random(7).randbytes(MB)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(48_000)
        for number in range(SIZE // MB):
            out.writeframes(number.to_bytes(4, "big") + piece[4:])
    return path


def slowed(page: Page) -> Page:
    """Upload at a phone's speed."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    limits = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": BYTES_A_SECOND}
    session.send("Network.emulateNetworkConditions", limits)
    return page


def test_an_upload_goes_on_after_the_web_process_was_killed(
    live_site: Site, open_page: OpenPage, alice: Any, tmp_path: Path
) -> None:
    path = noise(tmp_path / "harbour.wav")
    page = slowed(open_page(as_=alice))
    page.goto("/upload/")
    page.locator("[data-files]").set_input_files(path)
    eventually(lambda: bytes_on_disk() > MB, seconds=60, what="the first megabyte")
    live_site.kill("web")
    assert Upload.objects.get().status == Upload.Status.OPEN
    live_site.start_web()

    eventually(lambda: Upload.objects.get().offset >= 16 * MB, seconds=PATIENCE, what="the first piece")
    eventually(lambda: bytes_on_disk() > 17 * MB, seconds=60, what="a part of the second piece")
    live_site.kill("web")
    half = Upload.objects.get()
    assert (half.status, half.offset) == (Upload.Status.OPEN, 16 * MB)
    live_site.start_web()

    link = page.get_by_role("link", name="Details and publish")
    link.wait_for(timeout=PATIENCE * 1000)
    arrived_whole(path)


def bytes_on_disk() -> int:
    """How much of the one upload has reached the storage."""
    upload = Upload.objects.first()
    if upload is None or not default_storage.exists(upload.key):
        return 0
    return int(default_storage.size(upload.key))


def arrived_whole(path: Path) -> None:
    """One upload, one work, one version, byte for byte, and it is prepared like any other."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    upload, work, version = Upload.objects.get(), Contribution.objects.get(), Version.objects.get()
    assert (upload.status, upload.offset) == (Upload.Status.FINISHED, path.stat().st_size)
    with default_storage.open(version.key) as kept:
        assert hashlib.sha256(kept.read()).hexdigest() == digest
    eventually(lambda: Job.objects.get().status == Job.Status.DONE, seconds=PATIENCE, what="the transcode")
    version.refresh_from_db()
    assert (version.sha256, version.bytes) == (digest, path.stat().st_size)
    assert work.artist.handle == "alice"
