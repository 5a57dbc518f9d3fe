"""A family of a thousand: all of it is counted, all of it can be reached, and it stays cheap."""

import re

import pytest
from django.urls import reverse

from tests.contributions.works import published
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


def remixes_of(client, pk):
    """Every direct remix, page by page."""
    address = reverse("lineage", args=[pk])
    found, more = [], "?"
    while more:
        page = client.get(address + more).context["page"]
        found += [work.pk for work in page.rows]
        more = page.more_url
    return found
