"""What a page costs in a large family: queries, and times as a ratio to the same page of a work without lineage.

Four families lie in one database: a line of 1,000, a star of 10,000, a tree of 10,000, and a random graph of
100,000 works with 150,000 edges that all go back to one origin. The pages are asked of the real views, templates
included, by Django's test client, the pages of both kinds in turn, so that both feel the same noise.
"""

from __future__ import annotations

import io
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg2
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contributions import actions, lineage
from contributions.models import Contribution
from profiles import actions as profiles
from profiles.models import Artist
from tests.bench.figures import Figure
from tests.contributions.works import published

SEED = 20261124
MOST_QUERIES = 20
MOST_RATIO = 1.5
ROUNDS = 120
ARTISTS = 200


@dataclass(frozen=True)
class Shape:
    """A family in the database: its works in the order of publishing."""

    name: str
    ids: list[int]

    def sample(self, chance: random.Random) -> list[int]:
        """Works on which pages are asked: both ends, and some between."""
        return [self.ids[0], self.ids[-1], self.ids[len(self.ids) // 2], *chance.sample(self.ids, 17)]


def measure() -> Iterator[Figure]:
    """Lay the families, then look at pages of each."""
    chance = random.Random(SEED)
    call_command("collectstatic", verbosity=0, interactive=False)
    began = time.monotonic()
    artists = [person(number) for number in range(ARTISTS)]
    first = published(artists[0], "Kettle")
    alone = lay(first, artists, [[] for _place in range(20)])
    shapes = [
        Shape("deep_1k", lay(first, artists, [[place - 1] if place else [] for place in range(1_000)])),
        Shape("wide_10k", lay(first, artists, [[0] if place else [] for place in range(10_000)])),
        Shape("10k", lay(first, artists, [[chance.randrange(place)] if place else [] for place in range(10_000)])),
        Shape("100k", lay(first, artists, web(chance, works=100_000, edges=150_000))),
    ]
    actions.recount_families(actor=None)
    yield Figure(
        name="laid_in", value=time.monotonic() - began, unit="s", note=f"set-up, counting included; seed {SEED}"
    )
    yield from look(shapes, alone, chance)
    yield from counting(shapes[-1], artists)


def look(shapes: list[Shape], alone: list[int], chance: random.Random) -> Iterator[Figure]:
    for shape in shapes:
        sample = shape.sample(chance)
        for name, address in (("page", of_work), ("lineage", of_lineage), ("tree", of_tree), ("chain", of_chain)):
            queries = max(cost(address(pk)) for pk in sample)
            yield Figure(name=f"queries_{shape.name}_{name}", value=queries, most=MOST_QUERIES)
            if name == "lineage" and shape.name == "10k":
                yield Figure(name="queries_10k", value=queries, most=MOST_QUERIES, note="lineage page, 10,000 works")
        ratios = {}
        for name, address in (("page", of_work), ("lineage", of_lineage)):
            ratios[name] = compare([address(pk) for pk in sample], [address(pk) for pk in alone])
            yield Figure(name=f"p95_ratio_{shape.name}_{name}", value=ratios[name], most=MOST_RATIO)
        yield Figure(name=f"p95_ratio_{shape.name}", value=max(ratios.values()), most=MOST_RATIO, note="the worse")


def counting(shape: Shape, artists: list[Artist]) -> Iterator[Figure]:
    """What publishing and the command cost where the family is largest."""
    last = Contribution.objects.get(pk=shape.ids[-1])
    family = last.family
    began = time.perf_counter()
    published(artists[1], "The last", sources=[last])
    note = f"with {family.ancestor_count} works above"
    yield Figure(name="publish_100k", value=(time.perf_counter() - began) * 1000, unit="ms", note=note)
    began = time.perf_counter()
    found = lineage.descendants(Contribution.objects.get(pk=shape.ids[0]))
    yield Figure(name="descendants_100k", value=time.perf_counter() - began, unit="s", note=f"{len(found)} works")
    wrong = actions.recount_families(actor=None)
    yield Figure(name="wrong_after_publish", value=wrong, most=0, note="rows that counting anew would change")


# -- the families


def person(number: int) -> Artist:
    artist = profiles.join(email=f"a{number}@example.org", handle=f"artist{number}", display_name=f"Artist {number}")
    profiles.verify_email(actor=None, artist=artist)
    return artist


def web(chance: random.Random, *, works: int, edges: int) -> list[list[int]]:
    """Each work but the first builds on a random older one; then random pairs until there are enough edges."""
    parents: list[set[int]] = [{chance.randrange(place)} if place else set() for place in range(works)]
    missing = edges - (works - 1)
    while missing:
        older, younger = sorted(chance.sample(range(works), 2))
        if older not in parents[younger]:
            parents[younger].add(older)
            missing -= 1
    return [sorted(places) for places in parents]


@transaction.atomic
def lay(pattern: Contribution, artists: list[Artist], parents: list[list[int]]) -> list[int]:
    """Published works by COPY, like the pattern; `parents` holds the places of each one's sources."""
    generations: list[int] = []
    for places in parents:
        generations.append(1 + max(generations[place] for place in places) if places else 0)
    makers = [artists[place % len(artists)].pk for place in range(len(parents))]
    rows = [
        f"{place}\t{generation}\t{maker}"
        for place, (generation, maker) in enumerate(zip(generations, makers, strict=True))
    ]
    edges = [f"{child}\t{parent}" for child, places in enumerate(parents) for parent in places]
    with connection.cursor() as cursor:
        cursor.execute(f"{WORKS} {EDGES_TABLE}")
        cursor.copy_from(io.StringIO("\n".join(rows)), "laid", columns=("place", "generation", "artist_id"))
        cursor.copy_from(io.StringIO("\n".join(edges)), "laid_edge", columns=("child", "parent"))
        cursor.execute("CREATE INDEX ON laid_edge (parent); ANALYZE laid; ANALYZE laid_edge")
        cursor.execute(FILL, {"pattern": pattern.pk})
        cursor.execute(VERSIONS, {"pattern": pattern.current_version_id})
        cursor.execute("SELECT id FROM laid ORDER BY place")
        ids = [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP TABLE laid, laid_edge")
    return ids


WORKS = """
CREATE TEMP TABLE laid (place int PRIMARY KEY, generation int, artist_id bigint,
    id bigint DEFAULT nextval(pg_get_serial_sequence('contributions_contribution', 'id')));
"""
EDGES_TABLE = "CREATE TEMP TABLE laid_edge (child int, parent int);"
# The database's own rules stay in force: its trigger numbers each work in the order of the rows.
FILL = """
INSERT INTO contributions_contribution (id, artist_id, medium, title, description, status, status_reason, created_at,
    changed_at, published_at, generation, licence_id, remix_permission, production_permission, original_work, ai_use,
    ai_training, ai_note, alt_text, content_notes, language, publish_when_ready, challenge_slug, heart_count,
    remix_count, comment_count, recommendation_count)
SELECT laid.id, laid.artist_id, p.medium, p.title || ', again ' || place, p.description, p.status, '', now(), now(),
    now(), laid.generation, p.licence_id, p.remix_permission, p.production_permission, true, 'none', p.ai_training,
    '', '', p.content_notes, '', false, '', 0, (SELECT count(*) FROM laid_edge WHERE parent = place), 0, 0
  FROM laid, contributions_contribution p WHERE p.id = %(pattern)s ORDER BY place;
INSERT INTO contributions_share (contribution_id, artist_id, role, share_bps, agreed_at)
SELECT id, artist_id, '', 10000, now() FROM laid;
INSERT INTO contributions_remix (child_id, parent_id, child_seq, parent_seq, kind, rate_bps, note, created_at)
SELECT c.id, p.id, c.published_seq, p.published_seq, 'reuses', 3000, '', now()
  FROM laid_edge JOIN laid lc ON lc.place = child JOIN laid lp ON lp.place = parent
  JOIN contributions_contribution c ON c.id = lc.id JOIN contributions_contribution p ON p.id = lp.id;
"""

VERSIONS = """
INSERT INTO contributions_version (contribution_id, number, key, body, file_name, mime, bytes, sha256, facts, note,
    created_at, ready_at, rendition_names, signing_attempts)
SELECT laid.id, 1, '', v.body, '', v.mime, v.bytes, v.sha256, v.facts, '', now(), v.ready_at, v.rendition_names, 0
  FROM laid, contributions_version v WHERE v.id = %(pattern)s;
UPDATE contributions_contribution c SET current_version_id = v.id
  FROM laid, contributions_version v WHERE c.id = laid.id AND v.contribution_id = laid.id;
"""


def analyze() -> None:
    """What autovacuum does by itself on a site that grows; here everything came at once. Tables are the owner's."""
    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    owner.autocommit = True
    with owner.cursor() as cursor:
        cursor.execute("ANALYZE")
    owner.close()


# -- the pages


def of_work(pk: int) -> str:
    return Contribution.objects.get(pk=pk).get_absolute_url()


def of_lineage(pk: int) -> str:
    return reverse("lineage", args=[pk])


def of_tree(pk: int) -> str:
    return reverse("lineage_tree", args=[pk])


def of_chain(pk: int) -> str:
    return reverse("chain", args=[pk])


def cost(address: str) -> int:
    """How many queries a page costs once its templates are loaded."""
    client = Client(SERVER_NAME="localhost")
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answers {answer.status_code}")
    return len(captured)


def compare(these: list[str], those: list[str]) -> float:
    """The 95th percentile of the time of these pages over that of those."""
    client = Client(SERVER_NAME="localhost")
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(ROUNDS):
        for kind, addresses in enumerate((these, those)):
            times[kind].append(seconds(client, addresses[turn % len(addresses)]))
    return p95(times[0]) / p95(times[1])


def seconds(client: Client, address: str) -> float:
    began = time.perf_counter()
    client.get(address)
    return time.perf_counter() - began


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]
