"""The door into the sandbox: limits itself, then becomes a decoder.

Runs as a script in a fresh interpreter (`python -I enter.py ORDER`), never imported by the site,
and needs only the standard library so that it starts in a few hundredths of a second. The order is
JSON: {"parent", "limits", and either "exec" (an argument list) or "run" with "arguments"}.
"""

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
from pathlib import Path
from types import ModuleType

NEIGHBOURS = "contributions.transcoding"
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
OVERFLOW_ID = 65534


def limit(limits: dict[str, int]) -> None:
    """Set soft and hard limits; nothing can raise them again."""
    for name, value in limits.items():
        # Two seconds apart, the end by processor time comes as a signal of its own.
        most = value + 2 if name == "CPU" else value
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, most))


def leave_network(libc: ctypes.CDLL) -> str:
    """Enter a network namespace with no interface; say why when the machine does not allow it."""
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return os.strerror(ctypes.get_errno())
    try:
        _write("/proc/self/setgroups", "deny")
        # Not mapped to root: exec then drops the capabilities that a new namespace gives.
        _write("/proc/self/uid_map", f"{OVERFLOW_ID} {uid} 1")
        _write("/proc/self/gid_map", f"{OVERFLOW_ID} {gid} 1")
    except OSError as error:
        return f"no identity map: {error}"
    return ""


def _write(path: str, words: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(words)


def close_the_door(parent: int, limits: dict[str, int], program: str) -> None:
    """Everything that must hold before a byte of the upload is read."""
    fence = importlib.import_module(f"{NEIGHBOURS}.box.fence")
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        trouble = leave_network(libc)
        if trouble:
            print(f"sandbox: the network is not cut off ({trouble})", file=sys.stderr, flush=True)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        trouble = fence.raise_fence(libc, program)
        if trouble:
            print(f"sandbox: files are not fenced off ({trouble})", file=sys.stderr, flush=True)
        # After the namespace: changing identity forgets this signal.
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)
    limit(limits)


def make_neighbours() -> None:
    """Let the decoders import each other by full name without the packages' own __init__ (Django)."""
    folder = Path(__file__).resolve().parents[1]
    for name, place in ((NEIGHBOURS.partition(".")[0], folder.parent), (NEIGHBOURS, folder)):
        package = ModuleType(name)
        package.__path__ = [str(place)]
        sys.modules[name] = package


def peak_mb() -> int:
    """The most memory held since this program began; 0 where the system does not tell."""
    try:
        words = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    line = next((line for line in words.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0")
    return int(line.split()[1]) // 1024


def main() -> None:
    """Obey one order."""
    order = json.loads(sys.argv[1])
    make_neighbours()
    close_the_door(order["parent"], order["limits"], order.get("exec", [sys.executable])[0])
    if "exec" in order:
        os.execve(order["exec"][0], order["exec"], dict(os.environ))  # noqa: S606
    try:
        importlib.import_module(f"{NEIGHBOURS}.box.{order['run']}").main(order["arguments"])
    finally:
        print(json.dumps({"peak_mb": peak_mb()}), flush=True)


if __name__ == "__main__":
    main()
