"""Paying out: destinations, batches, files, references."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from royalties import actions
from royalties.actions import payees, settling
from royalties.exceptions import (
    DestinationRefused,
    NotAllowed,
    RoyaltiesRefused,
    SecondPersonNeeded,
    WrongState,
)
from royalties.models import Batch, Destination, OutboxMail, Payout, Statement
from royalties.money import Money
from royalties.payouts.paypal import FileRefused, Payment, payment_file
from royalties.sealing import address_of, destination_code
from tests.royalties.conftest import balances_add_up, later, payable
from tests.royalties.payees import confirmed, ready, signed, with_a_key_that_gets_lost
from tests.royalties.test_money_admin import move


def test_an_address_is_sealed_and_confirmed_by_mail(alice: Any, finish_jobs: Any) -> None:
    with finish_jobs():
        destination = actions.set_destination(actor=alice, address=" Alice@Pay.Example ")
    assert b"alice" not in bytes(destination.address_encrypted)
    assert address_of(destination) == "alice@pay.example"
    sent = mail.outbox[-1]
    assert sent.to == ["alice@pay.example"]
    assert destination_code(destination) in sent.body
    with pytest.raises(DestinationRefused):
        actions.confirm_destination(actor=alice, code="wrong")
    assert actions.confirm_destination(actor=alice, code=destination_code(destination)).verified_at


def test_the_same_address_again_has_its_code_mailed_again_until_it_is_confirmed(
    alice: Any, finish_jobs: Any, time_machine: Any
) -> None:
    with finish_jobs():
        destination = actions.set_destination(actor=alice, address="alice@pay.example")
    with pytest.raises(DestinationRefused, match="less than an hour ago"):
        actions.set_destination(actor=alice, address="alice@pay.example")
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=61))
    with finish_jobs():
        assert actions.set_destination(actor=alice, address="alice@pay.example") == destination
    code = destination_code(destination)
    assert [code in message.body for message in mail.outbox] == [True, True]
    actions.confirm_destination(actor=alice, code=code)
    with finish_jobs():
        assert actions.set_destination(actor=alice, address="alice@pay.example") == destination
    assert len(mail.outbox) == 2


def test_codes_go_to_six_addresses_a_day_that_nobody_has_confirmed(alice: Any, time_machine: Any) -> None:
    began = timezone.now()
    confirmed(alice)
    for number in range(6):
        actions.set_destination(actor=alice, address=f"stranger{number}@pay.example")
    with pytest.raises(DestinationRefused, match="until tomorrow") as refusal:
        actions.set_destination(actor=alice, address="stranger6@pay.example")
    assert refusal.value.field == "address"
    assert OutboxMail.objects.filter(kind="destination_code").count() == 7
    assert Destination.objects.current().get().payee.artist == alice
    time_machine.move_to(began + dt.timedelta(hours=25))
    assert actions.set_destination(actor=alice, address="alice2@pay.example")


@pytest.mark.parametrize("address", ["", "no address", "=cmd@evil.example", "+1@evil.example", "-a@evil.example"])
def test_an_address_that_cannot_be_paid_is_refused(alice: Any, address: str) -> None:
    with pytest.raises(DestinationRefused):
        actions.set_destination(actor=alice, address=address)


def test_a_change_holds_payouts_and_warns_the_old_address(posted: Any, alice: Any, sam: Any, finish_jobs: Any) -> None:
    ready(alice)
    with finish_jobs():
        confirmed(alice, "new@pay.example")
    warned = [message.to for message in mail.outbox if "are to go to another address" in message.body]
    assert sorted(warned) == [["alice@example.com"], ["alice@pay.example"]]
    with pytest.raises(RoyaltiesRefused, match="Nobody"):
        actions.batch_payouts(actor=sam, currency="USD")
    after = later(posted) + dt.timedelta(days=400)
    assert actions.batch_payouts(actor=sam, currency="USD", now=after).payouts.count() == 1


def test_who_is_below_the_threshold_or_not_confirmed_waits(posted: Any, alice: Any, bob: Any, sam: Any) -> None:
    with pytest.raises(RoyaltiesRefused):
        actions.batch_payouts(actor=sam, currency="USD")
    signed(alice)
    actions.set_destination(actor=alice, address="alice@pay.example")
    ready(bob)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    assert [payout.payee.artist for payout in batch.payouts.all()] == [bob]


def test_the_threshold_is_a_policy_per_currency(posted: Any, alice: Any, sam: Any, settings: Any) -> None:
    ready(alice)
    settings.ROYALTY_POLICY = {"USD": {"payout_threshold": payable(alice) + 1}}
    with pytest.raises(RoyaltiesRefused):
        actions.batch_payouts(actor=sam, currency="USD")
    settings.ROYALTY_POLICY = {"USD": {"payout_threshold": payable(alice)}}
    assert actions.batch_payouts(actor=sam, currency="USD")


def test_another_person_submits_a_batch(posted: Any, alice: Any, sam: Any, dana: Any) -> None:
    ready(alice)
    own = actions.batch_payouts(actor=dana, currency="USD")
    with pytest.raises(SecondPersonNeeded):
        actions.submit_batch(actor=dana, batch=own)
    with pytest.raises(NotAllowed):
        actions.submit_batch(actor=sam, batch=own)
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.filter(pk=own.pk).update(submitted_by=dana)


def test_who_drafted_the_statement_cannot_pay_it(posted: Any, alice: Any, sam: Any, dana: Any) -> None:
    from profiles.actions import grant_powers
    from profiles.models import StaffPower

    ready(alice)
    batch = actions.batch_payouts(actor=dana, currency="USD")
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    with pytest.raises(SecondPersonNeeded, match="drafted"):
        actions.submit_batch(actor=sam, batch=batch)


def test_who_drafted_the_statement_cannot_pay_it_once_it_counts_as_paid_either(
    posted: Any, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    from profiles.actions import grant_powers
    from profiles.models import StaffPower

    ready(alice)
    ready(bob)
    hold = actions.place_hold(actor=dana, payee=bob.payee, kind="staff", reason="A question.")
    batch = actions.submit_batch(actor=dana, batch=actions.batch_payouts(actor=sam, currency="USD"))
    actions.settle_payout(actor=dana, payout=batch.payouts.get(), provider_reference="PP-1")
    posted.refresh_from_db()
    assert posted.status == "paid"
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    sam = type(sam).objects.get(pk=sam.pk)
    actions.lift_hold(actor=sam, hold=hold, reason="Answered.")
    batch = actions.batch_payouts(actor=dana, currency="USD")
    assert batch.payouts.get().payee == bob.payee
    with pytest.raises(SecondPersonNeeded, match="drafted"):
        actions.submit_batch(actor=sam, batch=batch)


def test_who_drafted_what_is_looked_up_at_the_same_cost_for_one_and_for_many(
    posted: Any, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    costs = []
    for artist in (alice, bob):
        ready(artist)
        batch = actions.batch_payouts(actor=sam, currency="USD")
        with CaptureQueriesContext(connection) as asked:
            actions.approve_batch(actor=dana, batch=batch)
        costs.append((batch.payouts.count(), len(asked)))
        actions.drop_batch(actor=sam, batch=batch)
    (one, cost), (two, same) = costs
    assert (one, two) == (1, 2)
    assert same <= cost, "the first one also learns what dana may do"


def test_an_address_that_cannot_be_opened_is_named_and_the_others_are_paid_without_it(
    client: Any, posted: Any, alice: Any, bob: Any, sam: Any, dana: Any, settings: Any
) -> None:
    with with_a_key_that_gets_lost(settings):
        ready(alice)
    ready(bob)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    wrong = batch.payouts.get(payee=alice.payee)
    client.force_login(dana)
    said = move(client, batch, "submit")
    assert len(said) == 1
    assert f"The address of payout {wrong.code} cannot be opened" in said[0]
    actions.place_hold(actor=dana, payee=alice.payee, kind="staff", reason="We look for your address.")
    batch = actions.submit_batch(actor=dana, batch=batch)
    assert batch.payouts.get(status="sent").payee == bob.payee
    balances_add_up()


def test_a_file_that_cannot_be_opened_is_refused_in_words(sent: Payout, dana: Any, client: Any) -> None:
    Batch.objects.filter(pk=sent.batch_id).update(file_encrypted=b"damaged")
    client.force_login(dana)
    page = client.get(reverse("admin:royalties_batch_file", args=[sent.batch_id]), follow=True)
    assert "cannot be opened" in page.text


def test_submitting_books_transit_and_makes_the_file(posted: Any, alice: Any, bob: Any, sam: Any, dana: Any) -> None:
    ready(alice)
    ready(bob)
    amount = payable(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    assert payable(alice) == amount
    actions.submit_batch(actor=dana, batch=batch)
    assert payable(alice) == 0
    balances_add_up()
    batch.refresh_from_db()
    row = next(row for row in actions.take_batch_file(actor=dana, batch=batch).decode().splitlines() if "alice" in row)
    recipient, written, currency, code, _note, wallet = row.split(",")
    assert (recipient, currency, wallet) == ("alice@pay.example", "USD", "PAYPAL")
    assert Money.parse(written, "USD").amount_minor == amount
    assert code == batch.payouts.get(payee=alice.payee).code
    with pytest.raises(NotAllowed):
        actions.take_batch_file(actor=sam, batch=batch)
    with pytest.raises(WrongState):
        actions.submit_batch(actor=dana, batch=batch)


def test_nobody_is_in_two_batches_at_once(posted: Any, alice: Any, sam: Any) -> None:
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    with pytest.raises(RoyaltiesRefused):
        actions.batch_payouts(actor=sam, currency="USD")
    actions.drop_batch(actor=sam, batch=batch)
    assert actions.batch_payouts(actor=sam, currency="USD").pk != batch.pk


@pytest.fixture
def sent(posted: Any, alice: Any, sam: Any, dana: Any) -> Payout:
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    actions.submit_batch(actor=dana, batch=batch)
    return batch.payouts.get()


def test_nothing_is_settled_without_a_reference(sent: Payout, dana: Any) -> None:
    with pytest.raises(RoyaltiesRefused, match="reference"):
        actions.settle_payout(actor=dana, payout=sent, provider_reference="  ")
    with pytest.raises(DatabaseError), transaction.atomic():
        Payout.objects.filter(pk=sent.pk).update(status="settled")
    actions.settle_payout(actor=dana, payout=sent, provider_reference="PP-1")
    balances_add_up()
    assert actions.settle_payout(actor=dana, payout=sent, provider_reference="PP-1").status == "settled"
    with pytest.raises(WrongState):
        actions.settle_payout(actor=dana, payout=sent, provider_reference="PP-2")
    with pytest.raises(WrongState):
        actions.fail_payout(actor=dana, payout=sent, reason="Too late.")


def test_statements_are_held_in_one_order_whatever_currencies_a_file_settles(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that two at the same moment do not wait for each other."""
    held: list[str] = []

    def posted(currency: str) -> Any:
        held.append(currency)
        return Statement.objects.none()

    monkeypatch.setattr(settling, "_posted", posted)
    currencies = ["USD", "EUR", "GBP", "JPY", "CHF", "SEK", "HUF", "TWD"]
    settling.mark_paid([Payout(currency=currency, payee_id=1) for currency in currencies])
    assert held == sorted(currencies)


def test_what_came_back_is_payable_again_and_goes_out_once_more(sent: Payout, alice: Any, sam: Any, dana: Any) -> None:
    with pytest.raises(RoyaltiesRefused):
        actions.fail_payout(actor=dana, payout=sent, reason="")
    actions.fail_payout(actor=dana, payout=sent, reason="Account closed")
    balances_add_up()
    assert payable(alice) == sent.amount_minor
    with pytest.raises(WrongState):
        actions.settle_payout(actor=dana, payout=sent, provider_reference="PP-1")
    again = actions.batch_payouts(actor=sam, currency="USD")
    assert again.payouts.get().amount_minor == sent.amount_minor


def test_members_pay_nobody(sent: Payout, charlie: Any) -> None:
    with pytest.raises(NotAllowed):
        actions.batch_payouts(actor=charlie, currency="USD")
    with pytest.raises(NotAllowed):
        actions.settle_payout(actor=charlie, payout=sent, provider_reference="PP-1")


@pytest.mark.parametrize("address", ['"a@b"@example.org', "=a@example.org", "+a@example.org"])
def test_an_address_that_the_file_refuses_is_refused_at_entry(alice: Any, address: str) -> None:
    with pytest.raises(FileRefused):
        payment_file([Payment(address, Money(100, "USD"), "po1", "")])
    with pytest.raises(DestinationRefused, match="cannot carry") as refusal:
        actions.set_destination(actor=alice, address=address)
    assert refusal.value.field == "address"


def test_a_payment_that_the_file_refuses_is_named(
    posted: Any, alice: Any, sam: Any, dana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an address that was taken before it was refused at entry."""
    with monkeypatch.context() as before:
        before.setattr(payees, "why_no_recipient", lambda _address: "")
        ready(alice, '"a@b"@example.org')
    batch = actions.batch_payouts(actor=sam, currency="USD")
    with pytest.raises(RoyaltiesRefused, match=batch.payouts.get().code):
        actions.submit_batch(actor=dana, batch=batch)
