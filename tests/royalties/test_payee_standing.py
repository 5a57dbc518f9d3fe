"""Who can be paid, and why somebody must wait: destinations, tax forms, holds, and payees who may be one person."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.utils import timezone

from profiles.models import Event, Notice
from royalties import actions
from royalties.details import details_of
from royalties.exceptions import (
    ConflictOfInterest,
    DestinationRefused,
    NotAllowed,
    RoyaltiesRefused,
    SecondPersonNeeded,
    WrongState,
)
from royalties.models import Destination, PayeeMatch, Payout, PayoutHold, TaxForm
from royalties.sealing import account_of, destination_code, open_sealed
from royalties.standing import due_in
from tests.royalties.conftest import balances_add_up, later, payable
from tests.royalties.payees import SEPA_ACCOUNT, bank_account, confirmed, owe, ready, signed, with_bank_account
from tests.royalties.test_one_person import tied


def codes(artist: Any, moment: dt.datetime, currency: str = "USD") -> set[str]:
    (due,) = due_in(currency, moment, payees=[artist.payee])
    return {obstacle.code for obstacle in due.obstacles}


def test_nobody_is_paid_without_a_tax_form(posted: Any, alice: Any, sam: Any) -> None:
    confirmed(alice)
    assert codes(alice, later(posted)) == {"tax_form"}
    with pytest.raises(RoyaltiesRefused, match="tax form"):
        actions.batch_payouts(actor=sam, currency="USD")
    signed(alice)
    assert actions.batch_payouts(actor=sam, currency="USD").payouts.get().payee == alice.payee


@pytest.mark.parametrize(("country", "kind"), [("US", "w9"), ("DE", "w8ben")])
def test_which_form_it_is_follows_from_the_country(alice: Any, country: str, kind: str, settings: Any) -> None:
    number = "536-90-4399" if country == "US" else "86 095 742 719"
    form = actions.sign_tax_form(actor=alice, country=country, tax_id=number, signed_name="Alice A.")
    assert form.kind == kind
    assert (form.valid_to is None) == (country == "US")
    assert open_sealed(form.tax_id_encrypted) in {b"536904399", b"86095742719"}
    settings.PAYER_COUNTRY = "DE"
    assert signed(alice).kind == "residence"


def test_a_form_that_was_replaced_does_not_come_back_when_the_newer_one_ends(posted: Any, alice: Any) -> None:
    confirmed(alice)
    for year, country, number in (2026, "US", "536-90-4399"), (2027, "DE", "86095742719"):
        moment = dt.datetime(year, 1, 5, tzinfo=dt.UTC)
        actions.sign_tax_form(actor=alice, country=country, tax_id=number, signed_name="Alice A.", now=moment)
    assert codes(alice, dt.datetime(2030, 12, 31, tzinfo=dt.UTC)) == set()
    after = dt.datetime(2031, 1, 2, tzinfo=dt.UTC)
    assert codes(alice, after) == {"tax_form"}
    assert details_of(alice.payee, after).form is None
    # Before the newer one began, the older one counts.
    form = details_of(alice.payee, dt.datetime(2026, 12, 31, tzinfo=dt.UTC)).form
    assert form is not None
    assert form.country == "US"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"tax_id": "123"}, "tax_id"),
        ({"country": "US", "tax_id": "000-00-0000"}, "tax_id"),
        ({"country": "Germany"}, "country"),
        ({"signed_name": "  "}, "signed_name"),
    ],
)
def test_a_form_that_says_nothing_is_refused_with_its_field(alice: Any, facts: dict[str, str], field: str) -> None:
    usual = {"country": "DE", "tax_id": "86095742719", "signed_name": "Alice A."}
    with pytest.raises(DestinationRefused) as refusal:
        actions.sign_tax_form(actor=alice, **(usual | facts))
    assert refusal.value.field == field


def test_a_form_ends_and_a_newer_one_takes_its_place(posted: Any, alice: Any) -> None:
    ready(alice)
    form = TaxForm.objects.get()
    after = dt.datetime(form.valid_to.year + 1, 1, 1, tzinfo=dt.UTC) if form.valid_to else None
    assert after is not None
    assert codes(alice, after) == {"tax_form"}
    signed(alice, now=after)
    assert codes(alice, after) == set()
    with pytest.raises(DatabaseError), transaction.atomic():
        TaxForm.objects.filter(pk=form.pk).update(country="FR")


def test_a_bank_account_is_sealed_and_confirmed_by_mail_to_the_account(
    alice: Any, finish_jobs: Any, settings: Any
) -> None:
    with pytest.raises(DestinationRefused):
        actions.set_destination(actor=alice, account=bank_account())
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    with finish_jobs():
        destination = actions.set_destination(actor=alice, account=bank_account())
    assert account_of(destination).iban == "NL91ABNA0417164300"
    assert b"NL91" not in bytes(destination.address_encrypted)
    assert mail.outbox[-1].to == ["alice@example.com"]
    assert destination_code(destination) in mail.outbox[-1].body
    with pytest.raises(DestinationRefused) as refusal:
        actions.set_destination(actor=alice, account=bank_account(iban="NL91"))
    assert refusal.value.field == "iban"


def test_an_address_that_is_only_typed_stops_nobody(posted: Any, alice: Any, charlie: Any) -> None:
    ready(alice)
    typed = actions.set_destination(actor=charlie, address="alice@pay.example")
    assert not PayeeMatch.objects.exists()
    assert codes(alice, later(posted)) == set()
    actions.confirm_destination(actor=charlie, code=destination_code(typed))
    assert codes(alice, later(posted)) == {"match"}


def test_a_hold_keeps_back_what_stands_on_the_persons_other_account(
    posted: Any, alice: Any, charlie: Any, dana: Any
) -> None:
    ready(alice)
    tied(alice, charlie)
    assert codes(alice, later(posted)) == set()
    actions.place_hold(actor=dana, payee=charlie.payee, kind="minor", reason="Born in 2012.")
    assert codes(alice, later(posted)) == {"hold_minor"}


def test_what_was_never_confirmed_is_removed_without_a_wait(alice: Any, finish_jobs: Any, settings: Any) -> None:
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    bank = with_bank_account(alice)
    day = bank.held_until + dt.timedelta(days=30)
    paypal = actions.set_destination(actor=alice, address="alice@pay.example", now=day)
    assert codes(alice, day) == {"code"}
    mail.outbox.clear()
    with finish_jobs():
        actions.remove_destination(actor=alice, destination=paypal, now=day)
    assert mail.outbox == []
    bank.refresh_from_db()
    assert bank.held_until < day


def test_the_only_way_may_go_and_another_one_after_it_waits(alice: Any) -> None:
    actions.remove_destination(actor=alice, destination=confirmed(alice))
    assert codes(alice, timezone.now()) == {"tax_form", "destination"}
    again = actions.set_destination(actor=alice, address="thief@pay.example")
    assert again.held_until - again.created_at == dt.timedelta(hours=72)


def test_nobody_else_removes_it(alice: Any, dana: Any) -> None:
    destination = confirmed(alice)
    with pytest.raises(NotAllowed):
        actions.remove_destination(actor=dana, destination=destination)
    assert Destination.objects.get().replaced_at is None


def test_a_payment_made_ready_for_a_removed_way_is_left_out(
    posted: Any, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    for artist in (alice, bob):
        ready(artist)
    moment = later(posted, days=5)
    batch = actions.batch_payouts(actor=sam, currency="USD", now=moment)
    owed = payable(alice)
    actions.remove_destination(actor=alice, destination=alice.payee.destinations.get(), now=moment)
    actions.submit_batch(actor=dana, batch=batch, now=moment)
    assert {payout.payee.artist.handle: payout.status for payout in batch.payouts.all()} == {
        "alice": "dropped",
        "bob": "sent",
    }
    assert payable(alice) == owed


def test_euros_go_to_the_bank_and_dollars_wait_for_a_rate(
    posted: Any, alice: Any, sam: Any, dana: Any, settings: Any
) -> None:
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    destination = actions.set_destination(actor=alice, account=bank_account())
    actions.confirm_destination(actor=alice, code=destination_code(destination))
    signed(alice)
    assert codes(alice, later(posted)) == {"rate"}
    owe(alice, 80_00, "EUR")
    batch = actions.batch_payouts(actor=sam, currency="EUR")
    assert batch.method == "sepa"
    actions.submit_batch(actor=dana, batch=batch)
    batch.refresh_from_db()
    content = actions.take_batch_file(actor=dana, batch=batch)
    assert batch.payouts.get().code.encode() in content
    assert b"<IBAN>NL91ABNA0417164300</IBAN>" in content
    assert payable(alice, "EUR") == 0
    balances_add_up()


def test_payees_with_one_destination_wait_until_staff_say_who_they_are(
    posted: Any, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    ready(alice, "shared@pay.example")
    assert not PayeeMatch.objects.exists()
    ready(bob, "SHARED@pay.example")
    match = PayeeMatch.objects.get()
    assert match.ground == "destination"
    with pytest.raises(RoyaltiesRefused, match="Nobody"):
        actions.batch_payouts(actor=sam, currency="USD")
    assert codes(alice, later(posted)) == codes(bob, later(posted)) == {"match"}
    with pytest.raises(RoyaltiesRefused, match="reason"):
        actions.decide_match(actor=dana, match=match, outcome="two", reason=" ")
    with pytest.raises(NotAllowed):
        actions.decide_match(actor=alice, match=match, outcome="two", reason="We are two.")
    actions.decide_match(actor=dana, match=match, outcome="two", reason="A couple with one account, both seen.")
    assert actions.batch_payouts(actor=sam, currency="USD").payouts.count() == 2


def test_one_person_with_two_accounts_has_one_threshold(
    posted: Any, alice: Any, bob: Any, sam: Any, dana: Any, settings: Any
) -> None:
    ready(alice)
    confirmed(bob)
    actions.sign_tax_form(actor=bob, country="DE", tax_id=f"86.095.742/{alice.pk:03d}", signed_name="Alice A.")
    match = PayeeMatch.objects.get(ground="tax_id")
    both = payable(alice) + payable(bob)
    settings.ROYALTY_POLICY = {"USD": {"payout_threshold": both}}
    actions.decide_match(actor=dana, match=match, outcome="two", reason="Not seen yet.")
    with pytest.raises(RoyaltiesRefused, match="threshold"):
        actions.batch_payouts(actor=sam, currency="USD")
    actions.decide_match(actor=dana, match=match, outcome="one", reason="Her second account; she wrote to us.")
    batch = actions.batch_payouts(actor=sam, currency="USD")
    assert sum(payout.amount_minor for payout in batch.payouts.all()) == both


@pytest.mark.parametrize("kind", PayoutHold.Kind.values)
def test_a_hold_sets_the_money_aside_until_another_person_lifts_it(
    posted: Any, alice: Any, sam: Any, dana: Any, kind: str
) -> None:
    ready(alice)
    amount = payable(alice)
    with pytest.raises(RoyaltiesRefused, match="reason"):
        actions.place_hold(actor=dana, payee=alice.payee, kind=kind, reason="")
    hold = actions.place_hold(actor=dana, payee=alice.payee, kind=kind, reason="Her guardian must write to us.")
    assert (payable(alice), payable(alice, root="held")) == (0, amount)
    assert Notice.objects.filter(recipient=alice, text__contains="guardian").exists()
    owe(alice, 9_000, "USD", "more")
    assert codes(alice, later(posted)) == {f"hold_{kind}"}
    with pytest.raises(WrongState):
        actions.place_hold(actor=dana, payee=alice.payee, kind=kind, reason="Again.")
    with pytest.raises(SecondPersonNeeded):
        actions.lift_hold(actor=dana, hold=hold, reason="She wrote.")
    with pytest.raises(NotAllowed):
        actions.lift_hold(actor=sam, hold=hold, reason="She wrote.")
    from profiles.actions import grant_powers
    from profiles.models import StaffPower

    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    actions.lift_hold(actor=sam, hold=hold, reason="She wrote.")
    assert (payable(alice), payable(alice, root="held")) == (amount + 9_000, 0)
    with pytest.raises(WrongState):
        actions.lift_hold(actor=sam, hold=hold, reason="Again.")
    balances_add_up()


def test_what_changes_between_preparing_and_submitting_is_left_out(
    posted: Any, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    ready(alice)
    ready(bob)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    confirmed(bob, "thief@pay.example")
    actions.submit_batch(actor=dana, batch=batch)
    status = dict(batch.payouts.values_list("payee__artist__handle", "status"))
    assert status == {"alice": "sent", "bob": "dropped"}
    assert payable(bob) > 0
    batch.refresh_from_db()
    assert b"bob" not in actions.take_batch_file(actor=dana, batch=batch)
    assert Event.objects.filter(verb="royalties.payout_left_out").count() == 1
    balances_add_up()


def test_a_batch_of_which_nobody_is_left_is_not_submitted(posted: Any, alice: Any, sam: Any, dana: Any) -> None:
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    actions.place_hold(actor=dana, payee=alice.payee, kind="dispute", reason="Somebody claims the poem.")
    with pytest.raises(WrongState, match="drop it"):
        actions.submit_batch(actor=dana, batch=batch)
    actions.drop_batch(actor=sam, batch=batch)
    assert Payout.objects.get().status == "dropped"


def test_a_large_batch_wants_a_third_person(posted: Any, alice: Any, sam: Any, dana: Any, settings: Any) -> None:
    from profiles.actions import grant_powers
    from tests.support.cast import join

    ready(alice)
    settings.ROYALTY_POLICY = {"USD": {"third_person_from": payable(alice)}}
    batch = actions.batch_payouts(actor=sam, currency="USD")
    with pytest.raises(SecondPersonNeeded, match="third"):
        actions.submit_batch(actor=dana, batch=batch)
    with pytest.raises(NotAllowed):
        actions.approve_batch(actor=sam, batch=batch)
    actions.approve_batch(actor=dana, batch=batch)
    with pytest.raises(WrongState):
        actions.approve_batch(actor=dana, batch=batch)
    with pytest.raises(SecondPersonNeeded):
        actions.submit_batch(actor=dana, batch=batch)
    eve = join("eve")
    grant_powers(actor=None, artist=eve, powers=["finance"])
    eve.refresh_from_db()
    actions.submit_batch(actor=type(eve).objects.get(pk=eve.pk), batch=batch)
    batch.refresh_from_db()
    assert batch.status == "submitted"


def test_a_verdict_is_not_given_about_oneself(posted: Any, alice: Any, dana: Any) -> None:
    ready(alice, "shared@pay.example")
    ready(dana, "shared@pay.example")
    with pytest.raises(ConflictOfInterest):
        actions.decide_match(actor=dana, match=PayeeMatch.objects.get(), outcome="two", reason="It is me.")
    with pytest.raises(DatabaseError), transaction.atomic():
        PayeeMatch.objects.update(ground="tax_id")


def test_everybody_is_batched_in_as_many_files_as_it_takes(
    posted: Any, alice: Any, bob: Any, sam: Any, monkeypatch: Any
) -> None:
    from royalties.payouts import files

    monkeypatch.setattr(files, "LARGEST", 1)
    ready(alice)
    ready(bob)
    batches = actions.prepare_batches(actor=sam, currency="USD")
    assert [batch.payouts.count() for batch in batches] == [1, 1]


def test_standing_costs_the_same_for_few_and_for_many(
    posted: Any, alice: Any, bob: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.support.cast import join

    ready(alice)
    ready(bob)
    with CaptureQueriesContext(connection) as few:
        assert len(due_in("USD", later(posted))) == 2
    for number in range(8):
        artist = join(f"more{number}")
        ready(artist)
        owe(artist, 5_000, "USD", f"many{number}")
    with CaptureQueriesContext(connection) as many:
        assert len(due_in("USD", later(posted))) == 10
    assert len(many) == len(few)
