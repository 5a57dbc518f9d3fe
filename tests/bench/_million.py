"""A million stored prints of each kind, made by chance and loaded by COPY, and what is asked of them.

One print in ten (of pictures, in a hundred) is of a few thousand common values, as in real collections: silence,
black frames, phrases.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import psycopg2
from django.db import connection, transaction
from django.utils import timezone

from contributions.fingerprints import Kind, Print, signed
from contributions.models import Contribution, Licence, Share, Version
from contributions.transcoding.printing import WAYS
from hitrecord import env
from profiles.models import Artist

MANY = 1_000_000
PARTS = 35
#: How many prints a version has: a picture's parts, 100 s of film, three minutes of sound, 1,000 words or so.
EACH = {Kind.PICTURE: PARTS, Kind.FRAME: 200, Kind.SOUND: 1450, Kind.TEXT: 250}
#: How many values are common, and which part of the prints of a kind has one of them. Plain pictures have no print.
COMMON = 2000
COMMON_PART = {Kind.PICTURE: 0.01, Kind.FRAME: 0.1, Kind.SOUND: 0.1, Kind.TEXT: 0.1}
WORKS = 2000
ROWS_AT_ONCE = 200_000
FLIPPED = 5

Values = np.ndarray[Any, np.dtype[np.uint64]]


@dataclass
class Million:
    """What was loaded: for each kind the versions and their prints, row by row."""

    chance: np.random.Generator = field(default_factory=lambda: np.random.default_rng(11))
    versions: dict[Kind, list[int]] = field(default_factory=dict)
    values: dict[Kind, Values] = field(default_factory=dict)
    common: dict[Kind, Values] = field(default_factory=dict)

    def some(self, kind: Kind, count: int) -> Values:
        """Values by chance, some of them common ones."""
        width = 32 if kind == Kind.SOUND else 64
        found = self.chance.integers(0, 1 << width, count, dtype=np.uint64, endpoint=False) if width < 64 else None
        if found is None:
            found = self.chance.integers(0, (1 << 64) - 1, count, dtype=np.uint64, endpoint=True)
        pool = self.common.setdefault(kind, found[:COMMON].copy())
        which = self.chance.random(count) < COMMON_PART[kind]
        found[which] = pool[self.chance.integers(0, len(pool), int(which.sum()))]
        return found

    def flipped(self, value: int) -> int:
        """The value with a few bits turned."""
        for bit in self.chance.choice(64, int(self.chance.integers(0, FLIPPED)), replace=False):
            value ^= 1 << int(bit)
        return value


def publish(artist: Artist, versions: int, *, works: int) -> list[int]:
    """So many versions of published works, as rows alone; their ids."""
    now, licence = timezone.now(), Licence.objects.get(code="CC-BY")
    with transaction.atomic():
        made = Contribution.objects.bulk_create(
            [
                Contribution(
                    artist=artist, title=f"Work {n}", medium="image", status="published", published_at=now,
                    licence=licence,
                )
                for n in range(works)
            ],
            batch_size=1000,
        )  # fmt: skip
        Share.objects.bulk_create([Share(contribution=work, artist=artist, share_bps=10_000) for work in made])
        rows = [Version(contribution=made[n % works], number=n // works + 1, ready_at=now) for n in range(versions)]
        return [row.pk for row in Version.objects.bulk_create(rows, batch_size=5000)]


def load(artist: Artist) -> Million:
    """Load them all as a restore does: the rows first, then the indexes; statistics as autovacuum takes them."""
    million = Million()
    owner = psycopg2.connect(env.text("DATABASE_OWNER_URL"))
    owner.autocommit = True
    again = _set_aside(owner)
    for kind, each in EACH.items():
        count = -(-MANY // each)
        million.versions[kind] = publish(artist, count, works=min(WORKS, count))
        million.values[kind] = million.some(kind, count * each).reshape(count, each)
        for piece in _rows(kind, million.versions[kind], million.values[kind]):
            with connection.cursor() as cursor:
                statement = "COPY contributions_fingerprint (version_id, kind, place, value) FROM STDIN"
                cursor.cursor.copy_expert(statement, piece)
    for statement in [*again, "VACUUM ANALYZE contributions_fingerprint"]:
        owner.cursor().execute(statement)
    owner.close()
    return million


def _set_aside(owner: Any) -> list[str]:
    """Drop the table's indexes and its tie to versions; returns the statements that bring them back."""
    cursor, again = owner.cursor(), ["SET maintenance_work_mem = '256MB'"]
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'contributions_fingerprint'"
        " AND indexname LIKE 'fingerprint_%'"
    )
    for name, definition in cursor.fetchall():
        cursor.execute(f'DROP INDEX "{name}"')
        again.append(definition)
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'contributions_fingerprint'::regclass AND contype = 'f'"
    )
    for name, definition in cursor.fetchall():
        cursor.execute(f'ALTER TABLE contributions_fingerprint DROP CONSTRAINT "{name}"')
        again.append(f'ALTER TABLE contributions_fingerprint ADD CONSTRAINT "{name}" {definition}')
    return again


def _rows(kind: Kind, versions: list[int], values: Values) -> Iterator[io.StringIO]:
    """The lines of COPY, some at a time."""
    step = 500 if kind == Kind.FRAME else 1
    width = values.shape[1]
    at_once = max(1, ROWS_AT_ONCE // width)
    for begin in range(0, len(versions), at_once):
        lines = [
            f"{version}\t{int(kind)}\t{place * step}\t{signed(value)}\n"
            for version, row in zip(
                versions[begin : begin + at_once], values[begin : begin + at_once].tolist(), strict=True
            )
            for place, value in enumerate(row)
        ]
        yield io.StringIO("".join(lines))


# -- what is asked


def picture(million: Million, row: int) -> list[Print]:
    """Every part as it is and mirrored; the whole is near a stored part."""
    stored = million.values[Kind.PICTURE][row].tolist()
    others = million.some(Kind.PICTURE, 2 * PARTS).tolist()
    others[0] = million.flipped(stored[int(million.chance.integers(0, PARTS))])
    return [Print(Kind.PICTURE, n % PARTS, signed(value), n // PARTS) for n, value in enumerate(others)]


def frames(million: Million, row: int) -> list[Print]:
    """A film of 80 seconds, 20 of them from a stored one."""
    others = million.some(Kind.FRAME, 160).tolist()
    others[30:70] = [million.flipped(value) for value in million.values[Kind.FRAME][row, 100:140].tolist()]
    return [Print(Kind.FRAME, n * 500, signed(value)) for n, value in enumerate(others)]


def sounds(million: Million, row: int) -> list[Print]:
    """Two minutes in six ways, ten seconds of them from a stored one, of which every third print survives."""
    found: list[Print] = []
    for way in range(len(WAYS)):
        others = million.some(Kind.SOUND, 970).tolist()
        if way == 0:
            others[200:280:3] = million.values[Kind.SOUND][row, 700:780:3].tolist()
        found += [Print(Kind.SOUND, n, value, way) for n, value in enumerate(others)]
    return found


def words(million: Million, row: int) -> list[Print]:
    """A long text with twelve runs from a stored one."""
    others = million.some(Kind.TEXT, 1000).tolist()
    others[300:312] = million.values[Kind.TEXT][row, 40:52].tolist()
    return [Print(Kind.TEXT, n * 4, signed(value)) for n, value in enumerate(others)]


ASKED: dict[Kind, Callable[[Million, int], list[Print]]] = {
    Kind.PICTURE: picture,
    Kind.FRAME: frames,
    Kind.SOUND: sounds,
    Kind.TEXT: words,
}
