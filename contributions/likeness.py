"""Looking for the works that a version resembles, and the questions that follow from it.

Only PostgreSQL is asked, a few index look-ups for each print, and what they cost is bounded: of a print
that many works share, the oldest are taken. What a work shares with too few prints to count never leaves the
database. Whatever is found, only published works come out of here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from contributions import fingerprints as rules
from contributions.fingerprints import Hit, Kind, Print
from contributions.models import Contribution, DraftSource, Fingerprint, Likeness, Version

#: How many questions are asked at once, and how many likenesses are remembered.
MOST_QUESTIONS: Final = 3
MOST_KEPT: Final = 12
#: How many prints are looked for: of the work as it is, and of each other way to look at it.
MOST_SOUNDS: Final = 600
MOST_SOUNDS_A_WAY: Final = 300
MOST_FRAMES: Final = 160
MOST_WORDS: Final = 1000
#: How many works one print may lead to, the oldest first.
MOST_EQUAL: Final = 40
MOST_A_BAND: Final = 200
#: A width in which all places of a work lie.
ANYWHERE: Final = 1 << 32

_EQUAL = """
SELECT f.version_id, q.way, q.place AS asked_place, f.place, q.value, 0 AS bits
  FROM unnest(%(values)s::bigint[], %(places)s::int[], %(ways)s::int[]) AS q(value, place, way)
 CROSS JOIN LATERAL (
       SELECT version_id, place FROM contributions_fingerprint
        WHERE kind = %(kind)s AND value = q.value AND version_id <> ALL(%(own)s::bigint[])
        ORDER BY version_id LIMIT %(most)s) AS f
"""

# One of four; the expression is that of the index fingerprint_band_n.
_BAND = """
SELECT f.version_id, q.way, q.place AS asked_place, f.place, q.value, bit_count((f.value # q.value)::bit(64)) AS bits
  FROM unnest(%(bands_{band})s::int[], %(values_{band})s::bigint[], %(places_{band})s::int[], %(ways_{band})s::int[])
       AS q(band, value, place, way)
 CROSS JOIN LATERAL (
       SELECT version_id, place, value FROM contributions_fingerprint
        WHERE kind = %(kind)s AND ((value >> {shift}) & {mask}) = q.band AND version_id <> ALL(%(own)s::bigint[])
        ORDER BY version_id LIMIT %(most)s) AS f
 WHERE bit_count((f.value # q.value)::bit(64)) <= %(bits)s
"""

# Most meetings are chance, one or two prints of a work: to hand them all over would cost more than to find them.
# A hit stays when there are enough others that lie about as far apart in both works.
_ENOUGH = """
SELECT version_id, way, asked_place, place, value, bits
  FROM (SELECT *, count(*) OVER (
               PARTITION BY version_id, way ORDER BY place - asked_place
               RANGE BETWEEN %(width)s::bigint PRECEDING AND %(width)s::bigint FOLLOWING) AS met
          FROM ({hits}) AS hit) AS counted
 WHERE met >= %(fewest)s
"""

_ABOVE = """
WITH RECURSIVE above(id) AS (
    SELECT source_id FROM contributions_draftsource WHERE contribution_id = %s AND source_id IS NOT NULL
    UNION
    SELECT r.parent_id FROM contributions_remix r JOIN above ON r.child_id = above.id
     WHERE r.parent_id IS NOT NULL
)
SELECT id FROM above
"""


def questions_for(contribution: Contribution) -> list[Likeness]:
    """The works the artist of a draft is asked about, the most alike first; one query."""
    return list(open_questions(contribution)[:MOST_QUESTIONS])


def open_questions(contribution: Contribution) -> QuerySet[Likeness]:
    """Likenesses with published works that are neither denied nor among the sources, or the sources of these."""
    return (
        Likeness.objects.filter(
            contribution=contribution,
            contribution__published_seq=None,
            denied_at=None,
            source__status=Contribution.Status.PUBLISHED,
        )
        .exclude(source_id__in=RawSQL(_ABOVE, [contribution.pk]))  # noqa: S611  a constant, its number a parameter
        .select_related("source__artist", "source__current_version")
        .order_by("-strength", "source__published_seq")
    )


def resembled_by(version: Version, prints: Sequence[Print]) -> dict[int, int]:
    """Published works that a version resembles: {contribution id: strength}, its own work left out."""
    strengths = {**_same_file(version)}
    own = list(Version.objects.filter(contribution=version.contribution_id).values_list("pk", flat=True))
    for found in (_pictures(prints, own), _frames(prints, own), _sounds(prints, own), _words(prints, own)):
        for pk, strength in found.items():
            strengths[pk] = max(strengths.get(pk, 0), strength)
    works: dict[int, int] = {}
    published = Version.objects.filter(
        pk__in=strengths, contribution__status=Contribution.Status.PUBLISHED, ready_at__isnull=False
    )
    for pk, work in published.values_list("pk", "contribution_id"):
        works[work] = max(works.get(work, 0), strengths[pk])
    best = sorted(works.items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(best[:MOST_KEPT])


def _same_file(version: Version) -> dict[int, int]:
    """Versions of other works made from the very same bytes."""
    if not version.sha256:
        return {}
    same = Version.objects.filter(sha256=version.sha256).exclude(contribution=version.contribution_id)
    return dict.fromkeys(same.order_by("pk").values_list("pk", flat=True)[:MOST_EQUAL], rules.STRONGEST)


def _pictures(prints: Sequence[Print], own: list[int]) -> dict[int, int]:
    """The whole picture against every stored part, and its parts against whole pictures."""
    pictures = [print_ for print_ in prints if print_.kind == Kind.PICTURE]
    wholes = [print_ for print_ in pictures if print_.place == rules.WHOLE]
    parts = [print_ for print_ in pictures if print_.place != rules.WHOLE]
    hits = _near(Kind.PICTURE, wholes, own, bits=rules.PICTURE_BITS, reach=True)
    of_parts = _near(Kind.PICTURE, parts, own, bits=rules.PICTURE_BITS, reach=False)
    hits += [hit for hit in of_parts if hit.place == rules.WHOLE]
    return rules.like_pictures(hits)


def _frames(prints: Sequence[Print], own: list[int]) -> dict[int, int]:
    # Frames between two steps are places of the same film, not another way to look at it.
    frames = [print_._replace(way=0) for print_ in prints if print_.kind == Kind.FRAME]
    asked = rules.spread(frames, MOST_FRAMES)
    few, bits, width = rules.FEWEST_FRAMES, rules.FRAME_BITS, rules.FRAMES_BIN
    return rules.like_frames(_near(Kind.FRAME, asked, own, bits=bits, reach=False, fewest=few, width=width))


def _sounds(prints: Sequence[Print], own: list[int]) -> dict[int, int]:
    ways: dict[int, list[Print]] = {}
    for print_ in prints:
        if print_.kind == Kind.SOUND:
            ways.setdefault(print_.way, []).append(print_)
    asked = [
        print_
        for way, sounds in ways.items()
        for print_ in rules.spread(sounds, MOST_SOUNDS_A_WAY if way else MOST_SOUNDS)
    ]
    return rules.like_sounds(_equal(Kind.SOUND, asked, own, fewest=rules.FEWEST_SOUNDS, width=rules.SOUNDS_BIN))


def _words(prints: Sequence[Print], own: list[int]) -> dict[int, int]:
    words = [print_ for print_ in prints if print_.kind == Kind.TEXT]
    asked = rules.spread(words, MOST_WORDS)
    fewest = rules.fewest_words(len(asked))
    return rules.like_texts(_equal(Kind.TEXT, asked, own, fewest=fewest), len(asked))


def _equal(kind: Kind, prints: Sequence[Print], own: list[int], *, fewest: int, width: int = ANYWHERE) -> list[Hit]:
    """Stored prints of the same value, of versions that have at least so many in step."""
    if not prints:
        return []
    asked: dict[str, Any] = {
        "kind": int(kind),
        "own": own,
        "most": MOST_EQUAL,
        "fewest": fewest,
        "width": width,
        "values": [print_.value for print_ in prints],
        "places": [print_.place for print_ in prints],
        "ways": [print_.way for print_ in prints],
    }
    return _hits(_ENOUGH.format(hits=_EQUAL), asked)


def _near(
    kind: Kind,
    prints: Sequence[Print],
    own: list[int],
    *,
    bits: int,
    reach: bool,
    fewest: int = 1,
    width: int = ANYWHERE,
) -> list[Hit]:
    """Stored prints that share a band and differ in few bits; with `reach`, a band may differ in one bit too."""
    if not prints:
        return []
    asked: dict[str, Any] = {
        "kind": int(kind),
        "own": own,
        "most": MOST_A_BAND,
        "bits": bits,
        "fewest": fewest,
        "width": width,
    }
    for number in range(rules.BANDS):
        asked |= {f"{name}_{number}": [] for name in ("bands", "values", "places", "ways")}
    for print_ in prints:
        for number, band in rules.bands(print_.value):
            for near in rules.neighbours(band) if reach else [band]:
                asked[f"bands_{number}"].append(near)
                asked[f"values_{number}"].append(print_.value)
                asked[f"places_{number}"].append(print_.place)
                asked[f"ways_{number}"].append(print_.way)
    each = (
        _BAND.format(band=number, shift=rules.BAND_BITS * number, mask=rules.BAND_MASK) for number in range(rules.BANDS)
    )
    return _hits(_ENOUGH.format(hits="UNION ".join(each)), asked)


def _hits(statement: str, asked: dict[str, Any]) -> list[Hit]:
    # Thousands of numbers: as one word each array is read in a tenth of the time that a list of constants takes.
    words = {name: _array(value) if isinstance(value, list) else value for name, value in asked.items()}
    with connection.cursor() as cursor:
        cursor.execute(statement, words)
        return [Hit(*row) for row in cursor.fetchall()]


def _array(numbers: list[int]) -> str:
    """As PostgreSQL writes an array."""
    return "{" + ",".join(map(str, numbers)) + "}"


def without_fingerprints() -> QuerySet[Version]:
    """Prepared versions whose prints were never taken, or in an older way; the newest last."""
    done = Fingerprint.objects.filter(version=OuterRef("pk"), kind=Kind.EDITION, value=rules.EDITION)
    alive = (Contribution.Status.PUBLISHED, Contribution.Status.DRAFT, Contribution.Status.PROCESSING)
    ready = Version.objects.filter(ready_at__isnull=False, contribution__status__in=alive)
    return ready.exclude(Exists(done)).order_by("pk")


def kind_for(source: Contribution, artist_id: int) -> str:
    """How a work may be named as a source at one press: as material, or as an inspiration where it allows no more."""
    forbids = source.remix_permission == Contribution.RemixPermission.NO and source.artist_id != artist_id
    kinds = DraftSource._meta.get_field("kind")
    return "inspired" if forbids else str(kinds.default)


def rows_for(version: Version, prints: Iterable[Print]) -> list[Fingerprint]:
    """The rows to store: each place once, and the mark that says they were taken."""
    rows = [Fingerprint(version=version, kind=Kind.EDITION, place=0, value=rules.EDITION)]
    seen: set[tuple[int, int]] = set()
    for print_ in prints:
        if (print_.kind, print_.place) not in seen:
            seen.add((print_.kind, print_.place))
            rows.append(Fingerprint(version=version, kind=print_.kind, place=print_.place, value=print_.value))
    return rows
