"""A remixer may offer a source more than the table gives it: said while drafting, frozen by publishing."""

import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from contributions import actions
from contributions.errors import SourceRefused
from contributions.models import Contribution, DraftSource, Remix
from profiles.models import Event
from tests.contributions.works import published, ready, written

pytestmark = pytest.mark.django_db


def named(artist: Any, source: Contribution, **said: Any) -> DraftSource:
    """A work of the artist's, ready to be published, with a source whose maker is offered what is said."""
    row = ready(artist, "Steam", sources=[source]).draft_sources.get()
    return actions.describe_source(actor=artist, row=row, **{"kind": "reuses", "note": "", **said})


def test_an_offer_is_frozen_when_the_remix_is_published(alice, bob):
    row = named(bob, published(alice), offered_bps=4_000)
    actions.publish_contribution(actor=bob, contribution=row.contribution)
    edge = Remix.objects.get()
    assert edge.rate_bps == 4_000
    assert edge.child.receipts.get().answers["sources"][0]["rate_bps"] == 4_000


def test_who_offers_nothing_gives_what_the_table_says(alice, bob):
    row = named(bob, published(alice))
    actions.publish_contribution(actor=bob, contribution=row.contribution)
    assert Remix.objects.get().rate_bps == 3_000


def test_an_offer_is_never_less_than_the_table_of_the_day_of_publishing(alice, bob, dana):
    row = named(bob, published(alice), offered_bps=4_000)
    actions.add_influence_rate(actor=dana, kind="reuses", rate_bps=4_500)
    actions.publish_contribution(actor=bob, contribution=row.contribution)
    assert Remix.objects.get().rate_bps == 4_500


def test_an_offer_is_taken_back_and_leaves_a_record(alice, bob):
    row = named(bob, published(alice), offered_bps=4_000)
    row = actions.describe_source(actor=bob, row=row, kind="reuses", note="")
    assert row.offered_bps is None
    events = Event.objects.filter(verb="contributions.source_described").order_by("pk")
    assert [event.payload["offered_bps"] for event in events] == [4_000, None]


@pytest.mark.parametrize(("kind", "offered_bps"), [("reuses", 2_999), ("adapts", 1_999), ("reuses", 10_001)])
def test_an_offer_lies_between_the_table_and_all(alice, bob, kind, offered_bps):
    with pytest.raises(SourceRefused, match="between"):
        named(bob, published(alice), kind=kind, offered_bps=offered_bps)
    assert not DraftSource.objects.exclude(offered_bps=None).exists()


def test_nothing_can_be_offered_to_a_source_from_elsewhere(alice):
    work = written(alice)
    row = actions.add_external_source(
        actor=alice, contribution=work, title="Tide tables", author="Harbour office", licence_name="CC BY 4.0"
    )
    with pytest.raises(SourceRefused, match="from elsewhere"):
        actions.describe_source(actor=alice, row=row, kind="reuses", note="", offered_bps=4_000)
    page = actions.describe_source(actor=alice, row=row, kind="inspired", note="Only the numbers")
    assert page.offered_bps is None


def test_the_database_refuses_an_offer_of_more_than_all(alice, bob):
    row = named(bob, published(alice))
    with pytest.raises(IntegrityError), transaction.atomic():
        DraftSource.objects.filter(pk=row.pk).update(offered_bps=10_001)


# -- pages


@pytest.fixture
def as_bob(client: Any, bob: Any) -> Any:
    client.force_login(bob)
    return client


def address(row: DraftSource) -> str:
    return reverse("contributions:source", args=[row.contribution_id, row.pk])


def page_of(client: Any, row: DraftSource) -> str:
    return str(client.get(reverse("contributions:sources", args=[row.contribution_id])).content.decode())


def test_the_page_says_the_rate_of_the_table_and_folds_the_offer_away(as_bob, alice, bob):
    row = named(bob, published(alice))
    page = page_of(as_bob, row)
    assert "Offer more than 30%" in page
    assert "<details>" in page
    assert "is inspired by: 5%" in page


def test_an_offer_is_made_without_script_and_stays_in_view(as_bob, alice, bob):
    row = named(bob, published(alice))
    said = {"kind": "adapts", "note": "The second verse", "offered_percent": "37.5", "on": "sources"}
    assert as_bob.post(address(row), said).status_code == 302
    row.refresh_from_db()
    assert (row.kind, row.note, row.offered_bps) == ("adapts", "The second verse", 3_750)
    page = page_of(as_bob, row)
    assert "You offer 37.5%" in page
    assert 'value="37.5"' in page


def test_enter_in_a_field_saves_and_takes_nothing_away(as_bob, alice, bob):
    """It presses the first button of the form that the field is in."""
    row = named(bob, published(alice))
    forms = re.findall(r"<form.*?</form>", page_of(as_bob, row), re.DOTALL)
    (described,) = [form for form in forms if 'name="offered_percent"' in form]
    own = [button for button in re.findall(r"<button[^>]*>", described) if " form=" not in button]
    assert own == ['<button class="btn quiet small">']
    assert f'<form id="remove-{row.pk}"' in "".join(forms)


@pytest.mark.parametrize(
    ("percent", "words"),
    [("29.99", "At least 30%"), ("100.01", "100"), ("much", "Enter a number"), ("30.001", "2 decimal")],
)
def test_an_offer_that_is_refused_keeps_its_words(as_bob, alice, bob, percent, words):
    row = named(bob, published(alice))
    answer = as_bob.post(address(row), {"kind": "reuses", "note": "The lid", "offered_percent": percent})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "error-summary" in page
    assert words in page
    assert f'value="{percent}"' in page
    assert 'value="The lid"' in page
    assert "<details open>" in page
    row.refresh_from_db()
    assert (row.note, row.offered_bps) == ("", None)


def test_whoever_is_asked_reads_what_is_offered(client, alice, bob):
    source = published(alice, remix_permission="ask")
    named(bob, source, offered_bps=4_000)
    client.force_login(alice)
    page = client.get(reverse("contributions:requests", args=[source.pk])).content.decode()
    assert "passes on 40%" in page


def test_the_pages_of_both_works_say_what_is_passed_on(client, alice, bob):
    source = published(alice)
    row = named(bob, source, offered_bps=4_000)
    work = actions.publish_contribution(actor=bob, contribution=row.contribution)
    assert "passes on 40%" in client.get(work.get_absolute_url()).content.decode()
    client.force_login(alice)
    asked = client.get(reverse("contributions:requests", args=[source.pk])).content.decode()
    assert "passes on 40%" in asked
    client.force_login(bob)
    edit = client.get(reverse("contributions:edit", args=[work.pk])).content.decode()
    assert "passes on 40%" in edit
