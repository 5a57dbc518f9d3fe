"""Which works did you use? Naming, describing, taking away, asking, unlinking."""

import pytest
from django.urls import reverse

from contributions import actions
from contributions.errors import NotYours, SourceRefused, WrongState
from contributions.models import ExternalSource, Remix
from profiles.models import Notice
from tests.contributions.works import declared, published, written


def test_a_source_is_named_described_and_taken_away(alice, bob):
    source, work = published(bob), written(alice)
    row = actions.add_source(actor=alice, contribution=work, source=source, kind="adapts", note="The second verse")
    assert (row.kind, row.note) == ("adapts", "The second verse")
    row = actions.describe_source(actor=alice, row=row, kind="continues", note="The third")
    assert (row.kind, row.note) == ("continues", "The third")
    actions.remove_source(actor=alice, row=row)
    assert not work.draft_sources.exists()


def test_it_rejects_a_remix_of_itself(alice):
    work = written(alice)
    with pytest.raises(SourceRefused, match="itself"):
        actions.add_source(actor=alice, contribution=work, source=work)


def test_it_rejects_the_same_source_twice(alice, bob):
    source, work = published(bob), written(alice)
    actions.add_source(actor=alice, contribution=work, source=source)
    with pytest.raises(SourceRefused, match="already"):
        actions.add_source(actor=alice, contribution=work, source=source)


def test_it_rejects_a_draft_as_a_source(alice, bob):
    with pytest.raises(SourceRefused, match="published"):
        actions.add_source(actor=alice, contribution=written(alice), source=written(bob))


def test_a_work_that_may_not_be_remixed_is_only_an_inspiration(alice, bob):
    source, work = published(bob, remix_permission="no"), written(alice)
    with pytest.raises(SourceRefused, match="may not be remixed"):
        actions.add_source(actor=alice, contribution=work, source=source)
    row = actions.add_source(actor=alice, contribution=work, source=source, kind="inspired")
    with pytest.raises(SourceRefused):
        actions.describe_source(actor=alice, row=row, kind="reuses", note="")


def test_ones_own_work_needs_no_permission(alice):
    source = published(alice, remix_permission="no")
    assert actions.add_source(actor=alice, contribution=written(alice), source=source).kind == "reuses"


def test_the_sources_of_a_published_work_stay(alice, bob):
    source, work = published(bob), published(alice)
    with pytest.raises(WrongState):
        actions.add_source(actor=alice, contribution=work, source=source)


def test_only_the_artist_names_sources(alice, bob):
    with pytest.raises(NotYours):
        actions.add_source(actor=bob, contribution=written(alice), source=published(bob))


def test_a_source_from_elsewhere_goes_with_its_row(alice):
    work = written(alice)
    row = actions.add_external_source(
        actor=alice, contribution=work, title="T", author="A", licence_name="CC0", url="https://example.org/t"
    )
    with pytest.raises(SourceRefused, match="already"):
        actions.add_external_source(
            actor=alice, contribution=work, title="T", author="A", licence_name="CC0", url="https://example.org/t"
        )
    actions.remove_source(actor=alice, row=row)
    assert not ExternalSource.objects.exists()


def test_only_the_maker_of_the_source_answers(alice, bob, charlie):
    source = published(alice, remix_permission="ask")
    row = actions.add_source(actor=bob, contribution=written(bob), source=source)
    with pytest.raises(NotYours):
        actions.answer_request(actor=charlie, row=row, granted=True)
    actions.answer_request(actor=alice, row=row, granted=True)
    assert "lets you build" in Notice.objects.get(recipient=bob).text


def test_the_maker_of_a_source_can_ask_to_be_unlinked(alice, bob):
    remix = published(bob, sources=[published(alice)])
    edge = Remix.objects.get()
    with pytest.raises(NotYours):
        actions.unlink(actor=bob, remix=edge)
    assert actions.unlink(actor=alice, remix=edge).unlinked_at
    assert actions.unlink(actor=alice, remix=edge).rate_bps == 3000
    assert Notice.objects.filter(recipient=bob, url=remix.get_absolute_url()).count() == 1


def test_unlinking_is_explained_before_it_is_done(client, alice, bob):
    source = published(alice)
    remix = published(bob, "Steam", sources=[source])
    client.force_login(alice)
    assert "Stop showing the link" in client.get(reverse("contributions:requests", args=[source.pk])).content.decode()
    address = reverse("contributions:unlink", args=[source.pk, Remix.objects.get().pk])
    page = client.get(address).content.decode()
    assert "wherever money is divided" in page
    assert Remix.objects.get().unlinked_at is None
    assert client.post(address).status_code == 302
    assert Remix.objects.get().unlinked_at
    assert "Not shown, as you asked" in client.get(reverse("contributions:requests", args=[source.pk])).content.decode()
    for work, other in ((source, "Steam"), (remix, source.title)):
        page = client.get(reverse("lineage", args=[work.pk])).content.decode()
        assert other not in page.replace(work.title, "")


def test_a_source_from_elsewhere_is_refused_with_words_at_the_fields(client, alice):
    work = written(alice)
    client.force_login(alice)
    address = reverse("contributions:sources", args=[work.pk])
    given = {
        "from": "elsewhere",
        "external-title": "Tide tables",
        "external-url": "not an address",
        "external-kind": "adapts",
    }
    answer = client.post(address, given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Tide tables" in page
    for field in ("external-author", "external-licence_name", "external-url"):
        assert f'href="#id_{field}"' in page
    assert not ExternalSource.objects.exists()


def test_a_source_from_elsewhere_stands_on_the_page_and_in_the_lineage(client, alice):
    work = declared(written(alice, "Tide"))
    actions.add_external_source(
        actor=alice,
        contribution=work,
        title="Tide tables",
        author="The Harbour Office",
        licence_name="CC0",
        url="https://example.org/tides",
        kind="adapts",
        note="The hours",
    )
    work = actions.publish_contribution(actor=alice, contribution=work)
    for address in (work.get_absolute_url(), reverse("lineage", args=[work.pk])):
        page = client.get(address).content.decode()
        for words in ("Tide tables", "The Harbour Office", "CC0", "https://example.org/tides", "The hours"):
            assert words in page
