"""A published work may be given under a wider licence as well; what was given before stays given."""

import re

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from contributions import actions, rights
from contributions.errors import NotYours, PublishRefused, RelicenceRefused, WrongState
from contributions.models import LicenceGrant, RightsReceipt
from contributions.rights import Grant, Material, conflicts, is_wider
from profiles.models import Event, Notice
from tests.contributions.works import declared, licence, published, written

BY = Grant("CC-BY", "CC BY 4.0")
BY_SA = Grant("CC-BY-SA", "CC BY-SA 4.0", share_alike=True)
BY_NC = Grant("CC-BY-NC", "CC BY-NC 4.0", commercial=False)
BY_NC_SA = Grant("CC-BY-NC-SA", "CC BY-NC-SA 4.0", commercial=False, share_alike=True)
FREE = Grant("CC0", "CC0 1.0")
SITE = Grant("SITE", "This site only", site_only=True)
EVERY = (BY, BY_SA, BY_NC, BY_NC_SA, FREE, SITE)
WIDER = {
    (BY_SA, BY), (BY_SA, FREE), (BY_NC, BY), (BY_NC, FREE), (BY, FREE),
    (BY_NC_SA, BY), (BY_NC_SA, BY_SA), (BY_NC_SA, BY_NC), (BY_NC_SA, FREE),
    *((SITE, other) for other in (BY, BY_SA, BY_NC, BY_NC_SA, FREE)),
}  # fmt: skip


@pytest.mark.parametrize("old", EVERY, ids=lambda grant: grant.code)
@pytest.mark.parametrize("new", EVERY, ids=lambda grant: grant.code)
def test_wider_is_what_takes_nothing_away_and_allows_more(old, new):
    assert is_wider(new, old) == ((old, new) in WIDER)


def test_a_source_counts_by_any_of_the_licences_it_was_given_under():
    source = Material("Waltz", "Alice", BY_SA, earlier=(BY_NC_SA, BY_SA))
    assert [chosen.code for chosen in EVERY if not conflicts(chosen, [source])] == ["CC-BY-SA", "CC-BY-NC-SA"]


def test_a_wider_licence_is_a_new_row_with_a_receipt(alice, bob):
    work = published(alice, code="CC-BY-NC")
    published(bob, "Built on it", sources=[work], code="CC-BY-NC")
    work = actions.relicense(actor=alice, contribution=work, licence=licence("CC-BY"))
    actions.relicense(actor=alice, contribution=work, licence=licence("CC-BY"))
    grants = LicenceGrant.objects.filter(contribution=work)
    assert list(grants.values_list("licence__code", flat=True)) == ["CC-BY-NC", "CC-BY"]
    answers = list(RightsReceipt.objects.filter(contribution=work).order_by("pk").values_list("answers", flat=True))
    assert [each["licence"][0] for each in answers] == ["CC-BY-NC", "CC-BY"]
    event = Event.objects.get(verb="contributions.relicensed")
    assert event.payload == {"from": licence("CC-BY-NC").pk, "to": licence("CC-BY").pk}
    assert "CC BY 4.0 as well" in Notice.objects.get(recipient=bob, event=event).text


@pytest.mark.parametrize(
    ("old", "new"), [("CC-BY", "CC-BY-NC"), ("CC-BY", "SITE"), ("CC0", "CC-BY"), ("CC-BY-NC", "CC-BY-SA")]
)
def test_nothing_is_taken_away(alice, old, new):
    work = published(alice, code=old)
    with pytest.raises(RelicenceRefused, match="take away"):
        actions.relicense(actor=alice, contribution=work, licence=licence(new))
    assert LicenceGrant.objects.count() == 1


def test_the_new_receipt_names_the_sources_as_the_first_did(alice, bob):
    first = published(alice, "Waltz")
    second = published(bob, sources=[first], code="CC-BY-NC")
    actions.relicense(actor=bob, contribution=second, licence=licence("CC-BY"))
    sources = [receipt.answers["sources"] for receipt in second.receipts.order_by("pk")]
    assert sources == [[{"kind": "reuses", "contribution": first.pk, "external": None, "rate_bps": 3000}]] * 2


def test_an_ancestor_however_far_stands_in_the_way_by_name(alice, bob, charlie):
    first = published(alice, "Waltz", code="CC-BY-NC")
    second = published(bob, "Slower", sources=[first], code="CC-BY-NC")
    third = published(charlie, "Slowest", sources=[second], code="CC-BY-NC")
    with pytest.raises(RelicenceRefused, match="“Waltz” by Alice") as refused:
        actions.relicense(actor=charlie, contribution=third, licence=licence("CC-BY"))
    assert [problem.field for problem in refused.value.problems] == ["licence", "licence"]


def test_the_whole_cone_opens_from_its_root(alice, bob, charlie):
    first = published(alice, "Waltz", code="CC-BY-NC")
    second = published(bob, "Slower", sources=[first], code="CC-BY-NC")
    third = published(charlie, "Slowest", sources=[second], code="CC-BY-NC")
    for artist, work in ((alice, first), (bob, second), (charlie, third)):
        assert actions.relicense(actor=artist, contribution=work, licence=licence("CC-BY")).licence == licence("CC-BY")


def test_an_inspiration_does_not_stand_in_the_way(alice, bob):
    first = published(alice, code="CC-BY-NC")
    second = published(bob, sources=[(first, "inspired")], code="CC-BY-NC")
    assert actions.relicense(actor=bob, contribution=second, licence=licence("CC-BY")).licence == licence("CC-BY")


def test_an_external_source_of_the_work_itself_counts(alice):
    work = declared(written(alice), "CC-BY-NC")
    actions.add_external_source(
        actor=alice, contribution=work, title="Old song", author="Someone", licence_name="CC BY-NC 4.0"
    )
    work = actions.publish_contribution(actor=alice, contribution=work)
    with pytest.raises(RelicenceRefused, match="Old song"):
        actions.relicense(actor=alice, contribution=work, licence=licence("CC-BY"))


def test_remixes_of_before_go_on_and_new_ones_may_choose(alice, bob, charlie):
    first = published(alice, code="CC-BY-NC-SA")
    second = published(bob, sources=[first], code="CC-BY-NC-SA")
    actions.relicense(actor=alice, contribution=first, licence=licence("CC-BY-SA"))
    third = published(charlie, "Built on both", sources=[first, second], code="CC-BY-NC-SA")
    assert third.is_published
    with pytest.raises(PublishRefused):
        published(charlie, "Another", sources=[second], code="CC-BY-SA")


def test_only_the_artist_and_only_a_published_work(alice, bob):
    work = published(alice, code="CC-BY-NC")
    with pytest.raises(NotYours):
        actions.relicense(actor=bob, contribution=work, licence=licence("CC-BY"))
    with pytest.raises(WrongState):
        actions.relicense(actor=alice, contribution=written(alice), licence=licence("CC-BY"))
    actions.withdraw(actor=alice, contribution=work)
    with pytest.raises(WrongState):
        actions.relicense(actor=alice, contribution=work, licence=licence("CC-BY"))


def test_a_licence_no_longer_offered_is_not_given(alice, dana):
    work = published(alice, code="CC-BY-NC")
    actions.offer_licence(actor=dana, licence=licence("CC-BY"), offered=False)
    with pytest.raises(RelicenceRefused, match="no longer offered"):
        actions.relicense(actor=alice, contribution=work, licence=licence("CC-BY"))


def test_postgresql_refuses_to_take_a_licence_back(alice):
    published(alice)
    for change in (lambda: LicenceGrant.objects.update(licence=licence("SITE")), LicenceGrant.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_page_shows_the_history_to_all_and_the_choice_to_the_artist(client, alice, charlie):
    work = published(alice, code="CC-BY-NC")
    address = reverse("contributions:licence", args=[work.pk])
    client.force_login(charlie)
    page = client.get(address).content.decode()
    assert "CC BY-NC 4.0" in page
    assert "Give this licence" not in page
    assert client.post(address, {"licence": licence("CC-BY").pk}).status_code == 404
    client.force_login(alice)
    assert client.post(address, {"licence": licence("SITE").pk}).status_code == 422
    page = client.post(address, {"licence": licence("CC-BY").pk}, follow=True).content.decode()
    assert page.index("CC BY 4.0</b>") < page.index("CC BY-NC 4.0</b>")


def test_the_page_of_a_draft_leads_to_the_draft(client, alice):
    work = written(alice)
    client.force_login(alice)
    assert client.get(reverse("contributions:licence", args=[work.pk])).status_code == 302


def test_what_cannot_be_chosen_says_which_ancestor_forbids_it(client, alice, bob):
    first = published(alice, "Waltz", code="CC-BY-NC")
    draft = written(bob)
    actions.add_source(actor=bob, contribution=draft, source=first)
    client.force_login(bob)
    page = client.get(draft.edit_url).content.decode()
    assert "CC BY 4.0: not possible. “Waltz” by Alice is under CC BY-NC 4.0" in page
    assert "CC BY-NC 4.0: Anyone anywhere may share" in page
    draft = declared(draft, "CC-BY-NC")
    published_work = actions.publish_contribution(actor=bob, contribution=draft)
    page = client.get(reverse("contributions:licence", args=[published_work.pk])).content.decode()
    assert "CC BY 4.0: not possible. “Waltz” by Alice" in page
    assert "Give this licence" not in page


def test_what_is_possible_can_be_chosen_beside_what_is_not(client, alice, bob):
    first = published(alice, "Waltz", code="CC-BY")
    work = published(bob, sources=[(first, "adapts")], code="CC-BY-NC")
    client.force_login(bob)
    address = reverse("contributions:licence", args=[work.pk])
    page = client.get(address).content.decode()
    possible, not_possible = licence("CC-BY"), licence("CC0")
    assert re.search(rf'value="{not_possible.pk}"[^>]*disabled', page)
    assert not re.search(rf'value="{possible.pk}"[^>]*disabled', page)
    refused = client.post(address, {"licence": not_possible.pk})
    assert refused.status_code == 422
    assert "CC0 1.0 would give that away" in refused.content.decode()
    assert client.post(address, {"licence": possible.pk}).status_code == 302
    assert [grant.licence for grant in work.grants.order_by("pk")] == [licence("CC-BY-NC"), possible]


def test_the_six_licences_are_there(db):
    assert rights.parse("CC BY-NC-SA 4.0").code == "CC-BY-NC-SA"
    for code in ("CC-BY", "CC-BY-SA", "CC-BY-NC", "CC-BY-NC-SA", "CC0", "SITE"):
        assert licence(code).offered


def test_the_wish_about_ai_training_stands_in_receipt_page_and_every_file(client, alice):
    work = published(alice)
    assert work.receipts.get().answers["ai_training"] == "no"
    page = client.get(work.get_absolute_url()).content.decode()
    assert '<meta name="tdm-reservation" content="1">' in page
    assert "machines shall not learn from it" in page
    file = work.current_version.rendition_url("text/body.html")
    assert client.get(file)["TDM-Reservation"] == "1"
    assert client.get(reverse("contributions:book", args=[work.pk]))["TDM-Reservation"] == "1"
    actions.update_details(actor=alice, contribution=work, ai_training="yes")
    assert "TDM-Reservation" not in client.get(file).headers
    assert "tdm-reservation" not in client.get(work.get_absolute_url()).content.decode()


def test_the_wish_is_asked_in_the_form_and_kept_for_the_next_work(client, alice):
    work = published(alice)
    client.force_login(alice)
    sent = {"title": work.title, "description": "", "tags": "", "language": "", "content_notes": ""}
    client.post(work.edit_url, sent | {"ai_training": "ask"})
    work.refresh_from_db()
    assert work.ai_training == "ask"
    page = client.get(written(alice).edit_url).content.decode()
    assert (
        'value="ask" id="id_ai_training_1" checked' in page or 'value="ask"' in page.split("id_ai_training_1")[0][-40:]
    )
