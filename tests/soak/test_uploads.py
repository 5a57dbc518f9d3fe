"""Uploads by several clients at once while web and S3 server are killed again and again: nothing is lost or left over.

The clients are tuspy's. The moments of the kills are places on the way of all bytes, drawn from the seed, so
that each kill finds uploads under way; what the clients then see is chance, and is none of their business.
"""

import hashlib
import io
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL
from subprocess import Popen
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

from contributions import actions
from contributions.models import Contribution, Upload, Version
from hitrecord.servers.processes import end
from hitrecord.servers.s3 import S3
from tests.soak.chance import moments, tell, with_own_connections
from tests.support.storage import Endpoint, endpoint_of
from tests.support.tus_web import TusWeb, on_disk, on_s3

MB = 1024 * 1024
CLIENTS = 4
SMALLEST, LARGEST = 1 * MB, 16 * MB
CHUNKS = (MB // 2, 6 * MB)
# A round ends with a look at everything and an empty storage, so that a full run needs no terabyte.
ROUND = 50
RETRIES, RETRY_SECONDS = 150, 0.4
CREATIONS = 200


@dataclass
class Plan:
    """One upload: its bytes come from the seed and its number."""

    seed: int
    number: int

    def __post_init__(self) -> None:
        chance = random.Random(f"{self.seed}-{self.number}")
        self.size = chance.randint(SMALLEST, LARGEST)
        self.chunk = chance.randint(*CHUNKS)
        self.data_seed = chance.random()

    def data(self) -> bytes:
        return random.Random(self.data_seed).randbytes(self.size)


@dataclass
class Progress:
    """How many bytes the clients have been told to have arrived."""

    total: int
    arrived: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def add(self, count: int) -> None:
        with self.guard:
            self.arrived += count

    @property
    def share(self) -> float:
        return self.arrived / self.total


@dataclass
class KillableS3:
    """An S3 server of this test's own, which comes back on the same folder and ports."""

    server: S3
    process: "Popen[bytes]"

    def kill(self) -> None:
        self.process.send_signal(SIGKILL)
        self.process.wait()
        self.process = self.server.start()


@pytest.fixture
def own_s3(tmp_path: Path) -> Iterator[tuple[KillableS3, Endpoint]]:
    """The server and the way to it."""
    server, process = S3.started(tmp_path / "s3")
    killable = KillableS3(server, process)
    yield killable, endpoint_of(server)
    end(killable.process, SIGKILL)


def send(web: TusWeb, headers: dict[str, str], plan: Plan, progress: Progress) -> str:
    """One upload by tuspy, as patient as it takes; the sha256 of what was sent."""
    data = plan.data()
    client = TusClient(web.url, headers=headers)
    uploader = client.uploader(
        file_stream=io.BytesIO(data), chunk_size=plan.chunk, retries=RETRIES, retry_delay=RETRY_SECONDS
    )
    uploader.metadata = {"filename": f"upload-{plan.number}.bin"}
    for left in reversed(range(CREATIONS)):
        try:
            uploader.set_url(uploader.create_url())
            break
        except TusCommunicationError:
            assert left, "no upload could be created"
            time.sleep(RETRY_SECONDS)
    while uploader.offset < plan.size:
        before = uploader.offset
        uploader.upload_chunk()
        progress.add(uploader.offset - before)
    return hashlib.sha256(data).hexdigest()


def carry_out(web: TusWeb, artist: Any, plans: list[Plan], kills: list[tuple[float, Callable[[], None]]]) -> list[str]:
    """All uploads of a round, the kills among them; the digests in the order of the plans."""
    progress = Progress(sum(plan.size for plan in plans))
    headers = web.headers(artist)
    with ThreadPoolExecutor(CLIENTS) as pool:
        sent = [
            pool.submit(with_own_connections, lambda plan=plan: send(web, headers, plan, progress)) for plan in plans
        ]
        for moment, kill in kills:
            wait_for(progress, moment, sent)
            kill()
    return [future.result() for future in sent]


def wait_for(progress: Progress, moment: float, sent: list["Future[str]"]) -> None:
    while progress.share < moment and not all(future.done() for future in sent):
        time.sleep(0.01)


def kill_web(web: TusWeb, chance: random.Random) -> None:
    """A moment later, so that it is not always the beginning of a request."""
    time.sleep(chance.random() * 0.3)
    web.site.kill("web")
    web.site.start_web()


def hold(web: TusWeb, artist: Any, plans: list[Plan], digests: list[str]) -> None:
    """Every upload is there once and as it was sent, and nothing else is."""
    # What a creation whose answer was lost has left is nobody's: it ends as any upload that nobody goes on with.
    orphans = Upload.objects.filter(status=Upload.Status.OPEN)
    tell(f"{orphans.update(expires_at=timezone.now())} uploads whose creation was not answered")
    actions.sweep_uploads()
    assert not orphans.exists()
    versions = {version.file_name: version for version in Version.objects.all()}
    assert Version.objects.count() == len(versions) == len(plans)
    for plan, digest in zip(plans, digests, strict=True):
        version = versions[f"upload-{plan.number}.bin"]
        with default_storage.open(version.key) as kept:
            assert hashlib.file_digest(kept, "sha256").hexdigest() == digest, plan
    assert web.stored() == {version.key for version in versions.values()}
    assert web.multiparts() == []
    for work in Contribution.objects.filter(artist=artist):
        actions.discard_draft(actor=artist, contribution=work)
    assert web.stored() == set()


def endure(
    web: TusWeb, artist: Any, seed: int, uploads: int, kills: list[tuple[float, Callable[[], None]]]
) -> tuple[int, float]:
    """All rounds. Returns how many bytes went over, and how long it took."""
    began, size = time.monotonic(), 0
    for first in range(0, uploads, ROUND):
        plans = [Plan(seed, number) for number in range(first, min(first + ROUND, uploads))]
        low, high = first / uploads, (first + len(plans)) / uploads
        due = [((at - low) / (high - low), kill) for at, kill in kills if low <= at < high]
        digests = carry_out(web, artist, plans, due)
        hold(web, artist, plans, digests)
        size += sum(plan.size for plan in plans)
        tell(f"{first + len(plans)} uploads, {size / MB:.0f} MB, {len(due)} kills in this round: all of them whole")
    # It has had worse; to ask it politely would take longer.
    web.site.kill("web")
    return size, time.monotonic() - began


def test_no_upload_is_lost_while_the_web_process_is_killed(
    site_factory: Any, settings: Any, alice: Any, tmp_path: Path, seed: int, size: Callable[[int, int], int]
) -> None:
    uploads, kills = size(12, 1000), size(3, 200)
    web = on_disk(site_factory, tmp_path / "media", settings, WEB_WORKERS="2")
    web.site.start_web()
    chance = random.Random(seed)
    due = [(at, lambda: kill_web(web, chance)) for at in moments(chance, kills)]
    sent, seconds = endure(web, alice, seed, uploads, due)
    tell(f"disk: {uploads} uploads of {sent / MB:.0f} MB, {kills} kills of web, 0 lost, 0 stray, {seconds:.0f} s")


def test_no_upload_is_lost_while_web_and_s3_server_are_killed(
    site_factory: Any,
    settings: Any,
    alice: Any,
    own_s3: tuple[KillableS3, Endpoint],
    seed: int,
    size: Callable[[int, int], int],
) -> None:
    uploads, of_web, of_s3 = size(6, 1000), size(1, 150), size(1, 50)
    killable, endpoint = own_s3
    endpoint.client.create_bucket(Bucket="media")
    web = on_s3(site_factory, endpoint, "media", settings, WEB_WORKERS="2")
    web.site.start_web()
    chance = random.Random(seed)
    due = [(at, lambda: kill_web(web, chance)) for at in moments(chance, of_web)]
    due += [(at, killable.kill) for at in moments(chance, of_s3)]
    sent, seconds = endure(web, alice, seed, uploads, sorted(due, key=lambda pair: pair[0]))
    tell(f"S3: {uploads} uploads of {sent / MB:.0f} MB, {of_web} kills of web, {of_s3} of S3, 0 lost, {seconds:.0f} s")


def test_a_client_gives_up_on_a_refusal(site_factory: Any, settings: Any, alice: Any, tmp_path: Path) -> None:
    """The patience of these clients hides no refusal: an upload that was given up ends in an error."""
    web = on_disk(site_factory, tmp_path / "media", settings)
    web.site.start_web()
    uploader = TusClient(web.url, headers=web.headers(alice)).uploader(
        file_stream=io.BytesIO(b"abc"), retries=1, retry_delay=0
    )
    uploader.set_url(uploader.create_url())
    actions.terminate_upload(actor=alice, upload=Upload.objects.get())
    with pytest.raises((TusUploadFailed, TusCommunicationError)):
        uploader.upload()
    web.site.kill("web")
