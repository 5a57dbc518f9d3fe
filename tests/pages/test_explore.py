"""Browsing: filters that can be linked to, words that mean nothing, pages by cursor, and what it costs."""

import pytest

from contributions import actions
from profiles import actions as profiles
from profiles.models.event import topic_of
from tests.contributions.works import published, written
from tests.pages.bulk import multiply
from tests.support.queries import cost_of

pytestmark = pytest.mark.django_db
NOTHING = "This part of the address means nothing here"


def text_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_an_empty_site_says_how_to_begin(client, db):
    assert "No works yet" in text_of(client, "/explore/")


def test_it_shows_what_is_published_and_nothing_else(client, alice):
    published(alice, "Shown")
    written(alice, "Half a page")
    taken = published(alice, "Taken back")
    actions.withdraw(actor=alice, contribution=taken)
    page = text_of(client, "/explore/")
    assert "Shown" in page
    assert "Half a page" not in page
    assert "Taken back" not in page


def test_it_filters_by_medium_and_by_generation(client, alice, bob):
    first = published(alice, "The first")
    published(bob, "The second", sources=[first])
    assert "The first" in text_of(client, "/explore/?m=text")
    assert "Nothing here yet with these filters" in text_of(client, "/explore/?m=audio")
    page = text_of(client, "/explore/?rev=1")
    assert "The second" in page
    assert "The first" not in page


def test_a_change_of_order_keeps_the_filters(client, alice):
    published(alice)
    page = text_of(client, "/explore/?m=text&rev=0")
    assert 'name="m" value="text"' in page
    assert 'name="rev" value="0"' in page


@pytest.mark.parametrize("words", ["m=gif", "sort=best", "rev=x", "rev=-1", "rev=99999", "m=gif&sort=best&rev=x"])
def test_words_that_mean_nothing_are_named_and_left_out(client, alice, words):
    published(alice, "Shown")
    page = text_of(client, f"/explore/?{words}")
    assert NOTHING in page
    assert all(word in page for word in words.split("&"))
    assert "Shown" in page


def test_words_it_knows_are_not_complained_about(client, alice):
    published(alice)
    for words in ("", "m=text", "sort=remixed", "sort=hearts", "sort=unremixed", "sort=unreviewed", "rev=0"):
        assert NOTHING not in text_of(client, f"/explore/?{words}"), words


def test_it_shows_the_works_of_people_one_follows(client, alice, bob, charlie):
    published(alice, "By alice")
    published(bob, "By bob")
    profiles.follow(actor=charlie, topic=topic_of(bob))
    client.force_login(charlie)
    page = text_of(client, "/explore/?follow=1")
    assert "By bob" in page
    assert "By alice" not in page


def test_pages_follow_one_another_without_a_gap_or_a_repeat(client, alice):
    multiply(published(alice, "Lamp"), 60)
    seen, address = [], "/explore/"
    for _number in range(5):
        page = client.get(address)
        seen += [work.pk for work in page.context["page"].rows]
        if not page.context["page"].more_url:
            break
        address = f"/explore/{page.context['page'].more_url}"
    assert len(seen) == len(set(seen)) == 61
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("cursor", ["x", "0", "-1", "1_2_3", "9" * 30, "%00", "None"])
def test_a_broken_cursor_still_answers(client, alice, cursor):
    published(alice, "Shown")
    text_of(client, f"/explore/?after={cursor}")
    text_of(client, f"/explore/?sort=hearts&after={cursor}")


@pytest.mark.parametrize("address", ["/", "/explore/", "/tags/rain/", "/explore/?sort=hearts"])
def test_thirty_works_cost_no_more_queries_than_three(client, alice, bob, address):
    first = published(alice, "Lamp", tags=["rain"])
    few = multiply(first, 2)
    first.tags.get().contributions.add(*few)
    before = cost_of(client, address)
    many = multiply(first, 27, artists=[alice, bob])
    first.tags.get().contributions.add(*many)
    assert cost_of(client, address) == before


def test_a_tag_that_nobody_used_is_not_found(client, db):
    text_of(client, "/tags/rain/", status=404)
