"""The families of the works that were published before families were counted."""

from collections import defaultdict
from typing import Any

from django.db import migrations

from contributions.kinship import Member, count

BATCH = 2000


def count_families(apps: Any, schema_editor: Any) -> None:
    """All at once, oldest first; the sources on which a work hangs stand before its others."""
    parents = defaultdict(list)
    edges = apps.get_model("contributions", "Remix").objects.filter(parent__isnull=False, unlinked_at=None)
    nearest = edges.order_by("child_id", "-parent__generation", "-rate_bps", "parent_id")
    for child, parent in nearest.values_list("child_id", "parent_id"):
        parents[child].append(parent)
    works = apps.get_model("contributions", "Contribution").objects.filter(published_seq__isnull=False)
    members = [
        Member(id=pk, artist=artist, generation=generation, parents=tuple(parents.get(pk, ())))
        for pk, artist, generation in works.order_by("published_seq").values_list("pk", "artist_id", "generation")
    ]
    family = apps.get_model("contributions", "Family")
    rows = [
        family(
            contribution_id=pk,
            origin_id=kin.origin,
            ancestor_count=kin.ancestors,
            descendant_count=kin.descendants,
            artist_count=kin.artists,
            deepest=kin.deepest,
        )
        for pk, kin in count(members).items()
    ]
    family.objects.bulk_create(rows, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("contributions", "0006_families_and_claims")]

    operations = [migrations.RunPython(count_families, migrations.RunPython.noop)]
