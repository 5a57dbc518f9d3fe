"""A site with a real worker for benches, one artist's browser that uploads by tus, and what its processes use."""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

from contributions.models import Upload, Version
from hitrecord.servers.s3 import free_ports
from tests.support.cast import join
from tests.support.sites import Site

CHUNK = 16 * 1024 * 1024
TOKEN = "a" * 32


@contextmanager
def running_site(folder: Path, **extra: str) -> Iterator[Site]:
    """gunicorn with one process and a worker with two, on the bench's own database, stopped at the end."""
    (port,) = free_ports(1)
    url = f"http://localhost:{port}"
    own = {"SITE_URL": url, "WEB_BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "1", "LOG_LEVEL": "INFO", **extra}
    (Path(os.environ["VAR_DIR"]) / "run").mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    site = Site(url, {**os.environ, **own}, folder)
    try:
        site.start_worker()
        site.start_web()
        yield site
    finally:
        site.stop()


class Zeros:
    """A file of so many bytes that no program knows, made while it is read."""

    def __init__(self, size: int) -> None:
        self.rest = size

    def read(self, most: int = -1) -> bytes:
        count = self.rest if most < 0 else min(most, self.rest)
        self.rest -= count
        return bytes(count)


class Browser:
    """An artist who is signed in and uploads as the site's own page does, in chunks of 16 MB."""

    def __init__(self, site: Site, handle: str) -> None:
        self.artist = join(handle)
        client = Client()
        client.force_login(self.artist)
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        self.headers = {
            "Cookie": f"{cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Referer": site.url,
            "Origin": site.url,
            "Tus-Resumable": "1.0.0",
        }
        self.connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=120)

    def ask(self, method: str, path: str, body: Any = None, **more: str) -> http.client.HTTPResponse:
        """One request; its answer is read, and anything but success ends the bench."""
        named = {name.replace("_", "-"): value for name, value in more.items()}
        self.connection.request(method, path, body, {**self.headers, **named})
        answer = self.connection.getresponse()
        answer.read()
        return answer

    def upload(self, body: IO[bytes] | Zeros, size: int) -> tuple[Version, float, float]:
        """Send a file. Returns its version, the seconds that the last PATCH of one byte took, and when it ended."""
        made = self.ask("POST", "/tus/", Upload_Length=str(size))
        if made.status != 201:
            raise RuntimeError(f"POST /tus/ answered {made.status}")
        address, offset, took = made.headers["Location"], 0, 0.0
        for count in chunks(size):
            piece = body.read(count)
            began = time.monotonic()
            headers = {"Content_Type": "application/offset+octet-stream", "Upload_Offset": str(offset)}
            answer = self.ask("PATCH", address, piece, **headers)
            took, offset = time.monotonic() - began, offset + count
            if answer.status != 204:
                raise RuntimeError(f"PATCH at {offset} answered {answer.status}")
        upload = Upload.objects.filter(artist=self.artist).latest("created_at")
        return Version.objects.select_related("contribution").get(upload=upload), took, time.monotonic()

    def until_served(self, version: Version, name: str, *, seconds: float = 180) -> float:
        """The moment at which a rendition is first served."""
        path, deadline = version.rendition_url(name), time.monotonic() + seconds
        while self.ask("GET", path, Range="bytes=0-1").status != 206:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} was not served within {seconds} s")
            time.sleep(0.02)
        return time.monotonic()


def chunks(size: int) -> Iterator[int]:
    """Sixteen megabytes at a time, and the last byte alone."""
    whole = size - 1
    while whole > 0:
        yield min(CHUNK, whole)
        whole -= CHUNK
    yield 1


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    below = [int(child) for place in listed for child in place.read_text().split()]
    return [pid, *(one for child in below for one in tree(child))]


def written(site: Site) -> int:
    """Bytes that web and worker, with the children that have ended, have had written to disk so far."""
    found = 0
    for process in site.processes.values():
        for pid in tree(process.pid):
            lines = Path(f"/proc/{pid}/io").read_text().splitlines()
            found += int(dict(line.split(": ") for line in lines)["write_bytes"])
    return found


def forget_peak(pid: int) -> None:
    """Let the process's peak of memory begin again at what it holds now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak_kb(pid: int) -> int:
    """The most memory that a process has held since."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
