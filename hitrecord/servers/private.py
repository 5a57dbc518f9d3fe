"""A PostgreSQL and a Valkey for one command alone, in a temporary folder, gone with it: what bin/test runs in.

The command gets DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL, and a VAR_DIR of its own for everything else it writes.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from hitrecord.servers.postgres import START_SECONDS as POSTGRES_SECONDS
from hitrecord.servers.postgres import Postgres
from hitrecord.servers.processes import Way, before_exec, end, spawn, wait_until
from hitrecord.servers.valkey import START_SECONDS as VALKEY_SECONDS
from hitrecord.servers.valkey import Valkey

PREFIX = "hr-"


@contextmanager
def private_servers() -> Iterator[dict[str, str]]:
    """Start both, yield the environment that leads to them, stop both and remove the folder."""
    _sweep()
    # /tmp and not TMPDIR: a socket's path must be short, and PostgreSQL as nobody must be let in.
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir="/tmp"))
    folder.chmod(0o711)
    started: list[tuple[subprocess.Popen[bytes], signal.Signals]] = []
    try:
        postgres = Postgres.below(folder, durable=False)
        broker, environment = start_broker(folder)
        started.append((broker, signal.SIGTERM))
        postgres.prepare()
        database = spawn(postgres.command(), postgres.log, way=postgres.way)
        started.append((database, signal.SIGQUIT))
        wait_until(postgres.answers, "PostgreSQL", postgres.log, POSTGRES_SECONDS, database)
        postgres.make_roles()
        postgres.make_database()
        yield environment | {"DATABASE_URL": postgres.url("app"), "DATABASE_OWNER_URL": postgres.url("owner")}
    finally:
        for process, how in reversed(started):
            end(process, how)
        shutil.rmtree(folder, ignore_errors=True)


def start_broker(folder: Path) -> tuple[subprocess.Popen[bytes], dict[str, str]]:
    """A Valkey in the folder, answering, and the environment that leads to it and to a VAR_DIR beside it."""
    valkey = Valkey.below(folder, folder / "v", durable=False)
    valkey.prepare()
    broker = spawn(valkey.command(), valkey.log)
    wait_until(valkey.answers, "Valkey", valkey.log, VALKEY_SECONDS, broker)
    return broker, {"REDIS_URL": valkey.url, "VAR_DIR": str(folder / "var")}


def run_privately(command: list[str]) -> int:
    """Run a command against private servers; its exit code is ours, and Ctrl-C ends it before them."""

    def terminate(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, terminate)
    signal.signal(signal.SIGHUP, terminate)
    with private_servers() as addresses:
        child = subprocess.Popen(
            command,
            env=os.environ | addresses,
            preexec_fn=before_exec(Way.AS_WE_ARE),  # noqa: PLW1509 - we have no threads
        )
        try:
            while True:
                try:
                    return child.wait()
                except KeyboardInterrupt:
                    # The terminal sent it to the child as well, which now ends in its own way.
                    continue
        finally:
            end(child, signal.SIGTERM)


def _sweep() -> None:
    """Remove what a run that was killed outright has left."""
    for left in Path("/tmp").glob(f"{PREFIX}*-*"):
        pid = left.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists() and left.lstat().st_uid == os.geteuid():
            shutil.rmtree(left, ignore_errors=True)
