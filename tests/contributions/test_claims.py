"""Claims of a missing source: who may make and answer them, what they leave, what the database refuses."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from contributions import actions
from contributions.actions import claims
from contributions.errors import ClaimRefused, NotYours, WrongState
from contributions.models import Claim, Family, LaterCredit
from profiles.models import Event, Notice
from tests.contributions.works import published, written

SHOWS = "The second verse is his, word for word."


@pytest.fixture
def pair(alice, bob):
    """A work of alice's, and an older one of bob's that it does not name."""
    source = published(bob, "Steam")
    return published(alice, "Kettle"), source


def claimed(pair, by, **more):
    work, source = pair
    return actions.file_claim(actor=by, contribution=work, source=source, evidence=SHOWS, **more)


def told(artist):
    return [notice.text for notice in Notice.objects.filter(recipient=artist).order_by("pk")]


def text_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def test_a_claim_is_made_and_both_artists_are_told(pair, alice, bob, charlie):
    claim = claimed(pair, charlie)
    assert (claim.status, claim.evidence) == ("open", SHOWS)
    assert told(alice)[-1] == "Charlie says that “Kettle” builds on “Steam”. Please answer."
    assert told(bob)[-1] == "Charlie says that “Kettle” builds on your work “Steam”"
    assert Event.objects.filter(verb="contributions.claim_filed", payload__claim=claim.pk).exists()


def test_accepting_credits_the_source_and_adds_no_edge(pair, alice, bob):
    work, source = pair
    claim = claimed(pair, bob)
    assert not LaterCredit.objects.exists()
    actions.answer_claim(actor=alice, claim=claim, accepted=True, answer="You are right, from memory.")
    credit = LaterCredit.objects.get()
    assert (credit.contribution, credit.source, credit.by) == (work, source, alice)
    assert credit.note == "You are right, from memory."
    assert not work.source_edges.exists()
    assert Family.objects.get(pk=work.pk).work_count == 1
    assert told(bob)[-1] == "“Kettle” now credits “Steam”"


def test_an_accepted_source_stands_on_both_pages(pair, client, alice, bob):
    work, source = pair
    actions.answer_claim(actor=alice, claim=claimed(pair, bob), accepted=True)
    assert "Credited later:" in text_of(client, work.get_absolute_url())
    assert "Credited later by" in text_of(client, source.get_absolute_url())


def test_declining_needs_a_reason_and_tells_it(pair, alice, charlie):
    claim = claimed(pair, charlie)
    with pytest.raises(WrongState, match="why not"):
        actions.answer_claim(actor=alice, claim=claim, accepted=False, answer="  ")
    actions.answer_claim(actor=alice, claim=claim, accepted=False, answer="Both quote a hymn.")
    assert Claim.objects.get().status == "declined"
    assert not LaterCredit.objects.exists()
    assert "Both quote a hymn." in told(charlie)[-1]


def test_a_moderator_may_answer_and_a_stranger_may_not(pair, sam, bob, charlie):
    claim = claimed(pair, bob)
    with pytest.raises(NotYours):
        actions.answer_claim(actor=charlie, claim=claim, accepted=True)
    assert actions.answer_claim(actor=sam, claim=claim, accepted=True).answered_by == sam


def test_an_answered_claim_is_answered_once(pair, alice, bob):
    claim = claimed(pair, bob)
    actions.answer_claim(actor=alice, claim=claim, accepted=False, answer="No.")
    with pytest.raises(WrongState):
        actions.answer_claim(actor=alice, claim=claim, accepted=True)
    with pytest.raises(WrongState):
        actions.withdraw_claim(actor=bob, claim=claim)


def test_who_made_a_claim_takes_it_back(pair, bob, charlie):
    claim = claimed(pair, bob)
    with pytest.raises(NotYours):
        actions.withdraw_claim(actor=charlie, claim=claim)
    assert actions.withdraw_claim(actor=bob, claim=claim).status == "withdrawn"
    assert claimed(pair, charlie).is_open


def test_one_open_claim_a_pair(pair, bob, charlie):
    claimed(pair, bob)
    with pytest.raises(ClaimRefused, match="already"):
        claimed(pair, charlie)


def test_what_is_named_or_credited_already_cannot_be_claimed(pair, alice, bob, charlie):
    _work, source = pair
    remix = published(alice, "Rain", sources=[source])
    with pytest.raises(ClaimRefused, match="names"):
        actions.file_claim(actor=charlie, contribution=remix, source=source, evidence=SHOWS)
    actions.answer_claim(actor=alice, claim=claimed(pair, bob), accepted=True)
    with pytest.raises(ClaimRefused, match="credits"):
        claimed(pair, charlie)


def test_a_work_is_not_claimed_of_itself_nor_of_what_nobody_sees(pair, alice, bob):
    work, _source = pair
    with pytest.raises(ClaimRefused, match="itself"):
        actions.file_claim(actor=bob, contribution=work, source=work, evidence=SHOWS)
    with pytest.raises(ClaimRefused, match="anybody"):
        actions.file_claim(actor=bob, contribution=work, source=written(bob), evidence=SHOWS)
    actions.withdraw(actor=alice, contribution=work)
    with pytest.raises(ClaimRefused, match="anybody"):
        claimed(pair, bob)


def test_a_claim_says_what_shows_it(pair, bob):
    work, source = pair
    with pytest.raises(WrongState, match="what shows it"):
        actions.file_claim(actor=bob, contribution=work, source=source, evidence=" ")


def test_a_day_holds_only_so_many_claims_of_one_artist(pair, alice, bob, charlie, monkeypatch):
    monkeypatch.setattr(claims, "MOST_A_DAY", 1)
    claimed(pair, bob)
    other = published(alice, "Rain")
    with pytest.raises(ClaimRefused, match="today"):
        actions.file_claim(actor=bob, contribution=other, source=pair[1], evidence=SHOWS)
    assert actions.file_claim(actor=charlie, contribution=other, source=pair[1], evidence=SHOWS).is_open


def test_a_moment_beyond_the_work_is_left_out(pair, bob):
    assert claimed(pair, bob, at_ms=79_000).at_ms is None


@pytest.mark.parametrize(
    "change", ["evidence = 'other'", "source_id = contribution_id", "claimed_by_id = answered_by_id"]
)
def test_the_database_keeps_what_was_said(pair, bob, change):
    claim = claimed(pair, bob)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE contributions_claim SET {change} WHERE id = %s", [claim.pk])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM contributions_claim WHERE id = %s", [claim.pk])


# -- the pages


def test_the_form_is_filled_in_and_refusals_keep_the_words(pair, client, charlie):
    work, source = pair
    client.force_login(charlie)
    address = reverse("contributions:claims", args=[work.pk])
    refused = client.post(address, {"source": "the song", "evidence": SHOWS})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Give the address of a work" in page
    assert SHOWS in page
    assert client.post(address, {"source": "999999", "evidence": SHOWS}).status_code == 422
    assert client.post(address, {"source": source.get_absolute_url(), "evidence": SHOWS}).status_code == 302
    assert Claim.objects.get().claimed_by == charlie
    again = client.post(address, {"source": str(source.pk), "evidence": SHOWS})
    assert "already" in again.content.decode()


def test_a_visitor_is_asked_to_log_in_and_reads_accepted_claims_alone(pair, client, alice, bob, charlie):
    work, source = pair
    address = reverse("contributions:claims", args=[work.pk])
    claim = claimed(pair, bob)
    assert SHOWS not in text_of(client, address)
    assert client.post(address, {"source": str(source.pk)}).status_code == 302
    client.force_login(charlie)
    assert SHOWS not in text_of(client, address)
    actions.answer_claim(actor=alice, claim=claim, accepted=True)
    assert SHOWS in text_of(client, address)


def test_the_artist_answers_on_the_page_of_requests(pair, client, alice, bob):
    work, _source = pair
    claim = claimed(pair, bob)
    client.force_login(alice)
    address = reverse("contributions:requests", args=[work.pk])
    assert SHOWS in text_of(client, address)
    refused = client.post(address, {"claim": claim.pk, "verdict": "decline", "answer": ""})
    assert refused.status_code == 422
    assert "Say why not" in refused.content.decode()
    client.post(address, {"claim": claim.pk, "verdict": "decline", "answer": "Both quote a hymn."})
    assert Claim.objects.get().answer == "Both quote a hymn."


def test_claims_about_and_by_me_stand_on_one_page(pair, client, alice, bob):
    claim = claimed(pair, bob)
    client.force_login(alice)
    assert "Accept and credit it" in text_of(client, reverse("contributions:my_claims"))
    client.force_login(bob)
    assert "Take it back" in text_of(client, reverse("contributions:my_claims"))
    client.post(reverse("contributions:withdraw_claim", args=[claim.pk]))
    assert Claim.objects.get().status == "withdrawn"


def test_a_stranger_cannot_take_back_or_answer_by_address(pair, client, bob, charlie):
    claim = claimed(pair, bob)
    client.force_login(charlie)
    assert client.post(reverse("contributions:withdraw_claim", args=[claim.pk])).status_code == 404
    address = reverse("contributions:requests", args=[pair[0].pk])
    assert client.post(address, {"claim": claim.pk, "verdict": "accept"}).status_code == 404


def test_a_moderator_answers_in_the_admin(pair, client, sam, bob):
    claim = claimed(pair, bob)
    client.force_login(sam)
    address = reverse("admin:contributions_claim_changelist")
    assert client.get(address).status_code == 200
    client.post(address, {"action": "decline_claims", "_selected_action": claim.pk, "reason": "Nothing shows it."})
    assert (Claim.objects.get().status, Claim.objects.get().answer) == ("declined", "Nothing shows it.")
