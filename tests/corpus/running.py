"""Takes a corpus through the site's command, file by file, beside the canaries."""

import contextlib
import csv
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pillow_heif
from playwright.sync_api import Browser

from tests import media
from tests.corpus.invariants import CANARY_TEXT, Answer, breaches_of
from tests.corpus.playing import Player, player

ROOT = Path(__file__).resolve().parents[2]
ARTIST = "alice"
LONGEST_SECONDS = 900.0
CANARY_PORT = 9999
#: How `manage.py ingest` names the folder of its copies.
COPIES = "hitrecord-ingest-"
RED = "private_red.mp4"
CANARY_FOLDER = Path("/tmp/canary")
Ingest = Callable[[Path], Answer]


class Knocks:
    """Listens where hostile files would call, and counts who comes."""

    def __init__(self, port: int) -> None:
        self.count = 0
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", port))
        self.listener.listen()
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                visitor, _ = self.listener.accept()
            except OSError:
                return
            self.count += 1
            visitor.close()

    def close(self) -> None:
        # Closing alone would leave the port to the thread that waits on it.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def ingest(path: Path) -> Answer:
    """One file through the site's own command, as a process of its own."""
    command = [sys.executable, str(ROOT / "manage.py"), "ingest", str(path), "--artist", ARTIST, "--json"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    heard, gaps = [time.monotonic()], [0.0]
    words: list[str] = []

    def listen() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            gaps.append(time.monotonic() - heard[-1])
            heard.append(time.monotonic())
            words.append(line)

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    assert process.stdout is not None
    timer = threading.Timer(LONGEST_SECONDS, process.kill)
    timer.start()
    said = process.stdout.read()
    code = process.wait()
    timer.cancel()
    listener.join(timeout=5)
    gaps.append(time.monotonic() - heard[-1])
    try:
        document = json.loads(said)
    except ValueError:
        document = {}
    return Answer(code, document if isinstance(document, dict) else {}, max(gaps), "".join(words)[-2000:])


@contextmanager
def canaries(folder: Path, given: Path, absolute: Path) -> Iterator[Path]:
    """Another member's film, `given` or our own, beside the upload and at an absolute path, and their text."""
    beside = folder / "uploads"
    (beside / "sub").mkdir(parents=True)
    film = Path(shutil.copy(given, folder / "red.mp4")) if given.exists() else media.red_film(folder / "red.mp4")
    text = absolute.with_suffix(".txt")
    ours = not absolute.exists()
    absolute.mkdir(exist_ok=True)
    for place in (beside, beside / "sub", absolute):
        for name in ("private.mp4", RED):
            shutil.copy(film, place / name)
    text.write_text(CANARY_TEXT)
    try:
        yield beside
    finally:
        if ours:
            shutil.rmtree(absolute, ignore_errors=True)
            text.unlink(missing_ok=True)


def rows_of(corpus: Path, only: str) -> list[dict[str, str]]:
    with (corpus / "manifest.csv").open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if only in row["name"]]


def run(
    corpus: Path,
    *,
    only: str = "",
    browser: bool | Browser = True,
    take: Ingest = ingest,
    absolute: Path = CANARY_FOLDER,
    port: int = CANARY_PORT,
    film: Path | None = None,
) -> dict[str, Any]:
    """The whole corpus; the report has a line for each file and all breaches. `browser` may be one that runs already."""
    pillow_heif.register_heif_opener()
    results: list[dict[str, Any]] = []
    folder = Path(tempfile.mkdtemp(prefix="corpus-"))
    knocks = Knocks(port)
    try:
        playing = player(None if browser is True else browser) if browser else no_player()
        with canaries(folder, film or corpus.parent / RED, absolute) as beside, playing as plays:
            for row in rows_of(corpus, only):
                results.append(one(row, corpus / row["name"], beside, plays, knocks, take))
                sys.stderr.write(line_of(results[-1]) + "\n")
    finally:
        knocks.close()
        shutil.rmtree(folder, ignore_errors=True)
    broken = [result for result in results if result["breaches"]]
    return {
        "files": len(results),
        "accepted": sum(result["accepted"] for result in results),
        "breaches": sum(len(result["breaches"]) for result in broken),
        "seconds": round(sum(result["seconds"] for result in results), 1),
        "refused_peak_mb": max((r["peak_mb"] for r in results if not r["accepted"]), default=0),
        "accepted_peak_mb": max((r["peak_mb"] for r in results if r["accepted"]), default=0),
        "results": results,
    }


@contextmanager
def no_player() -> Iterator[None]:
    yield None


def one(
    row: dict[str, str], given: Path, beside: Path, plays: Player | None, knocks: Knocks, take: Ingest
) -> dict[str, Any]:
    """One file: its own copy beside the canaries, through the command, against the rules."""
    source = beside / Path(row["name"]).name
    shutil.copyfile(given, source)
    before, begun = knocks.count, time.monotonic()
    answer = take(source)
    seconds = time.monotonic() - begun
    found = breaches_of(row, source, answer)
    renditions = answer.document.get("renditions") or []
    if knocks.count != before:
        found.append(f"{knocks.count - before} connections were made")
    if plays is not None and answer.accepted:
        found += plays.breaches(renditions)
    source.unlink()
    for rendition in renditions:
        clear_copy(rendition)
    return {
        "name": row["name"],
        "expected": row.get("expected", "either"),
        "accepted": answer.accepted,
        "reason": answer.document.get("reason") or "",
        "medium": answer.medium,
        "renditions": len(renditions),
        "seconds": round(seconds, 2),
        "peak_mb": answer.peak_mb,
        "breaches": found,
    }


def clear_copy(rendition: dict[str, Any]) -> None:
    """Remove the folder of copies that the command made for its caller."""
    path = Path(rendition["path"])
    for folder in path.parents:
        if folder.name.startswith(COPIES):
            shutil.rmtree(folder, ignore_errors=True)
            return


def line_of(result: dict[str, Any]) -> str:
    mark = "✗" if result["breaches"] else "·"
    verdict = f"{result['renditions']} renditions" if result["accepted"] else result["reason"]
    line = f"{mark} {result['name']}: {verdict} ({result['seconds']} s, {result['peak_mb']:.0f} MB)"
    return "\n".join([line, *(f"    {breach}" for breach in result["breaches"])])
