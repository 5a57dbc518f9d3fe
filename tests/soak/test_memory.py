"""A large upload passes through the web process without staying in it."""

import hashlib
import http.client
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.storage import default_storage

from contributions.models import Upload
from tests.soak.chance import tell
from tests.soak.test_transcodes import children
from tests.support.tus_web import TusWeb, on_disk, on_s3

MB = 1024 * 1024
CHUNK = 16 * MB
PIECE = MB
#: What 2 GB may add, and what 64 MB may: one chunk is never held whole.
MOST_FULL_MB, MOST_SMALL_MB = 64, 12


@pytest.fixture(params=["disk", "s3"])
def web(request: pytest.FixtureRequest, site_factory: Any, settings: Any, tmp_path: Path) -> TusWeb:
    """One web process with one worker of one thread: each thread that speaks to S3 loads a client, of 18 MB, once."""
    if request.param == "s3":
        bucket = request.getfixturevalue("s3_bucket")
        made = on_s3(site_factory, request.getfixturevalue("s3_endpoint"), bucket, settings, WEB_THREADS="1")
    else:
        made = on_disk(site_factory, tmp_path / "media", settings, WEB_THREADS="1")
    made.site.start_web()
    return made


class Sender:
    """Sends bytes that it makes as they go, and keeps their digest instead of them."""

    def __init__(self, web: TusWeb, headers: dict[str, str], seed: int) -> None:
        self.host = urlsplit(web.url).netloc
        self.headers = headers | {"Tus-Resumable": "1.0.0"}
        self.noise = bytearray(random.Random(seed).randbytes(PIECE))
        self.digest = hashlib.sha256()
        self.number = 0

    def pieces(self, count: int) -> Iterator[bytes]:
        while count > 0:
            self.number += 1
            self.noise[:8] = self.number.to_bytes(8, "big")
            piece = bytes(self.noise[:count])
            self.digest.update(piece)
            yield piece
            count -= len(piece)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(self.host, timeout=600)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, self.headers | given)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def send(self, size: int, at_once: int) -> None:
        """A whole upload: half of it in one request, the rest in chunks."""
        place = self.ask("POST", "/tus/", Upload_Length=str(size)).headers["Location"]
        offset = 0
        while offset < size:
            count = min(at_once if offset == 0 else CHUNK, size - offset)
            chunk = {"Content_Type": "application/offset+octet-stream", "Upload_Offset": str(offset)}
            answer = self.ask("PATCH", place, self.pieces(count), Content_Length=str(count), **chunk)
            assert answer.status == 204, (answer.status, offset)
            offset += count


def memory_mb(pid: int, name: str) -> float:
    """VmRSS now, or VmHWM, the most since the last reset."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(name))) / 1024


def test_a_large_upload_does_not_stay_in_memory(
    web: TusWeb, alice: Any, seed: int, size: Callable[[int, int], int]
) -> None:
    length = size(64 * MB, 2048 * MB)
    most = size(MOST_SMALL_MB, MOST_FULL_MB)
    # A first one, of more than a chunk, loads what any upload needs.
    Sender(web, web.headers(alice), seed).send(CHUNK + MB, CHUNK)
    (worker,) = children(web.site.processes["web"].pid)
    before = memory_mb(worker, "VmRSS:")
    Path(f"/proc/{worker}/clear_refs").write_text("5")
    sender = Sender(web, web.headers(alice), seed)
    sender.send(length, length // 2)
    added = memory_mb(worker, "VmHWM:") - before
    tell(f"{length / MB:.0f} MB added {added:.1f} MB to the {before:.0f} MB of the web process, at most {most}")
    upload = Upload.objects.get(length=length)
    with default_storage.open(upload.key) as kept:
        digest = hashlib.sha256()
        while piece := kept.read(PIECE):
            digest.update(piece)
    assert digest.hexdigest() == sender.digest.hexdigest()
    assert added < most
