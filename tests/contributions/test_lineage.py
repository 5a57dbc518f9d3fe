"""Families and walks: counted once by publishing, bounded on pages, whole for commands."""

import json
import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from contributions import actions, lineage
from contributions.models import Contribution, Family
from tests.bench.lineage import lay
from tests.contributions.works import published, ready
from tests.pages.bulk import hang, multiply
from tests.support.sites import eventually


def counted(work):
    """(works above, works below, artists, latest generation)"""
    family = Family.objects.get(pk=work.pk)
    return family.ancestor_count, family.descendant_count, family.artist_count, family.deepest


def right():
    """Whether counting everything anew finds nothing to mend."""
    return actions.recount_families(actor=None) == 0


def drawn(tree):
    """Titles as nested lists."""
    return [written(root) for root in tree.roots]


def written(node):
    return (node.work.title, [written(child) for child in node.children])


def test_a_first_work_is_a_family_of_one(alice):
    work = published(alice, "Kettle")
    assert counted(work) == (0, 0, 1, 0)
    assert work.family.origin == work


def test_publishing_counts_the_work_for_everything_above(alice, bob, charlie):
    first = published(alice, "Kettle")
    second = published(bob, "Steam", sources=[first])
    third = published(charlie, "Rain", sources=[second])
    assert counted(first) == (0, 2, 3, 2)
    assert counted(second) == (1, 1, 3, 2)
    assert counted(third) == (2, 0, 3, 2)
    assert third.family.origin == first
    assert right()


def test_a_diamond_counts_once(alice, bob):
    top = published(alice, "Top")
    left, right_ = published(bob, "Left", sources=[top]), published(bob, "Right", sources=[top])
    foot = published(alice, "Foot", sources=[left, right_])
    assert counted(top) == (0, 3, 2, 2)
    assert counted(foot) == (3, 0, 2, 2)
    assert right()


def test_an_artist_known_above_beside_or_below_is_counted_once(alice, bob, charlie):
    first = published(alice, "Alice's first")
    second = published(bob, "Bob's", sources=[first])
    beside = published(charlie, "Charlie's", sources=[first])
    published(alice, "Alice again", sources=[second])
    assert counted(second) == (1, 1, 2, 2)
    published(charlie, "Charlie below", sources=[second])
    assert counted(first) == (0, 4, 3, 2)
    assert counted(second) == (1, 2, 3, 2)
    assert counted(beside) == (1, 0, 2, 1)
    assert right()


def test_unlinking_counts_the_family_anew(alice, bob, charlie, finish_jobs):
    first = published(alice, "Kettle")
    second = published(bob, "Steam", sources=[first])
    third = published(charlie, "Rain", sources=[second])
    with finish_jobs():
        actions.unlink(actor=alice, remix=second.source_edges.get())
    assert counted(first) == (0, 0, 1, 0)
    assert counted(second) == (0, 1, 2, 2)
    assert counted(third) == (1, 0, 2, 2)
    assert Family.objects.get(pk=third.pk).origin == second
    assert Contribution.objects.get(pk=first.pk).remix_count == 0


def meanwhile(work, do):
    """A thread that does something while this connection holds the family row of a work."""

    def run():
        try:
            do()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    Family.objects.select_for_update().get(pk=work.pk)
    thread.start()
    eventually(somebody_waits, what="the other connection waiting for the row")
    return thread


def somebody_waits():
    with connection.cursor() as cursor:
        # For this connection: in the same server other tests have locks of theirs. Of pg_stat_activity a transaction
        # sees the same all the time, of pg_locks what is now.
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return cursor.fetchone()[0]


def test_a_work_published_while_a_link_above_it_is_taken_away_is_counted_right(committed_db, alice, bob, charlie):
    first = published(alice, "Kettle")
    second = published(bob, "Steam", sources=[first])
    third = ready(charlie, "Rain", sources=[second])
    with transaction.atomic():
        thread = meanwhile(first, lambda: actions.publish_contribution(actor=charlie, contribution=third))
        actions.unlink(actor=alice, remix=second.source_edges.get())
    thread.join()
    assert counted(third) == (1, 0, 2, 2)
    actions.recount_families(actor=None, contribution=second)
    assert counted(first) == (0, 0, 1, 0)
    assert right()


def test_a_family_counted_anew_while_a_work_joins_it_is_counted_right(committed_db, alice, bob, charlie):
    first = published(alice, "Kettle")
    third = ready(charlie, "Rain", sources=[first])
    second = published(bob, "Steam", sources=[first])
    with transaction.atomic():
        thread = meanwhile(first, lambda: actions.recount_families(actor=None, contribution=second))
        actions.publish_contribution(actor=charlie, contribution=third)
    thread.join()
    assert counted(first) == (0, 2, 3, 1)
    assert right()


def test_counting_anew_mends_what_is_wrong(alice, bob):
    first = published(alice, "Kettle")
    published(bob, "Steam", sources=[first])
    Family.objects.filter(pk=first.pk).update(descendant_count=40)
    assert actions.recount_families(actor=None, contribution=first) == 1
    assert counted(first) == (0, 1, 2, 1)


def test_the_families_of_the_bench_are_laid_as_publishing_lays_them(alice, bob):
    pattern = published(alice, "Kettle")
    ids = lay(pattern, [alice, bob], [[], [0], [0], [1, 2]])
    assert actions.recount_families(actor=None) == 4
    top, foot = Contribution.objects.get(pk=ids[0]), Contribution.objects.get(pk=ids[3])
    assert counted(top) == (0, 3, 2, 2)
    assert [edge.parent_id for edge in foot.source_edges.order_by("parent")] == ids[1:3]
    assert foot.current_version.rendition_names == pattern.current_version.rendition_names


def test_the_command_gives_everything(alice, bob):
    top = published(alice, "Top")
    left, right_ = published(bob, "Left", sources=[top]), published(bob, "Right", sources=[(top, "inspired")])
    foot = published(alice, "Foot", sources=[left, right_, (top, "adapts")])
    out = StringIO()
    call_command("lineage", str(top.pk), "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "ancestors": [],
        "descendants": [
            {"id": left.pk, "depth": 1, "kind": "reuses"},
            {"id": right_.pk, "depth": 1, "kind": "inspired"},
            {"id": foot.pk, "depth": 1, "kind": "adapts"},
        ],
    }


def test_the_tree_holds_the_line_and_the_branches(alice, bob):
    first = published(alice, "Kettle")
    second = published(bob, "Steam", sources=[first])
    published(bob, "Beside", sources=[first])
    third = published(alice, "Rain", sources=[second])
    # What lies beside the line is not of the work's family.
    assert drawn(lineage.tree(second)) == [("Kettle", [("Steam", [("Rain", [])])])]
    assert drawn(lineage.tree(first)) == [("Kettle", [("Steam", [("Rain", [])]), ("Beside", [])])]
    assert lineage.tree(third).work_count == 3


def test_a_second_source_is_a_root_of_its_own_and_is_named(alice, bob):
    one, two = published(alice, "One"), published(bob, "Two")
    work = published(alice, "Both", sources=[one, (two, "inspired")])
    tree = lineage.tree(work)
    assert drawn(tree) == [("One", [("Both", [])]), ("Two", [])]
    (node,) = tree.roots[0].children
    assert [source.title for source in node.also_from] == ["Two"]
    assert node.current


def chain_of(first, length):
    """Each a remix of the one before; the families counted at the end."""
    works = [first, *multiply(first, length)]
    for generation, work in enumerate(works):
        work.generation = generation
    Contribution.objects.bulk_update(works, ["generation"])
    hang(works[:-1], works[1:])
    return works


def test_a_long_line_keeps_its_origin_and_folds_what_lies_between(alice):
    works = chain_of(published(alice, "Kettle"), 30)
    here = works[20]
    tree = lineage.tree(here)
    (origin,) = tree.roots
    assert (origin.work, origin.folded_count) == (works[0], 18)
    (near,) = origin.children
    assert near.work == works[19]
    (node,) = near.children
    assert (node.current, [child.work for child in node.children]) == (True, [works[21]])
    assert node.children[0].more_count == 1
    assert (tree.work_count, tree.deepest) == (31, 30)


def test_a_line_that_fits_is_not_folded(alice):
    works = chain_of(published(alice, "Kettle"), 4)
    tree = lineage.tree(works[3])
    assert [root.work for root in tree.roots] == [works[0]]
    assert tree.roots[0].folded_count == 0


def test_a_wide_branch_says_how_many_more_there_are(alice, bob):
    first = published(alice, "Kettle")
    hang([first], multiply(first, 40, artists=[bob], generation=1))
    (root,) = lineage.tree(first).roots
    assert (len(root.children), root.more_count) == (6, 34)
    rest = lineage.remixes_of(first, after=root.more_after, size=12)
    assert (len(rest.leaves), rest.left) == (12, 22)
    assert not {leaf.work.pk for leaf in rest.leaves} & {child.work.pk for child in root.children}


def test_a_work_hangs_on_its_nearest_source_in_every_branch(alice, bob):
    top = published(alice, "Top")
    near = published(bob, "Near", sources=[top])
    foot = published(alice, "Foot", sources=[top, near])
    homes = {leaf.work: leaf.is_home for leaf in lineage.remixes_of(top, size=9).leaves}
    assert homes == {near: True, foot: False}
    assert [leaf.is_home for leaf in lineage.remixes_of(near, size=9).leaves] == [True]


def test_a_family_not_counted_yet_says_at_least(alice, bob):
    first = published(alice, "Kettle")
    published(bob, "Steam", sources=[first])
    Family.objects.all().delete()
    tree = lineage.tree(first)
    assert (tree.work_count, tree.artist_count, tree.deepest, tree.is_whole) == (2, 2, 1, False)


def test_the_line_goes_up_by_the_nearest_source_and_down_by_one_remix_each(alice, bob, charlie):
    first = published(alice, "Kettle")
    second = published(bob, "Steam", sources=[first])
    third = published(alice, "Rain", sources=[first, second])
    fourth = published(bob, "Snow", sources=[first])
    assert lineage.line_above(third) == [second.pk, first.pk]
    assert lineage.line_below(first, onward=lineage.Onward.FIRST) == [second.pk, third.pk]
    actions.adjust_count(contribution=fourth, field="heart_count", by=3)
    assert lineage.line_below(first, onward=lineage.Onward.LOVED) == [fourth.pk]


@pytest.mark.parametrize("shape", ["deep", "wide"])
def test_a_tree_reads_no_more_rows_of_a_family_of_hundreds(alice, shape):
    first = published(alice, "Kettle")
    if shape == "deep":
        here = chain_of(first, 300)[150]
    else:
        here = first
        hang([first], multiply(first, 400, generation=1))
    with CaptureQueriesContext(connection) as captured:
        tree = lineage.tree(here)
    assert len(captured) <= 6
    assert tree.work_count in {301, 401}
    # At each depth the walk asks the index, never the whole table.
    for query in captured:
        assert "RECURSIVE" not in query["sql"] or "LIMIT" in query["sql"]


def test_the_command_counts_what_is_missing(alice, bob):
    first = published(alice, "Kettle")
    published(bob, "Steam", sources=[first])
    Family.objects.all().delete()
    out = StringIO()
    call_command("count_families", stdout=out)
    assert out.getvalue() == "2 families were wrong or missing\n"
    assert counted(first) == (0, 1, 2, 1)
