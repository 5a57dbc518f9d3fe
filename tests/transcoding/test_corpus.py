"""Our own good and hostile files, each beside another member's film, held to every rule of media.md."""

from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests import media
from tests.corpus.control import run_control
from tests.corpus.direct import take_directly
from tests.corpus.invariants import Answer
from tests.corpus.manifest import write_corpus
from tests.corpus.mutating import write_mutations
from tests.corpus.running import run


def breaches(report: dict[str, Any]) -> dict[str, list[str]]:
    return {result["name"]: result["breaches"] for result in report["results"] if result["breaches"]}


def test_every_good_file_is_taken_upright_clean_and_plays_in_a_browser(tmp_path: Path, browser: Browser) -> None:
    corpus = write_corpus(tmp_path / "good", media.GOOD, expected="accept")
    report = run(corpus, browser=browser, take=take_directly, absolute=tmp_path / "canary", port=0)
    assert report["files"] == report["accepted"] == len(media.GOOD)
    assert breaches(report) == {}


def test_every_hostile_file_is_refused_without_harm(tmp_path: Path) -> None:
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


# One of each way to a decoder; bin/corpus --mutations takes every file of a corpus.
TO_DAMAGE = ("photo.jpg", "drawing.png", "song.mp3", "film.mp4", "book.epub", "page.pdf", "moving.gif", "song.ogg")


def test_damaged_files_are_taken_or_refused_without_harm(tmp_path: Path, seed: int, size: Any) -> None:
    whole = write_corpus(tmp_path / "good", {name: media.GOOD[name] for name in TO_DAMAGE}, expected="accept")
    corpus = write_mutations(whole, tmp_path / "damaged", count=size(2, 200), seed=seed)
    report = run(corpus, take=take_directly, browser=False, absolute=tmp_path / "canary", port=0)
    assert report["files"] == len(TO_DAMAGE) * size(2, 200)
    assert breaches(report) == {}
    assert report["refused_peak_mb"] < 512


def test_damage_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    whole = write_corpus(tmp_path / "good", {"photo.jpg": media.GOOD["photo.jpg"]}, expected="accept")

    def made(name: str, seed: int) -> list[bytes]:
        folder = write_mutations(whole, tmp_path / name, count=5, seed=seed)
        return [path.read_bytes() for path in sorted(folder.glob("photo~*"))]

    assert made("a", 1) == made("b", 1) != made("c", 2)
    assert len({*made("a", 1), (whole / "photo.jpg").read_bytes()}) == 6


def test_without_its_lists_the_transcoder_would_show_another_members_film(tmp_path: Path) -> None:
    """So the check above is one that can fail."""
    corpus = write_corpus(tmp_path / "traps", {"concat.mp4": media.concat_trap}, expected="reject")
    assert run_control(corpus, absolute=tmp_path / "canary") == {"concat.mp4": True}
    report = run(corpus, take=take_directly, browser=False, absolute=tmp_path / "canary", port=0)
    assert breaches(report) == {}
