"""A family of a thousand: all of it is counted, all of it can be reached, and it stays cheap."""

import re

import pytest
from django.urls import reverse

from contributions import actions
from contributions.models import Contribution
from tests.contributions.works import published, written
from tests.pages.bulk import hang, multiply
from tests.support.queries import cost_of

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20


@pytest.fixture
def family(alice, bob, charlie):
    """One work, forty remixes of it, and in three more generations 960 remixes of those."""
    root = published(alice, "Kettle")
    parents, artists = [root], [alice, bob, charlie]
    for generation, size in enumerate((40, 160, 320, 480), start=1):
        children = multiply(root, size, artists=artists, generation=generation)
        hang(parents, children)
        parents = children
    return root


def test_a_thousand_descendants_cost_at_most_twenty_queries(client, family, charlie):
    address = reverse("lineage", args=[family.pk])
    assert cost_of(client, address) <= MOST_QUERIES
    client.force_login(charlie)
    assert cost_of(client, address) <= MOST_QUERIES
    assert cost_of(client, family.get_absolute_url()) <= 2 * MOST_QUERIES


def test_the_page_counts_them_all_and_says_how_many_it_leaves_out(client, family):
    page = client.get(reverse("lineage", args=[family.pk])).content.decode()
    assert re.search(r"1,?001 works by 3 artists", " ".join(page.split()))
    assert "more" in page
    assert len(page) < 2_000_000


def test_every_remix_can_be_reached_by_following_the_pages(client, family):
    waiting, seen = [family.pk], {family.pk}
    for _generation in range(2):
        following = []
        for pk in waiting:
            following += [work for work in remixes_of(client, pk) if work not in seen]
            seen.update(following)
        waiting = following
    assert len(seen) == 1 + 40 + 160


def test_more_remixes_come_as_a_part_for_htmx_and_as_data(client, family):
    address = reverse("lineage_branch", args=[family.pk])
    part = client.get(address, {"after": 0}, HTTP_HX_REQUEST="true").content.decode()
    assert part.count('class="node"') == 12
    assert "28 more remixes" in " ".join(part.split())
    assert "<html" not in part
    seen, after = [], 0
    while after is not None:
        page = client.get(address, {"after": after}).json()
        seen += [work["id"] for work in page["works"]]
        assert page["left"] == 40 - len(seen)
        after = page["after"]
    assert len(seen) == len(set(seen)) == 40


def test_a_malformed_cursor_begins_at_the_start(client, family):
    address = reverse("lineage_branch", args=[family.pk])
    assert client.get(address, {"after": "-1 or 1"}).json() == client.get(address).json()


def test_the_branch_of_a_draft_is_its_artists_alone(client, alice):
    draft = written(alice)
    for name in ("lineage", "lineage_tree", "lineage_branch", "lineage_line", "chain"):
        assert client.get(reverse(name, args=[draft.pk])).status_code == 404


def test_the_line_upwards_comes_a_piece_at_a_time(client, alice):
    works = line_of(alice, 20)
    found = client.get(reverse("lineage_line", args=[works[20].pk])).json()
    assert [work["id"] for work in found["works"]] == [work.pk for work in reversed(works[12:20])]
    assert (found["here"]["id"], found["origin"]["id"], found["left"]) == (works[20].pk, works[0].pk, 11)
    near = client.get(reverse("lineage_line", args=[works[3].pk])).json()
    assert ([work["id"] for work in near["works"]], near["left"]) == ([works[2].pk, works[1].pk, works[0].pk], 0)
    alone = client.get(reverse("lineage_line", args=[works[0].pk])).json()
    assert (alone["works"], alone["origin"]["id"]) == ([], works[0].pk)


@pytest.mark.parametrize("name", ["contribution", "lineage", "lineage_tree", "lineage_line", "chain"])
def test_pages_cost_the_same_in_a_line_of_thirty_and_of_three_hundred(client, alice, name):
    costs = [cost_of(client, address_of(name, line_of(alice, size)[size // 2])) for size in (30, 300)]
    assert costs[0] == costs[1] <= MOST_QUERIES


@pytest.mark.parametrize("name", ["contribution", "lineage", "lineage_tree", "lineage_branch", "chain"])
def test_pages_cost_the_same_with_thirty_remixes_and_a_thousand(client, alice, name):
    work = published(alice, "Kettle")
    hang([work], multiply(work, 30, generation=1))
    before = cost_of(client, address_of(name, work))
    hang([work], multiply(work, 970, generation=1))
    assert cost_of(client, address_of(name, work)) == before <= MOST_QUERIES


def test_a_long_line_is_folded_and_says_how_much(client, alice):
    works = line_of(alice, 30)
    page = " ".join(client.get(works[20].get_absolute_url()).content.decode().split())
    assert "18 generations between" in page
    assert works[0].get_absolute_url() in page


def test_the_chain_stands_on_the_page_of_its_work(client, alice):
    works = line_of(alice, 20)
    page = client.get(reverse("chain", args=[works[10].pk]))
    steps = page.context["steps"]
    assert [step.work for step in steps] == works[8:16]
    assert [step.number for step in steps if step.is_here] == [11]
    assert steps[0].edge.parent_id == works[7].pk
    assert [step.work for step in client.get(page.wsgi_request.path, {"page": "1"}).context["steps"]] == works[:8]
    assert [step.work for step in client.get(page.wsgi_request.path, {"page": "99"}).context["steps"]] == works[16:]


def test_the_chain_goes_on_as_it_is_asked_to(client, alice, bob, charlie):
    first = published(alice, "Kettle")
    early, loved = published(bob, "Early", sources=[first]), published(charlie, "Loved", sources=[first])
    actions.adjust_count(contribution=loved, field="heart_count", by=2)
    address = reverse("chain", args=[first.pk])
    assert [step.work for step in client.get(address).context["steps"]] == [first, loved]
    assert [step.work for step in client.get(address, {"onward": "first"}).context["steps"]] == [first, early]
    assert client.get(address, {"onward": "best"}).context["onward"] == "loved"


def test_a_tombstone_stays_in_the_chain_without_its_files(client, alice, bob):
    first = published(alice, "Kettle")
    second = published(bob, "Steam", sources=[(first, "adapts")])
    actions.withdraw(actor=alice, contribution=first)
    page = " ".join(client.get(reverse("chain", args=[second.pk])).content.decode().split())
    assert "Its artist has withdrawn this work" in page
    assert "adapts or translates the work before" in page


def address_of(name, work):
    return work.get_absolute_url() if name == "contribution" else reverse(name, args=[work.pk])


def line_of(artist, length):
    """Works each of which is a remix of the one before."""
    first = published(artist, "Kettle")
    works = [first, *multiply(first, length)]
    for generation, work in enumerate(works):
        work.generation = generation
    Contribution.objects.bulk_update(works, ["generation"])
    hang(works[:-1], works[1:])
    return works


def remixes_of(client, pk):
    """Every direct remix, page by page."""
    address = reverse("lineage", args=[pk])
    found, more = [], "?"
    while more:
        page = client.get(address + more).context["page"]
        found += [edge.child_id for edge in page.rows]
        more = page.more_url
    return found
