"""Our own good and hostile files, each beside another member's film, held to every rule of media.md."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from contributions.transcoding import Refused, inspect, transcode
from tests import media
from tests.corpus.invariants import Answer
from tests.corpus.manifest import write_corpus
from tests.corpus.running import Ingest, run


@pytest.fixture
def take_directly(tmp_path_factory: pytest.TempPathFactory) -> Ingest:
    """The transcoder alone, answering as `manage.py ingest` does."""

    def taken(source: Path) -> Answer:
        folder = tmp_path_factory.mktemp("work")
        try:
            inspection = inspect(source, folder=folder)
            with transcode(source, folder=folder, inspection=inspection, report=lambda *_: None) as going:
                renditions: list[dict[str, Any]] = [
                    {
                        "kind": made.kind,
                        "mime": made.mime,
                        "bytes": made.path.stat().st_size,
                        "width": made.width,
                        "height": made.height,
                        "duration_ms": made.duration_ms,
                        "path": str(made.path),
                    }
                    for made in going
                ]
                peak_mb = going.peak_mb
        except Refused as refused:
            return Answer(3, {"accepted": False, "reason": str(refused.reason), "peak_mb": refused.peak_mb})
        told = {"accepted": True, "medium": inspection.medium, "renditions": renditions, "peak_mb": peak_mb}
        return Answer(0, told)

    return taken


def breaches(report: dict[str, Any]) -> dict[str, list[str]]:
    return {result["name"]: result["breaches"] for result in report["results"] if result["breaches"]}


def test_every_good_file_is_taken_upright_clean_and_plays_in_a_browser(
    tmp_path: Path, take_directly: Ingest, browser: Browser
) -> None:
    corpus = write_corpus(tmp_path / "good", media.GOOD, expected="accept")
    report = run(corpus, browser=browser, take=take_directly, absolute=tmp_path / "canary", port=0)
    assert report["files"] == report["accepted"] == len(media.GOOD)
    assert breaches(report) == {}


def test_every_hostile_file_is_refused_without_harm(tmp_path: Path, take_directly: Ingest) -> None:
    target = partial(media.hls_trap, target=f"file://{tmp_path}/canary/private.mp4")
    makers = media.HOSTILE | {"hls_absolute.mp4": target}
    corpus = write_corpus(tmp_path / "hostile", makers, expected="reject")
    report = run(corpus, take=take_directly, browser=False, absolute=tmp_path / "canary", port=0)
    assert report["files"] == len(makers)
    assert breaches(report) == {}
    assert report["refused_peak_mb"] < 512


def test_the_check_itself_sees_another_members_film(tmp_path: Path) -> None:
    """A transcoder that served the red film would be caught."""

    def careless(source: Path) -> Answer:
        film = media.red_film(source.parent / "served.mp4")
        told = {"kind": "video", "mime": "video/mp4", "bytes": film.stat().st_size, "path": str(film)}
        return Answer(0, {"accepted": True, "medium": "video", "renditions": [told], "peak_mb": 1})

    corpus = write_corpus(tmp_path / "trap", {"a.mp4": media.hls_trap}, expected="reject")
    report = run(corpus, take=careless, browser=False, absolute=tmp_path / "canary", port=0)
    found = breaches(report)["a.mp4"]
    assert any("shows another member's film" in breach for breach in found)
    assert any("expected reject" in breach for breach in found)
