"""How well a missing source is found, and how fast among a million stored prints of each kind.

The originals are the demo's works and seeded ones (_variety.py); each is changed as people change things
(_changes.py), prepared, and looked for among all originals and four million prints made by chance. A
proposal is right when it is the original, or its next of kin in the demo's lineage. Works that are in no
way related are looked for as well: whatever is proposed for them is wrong.
"""

import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from os import cpu_count, getloadavg
from pathlib import Path
from typing import Any

from PIL import Image

from contributions import likeness
from contributions.fingerprints import Print
from contributions.models import Contribution, Fingerprint, Version
from hitrecord.demo import studio
from hitrecord.demo.works import BY_KEY
from profiles.actions import join
from profiles.models import Artist
from tests.bench import _changes, _million, _variety
from tests.bench.figures import Figure

QUERIES, WARM_UP = 60, 8
MOST_MS = 100
SEEDED = {"image": 30, "audio": 9, "video": 7, "text": 32}
UNRELATED = {"image": 40, "audio": 12, "video": 6, "text": 30}
UNRELATED_SEED = 900

Item = Any  # a picture, a file or a text
Take = Callable[[Item, Path], list[Print]]


@dataclass
class Shelf:
    """The originals of one medium, stored and published."""

    medium: str
    take: Take
    changes: dict[str, Callable[..., Any]]
    items: dict[str, Item] = field(default_factory=dict)
    works: dict[str, int] = field(default_factory=dict)


def measure() -> Iterator[Figure]:
    """The times first, then what is found with all of that in the way."""
    artist = join(handle="maker", email="maker@example.org", password=None, display_name="Maker")
    draft = a_draft(join(handle="asker", email="asker@example.org", password=None, display_name="Asker"))
    million = _million.load(artist)
    worst = 0.0
    for kind, ask in _million.ASKED.items():
        p95, found = timed(draft, million, kind, ask)
        worst = max(worst, p95)
        busy = f"load {getloadavg()[0]:.1f} on {cpu_count()} cores"
        yield Figure(name=f"p95_ms_1m_{kind.name.lower()}", value=p95, unit="ms", most=MOST_MS, note=busy)
        yield Figure(name=f"found_1m_{kind.name.lower()}", value=found, note="of those asked for")
    yield Figure(name="p95_ms_1m", value=worst, unit="ms", most=MOST_MS, note="the worst of them")
    with tempfile.TemporaryDirectory() as name:
        for medium in ("image", "text", "audio", "video"):
            yield from quality(artist, draft, medium, Path(name))


def a_draft(artist: Artist) -> Version:
    """The version that asks."""
    work = Contribution.objects.create(artist=artist, title="Asked")
    return Version.objects.create(contribution=work)


def timed(draft: Version, million: _million.Million, kind: Any, ask: Callable[..., Any]) -> tuple[float, float]:
    """The 95th percentile in ms, and the part of the questions that were answered rightly."""
    times, right = [], 0
    for number in range(QUERIES + WARM_UP):
        row = int(million.chance.integers(0, len(million.versions[kind])))
        prints = ask(million, row)
        owner = Version.objects.values_list("contribution_id", flat=True).get(pk=million.versions[kind][row])
        began = time.perf_counter()
        found = likeness.resembled_by(draft, prints)
        if number >= WARM_UP:
            times.append((time.perf_counter() - began) * 1000)
            right += owner in found
    return sorted(times)[int(len(times) * 0.95)], right / QUERIES


# -- what is found


def quality(artist: Artist, draft: Version, medium: str, folder: Path) -> Iterator[Figure]:
    """Precision and recall of each change to works of one medium."""
    shelf = shelf_of(medium)
    _changes.make_other(medium, folder)
    shelf.items = {**demo_items(medium, folder), **seeded_items(medium, folder, SEEDED[medium], 0)}
    store(shelf, artist, folder)
    strangers = seeded_items(medium, folder, UNRELATED[medium], UNRELATED_SEED)
    false = sum(len(proposed(draft, prints)) for prints in taken(shelf, list(strangers.values()), folder))
    for change, make in shelf.changes.items():
        yield from figures_of(shelf, change, make, draft, folder, false)


def shelf_of(medium: str) -> Shelf:
    """How a medium is changed and looked at."""
    if medium == "image":
        return Shelf(medium, _changes.prints_of_picture, _changes.PICTURES)
    if medium == "audio":
        return Shelf(medium, _changes.prints_of_sound, _changes.SOUNDS)
    if medium == "video":
        return Shelf(medium, _changes.prints_of_film, _changes.FILMS)
    return Shelf(medium, _changes.prints_of_text, _changes.TEXTS)


def demo_items(medium: str, folder: Path) -> dict[str, Item]:
    """The demo's own works."""
    made = {work.key: path for work, path in studio.make_all(_variety.of_the_demo(medium), folder / "demo")}
    return {key: opened(medium, path) for key, path in sorted(made.items())}


def opened(medium: str, path: Path) -> Item:
    """Pictures and texts are changed in memory, sounds and films as files."""
    if medium == "image":
        return Image.open(path).convert("RGB")
    return path.read_text(encoding="utf-8") if medium == "text" else path


def seeded_items(medium: str, folder: Path, count: int, first: int) -> dict[str, Item]:
    """As many others as wanted."""
    makers: dict[str, Callable[[int], Item]] = {
        "image": _variety.picture,
        "audio": lambda seed: _variety.sound(folder / f"seeded-{seed}.wav", seed),
        "video": lambda seed: _variety.film(folder / f"seeded-{seed}.mp4", seed),
        "text": _variety.text,
    }
    return {f"seeded-{seed}": makers[medium](seed) for seed in range(first, first + count)}


def store(shelf: Shelf, artist: Artist, folder: Path) -> None:
    """Publish the originals with their prints."""
    versions = _million.publish(artist, len(shelf.items), works=len(shelf.items))
    every = taken(shelf, list(shelf.items.values()), folder)
    for pk, key, prints in zip(versions, shelf.items, every, strict=True):
        version = Version.objects.get(pk=pk)
        kept = [print_ for print_ in prints if not print_.way]
        Fingerprint.objects.bulk_create(likeness.rows_for(version, kept))
        shelf.works[key] = version.contribution_id


def taken(shelf: Shelf, items: list[Item], folder: Path, make: Callable[..., Any] | None = None) -> list[list[Print]]:
    """The prints of each, changed first if asked, as many at once as there are cores; each in a folder of its own."""

    def one(seed: int, item: Item) -> list[Print]:
        with tempfile.TemporaryDirectory(dir=folder) as name:
            return shelf.take(changed(shelf, make, item, Path(name), seed) if make else item, Path(name))

    with ThreadPoolExecutor(cpu_count() or 1) as pool:
        return list(pool.map(one, range(len(items)), items))


def proposed(draft: Version, prints: list[Print]) -> list[int]:
    """What the artist would be asked about."""
    return list(likeness.resembled_by(draft, prints))[: likeness.MOST_QUESTIONS]


def figures_of(
    shelf: Shelf, change: str, make: Callable[..., Any], draft: Version, folder: Path, false: int
) -> Iterator[Figure]:
    """One change to every original."""
    names = {pk: key for key, pk in shelf.works.items()}
    hits = right = wrong = 0
    for key, prints in zip(shelf.items, taken(shelf, list(shelf.items.values()), folder, make), strict=True):
        found = proposed(draft, prints)
        kin = {key} | kin_of(key)
        hits += shelf.works[key] in found
        right += sum(names.get(pk) in kin for pk in found)
        wrong += sum(names.get(pk) not in kin for pk in found)
    name, count = f"{shelf.medium}_{change}", len(shelf.items)
    precision = right / (right + wrong + false) if right + wrong + false else 1.0
    note = f"{right} right, {wrong} wrong, {false} for {UNRELATED[shelf.medium]} unrelated"
    yield Figure(name=f"recall_{name}", value=hits / count, note=f"{hits} of {count}")
    yield Figure(name=f"precision_{name}", value=precision, note=note)


def changed(shelf: Shelf, make: Callable[..., Any], item: Item, folder: Path, seed: int) -> Item:
    """The changed work, in memory or as a file."""
    if shelf.medium in {"image", "text"}:
        return make(item, seed)
    target = folder / f"changed.{'wav' if shelf.medium == 'audio' else 'mp4'}"
    make(item, target, seed)
    return target


def kin_of(key: str) -> set[str]:
    """What a work of the demo is made of, what is made of it, and what is made of the same."""
    near: dict[str, set[str]] = defaultdict(set)
    for work in BY_KEY.values():
        for source in work.sources:
            near[work.key].add(source.work)
            near[source.work].add(work.key)
    return near[key].union(*(near[other] for other in near[key]))
