"""Our own money between providers and the bank, and into another currency: each fact once, and what an exchange costs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from royalties import actions, ledger
from royalties.checks import run_checks
from royalties.exceptions import NotAllowed, RoyaltiesRefused
from royalties.models import BankExchange, JournalEntry, Transfer
from royalties.money import Money
from tests.royalties.conftest import balances_add_up
from tests.royalties.payees import rate_of

pytestmark = pytest.mark.usefixtures("db")

DAY = dt.date(2026, 9, 30)
FACTS: dict[str, Any] = {
    "number": "X-7",
    "sold": Money(1_100_00, "USD"),
    "bought": Money(990_00, "EUR"),
    "exchanged_on": DAY,
}


@pytest.fixture
def rate(dana: Any) -> None:
    """A euro costs 1.10 dollars."""
    rate_of(dana, DAY)


def balance(code: str) -> int:
    return ledger.balance(code).amount_minor


def breaches() -> list[str]:
    return [f"{name}: {breach}" for name, found in run_checks() for breach in found]


def test_what_the_bank_gives_less_than_the_recorded_rate_is_a_loss(rate: None, dana: Any) -> None:
    row = actions.record_bank_exchange(actor=dana, **FACTS)
    assert (row.at_rate_minor, row.loss) == (1_000_00, Money(10_00, "EUR"))
    assert (balance("bank:USD"), balance("bank:EUR")) == (-1_100_00, 990_00)
    assert (balance("fx:EUR-USD:USD"), balance("fx:EUR-USD:EUR")) == (1_100_00, -1_000_00)
    assert balance("expense:fx_loss:EUR") == 10_00
    entry = JournalEntry.objects.get(idempotency_key="exc:X-7")
    assert (entry.effective_on, entry.facts) == (DAY, {"bank_exchange": row.pk})
    balances_add_up()
    assert breaches() == []


def test_what_it_gives_more_is_a_gain_and_the_rate_itself_is_neither(rate: None, dana: Any) -> None:
    actions.record_bank_exchange(actor=dana, **{**FACTS, "bought": Money(1_000_01, "EUR")})
    assert balance("expense:fx_loss:EUR") == -1
    actions.record_bank_exchange(actor=dana, **{**FACTS, "number": "X-8", "bought": Money(1_000_00, "EUR")})
    assert balance("expense:fx_loss:EUR") == -1
    assert breaches() == []


def test_the_same_again_is_the_first_and_other_figures_are_refused(rate: None, dana: Any) -> None:
    row = actions.record_bank_exchange(actor=dana, **FACTS)
    assert actions.record_bank_exchange(actor=dana, **FACTS) == row
    with pytest.raises(RoyaltiesRefused, match="other figures"):
        actions.record_bank_exchange(actor=dana, **{**FACTS, "bought": Money(991_00, "EUR")})
    assert BankExchange.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"sold": Money(0, "USD")}, "more than nothing"),
        ({"bought": Money(-1, "EUR")}, "more than nothing"),
        ({"bought": Money(1, "USD")}, "two currencies"),
        ({"number": "has space"}, "without spaces"),
        ({"exchanged_on": DAY + dt.timedelta(days=7)}, "No rate"),
        ({"bought": Money(1, "KWD")}, "No rate"),
    ],
)
def test_what_cannot_be_an_exchange_is_refused(rate: None, dana: Any, change: dict[str, Any], why: str) -> None:
    with pytest.raises(RoyaltiesRefused, match=why):
        actions.record_bank_exchange(actor=dana, **{**FACTS, **change})
    assert not JournalEntry.objects.exists()


def test_it_wants_the_power_finance_and_stays(rate: None, alice: Any, dana: Any) -> None:
    with pytest.raises(NotAllowed):
        actions.record_bank_exchange(actor=alice, **FACTS)
    row = actions.record_bank_exchange(actor=dana, **FACTS)
    with pytest.raises(DatabaseError), transaction.atomic():
        BankExchange.objects.filter(pk=row.pk).update(bought_minor=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.rates.clear()


def test_an_exchange_is_recorded_by_form(client: Any, rate: None, dana: Any) -> None:
    client.force_login(dana)
    fields = {
        "number": "X-7", "sold_amount": "1100.00", "sold_currency": "USD", "bought_amount": "990.00",
        "bought_currency": "EUR", "exchanged_on": "2026-09-30",
    }  # fmt: skip
    address = reverse("admin:royalties_bankexchange_add")
    wrong = client.post(address, {**fields, "bought_amount": "9,90"})
    assert wrong.status_code == 422
    assert "is not an amount" in wrong.content.decode()
    assert client.post(address, fields).status_code == 302
    page = client.get(reverse("admin:royalties_bankexchange_changelist")).content.decode()
    for words in ("$1,100.00", "€990.00", "€10.00"):
        assert words in page
    whole = client.get(reverse("admin:royalties_bankexchange_change", args=[BankExchange.objects.get().pk]))
    assert "2026-09-30: 1 EUR = 1.1000 USD" in whole.content.decode()


def test_a_provider_is_given_money_to_pay_with(dana: Any) -> None:
    facts = {"provider": "paypal", "number": "T-1", "money": Money(500_00, "USD"), "arrived_on": DAY}
    row = actions.record_transfer(actor=dana, direction="provider", **facts)
    assert (balance("bank:USD"), balance("clearing:paypal:USD")) == (-500_00, 500_00)
    assert actions.record_transfer(actor=dana, direction="provider", **facts) == row
    with pytest.raises(RoyaltiesRefused, match="other figures"):
        actions.record_transfer(actor=dana, **facts)
    with pytest.raises(RoyaltiesRefused, match="which way"):
        actions.record_transfer(actor=dana, direction="sideways", **{**facts, "number": "T-2"})
    assert Transfer.objects.count() == 1
    balances_add_up()
    assert breaches() == []
