"""The page of one work: every medium, its family, its talk, and what is left when it is gone."""

from pathlib import Path

import pytest
from django.urls import reverse

from contributions import actions
from reviews import actions as reviews
from tests import media
from tests.contributions.works import published, written
from tests.pages.bulk import hang, multiply
from tests.pages.world import published_file
from tests.support.queries import cost_of

pytestmark = pytest.mark.django_db


def text_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_a_text_is_read_on_its_page(client, alice):
    page = text_of(client, published(alice).get_absolute_url())
    assert "<strong>lit</strong>" in page
    assert "Remix this" in page
    assert "Log in to comment" in page


@pytest.mark.parametrize(
    ("name", "maker", "mark"),
    [
        ("lamp.png", media.picture, "<picture"),
        ("waltz.wav", media.recording, "data-player"),
        ("ferry.mp4", media.film, "<video"),
    ],
)
def test_a_file_of_each_medium_is_shown_by_its_own_player(client, alice, tmp_path: Path, name, maker, mark):
    work = published_file(alice, maker(tmp_path / name), "Lamp room", alt_text="A lamp")
    page = text_of(client, work.get_absolute_url())
    assert mark in page
    assert f"/contributions/{work.pk}/media/1/" in page
    assert text_of(client, "/explore/").count(f'href="{work.get_absolute_url()}"') >= 1


def test_an_address_with_another_title_leads_to_the_right_one(client, alice):
    work = published(alice)
    for address in (f"/contributions/{work.pk}/something-else/", f"/contributions/{work.pk}/"):
        answer = client.get(address)
        assert answer.status_code in (301, 302)
        assert answer.headers["Location"] == work.get_absolute_url()


@pytest.mark.parametrize("title", ["Edit", "Lineage", "Ключ", "✂", "a" * 140])
def test_any_title_makes_an_address_that_answers(client, alice, title):
    work = published(alice, title)
    assert title in text_of(client, work.get_absolute_url())


def test_a_withdrawn_work_leaves_a_tombstone_that_keeps_its_family(client, alice, bob):
    first = published(alice, "Taken back")
    second = published(bob, "Built on it", sources=[first])
    actions.withdraw(actor=alice, contribution=first, reason="It was never mine to tell.")
    page = text_of(client, first.get_absolute_url(), status=410)
    for words in ("Taken back", "Alice has withdrawn this work", "never mine to tell", "Built on it"):
        assert words in page
    assert "The lamp is" not in page
    assert "Taken back" in text_of(client, second.get_absolute_url())


def test_a_removed_work_says_so(client, alice, sam):
    work = published(alice, "Not ours")
    actions.remove(actor=sam, contribution=work, reason="A photograph of somebody else.")
    page = text_of(client, work.get_absolute_url(), status=410)
    assert "removed by the moderators" in page
    assert "A photograph of somebody else." in page


def test_a_draft_is_seen_by_its_artist_alone(client, alice, charlie):
    work = written(alice)
    text_of(client, work.get_absolute_url(), status=404)
    client.force_login(charlie)
    text_of(client, work.get_absolute_url(), status=404)
    client.force_login(alice)
    assert "only you can see this" in text_of(client, work.get_absolute_url())


def test_sources_and_what_was_taken_stand_on_both_pages(client, alice, bob):
    first = published(alice, "Kettle")
    second = published(bob, "Steam", sources=[(first, "adapts")])
    above, below = text_of(client, second.get_absolute_url()), text_of(client, first.get_absolute_url())
    assert first.get_absolute_url() in above
    assert "adapts or translates" in above
    assert second.get_absolute_url() in below
    assert "Be the first" not in below


def test_an_unlinked_source_is_not_named_by_the_remix(client, alice, bob):
    first = published(alice, "Kettle")
    second = published(bob, "Steam", sources=[first])
    actions.unlink(actor=alice, remix=second.source_edges.get())
    page = text_of(client, second.get_absolute_url())
    assert "asked not to be shown" in page
    made_with = page[page.index("Made with") : page.index("Using this work")]
    assert "Kettle" not in made_with


def test_the_use_panel_says_what_is_allowed(client, alice):
    work = published(alice, remix_permission="no", production_permission="no", ai_use="assisted", ai_note="Spelling")
    page = text_of(client, work.get_absolute_url())
    for words in ("No remixes", "Not for productions", "CC BY 4.0", "Assisted"):
        assert words in page
    assert "Remix this" not in page


def test_what_people_said_stands_on_the_page(client, alice, bob, charlie):
    work = published(alice)
    said = actions.comment_on(actor=bob, contribution=work, body="The lamp <b>stutters</b>")
    actions.comment_on(actor=alice, contribution=work, body="It should.", reply_to=said)
    hidden = actions.comment_on(actor=charlie, contribution=work, body="Buy my lamps")
    actions.hide_comment(actor=alice, comment=hidden, reason="Advertising")
    reviews.recommend(actor=bob, contribution=work, reason="It carries the ending.")
    page = text_of(client, work.get_absolute_url())
    for words in ("The lamp &lt;b&gt;stutters", "It should.", "Advertising", "It carries the ending."):
        assert words in page
    assert "Buy my lamps" not in page


def test_an_answer_names_what_it_answers_and_stands_below_it(client, alice, bob, charlie):
    work = published(alice)
    said = actions.comment_on(actor=bob, contribution=work, body="Why does the lamp turn?")
    reply = f"?reply={said.pk}"
    assert reply not in text_of(client, work.get_absolute_url())
    client.force_login(charlie)
    assert reply in text_of(client, work.get_absolute_url())
    page = text_of(client, f"{work.get_absolute_url()}{reply}")
    assert "Your answer to Bob: “Why does the lamp turn?”" in page
    address = reverse("contributions:comment", args=[work.pk])
    for stem in (said, None):
        latest = work.comments.latest("pk")
        body = {"body": f"An answer to {latest.pk}", "reply_to": (stem or latest).pk}
        assert client.post(address, body).status_code == 302
    page = text_of(client, work.get_absolute_url())
    # An answer to an answer stands beside it, not further in.
    assert page.count('class="replies"') == 1
    for wrong in ("?reply=999999", "?reply=x", f"?reply={said.pk}0"):
        assert "Your answer to" not in text_of(client, f"{work.get_absolute_url()}{wrong}")


def test_a_comment_is_hidden_where_it_stands_by_those_who_may(client, alice, bob, charlie):
    work = published(alice)
    said = actions.comment_on(actor=bob, contribution=work, body="Buy my lamps")
    address = reverse("contributions:hide_comment", args=[work.pk, said.pk])
    for reader, may in ((None, False), (charlie, False), (bob, True), (alice, True)):
        if reader:
            client.force_login(reader)
        assert (address in text_of(client, work.get_absolute_url())) == may
    assert client.post(address).status_code == 302
    page = text_of(client, work.get_absolute_url())
    assert "Buy my lamps" not in page
    assert address not in page


def test_comments_close_to_one_another_share_a_pin(client, alice, bob, tmp_path: Path):
    work = published_file(alice, media.recording(tmp_path / "waltz.wav", seconds=4), "Waltz")
    for at_ms in (1000, 1100, 3000):
        actions.comment_on(actor=bob, contribution=work, body=f"Here {at_ms}", at_ms=at_ms)
    page = text_of(client, work.get_absolute_url())
    assert page.count('class="pin ') == 2
    assert "2 comments from 0:01 to 0:01, the first by Bob" in page
    assert "Comment at 0:03 by Bob" in page
    for words in ("Loudness", "LUFS", "True peak", "Loop"):
        assert words in page


def test_a_picture_can_be_looked_into_without_script(client, alice, tmp_path: Path):
    work = published_file(alice, media.picture(tmp_path / "lamp.png"), "Lamp", alt_text="A lamp in its room")
    address = reverse("contributions:view", args=[work.pk])
    assert f'href="{address}"' in text_of(client, work.get_absolute_url())
    page = text_of(client, address)
    assert 'alt="A lamp in its room"' in page
    assert work.media.picture(99999) in page
    assert client.get(reverse("contributions:view", args=[published(alice).pk])).status_code == 302


def test_thirty_remixes_and_comments_cost_no_more_queries_than_three(client, alice, bob, charlie):
    work = published(alice)
    hang([work], multiply(work, 3, artists=[bob, charlie], generation=1))
    for number in range(3):
        actions.comment_on(actor=bob, contribution=work, body=f"Lamp {number}")
    client.force_login(charlie)
    addresses = [work.get_absolute_url(), reverse("lineage", args=[work.pk])]
    before = [cost_of(client, address) for address in addresses]
    hang([work], multiply(work, 27, artists=[bob, charlie], generation=1))
    for number in range(27):
        actions.comment_on(actor=bob, contribution=work, body=f"Lamp again {number}")
    assert [cost_of(client, address) for address in addresses] == before
