"""Runs one decoder in a process of its own, inside bounds, and reads what it says.

Every child has its own process group, an empty environment, a private folder ("box") that holds
only the upload under a generated name, no network where the machine allows it, and dies with the
worker. See box/enter.py for what it does to itself before it reads a byte.
"""

import json
import logging
import os
import re
import resource
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from contributions.transcoding.records import Failed, Killed, Refused

logger = logging.getLogger(__name__)

ENTER: Final = Path(__file__).parent / "box" / "enter.py"
UPLOAD: Final = "upload"
TICK_SECONDS: Final = 1.0
KEPT_WORDS: Final = 131_072
LONGEST_LINE: Final = 8 * 1024 * 1024
ENVIRONMENT: Final = {
    "LANG": "C.UTF-8",
    "PATH": "/nonexistent",
    "HOME": "/nonexistent",
    # A pool of memory for each thread would use up the address space that limits the child.
    "MALLOC_ARENA_MAX": "2",
}
#: Said by a child when the fault is this machine's and not the file's.
OUR_TROUBLE: Final = ("No space left on device", "Disk quota exceeded", "ModuleNotFoundError", "ImportError:")
_warned: set[str] = set()


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What one child may use before it is stopped."""

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: float
    file_bytes: int
    stall_seconds: float = 120
    open_files: int = 64

    def as_limits(self) -> dict[str, int]:
        return {
            "AS": self.memory_bytes,
            "CPU": self.cpu_seconds,
            "FSIZE": self.file_bytes,
            "NOFILE": self.open_files,
            "CORE": 0,
        }


def make_box(folder: Path, source: Path, name: str) -> Path:
    """A private folder with only this upload in it, under a name that means nothing."""
    box = folder / name
    shutil.rmtree(box, ignore_errors=True)
    try:
        box.mkdir(mode=0o700, parents=True)
        try:
            os.link(source.resolve(), box / UPLOAD)
        except OSError:
            # Another disk, or a system that guards other people's files against links.
            shutil.copyfile(source, box / UPLOAD)
    except OSError as error:
        raise Failed(f"no room to work in: {error}") from error
    return box


@dataclass(kw_only=True)
class Child:
    """One running decoder. Use as a context manager: leaving it kills the whole group."""

    order: dict[str, Any]
    box: Path
    bounds: Bounds
    peak_mb: int = 0
    said: bytes = b""
    _started: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)
    _status: int | None = None
    _slow: str = ""

    def __enter__(self) -> Self:
        order = self.order | {"parent": os.getpid(), "limits": self.bounds.as_limits()}
        # Without site-packages an interpreter starts in half the time; ffmpeg needs none.
        flags = ["-I", "-S"] if "exec" in order else ["-I"]
        try:
            self._started = subprocess.Popen(
                [sys.executable, *flags, str(ENTER), json.dumps(order)],
                cwd=self.box,
                env=ENVIRONMENT | {"TMPDIR": str(self.box)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise Failed(f"the sandbox did not start: {error}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process = self._process
        if self._status is None:
            self.kill()
            self._reap(block=True)
        if isinstance(error, Refused):
            error.peak_mb = max(error.peak_mb, self.peak_mb)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()

    @property
    def _process(self) -> "subprocess.Popen[bytes]":
        if self._started is None:
            raise Failed("the child was not started")
        return self._started

    def kill(self) -> None:
        """Kill the group, not only the child: nothing it started may live on."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            self._process.kill()

    def lines(self) -> Iterator[bytes | None]:
        """Each line of standard output as it comes, and None at least every second."""
        process = self._process
        outlet, complaints = process.stdout, process.stderr
        if outlet is None or complaints is None:
            raise Failed("the child has no pipes")
        begun = moved = time.monotonic()
        rest = b""
        with selectors.DefaultSelector() as selector:
            selector.register(outlet, selectors.EVENT_READ)
            selector.register(complaints, selectors.EVENT_READ)
            while selector.get_map():
                for key, _ in selector.select(TICK_SECONDS):
                    chunk = os.read(key.fd, 65_536)
                    if not chunk:
                        selector.unregister(key.fileobj)
                    elif key.fileobj is complaints:
                        self.said = (self.said + chunk)[-KEPT_WORDS:]
                    else:
                        moved = time.monotonic()
                        *whole, rest = (rest + chunk).split(b"\n")
                        yield from whole
                        if len(rest) > LONGEST_LINE:
                            rest = self._stop("output")
                yield None
                self._sample_peak()
                now = time.monotonic()
                if now - begun > self.bounds.wall_seconds:
                    self._stop("wall clock")
                elif now - moved > self.bounds.stall_seconds:
                    self._stop("no progress")
        if rest:
            yield rest

    def _stop(self, why: str) -> bytes:
        if not self._slow:
            self._slow = why
            self.kill()
        return b""

    def _reap(self, *, block: bool) -> None:
        process = self._process
        pid, status, usage = os.wait4(process.pid, 0 if block else os.WNOHANG)
        if pid:
            self._status = os.waitstatus_to_exitcode(status)
            process.returncode = self._status
            # A child counts the memory of the process it was forked from as its own.
            if usage.ru_maxrss > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss:
                self.peak_mb = max(self.peak_mb, usage.ru_maxrss // 1024)

    def _sample_peak(self) -> None:
        """Note the most memory the running child has held so far, where the system tells."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii", errors="replace")
        except OSError:
            return
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        if found:
            self.peak_mb = max(self.peak_mb, int(found[1]) // 1024)

    def finish(self) -> None:
        """Wait for the end; raise Refused when it went beyond its bounds or gave up on the file."""
        deadline = time.monotonic() + 5
        while self._status is None:
            self._reap(block=False)
            if self._status is None:
                if time.monotonic() > deadline:
                    self._stop("did not end")
                time.sleep(0.005)
        self._warn_once()
        words = self.words()
        if self._slow or self._status in (-signal.SIGXCPU, -signal.SIGXFSZ):
            raise Refused("too-heavy", f"{self._slow or self._status}: {words}")
        if self._status == -signal.SIGKILL:
            raise Killed(f"the decoder was killed from outside: {words}")
        if self._status != 0:
            if any(trouble in words for trouble in OUR_TROUBLE):
                raise Failed(words)
            heavy = "MemoryError" in words or "File too large" in words
            raise Refused("too-heavy" if heavy else "damaged", f"exit {self._status}: {words}")

    def words(self, *, whole: bool = False) -> str:
        """The end of what the child said on standard error, for the log."""
        words = self.said.decode("utf-8", "replace").replace("\0", "")
        return words if whole else words[-4000:]

    def _warn_once(self) -> None:
        for line in self.words(whole=True)[:1000].splitlines():
            if line.startswith("sandbox:") and line not in _warned:
                _warned.add(line)
                logger.warning("%s", line)


def run_python(module: str, arguments: dict[str, Any], *, box: Path, bounds: Bounds) -> Child:
    """A child that runs `main(arguments)` of one of the modules in box/."""
    return Child(order={"run": module, "arguments": arguments}, box=box, bounds=bounds)


def run_program(command: list[str], *, box: Path, bounds: Bounds) -> Child:
    """A child that becomes another program."""
    return Child(order={"exec": command}, box=box, bounds=bounds)


def messages(child: Child) -> Iterator[dict[str, Any] | None]:
    """The JSON messages of a Python child; its own refusals are raised here."""
    refusal: Refused | None = None
    for line in child.lines():
        if line is None:
            yield None
            continue
        message = _understood(line)
        if message is None:
            # One that was killed in the middle of a word says half a line, and that is no fault of the file.
            child.finish()
            raise Refused("damaged", f"the decoder said something odd: {line[:200]!r}")
        if "peak_mb" in message:
            child.peak_mb = max(child.peak_mb, int(message["peak_mb"]))
        elif "refused" in message:
            values = {str(name): int(value) for name, value in message.get("values", {}).items()}
            refusal = Refused(str(message["refused"]), str(message.get("detail", ""))[:4000], **values)
        else:
            yield message
    if refusal is not None:
        raise refusal
    child.finish()


def _understood(line: bytes) -> dict[str, Any] | None:
    """One message, or None; a decoder that has been taken over may say anything."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None
