"""The history of a work: what changed, the way back, and what others may look at."""

import pytest
from django.urls import reverse

from contributions import actions
from contributions.errors import NotYours, WrongState
from contributions.models import Contribution, Version
from profiles.models import Event
from tests.contributions.works import declared, png_file, published, run_jobs, written
from tests.support.queries import cost_of


def rewritten(work, body="The lamp is out.", note="The ending"):
    """A published text with one more prepared version."""
    actions.write_text(actor=work.artist, contribution=work, title=work.title, body=body)
    actions.prepare_text(actor=work.artist, contribution=work, note=note)
    run_jobs()
    return Contribution.objects.get(pk=work.pk)


def page(client, work, name="versions", *rest):
    return client.get(reverse(f"contributions:{name}", args=[work.pk, *rest]))


def test_a_new_version_of_a_published_text_says_what_changed(alice):
    work = published(alice)
    actions.write_text(actor=alice, contribution=work, title=work.title, body="Another end.")
    with pytest.raises(WrongState, match="what changed"):
        actions.prepare_text(actor=alice, contribution=work, note="  ")
    actions.prepare_text(actor=alice, contribution=work, note=" The ending ")
    assert work.versions.get(number=2).note == "The ending"


def test_a_new_file_of_a_published_work_says_what_changed(alice):
    version = actions.receive_file(actor=alice, file=png_file())
    run_jobs()
    work = declared(version.contribution, alt_text="Blue")
    actions.publish_contribution(actor=alice, contribution=work)
    with pytest.raises(WrongState, match="what changed"):
        actions.begin_upload(actor=alice, length=10, contribution=work)
    assert actions.receive_file(actor=alice, file=png_file(), contribution=work, note="Warmer").note == "Warmer"


def test_a_draft_may_change_without_a_word(alice):
    work = written(alice)
    assert rewritten(work, note="").versions.count() == 1


def test_an_earlier_version_is_shown_again_and_none_is_lost(alice, bob):
    work = rewritten(published(alice))
    first = work.versions.get(number=1)
    with pytest.raises(NotYours):
        actions.use_version(actor=bob, contribution=work, version=first)
    work = actions.use_version(actor=alice, contribution=work, version=first)
    actions.use_version(actor=alice, contribution=work, version=first)
    assert work.current_version == first
    assert work.versions.count() == 2
    assert Event.objects.get(verb="contributions.version_chosen").payload == {"version": 1, "before": 2}


def test_a_version_of_another_work_or_one_that_is_not_ready_is_not_shown(alice):
    work, other = published(alice), published(alice, "Other")
    with pytest.raises(WrongState):
        actions.use_version(actor=alice, contribution=work, version=other.current_version)
    actions.write_text(actor=alice, contribution=work, title=work.title, body="Half")
    with pytest.raises(WrongState):
        actions.use_version(actor=alice, contribution=work, version=work.versions.get(number=2))


def test_a_hidden_version_is_its_artists_alone(client, alice, charlie):
    work = rewritten(published(alice))
    first = work.versions.get(number=1)
    address = first.rendition_url(first.rendition_names[0])
    assert client.get(address).status_code == page(client, work, "version", 1).status_code == 200
    with pytest.raises(WrongState):
        actions.hide_version(actor=alice, contribution=work, version=work.current_version)
    with pytest.raises(NotYours):
        actions.hide_version(actor=charlie, contribution=work, version=first)
    for __ in range(2):
        actions.hide_version(actor=alice, contribution=work, version=first)
    assert Event.objects.filter(verb="contributions.version_hidden").count() == 1
    client.force_login(charlie)
    assert client.get(address).status_code == page(client, work, "version", 1).status_code == 404
    assert "Version 1" not in page(client, work).content.decode()
    client.force_login(alice)
    assert client.get(address).status_code == 200
    assert "Only you see it" in page(client, work).content.decode()
    actions.hide_version(actor=alice, contribution=work, version=first, hidden=False)
    client.logout()
    assert client.get(address).status_code == 200


def test_a_hidden_version_is_not_compared_or_counted_before_others(client, alice, charlie):
    work = rewritten(published(alice))
    address = reverse("contributions:compare_versions", args=[work.pk])
    assert "The lamp is" in client.get(address).content.decode()
    actions.hide_version(actor=alice, contribution=work, version=work.versions.get(number=1))
    for viewer, sees in ((charlie, False), (alice, True)):
        client.force_login(viewer)
        compared = client.get(f"{address}?versions=1..2").content.decode()
        assert ("Version 1" in compared) == sees
        assert (address in client.get(work.get_absolute_url()).content.decode()) == sees


def test_showing_a_hidden_version_again_unhides_it(alice):
    work = rewritten(published(alice))
    first = work.versions.get(number=1)
    actions.hide_version(actor=alice, contribution=work, version=first)
    actions.use_version(actor=alice, contribution=work, version=first)
    assert Version.objects.get(pk=first.pk).hidden_at is None


def test_what_was_replaced_before_publishing_is_nobodys_business(client, alice):
    first = actions.receive_file(actor=alice, file=png_file())
    run_jobs()
    actions.receive_file(actor=alice, file=png_file(colour="#c0366f"), contribution=first.contribution)
    run_jobs()
    work = declared(Contribution.objects.get(pk=first.contribution_id), alt_text="Pink")
    actions.publish_contribution(actor=alice, contribution=work)
    first.refresh_from_db()
    assert client.get(first.rendition_url(first.rendition_names[0])).status_code == 404
    assert work.versions.get(number=2).hidden_at is None


def test_the_page_of_a_version_plays_that_version_and_changes_nothing(client, alice):
    work = rewritten(published(alice))
    text = page(client, work, "version", 1).content.decode()
    assert "<strong>lit</strong>" in text
    assert "not the version that is shown" in text
    assert "Show version 1 again" not in text
    client.force_login(alice)
    assert "Show version 1 again" in page(client, work, "version", 1).content.decode()
    work.refresh_from_db()
    assert work.current_version.number == 2


def test_the_artist_goes_back_by_a_plain_form(client, alice, charlie):
    work = rewritten(published(alice))
    address = reverse("contributions:versions", args=[work.pk])
    client.force_login(charlie)
    assert client.post(address, {"show": "1"}).status_code == 404
    client.force_login(alice)
    answer = client.post(address, {"show": "1"}, follow=True)
    assert "Version 1 is shown now" in answer.content.decode()
    assert client.post(address, {"show": "9"}).status_code == 404
    assert "Only you see version 2" in client.post(address, {"hide": "2"}, follow=True).content.decode()


def test_a_new_version_without_a_note_is_asked_for_one_and_kept(client, alice):
    work = published(alice)
    client.force_login(alice)
    address = reverse("contributions:write_on", args=[work.pk])
    sent = {"title": work.title, "body": "Another end.", "then": "publish"}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "Another end." in answer.content.decode()
    assert client.post(address, sent | {"note": "The end"}).status_code == 302
    assert work.versions.get(number=2).note == "The end"


def test_thirty_versions_cost_no_more_queries_than_three(client, alice):
    work = published(alice)
    address = reverse("contributions:versions", args=[work.pk])
    Version.objects.bulk_create(
        Version(contribution=work, number=number, ready_at=work.published_at) for number in range(2, 5)
    )
    before = cost_of(client, address)
    Version.objects.bulk_create(
        Version(contribution=work, number=number, ready_at=work.published_at) for number in range(5, 32)
    )
    assert cost_of(client, address) == before


@pytest.mark.parametrize("name", ["versions", "files"])
def test_the_pages_of_a_draft_are_its_artists_alone(client, alice, charlie, name):
    work = written(alice)
    client.force_login(charlie)
    assert page(client, work, name).status_code == 404
    client.force_login(alice)
    assert page(client, work, name).status_code == 200
