"""Home, search and an artist's page: what they gather, what they say when there is nothing, what they cost."""

import datetime as dt

import pytest
from django.utils import timezone

from challenges import actions as challenges
from profiles import actions as profiles
from profiles.models import Artist
from profiles.models.event import topic_of
from projects import actions as projects
from tests.contributions.works import published, written
from tests.pages.bulk import hang, multiply
from tests.support.queries import cost_of

pytestmark = pytest.mark.django_db


def text_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return " ".join(answer.content.decode().split())


def ask(artist, title):
    now = timezone.now()
    return challenges.issue_challenge(
        actor=artist,
        title=title,
        prompt="What does the room sound like?",
        media=["audio"],
        opens_at=now - dt.timedelta(days=1),
        closes_at=now + dt.timedelta(days=3),
        results_at=now + dt.timedelta(days=9),
    )


def test_an_empty_home_says_how_to_begin(client, db):
    page = text_of(client, "/")
    for words in ("Upload something", "No challenge is open", "No works yet"):
        assert words in page


def test_home_shows_the_longest_chain_the_open_challenges_and_fresh_work(client, alice, bob, sam):
    first = published(alice, "Kettle")
    published(bob, "Steam", sources=[first])
    ask(alice, "The keeper’s room")
    film = projects.pitch_project(actor=alice, title="The Lid", kind="film", logline="A kettle looks for its lid.")
    projects.green_light(actor=sam, project=film, reason="It made us laugh.")
    projects.start_production(actor=sam, project=film)
    page = text_of(client, "/")
    for words in ("Kettle", "Steam", "The keeper’s room", "1 challenge is open", "The Lid", "Generation 1"):
        assert words in page
    assert [work.title for work in client.get("/").context["chain"]] == ["Kettle", "Steam"]


def test_home_costs_the_same_with_three_and_with_thirty_challenges(client, alice):
    for number in range(3):
        ask(alice, f"Room {number}")
    before = cost_of(client, "/")
    for number in range(27):
        ask(alice, f"Further room {number}")
    assert cost_of(client, "/") == before


def test_search_finds_works_people_challenges_and_projects(client, alice):
    published(alice, "Lamp room", tags=["rain"])
    ask(alice, "The lamp’s shadow")
    projects.pitch_project(actor=alice, title="Lamp, the film", kind="film", logline="Who keeps it?")
    profiles.join(handle="lamplighter", display_name="Lamplighter", email="l@example.com")
    page = text_of(client, "/search/?q=lamp")
    for words in ("Lamp room", "The lamp’s shadow", "Lamp, the film", "Lamplighter"):
        assert words in page
    assert "Lamp room" in text_of(client, "/search/?q=rain")


def test_search_finds_nothing_that_is_not_public(client, alice):
    written(alice, "Half a page about lamps")
    assert "Half a page" not in text_of(client, "/search/?q=lamps")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("x", "Write at least two letters"),
        ("nobodywrotethis", "Nothing found"),
        ("%00%00", "Search"),
        ("'; drop table --", "Nothing found"),
        ('"unclosed or -minus', "Nothing found"),
        ("%25%25", "Nothing found"),
        ("é" * 300, "Nothing found"),
    ],
)
def test_search_answers_whatever_is_typed(client, db, words, answer):
    assert answer in text_of(client, f"/search/?q={words}")


def test_search_costs_the_same_for_three_and_for_thirty_works(client, alice, bob):
    first = published(alice, "Lamp")
    multiply(first, 2)
    before = cost_of(client, "/search/?q=lamp")
    multiply(first, 27, artists=[alice, bob])
    assert cost_of(client, "/search/?q=lamp") == before


def test_an_artists_page_shows_works_and_remixes_by_others(client, alice, bob, charlie):
    first = published(alice, "Kettle")
    published(bob, "Steam", sources=[first])
    written(alice, "Half a page")
    profiles.follow(actor=charlie, topic=topic_of(alice))
    page = text_of(client, "/@alice/")
    assert "Kettle" in page
    assert "Half a page" not in page
    assert "Steam" in text_of(client, "/@alice/?show=remixes")


def test_an_artist_without_works_is_told_how_to_begin(client, charlie):
    assert "No public work yet" in text_of(client, "/@charlie/")
    client.force_login(charlie)
    assert "Your first work" in text_of(client, "/@charlie/")


def test_a_closed_account_leaves_a_tombstone(client, alice):
    Artist.objects.filter(pk=alice.pk).update(closed_at=timezone.now())
    text_of(client, "/@alice/", status=410)
    text_of(client, "/@nobody/", status=404)


def credit(artist, producer, title, pitcher):
    """A line in the credits of a film of its own."""
    film = projects.pitch_project(actor=pitcher, title=title, kind="film", logline="A kettle looks for its lid.")
    projects.green_light(actor=producer, project=film, reason="It made us laugh.")
    (production,) = projects.start_production(actor=producer, project=film)
    projects.add_credit(
        actor=producer, production=production, name=artist.display_name, credit_line="Kettle by", artist=artist
    )


def test_thirty_credits_cost_an_artists_page_no_more_than_three(client, alice, bob, sam):
    for number in range(3):
        credit(alice, sam, f"The Lid {number}", bob)
    addresses = ["/@alice/credits/", "/@alice/"]
    before = [cost_of(client, address) for address in addresses]
    assert "The Lid 2" in text_of(client, "/@alice/credits/")
    for number in range(27):
        credit(alice, sam, f"The Kettle {number}", bob)
    assert [cost_of(client, address) for address in addresses] == before


@pytest.mark.parametrize("address", ["/@alice/", "/@alice/?show=remixes"])
def test_thirty_works_cost_an_artists_page_no_more_than_three(client, alice, bob, charlie, address):
    first = published(alice, "Lamp")
    hang([first], multiply(first, 3, artists=[bob], generation=1))
    multiply(first, 2)
    client.force_login(charlie)
    before = cost_of(client, address)
    hang([first], multiply(first, 27, artists=[bob, charlie], generation=1))
    multiply(first, 27)
    assert cost_of(client, address) == before
