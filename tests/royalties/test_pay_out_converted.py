"""A balance that is paid in another currency: one rate for a batch, taxes before it, and the way back to the balance."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse

from profiles.actions import grant_powers
from profiles.models import Notice, StaffPower
from royalties import actions, earned, exchange, ledger, years
from royalties.checks import run_checks
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import Batch, JournalEntry, Payout, ReportRow
from royalties.money import Money
from royalties.standing import due_in
from tests.royalties.conftest import balances_add_up, later, payable
from tests.royalties.payees import SEPA_ACCOUNT, confirmed, news, rate_of, ready, report, with_bank_account

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def day(posted: Any, alice: Any, dana: Any, settings: Any) -> dt.datetime:
    """Alice has dollars and a bank account past its hold, and there is a rate of the day before."""
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    with_bank_account(alice)
    moment = later(posted, days=5)
    rate_of(dana, moment.date() - dt.timedelta(days=1))
    return moment


@pytest.fixture
def taxed(day: dt.datetime, dana: Any) -> None:
    """A tax office keeps three tenths."""
    facts = {"authority": "irs", "country": "", "rate_bps": 3_000, "note": "Section 1441."}
    actions.enter_rate(actor=dana, valid_from=day.date(), **facts, now=day - dt.timedelta(hours=1))


@pytest.fixture
def sent(day: dt.datetime, taxed: None, sam: Any, dana: Any) -> Payout:
    """A payment of alice's whole share, on its way in euros."""
    batch = actions.batch_payouts(actor=sam, currency="USD", now=day)
    actions.submit_batch(actor=dana, batch=batch, now=day)
    return batch.payouts.get()


def balance(code: str) -> int:
    return ledger.balance(code).amount_minor


def breaches() -> list[str]:
    return [f"{name}: {breach}" for name, found in run_checks() for breach in found]


def take(dana: Any, *rows: str) -> list[str]:
    """Import the bank's report; the outcomes of its rows in order."""
    row = actions.import_report(actor=dana, form="sepa", name="report.csv", content=report(*rows))
    return list(row.rows.order_by("number").values_list("outcome", flat=True))


def test_dollars_go_to_a_bank_account_as_euros_at_the_rate_of_the_batch(
    day: dt.datetime, taxed: None, alice: Any, sam: Any, dana: Any
) -> None:
    owed = payable(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD", now=day)
    payout = batch.payouts.get()
    assert (batch.method, batch.bought, exchange.fraction_of(batch)) == ("sepa", "EUR", Fraction(10, 11))
    assert [rate.day for rate in batch.rates.all()] == [day.date() - dt.timedelta(days=1)]
    assert (payout.amount_minor, payout.withheld_minor) == (owed, (owed * 3_000 + 5_000) // 10_000)
    assert payout.paid == Money(round(Fraction(payout.net_minor * 10, 11)), "EUR")
    actions.submit_batch(actor=dana, batch=batch, now=day)
    content = actions.take_batch_file(actor=dana, batch=Batch.objects.get(pk=batch.pk))
    assert f'<InstdAmt Ccy="EUR">{payout.paid.plain()}</InstdAmt>'.encode() in content
    assert (payable(alice), payable(alice, "EUR")) == (0, 0)
    assert balance(f"withheld:irs:{alice.payee.code}:USD") == -payout.withheld_minor
    assert balance(f"in_transit:{batch.pk}:{alice.payee.code}:EUR") == -payout.paid.amount_minor
    assert balance("fx:EUR-USD:USD") == -payout.net_minor
    assert balance("fx:EUR-USD:EUR") == payout.paid.amount_minor
    entry = JournalEntry.objects.get(idempotency_key=f"fx:{payout.code}")
    assert (entry.kind, entry.effective_on) == ("conversion", day.date())
    assert not JournalEntry.objects.filter(idempotency_key=f"po:{batch.pk}").exists()
    balances_add_up()
    assert breaches() == []


def test_the_report_is_matched_by_what_was_sent(sent: Payout, alice: Any, dana: Any, finish_jobs: Any) -> None:
    net = Money(sent.net_minor, "USD").plain()
    wrong = news(sent, "Completed", "B-0", amount=net, currency="USD")
    with finish_jobs():
        assert take(dana, wrong, news(sent, "Completed", "B-1", fee="0.20")) == ["contradicts", "settled"]
    sent.refresh_from_db()
    assert sent.status == "settled"
    assert balance("expense:payout_fees:EUR") == 20
    assert balance("clearing:sepa:EUR") == -sent.paid.amount_minor - 20
    assert balance(f"in_transit:{sent.batch_id}:{alice.payee.code}:EUR") == 0
    assert sent.paid.format() in mail.outbox[-1].subject
    assert Notice.objects.filter(recipient=alice, text__contains=sent.paid.format()).exists()
    assert breaches() == []


def test_what_failed_is_owed_in_the_balance_s_currency_again(sent: Payout, alice: Any, dana: Any) -> None:
    assert take(dana, news(sent, "Failed", "B-1", reason="Account closed")) == ["failed"]
    assert (payable(alice), balance("fx:EUR-USD:USD"), balance("fx:EUR-USD:EUR")) == (sent.amount_minor, 0, 0)
    assert balance(f"withheld:irs:{alice.payee.code}:USD") == 0
    balances_add_up()
    assert breaches() == []


@pytest.mark.parametrize("is_remitted", [False, True])
def test_what_came_back_after_it_had_arrived_is_owed_again_without_the_tax_that_is_gone(
    sent: Payout, alice: Any, dana: Any, is_remitted: bool
) -> None:
    take(dana, news(sent, "Completed", "B-1"))
    sent.refresh_from_db()
    if is_remitted:
        assert sent.settled_at is not None
        facts = {"authority": "irs", "period": f"{sent.settled_at:%Y-%m}", "currency": "USD", "reference": "T-1"}
        actions.remit_tax(actor=dana, **facts, now=sent.settled_at + dt.timedelta(days=40))
    actions.return_payout(actor=dana, payout=sent, reason="Account closed")
    assert payable(alice) == (sent.net_minor if is_remitted else sent.amount_minor)
    assert (balance("fx:EUR-USD:USD"), balance("fx:EUR-USD:EUR"), balance("clearing:sepa:EUR")) == (0, 0, 0)
    balances_add_up()
    assert breaches() == []


def test_what_came_back_in_euros_brings_back_the_tax_of_each_office_that_has_not_got_it(
    day: dt.datetime, taxed: None, alice: Any, sam: Any, dana: Any
) -> None:
    facts: dict[str, Any] = {"authority": "bzst", "country": "", "rate_bps": 500, "note": "Section 50a."}
    actions.enter_rate(actor=dana, valid_from=day.date(), **facts, now=day)
    batch = actions.submit_batch(actor=dana, batch=actions.batch_payouts(actor=sam, currency="USD", now=day), now=day)
    sent = actions.settle_payout(actor=dana, payout=batch.payouts.get(), provider_reference="B-1", now=day)
    facts = {"authority": "irs", "period": f"{day:%Y-%m}", "currency": "USD", "reference": "T-1"}
    actions.remit_tax(actor=dana, **facts, now=day + dt.timedelta(days=40))
    actions.return_payout(actor=dana, payout=sent, reason="Account closed", now=day + dt.timedelta(days=41))
    assert payable(alice) == sent.amount_minor - sent.withholdings.get(authority="irs").amount_minor
    assert (balance("fx:EUR-USD:USD"), balance("fx:EUR-USD:EUR"), balance("clearing:sepa:EUR")) == (0, 0, 0)
    assert balance(f"withheld:bzst:{alice.payee.code}:USD") == 0
    balances_add_up()
    assert breaches() == []


def test_the_fee_of_the_batch_is_in_euros(sent: Payout, dana: Any) -> None:
    facts: dict[str, Any] = {"batch": sent.batch, "number": "B-7", "charged_on": dt.date(2026, 12, 1)}
    with pytest.raises(RoyaltiesRefused, match="in EUR"):
        actions.record_batch_fee(actor=dana, money=Money(100, "USD"), **facts)
    actions.record_batch_fee(actor=dana, money=Money(100, "EUR"), **facts)
    assert balance("expense:payout_fees:EUR") == 100
    assert breaches() == []


def test_a_paypal_account_is_paid_without_conversion(day: dt.datetime, alice: Any, sam: Any) -> None:
    confirmed(alice, now=day - dt.timedelta(days=4))
    batch = actions.batch_payouts(actor=sam, currency="USD", now=day)
    assert (batch.method, batch.bought, batch.paid_currency) == ("paypal", "", "USD")
    assert batch.payouts.get().paid.currency == "USD"


def test_both_ways_are_batched_each_in_its_currency(day: dt.datetime, alice: Any, bob: Any, sam: Any) -> None:
    ready(bob)
    batches = actions.prepare_batches(actor=sam, currency="USD", now=day)
    assert [(batch.method, batch.paid_currency) for batch in batches] == [("paypal", "USD"), ("sepa", "EUR")]


def test_without_a_rate_of_these_days_the_balance_waits_and_says_why(day: dt.datetime, alice: Any, sam: Any) -> None:
    too_late = day + dt.timedelta(days=6)
    (due,) = due_in("USD", too_late, payees=[alice.payee])
    assert ([obstacle.code for obstacle in due.obstacles], due.waits_for_rate) == (["rate"], True)
    assert (actions.waiting_for_rate("USD", day), actions.waiting_for_rate("USD", too_late)) == (0, 1)
    with pytest.raises(RoyaltiesRefused, match="file of exchange rates"):
        actions.batch_payouts(actor=sam, currency="USD", now=too_late)
    with pytest.raises(RoyaltiesRefused, match="Nobody has reached"):
        actions.batch_payouts(actor=sam, currency="USD", method="paypal", now=too_late)


def test_staff_are_told_who_is_left_out_for_want_of_a_rate(
    client: Any, posted: Any, alice: Any, bob: Any, dana: Any, settings: Any
) -> None:
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    with_bank_account(alice)
    ready(bob)
    client.force_login(dana)
    answer = client.post(reverse("admin:royalties_batch_add"), {"currency": "USD"}, follow=True)
    assert "1 bank account is left out until a file of exchange rates" in answer.content.decode()


def test_a_batch_that_waited_is_not_converted_at_an_old_rate(day: dt.datetime, alice: Any, sam: Any, dana: Any) -> None:
    batch = actions.batch_payouts(actor=sam, currency="USD", now=day)
    too_late = day + dt.timedelta(days=6)
    rate_of(dana, too_late.date(), "1.2000")
    with pytest.raises(WrongState, match="more than a week old"):
        actions.submit_batch(actor=dana, batch=batch, now=too_late)
    actions.drop_batch(actor=sam, batch=batch)
    again = actions.batch_payouts(actor=sam, currency="USD", now=too_late)
    assert exchange.fraction_of(again) == Fraction(10, 12)


def test_who_names_paypal_meanwhile_is_left_out(day: dt.datetime, alice: Any, sam: Any, dana: Any) -> None:
    batch = actions.batch_payouts(actor=sam, currency="USD", now=day)
    confirmed(alice, now=day - dt.timedelta(days=4))
    with pytest.raises(WrongState, match="drop it"):
        actions.submit_batch(actor=dana, batch=batch, now=day)


def test_who_is_left_out_keeps_the_balance_and_the_others_are_paid(
    day: dt.datetime, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    with_bank_account(bob, "DE89370400440532013000", now=day - dt.timedelta(days=4))
    batch = actions.batch_payouts(actor=sam, currency="USD", now=day)
    with_bank_account(bob, "FR1420041010050500013M02606", now=day)
    actions.submit_batch(actor=dana, batch=batch, now=day)
    states = dict(batch.payouts.values_list("payee__artist__handle", "status"))
    assert states == {"alice": "sent", "bob": "dropped"}
    assert (payable(alice), payable(bob) > 0) == (0, True)
    assert breaches() == []


def test_what_buys_nothing_is_not_sent(day: dt.datetime, alice: Any, dana: Any, sam: Any, settings: Any) -> None:
    settings.ROYALTY_POLICY = {"USD": {"payout_threshold": 1}}
    rate_of(dana, day.date(), "999999999999")
    (due,) = due_in("USD", day, payees=[alice.payee])
    assert (due.paid, due.is_payable) == (Money(0, "EUR"), False)


CHANGES: list[Callable[[Payout], Any]] = [
    lambda payout: Payout.objects.filter(pk=payout.pk).update(bought_minor=1),
    lambda payout: Payout.objects.filter(pk=payout.pk).update(bought="GBP"),
    lambda payout: Batch.objects.filter(pk=payout.batch_id).update(bought="GBP"),
    lambda payout: Batch.objects.filter(pk=payout.batch_id).update(numerator=1),
    lambda payout: payout.batch.rates.clear(),
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_what_was_bought(sent: Payout, change: Callable[[Payout], Any]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        change(sent)


HALVES: list[dict[str, Any]] = [
    {"currency": "USD", "bought": "EUR"},
    {"currency": "EUR", "bought": "EUR", "numerator": 1, "denominator": 1},
    {"currency": "USD", "numerator": 1, "denominator": 1},
]


@pytest.mark.parametrize("half", HALVES)
def test_a_batch_has_a_currency_and_a_rate_or_neither(half: dict[str, Any], sam: Any) -> None:
    with pytest.raises(DatabaseError, match="batch_rate_whole"), transaction.atomic():
        Batch.objects.create(method="sepa", prepared_by=sam, **half)


def test_a_payout_buys_an_amount_of_another_currency_or_nothing(sent: Payout, bob: Any) -> None:
    whole = {"batch": sent.batch, "payee": bob.payee, "destination": sent.destination}
    for half in {"bought": "EUR"}, {"bought_minor": 1}, {"bought": "USD", "bought_minor": 1}:
        with pytest.raises(DatabaseError, match="payout_bought_whole"), transaction.atomic():
            Payout.objects.create(amount_minor=1, currency="USD", **whole, **half)


def test_the_artist_sees_what_it_would_be_and_what_it_was(
    client: Any, sent: Payout, alice: Any, dana: Any, day: dt.datetime
) -> None:
    take(dana, news(sent, "Completed", "B-1"))
    sent.refresh_from_db()
    client.force_login(alice)
    html = client.get(sent.get_absolute_url()).content.decode()
    for words in ("Exchange rate", "1 USD ≈ 0.909091 EUR", f"Payout of {sent.paid.format()}"):
        assert words in html
    assert sent.paid.format() in client.get(reverse("royalties:earnings")).content.decode()
    assert sent.settled_at is not None
    year = sent.settled_at.year
    (summary,) = years.summaries_of([alice.payee], year)[alice.payee.pk]
    assert (summary.paid_minor, summary.converted) == (sent.net_minor, [(sent.net_minor, sent.paid)])
    page = client.get(reverse("royalties:year", args=[year])).content.decode()
    net = Money(sent.net_minor, "USD").format()
    assert f"Of it, {net} was converted and arrived as {sent.paid.format()}." in page
    content = client.get(reverse("royalties:earnings_csv", args=[year])).content.decode()
    about = {row["what"]: row["about"] for row in csv.DictReader(io.StringIO(content))}
    assert about["payout"] == f"B-1, arrived as {sent.paid}"


def test_before_it_goes_the_balance_names_the_amount_of_the_day(day: dt.datetime, alice: Any) -> None:
    (now,) = earned.balances_of(alice.payee, day)
    assert now.converted is not None
    assert now.converted.money == Money(round(Fraction(payable(alice) * 10, 11)), "EUR")
    assert now.shown_rate == "1 USD ≈ 0.909091 EUR"


def test_staff_see_the_rate_and_what_is_sent(client: Any, sent: Payout, dana: Any) -> None:
    client.force_login(dana)
    page = client.get(reverse("admin:royalties_batch_change", args=[sent.batch_id])).content.decode()
    assert f"{sent.paid.format()}, at 1 USD ≈ 0.909091 EUR" in page
    assert sent.paid.format() in client.get(reverse("admin:royalties_payout_changelist")).content.decode()


def test_what_came_back_and_was_paid_after_all_is_taken_from_its_own_currency(
    sent: Payout, day: dt.datetime, alice: Any, sam: Any, dana: Any
) -> None:
    actions.fail_payout(actor=dana, payout=sent, reason="Account closed", now=day)
    before = payable(alice)
    content = report(news(sent, "Completed", "B-1"))
    actions.import_report(actor=dana, form="sepa", name="report.csv", content=content, now=day)
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    sam = type(sam).objects.get(pk=sam.pk)
    actions.decide_row(actor=sam, row=ReportRow.objects.get(), outcome="owed", reason="It did arrive.", now=day)
    assert payable(alice) == before - sent.amount_minor
    assert balance(f"overpaid:{alice.payee.code}:EUR") == 0
    assert balance(f"withheld:irs:{alice.payee.code}:USD") == -sent.withheld_minor
    assert breaches() == []
    balances_add_up()
