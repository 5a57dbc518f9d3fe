"""How a server becomes a process: as whom it runs, and that it never outlives whoever asked for it."""

import ctypes
import hashlib
import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
PROBE_SECONDS = 10


class ServerError(RuntimeError):
    """A server that would not start or stop; the message says which, and where its log is."""


class Way(Enum):
    """PostgreSQL refuses to run as root, so root needs another way than everybody else."""

    AS_WE_ARE = "as we are"
    NAMESPACE = "root, seen as nobody inside a user namespace"
    NOBODY = "root, become nobody"


def short_key(folder: Path) -> str:
    """A name for a checkout's folder that is the same at every start."""
    return hashlib.sha256(bytes(folder)).hexdigest()[:10]


def own_folder(folder: Path) -> Path:
    """A folder with a guessable name must be ours before we put anything into it."""
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise ServerError(f"{folder} belongs to somebody else; remove it, or start from a shorter path")
    return folder


def nobody() -> tuple[int, int]:
    """The uid and gid of the least of users."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return entry.pw_uid, entry.pw_gid


def _enter_namespace() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    uid, gid = nobody()
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} 0 1\n")
    Path("/proc/self/gid_map").write_text(f"{gid} 0 1\n")


def _become_nobody() -> None:
    uid, gid = nobody()
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def become(way: Way) -> None:
    """Turn the present process into one PostgreSQL agrees to run in; for the moment before exec."""
    if way is Way.NAMESPACE:
        _enter_namespace()
    elif way is Way.NOBODY:
        _become_nobody()


def find_way() -> Way:
    """Try the namespace, because with it files keep one owner; many containers forbid it."""
    if os.geteuid() != 0:
        return Way.AS_WE_ARE
    probe = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r}); "
    probe += "from hitrecord.servers.processes import become, Way; become(Way.NAMESPACE)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", probe], stderr=subprocess.DEVNULL, timeout=PROBE_SECONDS, check=False
    )
    return Way.NAMESPACE if done.returncode == 0 else Way.NOBODY


def follow_parent(how: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to send us a signal when the thread that started us dies, however it does."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)


def before_exec(way: Way) -> Callable[[], None]:
    """What a child does first: change who it is, then ask the kernel to end it with its parent.

    In this order, because the kernel forgets the request when a process changes its user.
    """
    parent = os.getpid()

    def prepare() -> None:
        become(way)
        follow_parent()
        if os.getppid() != parent and way is not Way.NAMESPACE:
            os._exit(1)

    return prepare


def spawn(
    command: list[str],
    log: Path,
    *,
    way: Way = Way.AS_WE_ARE,
    cwd: Path = Path("/"),
    environment: dict[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that Ctrl-C reaches us and not it."""
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=environment,
            start_new_session=True,
            preexec_fn=before_exec(way),  # noqa: PLW1509 - whoever starts servers has no threads yet
        )


def wait_until(
    ready: Callable[[], bool], what: str, log: Path, seconds: float, process: subprocess.Popen[bytes] | None = None
) -> None:
    """Poll until the server answers; a server that died is told at once, with the end of its log."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process is not None and process.poll() is not None:
            raise ServerError(f"{what} stopped at once (exit {process.returncode}):\n{tail(log)}")
        if time.monotonic() > deadline:
            raise ServerError(f"{what} did not answer within {seconds:.0f} s:\n{tail(log)}")
        time.sleep(0.05)


def end(process: subprocess.Popen[bytes], how: signal.Signals, seconds: float = 10) -> None:
    """Ask a server to stop, and insist."""
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, for an error message."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return f"(no log at {log})"
