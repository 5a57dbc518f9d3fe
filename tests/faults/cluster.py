"""A PostgreSQL of a test's own, that keeps its promises on disk and is stopped as by a pulled plug."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from signal import SIGKILL, SIGQUIT
from typing import Self

from hitrecord.servers.postgres import START_SECONDS, Postgres
from hitrecord.servers.processes import ServerError, spawn, wait_until

TRIES = 5


class Cluster:
    """Started by `with`; `stop` is immediate, `start` goes on where it was."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"hr-{os.getpid()}-faults-", dir="/tmp"))
        self.folder.chmod(0o711)
        self.server = Postgres.below(self.folder, durable=True)
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.server.prepare()
        self.start()
        self.server.make_roles()
        self.server.make_database()
        return self

    def __exit__(self, *ended: object) -> None:
        self.stop(SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Until it answers; the first try may come before the last one's processes are gone."""
        for attempt in range(TRIES):
            self.process = spawn(self.server.command(), self.server.log, way=self.server.way)
            try:
                return wait_until(self.server.answers, "PostgreSQL", self.server.log, START_SECONDS, self.process)
            except ServerError:
                if attempt == TRIES - 1:
                    raise
        return None

    def stop(self, how: int) -> None:
        """SIGQUIT is `pg_ctl stop -m immediate`; SIGKILL takes the postmaster alone, and its children notice."""
        assert how in {SIGQUIT, SIGKILL}
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait()
