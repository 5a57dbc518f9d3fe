"""hledger: the machine's where there is one, else Debian's package, fetched and unpacked without root.

No other registry has it. It lies below node_modules, as what else is kept from run to run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.kept import FOLDER

LIBRARIES = ("libffi8", "libgmp10", "libtinfo6")


@pytest.fixture(scope="session")
def hledger() -> list[str]:
    """The command; a machine that has neither hledger nor apt fails here, and says so."""
    found = shutil.which("hledger")
    if found:
        return [found]
    place = FOLDER / "hledger"
    if not (place / "usr" / "bin" / "hledger").exists():
        fetch(place)
    libraries = next(place.glob("usr/lib/*-linux-gnu*"))
    return ["env", f"LD_LIBRARY_PATH={libraries}", "LC_ALL=C.UTF-8", str(place / "usr" / "bin" / "hledger")]


def fetch(place: Path) -> None:
    """Ask apt with lists and folders of our own, since the machine's belong to root."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        pytest.fail("hledger is not on PATH and there is no apt to fetch it: install hledger 1.25 or newer")
    draft = place.with_name(f"{place.name}.{os.getpid()}")
    for folder in ("state/lists/partial", "cache/archives/partial", "root"):
        (draft / folder).mkdir(parents=True, exist_ok=True)
    own = ["-o", f"Dir::State={draft}/state", "-o", f"Dir::Cache={draft}/cache", "-o", "Debug::NoLocking=1"]
    own += ["-o", "Dir::State::status=/var/lib/dpkg/status", "-qq"]
    for words in (["update"], ["download", "hledger", *LIBRARIES]):
        done = subprocess.run(["apt-get", *own, *words], cwd=draft, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.fail(f"apt-get {words[0]} could not fetch hledger: {done.stderr[-2000:]}")
    for package in draft.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, draft / "root"], check=True)
    if not place.exists():
        (draft / "root").rename(place)
    shutil.rmtree(draft, ignore_errors=True)
