"""Health checks for a container that has no curl: `python -m hitrecord.probe web|worker|beat`, exit 0 or 1."""

import http.client
import os
import socket
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

PROBE_SECONDS = 10
# Beat writes its schedule at least every three minutes.
STALE_SECONDS = 600


def web() -> str | None:
    """Ask /readyz as the proxy would."""
    port = int(os.environ.get("WEB_BIND", "127.0.0.1:8000").rpartition(":")[2])
    site = urlsplit(os.environ["SITE_URL"])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", "/readyz", headers={"Host": site.netloc, "X-Forwarded-Proto": site.scheme})
        answer = connection.getresponse()
        return None if answer.status == 200 else f"{answer.status} {answer.read(500).decode(errors='replace')}"
    except OSError as error:
        return str(error)
    finally:
        connection.close()


def worker() -> str | None:
    """Ping the worker of this host by way of the broker, which proves both."""
    # Only this probe needs Celery, which takes a second to load.
    from kombu.exceptions import OperationalError

    from hitrecord.celery import app

    me = os.environ.get("WORKER_NAME", f"celery@{socket.gethostname()}")
    try:
        answers = app.control.ping(destination=[me], timeout=PROBE_SECONDS)
    except OperationalError as error:
        return str(error)
    return None if answers else f"{me} does not answer"


def beat() -> str | None:
    """Its schedule was written a short while ago."""
    folder = Path(os.environ.get("VAR_DIR", "var")) / "run"
    written = max((file.stat().st_mtime for file in folder.glob("beat-schedule*")), default=0.0)
    age = time.time() - written
    return None if age < STALE_SECONDS else f"the schedule in {folder} is {age:.0f} s old"


PROBES = {"web": web, "worker": worker, "beat": beat}


def main(arguments: list[str]) -> int:
    """Ask, and say what is wrong."""
    if len(arguments) != 1 or arguments[0] not in PROBES:
        print(f"usage: python -m hitrecord.probe {'|'.join(PROBES)}", file=sys.stderr)
        return 2
    wrong = PROBES[arguments[0]]()
    if wrong:
        print(wrong, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
