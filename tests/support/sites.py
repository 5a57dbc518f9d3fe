"""The site as it really runs: gunicorn, a Celery worker and, where asked for, beat, as processes of their own.

They use the test's own database (committed_db), the run's Valkey, media folder and mail folder.
"""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL, SIGTERM
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection

from hitrecord.servers.processes import end, spawn, tail, wait_until
from hitrecord.servers.s3 import free_ports
from tests.support.databases import Databases
from tests.support.kept import kept, of_static_files

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("VAR_DIR", ""))
START_SECONDS = 60
EVERY_QUEUE = "interactive,media,money,mail,periodic"


@dataclass
class Site:
    """A running site: where it is, and its processes by name, to be killed and started again."""

    url: str
    environment: dict[str, str]
    logs: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_web(self) -> None:
        """gunicorn, until it answers."""
        command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py")]
        process = self._start("web", command)
        wait_until(lambda: answers(f"{self.url}/healthz"), "gunicorn", self.log("web"), START_SECONDS, process)

    def start_worker(self, *, queues: str = EVERY_QUEUE, name: str = "worker", processes: int = 2) -> None:
        """A Celery worker, until it takes tasks."""
        command = [sys.executable, "-m", "celery", "-A", "hitrecord.celery", "worker", "-Q", queues]
        command += [
            "-c",
            str(processes),
            "-n",
            f"{name}@test",
            "--loglevel",
            "INFO",
            "--without-mingle",
            "--without-gossip",
        ]
        process = self._start(name, command)
        wait_until(
            lambda: " ready." in tail(self.log(name), 5000), "the worker", self.log(name), START_SECONDS, process
        )

    def start_beat(self) -> None:
        """The clock of the periodic tasks."""
        self._start("beat", [sys.executable, "-m", "celery", "-A", "hitrecord.celery", "beat", "--loglevel", "INFO"])

    def kill(self, name: str) -> None:
        """kill -9 the process and its children at once, as the kernel would for want of memory."""
        os.killpg(self.processes[name].pid, SIGKILL)
        self.processes.pop(name).wait()

    def stop(self) -> None:
        """End them all."""
        for process in self.processes.values():
            end(process, SIGTERM, seconds=15)

    def log(self, name: str) -> Path:
        """What a process has written so far."""
        return self.logs / f"{name}.log"

    def _start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        self.processes[name] = spawn(command, self.log(name), cwd=ROOT, environment=self.environment)
        return self.processes[name]


def answers(url: str) -> bool:
    """Whether the address answers 200 now."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def eventually(check: Any, *, seconds: float = 30, what: str = "it") -> Any:
    """Ask again until the answer is true, and return it; a real worker takes its time."""
    deadline = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds:.0f} s"
        time.sleep(0.1)


@pytest.fixture(scope="session")
def static_files() -> Path:
    """The hashed static files."""

    def collect(path: Path) -> None:
        command = [sys.executable, str(ROOT / "manage.py"), "collectstatic", "--noinput", "--verbosity", "0"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        shutil.copytree(VAR / "static", path)

    folder = VAR / "static"
    collected = kept("static", of=of_static_files(), make=collect)
    shutil.rmtree(folder, ignore_errors=True)
    folder.symlink_to(collected)
    return folder


@pytest.fixture
def site_factory(committed_db: str, databases: Databases, static_files: Path, tmp_path: Path) -> Iterator[Any]:
    """Makes a Site with nothing started yet: for tests that start, kill and start again by themselves."""
    redis.Redis.from_url(settings.REDIS_URL).flushall()
    made: list[Site] = []

    def make(**extra: str) -> Site:
        (port,) = free_ports(1)
        url = f"http://localhost:{port}"
        environment = {
            **os.environ,
            "DATABASE_URL": databases.url(str(connection.settings_dict["NAME"])),
            "SITE_URL": url,
            "WEB_BIND": f"127.0.0.1:{port}",
            "WEB_WORKERS": "1",
            "LOG_LEVEL": "INFO",
            **extra,
        }
        (VAR / "run").mkdir(parents=True, exist_ok=True)
        site = Site(url, environment, tmp_path)
        made.append(site)
        return site

    yield make
    for site in made:
        site.stop()


@pytest.fixture
def live_site(site_factory: Any, settings: Any) -> Site:
    """The web process and a worker for every queue, on a database of this test's own."""
    site: Site = site_factory()
    site.start_worker()
    site.start_web()
    settings.SITE_URL = site.url
    return site
