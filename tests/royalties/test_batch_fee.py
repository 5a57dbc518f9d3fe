"""What a provider takes for a whole batch: booked once, borne by the company, in nobody's amount."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from royalties import actions, ledger
from royalties.checks import run_checks
from royalties.exceptions import NotAllowed, RoyaltiesRefused, WrongState
from royalties.models import Batch, BatchFee, JournalEntry
from royalties.money import Money
from tests.royalties.conftest import later
from tests.royalties.payees import ready

pytestmark = pytest.mark.usefixtures("db")

FACTS = {"number": "B-7", "money": Money(125, "USD"), "charged_on": dt.date(2026, 12, 1)}


@pytest.fixture
def prepared(posted: Any, alice: Any, sam: Any) -> Batch:
    ready(alice)
    return actions.batch_payouts(actor=sam, currency="USD", now=later(posted, days=5))


@pytest.fixture
def batch(prepared: Batch, posted: Any, dana: Any) -> Batch:
    return actions.submit_batch(actor=dana, batch=prepared, now=later(posted, days=5))


def test_the_company_bears_it_and_nobody_is_paid_less(batch: Batch, dana: Any) -> None:
    on_its_way = ledger.balances_below("in_transit:")
    fee = actions.record_batch_fee(actor=dana, batch=batch, **FACTS)
    assert ledger.balance("expense:payout_fees:USD") == Money(125, "USD")
    assert ledger.balance("clearing:paypal:USD").amount_minor % 1000 == 875, "what came in through PayPal is round"
    assert ledger.balances_below("in_transit:") == on_its_way
    entry = JournalEntry.objects.get(idempotency_key=f"po:{batch.pk}:fee")
    assert (entry.facts, entry.effective_on) == ({"batch_fee": fee.pk}, FACTS["charged_on"])
    assert [breach for _name, found in run_checks() for breach in found] == []


def test_the_same_again_is_the_first_and_other_figures_are_refused(batch: Batch, dana: Any) -> None:
    fee = actions.record_batch_fee(actor=dana, batch=batch, **FACTS)
    assert actions.record_batch_fee(actor=dana, batch=batch, **FACTS) == fee
    with pytest.raises(RoyaltiesRefused, match="other figures"):
        actions.record_batch_fee(actor=dana, batch=batch, **{**FACTS, "money": Money(126, "USD")})
    assert BatchFee.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"money": Money(125, "EUR")}, "in USD"),
        ({"money": Money(0, "USD")}, "more than nothing"),
        ({"money": Money(10**9, "USD")}, "less than what was sent"),
        ({"number": "B 7"}, "without spaces"),
    ],
)
def test_what_cannot_be_a_fee_is_refused(batch: Batch, dana: Any, change: dict[str, Any], why: str) -> None:
    with pytest.raises(RoyaltiesRefused, match=why):
        actions.record_batch_fee(actor=dana, batch=batch, **{**FACTS, **change})
    assert not BatchFee.objects.exists()


def test_it_comes_after_the_batch_and_from_finance_alone(prepared: Batch, posted: Any, sam: Any, dana: Any) -> None:
    with pytest.raises(WrongState, match="submitted"):
        actions.record_batch_fee(actor=dana, batch=prepared, **FACTS)
    actions.submit_batch(actor=dana, batch=prepared, now=later(posted, days=5))
    with pytest.raises(NotAllowed):
        actions.record_batch_fee(actor=sam, batch=prepared, **FACTS)


def test_postgresql_keeps_it(batch: Batch, dana: Any) -> None:
    actions.record_batch_fee(actor=dana, batch=batch, **FACTS)
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"), transaction.atomic():
        BatchFee.objects.update(amount_minor=1)


def test_it_is_entered_by_form_and_stands_at_its_batch(client: Any, batch: Batch, dana: Any) -> None:
    client.force_login(dana)
    add = reverse("admin:royalties_batchfee_add")
    form = client.get(add).context["form"]
    assert list(form.fields["batch"].queryset) == [batch]
    fields = {"batch": batch.pk, "amount": "x", "number": "B-7", "charged_on": "2026-12-01"}
    assert client.post(add, fields).status_code == 422
    fields["amount"] = "1.25"
    assert client.post(add, fields).status_code == 302
    assert "$1.25" in client.get(reverse("admin:royalties_batch_change", args=[batch.pk])).text
    assert not client.get(add).context["form"].fields["batch"].queryset.exists()
