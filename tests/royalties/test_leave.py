"""Who closes an account takes address, tax number and name along; what they are owed stays theirs."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from profiles.actions import close_account
from royalties import actions, ledger, sealing
from royalties.checks import run_checks
from royalties.models import Destination, Payee, StatementClaim, TaxForm
from tests.royalties.conftest import later
from tests.royalties.payees import ready

pytestmark = pytest.mark.usefixtures("db")


def known_of(artist: Any) -> list[bytes]:
    """Every sealed word about the person."""
    words = [bytes(row.address_encrypted) for row in Destination.objects.filter(payee__artist=artist)]
    for form in TaxForm.objects.filter(payee__artist=artist):
        words += [bytes(form.tax_id_encrypted), bytes(form.signed_name_encrypted)]
    return words


def test_an_address_and_a_tax_number_go_at_once_where_nothing_is_owed(charlie):
    ready(charlie)
    assert all(known_of(charlie))
    close_account(actor=charlie)
    assert set(known_of(charlie)) == {b""}
    assert actions.forget_left_payees() == 0


def test_what_is_owed_is_paid_to_the_old_address_first(posted, alice, sam, dana):
    destination = ready(alice)
    address = sealing.address_of(destination)
    owed = ledger.balance(f"payable:{destination.payee.code}:USD").amount_minor
    assert owed < 0
    close_account(actor=alice)
    destination.refresh_from_db()
    assert sealing.address_of(destination) == address
    assert actions.forget_left_payees() == 0
    batch = actions.batch_payouts(actor=sam, currency="USD", now=later(posted, days=5))
    actions.submit_batch(actor=dana, batch=batch, now=later(posted, days=5))
    payout = batch.payouts.get()
    assert actions.forget_left_payees() == 0, "the money is still on its way"
    actions.settle_payout(actor=dana, payout=payout, provider_reference="PP-1")
    assert actions.forget_left_payees() == 1
    assert set(known_of(alice)) == {b""}
    assert [breach for _name, found in run_checks() for breach in found] == []


def test_the_statement_names_a_former_member_and_keeps_the_amount(posted, alice, client):
    line = posted.current.lines.get(payee__artist=alice)
    close_account(actor=alice)
    page = client.get(posted.get_absolute_url()).text
    assert "Former member" in page
    assert "Alice" not in page
    assert Payee.objects.get(artist=alice).code == line.payee.code
    assert posted.current.lines.get(payee__artist=alice).amount_minor == line.amount_minor


def test_the_name_on_a_claim_goes_and_its_words_stay(posted, charlie):
    actions.claim_missing_work(
        actor=charlie,
        statement=posted,
        name="Charlie Quagga",
        work="Lid",
        evidence="See the layers.",
        now=later(posted),
    )
    close_account(actor=charlie)
    claim = StatementClaim.objects.get()
    assert (claim.name, claim.evidence) == ("Former member", "See the layers.")


def test_who_is_owed_something_is_told_before_leaving(posted, alice, client):
    client.force_login(alice)
    assert "is not paid out yet" in client.get(reverse("profiles:close")).text
