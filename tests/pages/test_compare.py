"""Two works, or two versions of one, compared: every medium, and everything that stands in the way."""

from pathlib import Path

import pytest
from django.urls import reverse

from contributions import actions
from contributions.models import Contribution
from tests import media
from tests.contributions.works import declared, published, run_jobs, written
from tests.pages.world import WORDS, published_file
from tests.support.queries import cost_of

pytestmark = pytest.mark.django_db


def page_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def between(second, first):
    return reverse("contributions:compare", args=[second.pk, first.pk])


def rewritten(work: Contribution, body: str) -> None:
    actions.write_text(actor=work.artist, contribution=work, title=work.title, body=body)
    actions.prepare_text(actor=work.artist, contribution=work, note="Another word")
    run_jobs()


@pytest.fixture
def letters(db, alice, bob):
    """A letter and its remix, in which one word is another's and one is new."""
    first = published(alice, "Letter")
    second = actions.publish_contribution(
        actor=bob, contribution=_answered(written(bob, "Answer", "The lamp is **out** now."), first)
    )
    return first, second


def _answered(work, source):
    work = declared(work)
    actions.add_source(actor=work.artist, contribution=work, source=source, kind="adapts")
    return work


def test_a_remix_links_to_the_comparison_with_its_source(client, letters):
    first, second = letters
    assert between(second, first) in page_of(client, second.get_absolute_url())
    actions.unlink(actor=first.artist, remix=second.source_edges.get())
    assert between(second, first) not in page_of(client, second.get_absolute_url())


def test_words_that_came_and_went_are_marked_and_counted(client, letters):
    first, second = letters
    page = page_of(client, between(second, first))
    assert ">lit<" in page
    assert "end of gone]" in page
    assert "end of new]" in page
    for words in ('<b class="num">3</b> words kept', '<b class="num">2</b> new', '<b class="num">1</b> gone'):
        assert words in page
    for work in letters:
        assert page.count(f'href="{work.get_absolute_url()}"') >= 2
    assert between(first, second) in page
    assert page_of(client, between(second, first)) == page_of(client, between(second, first))


def test_what_is_in_a_text_cannot_become_markup(client, alice, bob):
    first, second = published(alice, "One"), published(bob, "Two")
    rewritten(second, "a &lt;script&gt;alert(1)&lt;/script&gt; <b>bold</b>")
    page = page_of(client, between(second, first))
    assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in page
    assert "&lt;b&gt;bold" in page


def test_long_texts_are_folded_where_nothing_changed_and_cut_where_all_did(client, alice, bob):
    first, second = published(alice, "One"), published(bob, "Two")
    many = [f"Paragraph {number} stays as it is." for number in range(60)]
    rewritten(first, "\n\n".join(many))
    rewritten(second, "\n\n".join([*many[:59], "A new end."]))
    page = page_of(client, between(second, first))
    assert "57 paragraphs are the same" in page
    assert "Paragraph 30" not in page
    rewritten(second, "\n\n".join(f"{'word ' * 40}{number}" for number in range(600)))
    page = page_of(client, between(second, first))
    assert "more paragraphs are not shown" in page
    assert len(page) < 200_000


def test_the_same_work_is_explained(client, letters):
    first, second = letters
    page = page_of(client, between(second, second))
    assert "one and the same work" in page
    assert between(second, first) in page


def test_different_media_stand_side_by_side_and_it_is_said(client, alice, bob, tmp_path: Path):
    text = published(alice, "Words")
    picture = published_file(
        bob, media.picture(tmp_path / "lamp.png"), "Lamp", sources=[(text, "adapts")], alt_text="x"
    )
    page = page_of(client, between(picture, text))
    assert "no way to lay one over the other" in page
    assert "<picture" in page
    assert "<strong>lit</strong>" in page


def test_pictures_and_sounds_stand_beside_one_another_without_script(client, alice, bob, tmp_path: Path):
    one = published_file(alice, media.picture(tmp_path / "a.png"), "One", alt_text="A lamp")
    two = published_file(bob, media.picture(tmp_path / "b.png", size=(300, 500)), "Two", alt_text="A boat")
    page = page_of(client, between(two, one))
    assert 'alt="A: A lamp"' in page
    assert 'alt="B: A boat"' in page
    loud = published_file(alice, media.recording(tmp_path / "a.wav", seconds=1), "Loud")
    soft = published_file(bob, media.recording(tmp_path / "b.wav", seconds=2), "Soft")
    for work, gain in ((loud, -400), (soft, 150)):
        work.current_version.facts["gain_db_x100"] = gain
        work.current_version.save(update_fields=["facts"])
    page = page_of(client, between(soft, loud))
    assert page.count("<audio controls") == 2
    assert 'data-quieter-x100="550"' in page
    assert "A is turned down by 5.5 dB" in page
    assert 'data-quieter-x100="0"' in page


def test_nobody_compares_what_they_may_not_see(client, alice, bob, charlie):
    public, draft = published(alice, "Letter"), written(bob, "Half a page")
    for pair in ((public, draft), (draft, public)):
        page_of(client, between(*pair), status=404)
    client.force_login(charlie)
    page_of(client, between(draft, public), status=404)
    client.force_login(bob)
    assert "Half a page" in page_of(client, between(draft, public))


def test_what_is_gone_is_not_compared(client, alice, letters):
    first, second = letters
    actions.withdraw(actor=alice, contribution=first)
    page = page_of(client, between(second, first), status=410)
    assert "No longer here" in page
    assert "out" in page_of(client, second.get_absolute_url())
    assert between(second, first) not in page_of(client, second.get_absolute_url())


def test_versions_of_a_work_are_compared_by_everybody(client, alice):
    work = published(alice)
    address = reverse("contributions:compare_versions", args=[work.pk])
    assert "Nothing to compare yet" in page_of(client, address)
    assert address not in page_of(client, work.get_absolute_url())
    rewritten(work, "The lamp is **out**.")
    assert address in page_of(client, work.get_absolute_url())
    page = page_of(client, address)
    assert ">lit<" in page
    assert page.index("Version 1") < page.index("Version 2")
    swapped = page_of(client, f"{address}?versions=2..1")
    assert swapped.index("<b>Version 2</b>") < swapped.index("<b>Version 1</b>")


@pytest.mark.parametrize("asked", ["?versions=1..9", "?versions=a..b", "?versions=1", "?from=1&to=", "?versions=2..2"])
def test_versions_that_do_not_exist_are_named_and_the_latest_shown(client, alice, asked):
    work = published(alice)
    rewritten(work, "The lamp is **out**.")
    page = page_of(client, reverse("contributions:compare_versions", args=[work.pk]) + asked)
    assert "The two latest are compared." in page


def test_a_version_that_is_being_written_is_not_shown(client, alice):
    work = published(alice)
    actions.write_text(actor=alice, contribution=work, title="Letter", body="A secret so far")
    page = page_of(client, reverse("contributions:compare_versions", args=[work.pk]) + "?versions=1..2")
    assert "secret" not in page


def test_a_comparison_costs_the_same_however_often_it_changed(client, alice):
    work = published(alice)
    rewritten(work, WORDS)
    address = reverse("contributions:compare_versions", args=[work.pk])
    page_of(client, address)
    before = cost_of(client, address)
    for number in range(4):
        rewritten(work, f"{WORDS} {number}")
    page_of(client, address)
    assert cost_of(client, address) == before
