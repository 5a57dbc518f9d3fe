"""Costs, advances, exchange and invoices: two people, one entry, once."""

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from profiles.actions import close_account
from royalties import actions, exchange, ledger, years
from royalties.exceptions import (
    ConflictOfInterest,
    ImportRefused,
    NotAllowed,
    RoyaltiesRefused,
    SecondPersonNeeded,
    WrongState,
)
from royalties.models import Cost, ExchangeRate, Payee
from royalties.money import Money
from tests.royalties.conftest import balances_add_up, closed, drafted, later, revenue_csv
from tests.royalties.test_one_person import tied

DAY = dt.date(2026, 8, 20)
NOON = dt.datetime(2026, 8, 20, 12, tzinfo=dt.UTC)
RATES = b"Date,USD,JPY,GBP,\n2026-09-30,1.1000,160.25,0.8500,\n2026-09-29,1.0900,159.00,N/A,\n"


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def balance(code: str) -> int:
    return ledger.balance(code).amount_minor


# --- costs ---


def test_a_small_cost_counts_at_once_and_slices_of_a_large_one_do_not(production: Any, sam: Any, dana: Any) -> None:
    def enter(invoice: str, minor: int) -> Cost:
        return actions.enter_cost(
            actor=sam,
            production=production,
            invoice=invoice,
            supplier="Print Room",
            category="manufacture",
            money=usd(minor),
            paid_on=DAY,
        )

    assert enter("P-1", 6_000).counts
    assert balance(f"expense:pr{production.pk}:manufacture:USD") == 6_000
    second = enter("P-2", 6_000)
    assert not second.counts
    assert balance(f"expense:pr{production.pk}:manufacture:USD") == 6_000
    actions.approve_cost(actor=dana, cost=second)
    assert balance(f"expense:pr{production.pk}:manufacture:USD") == 12_000
    with pytest.raises(RoyaltiesRefused, match="known"):
        enter("P-2", 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Cost.objects.filter(approved_by=None).update(is_within_limit=False)


def test_a_small_cost_needs_no_approval_and_takes_none(production: Any, sam: Any, dana: Any) -> None:
    cost = actions.enter_cost(
        actor=sam, production=production, invoice="P-1", supplier="P", category="other", money=usd(1), paid_on=DAY
    )
    with pytest.raises(WrongState):
        actions.approve_cost(actor=dana, cost=cost)


# --- advances ---


def test_an_advance_is_recouped_from_the_share_and_never_below_nothing(
    client: Any, open_statement: Any, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    production, lines = open_statement.production, open_statement.current.lines
    shares = {name: lines.get(payee__artist=artist) for name, artist in (("alice", alice), ("bob", bob))}
    small, large = 5_000, shares["bob"].amount_minor + 7_000
    for line, minor in ((shares["alice"], small), (shares["bob"], large)):
        row = actions.propose_advance(
            actor=sam, payee=line.payee, production=production, money=usd(minor), paid_on=DAY, reason="Paper and ink."
        )
        actions.approve_advance(actor=dana, advance=row)
    client.force_login(alice)
    assert "$50.00 of it goes into the advance" in client.get(shares["alice"].get_absolute_url()).content.decode()
    assert "is still open" in client.get(reverse("royalties:earnings")).content.decode()
    client.force_login(bob)
    assert "advance" not in client.get(shares["alice"].get_absolute_url()).content.decode()
    assert "$70.00 of the advance stays open" in client.get(shares["bob"].get_absolute_url()).content.decode()
    statement = closed(open_statement, sam)
    actions.post_statement(actor=dana, statement=statement, now=later(statement))
    assert "of this went into the advance" in client.get(shares["bob"].get_absolute_url()).content.decode()
    client.force_login(alice)
    assert "Fully taken" in client.get(reverse("royalties:earnings")).content.decode()
    codes = {name: line.payee.code for name, line in shares.items()}
    assert balance(f"payable:{codes['alice']}:USD") == small - shares["alice"].amount_minor
    assert balance(f"payable:{codes['bob']}:USD") == 0
    assert balance(f"advance:{codes['alice']}:pr{production.pk}:USD") == 0
    assert balance(f"advance:{codes['bob']}:pr{production.pk}:USD") == 7_000
    balances_add_up()


def test_an_advance_stands_in_the_year_in_which_it_was_paid(
    client: Any, open_statement: Any, alice: Any, sam: Any, dana: Any
) -> None:
    facts = {"production": open_statement.production, "paid_on": dt.date(2025, 8, 20), "reason": "Paper and ink."}
    row = actions.propose_advance(actor=sam, payee=alice.payee, money=usd(5_000), **facts)
    actions.approve_advance(actor=dana, advance=row)
    statement = closed(open_statement, sam)
    statement = actions.post_statement(actor=dana, statement=statement, now=later(statement))
    (before,) = years.summaries_of([alice.payee], 2025)[alice.payee.pk]
    (after,) = years.summaries_of(None, statement.posted_at.year)[alice.payee.pk]
    assert (before.advanced_minor, before.paid_minor, before.earned_minor) == (5_000, 5_000, 0)
    assert (after.advanced_minor, after.recouped_minor, after.paid_minor) == (0, 5_000, 0)
    client.force_login(alice)
    assert "2025" in client.get(reverse("royalties:earnings")).content.decode()
    assert "Paid in advance" in client.get(reverse("royalties:year", args=[2025])).content.decode()
    html = client.get(reverse("royalties:year", args=[statement.posted_at.year])).content.decode()
    assert "Of it, went into advances" in html
    content = client.get(reverse("royalties:earnings_csv", args=[2025])).content.decode()
    assert content.splitlines()[1:] == [f"2025-08-20,advance,{open_statement.production.title},-50.00,USD"]
    client.force_login(dana)
    content = client.get(reverse("admin:royalties_payee_year_csv", args=[2025])).content.decode()
    assert f"{alice.payee.code},Alice,{alice.payee.code},USD,0.00,50.00,0.00,0.00,0.00,50.00" in content


def test_nobody_is_paid_in_advance_whose_money_is_held(open_statement: Any, alice: Any, sam: Any, dana: Any) -> None:
    facts = {"production": open_statement.production, "money": usd(100), "paid_on": DAY, "reason": "Ink."}
    row = actions.propose_advance(actor=sam, payee=alice.payee, **facts)
    actions.place_hold(actor=dana, payee=alice.payee, kind="minor", reason="A guardian must sign.")
    with pytest.raises(RoyaltiesRefused, match="held"):
        actions.approve_advance(actor=dana, advance=row)
    with pytest.raises(RoyaltiesRefused, match="held"):
        actions.propose_advance(actor=sam, payee=alice.payee, **facts)
    assert balance(f"advance:{alice.payee.code}:pr{open_statement.production_id}:USD") == 0


def test_a_hold_on_another_account_of_the_person_keeps_an_advance_back(
    open_statement: Any, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    facts = {"production": open_statement.production, "money": usd(100), "paid_on": DAY, "reason": "Ink."}
    tied(alice, bob)
    row = actions.propose_advance(actor=sam, payee=alice.payee, **facts)
    actions.place_hold(actor=dana, payee=bob.payee, kind="minor", reason="A guardian must sign.")
    with pytest.raises(RoyaltiesRefused, match="held"):
        actions.approve_advance(actor=dana, advance=row)
    with pytest.raises(RoyaltiesRefused, match="held"):
        actions.propose_advance(actor=sam, payee=alice.payee, **facts)


def test_nobody_is_paid_in_advance_who_has_left(open_statement: Any, alice: Any, sam: Any, dana: Any) -> None:
    facts = {"production": open_statement.production, "money": usd(100), "paid_on": DAY, "reason": "Ink."}
    row = actions.propose_advance(actor=sam, payee=alice.payee, **facts)
    close_account(actor=alice)
    with pytest.raises(RoyaltiesRefused, match="member"):
        actions.approve_advance(actor=dana, advance=row)
    nobody = Payee.objects.create(kind=Payee.Kind.ORPHAN)
    with pytest.raises(RoyaltiesRefused, match="member"):
        actions.propose_advance(actor=sam, payee=nobody, **facts)


def test_an_advance_is_taken_out_of_shares_in_its_own_currency(
    open_statement: Any, alice: Any, sam: Any, dana: Any
) -> None:
    facts = {"production": open_statement.production, "paid_on": DAY, "reason": "Ink."}
    row = actions.propose_advance(actor=sam, payee=alice.payee, money=Money(5_000, "EUR"), **facts)
    actions.approve_advance(actor=dana, advance=row)
    share = open_statement.current.lines.get(payee=alice.payee)
    statement = closed(open_statement, sam)
    actions.post_statement(actor=dana, statement=statement, now=later(statement))
    assert balance(f"payable:{alice.payee.code}:USD") == -share.amount_minor
    assert balance(f"advance:{alice.payee.code}:pr{statement.production_id}:EUR") == 5_000


def test_an_advance_takes_two_people_neither_of_them_the_artist(
    open_statement: Any, alice: Any, sam: Any, dana: Any
) -> None:
    production = open_statement.production
    own = Payee.objects.create(artist=sam)
    facts = {"production": production, "money": usd(100), "paid_on": DAY, "reason": "Ink."}
    with pytest.raises(ConflictOfInterest):
        actions.propose_advance(actor=sam, payee=own, **facts)
    row = actions.propose_advance(actor=dana, payee=alice.payee, **facts)
    with pytest.raises(SecondPersonNeeded):
        actions.approve_advance(actor=dana, advance=row)
    with pytest.raises(NotAllowed):
        actions.propose_advance(actor=alice, payee=own, **facts)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE royalties_advance SET amount_minor = 1")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE royalties_advance SET approved_by_id = proposed_by_id, approved_at = now()")
    assert ledger.balances_below("advance:") == {}


# --- exchange ---


def rates(actor: Any, content: bytes = RATES) -> Any:
    return actions.import_csv(actor=actor, kind="rates", name="eurofx.csv", content=content)


def test_rates_are_taken_once_and_exactly(db: None, dana: Any) -> None:
    assert rates(dana).row_count == 5
    assert rates(dana).row_count == 5
    assert ExchangeRate.objects.get(quote="USD", day="2026-09-30").fraction == Fraction(11, 10)
    more = rates(dana, b"day,base,quote,rate\n2026-09-30,EUR,USD,1.1\n2026-09-30,USD,KWD,0.3070\n")
    assert more.known_count == 1
    with pytest.raises(ImportRefused):
        rates(dana, b"day,base,quote,rate\n2026-09-30,EUR,USD,1.2\n")
    with pytest.raises(ImportRefused):
        rates(dana, b"day,base,quote,rate\n2026-09-30,EUR,USD,1,2\n")
    with pytest.raises(DatabaseError), transaction.atomic():
        ExchangeRate.objects.update(units=1)


def test_a_rate_is_direct_turned_round_or_crossed_and_not_older_than_a_week(db: None, dana: Any) -> None:
    rates(dana)
    day = dt.date(2026, 9, 30)

    def rate(sold: str, bought: str, on: dt.date = day) -> Fraction:
        found = exchange.rate_of(sold, bought, on)
        assert found is not None
        return found[0]

    assert rate("EUR", "USD") == Fraction(11, 10)
    assert rate("USD", "EUR") == Fraction(10, 11)
    assert rate("GBP", "JPY") == Fraction(16025, 85)
    assert rate("EUR", "USD", day + dt.timedelta(days=6)) == Fraction(11, 10)
    assert exchange.rate_of("EUR", "USD", day + dt.timedelta(days=7)) is None
    assert exchange.rate_of("EUR", "KWD", day) is None
    assert exchange.converted(1_00, "EUR", "JPY", Fraction(16025, 100)) == 160
    assert exchange.converted(-1, "USD", "KWD", Fraction(5, 10)) == -5


def test_a_period_in_two_currencies_is_converted_whole_by_two_people(
    earning: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    rates(dana)
    content = (
        f"e1,shop,sale,200.00,EUR,2026-08-16,{earning.pk}\nbandcamp,e2,shop,fee,3.33,EUR,2026-08-16,{earning.pk}\n"
    )
    header = "provider,transaction,channel,kind,amount,currency,received_on,production\nbandcamp,"
    actions.import_csv(actor=sam, kind="revenue", name="eur.csv", content=(header + content).encode())
    period = {"first_day": dt.date(2026, 7, 1), "last_day": dt.date(2026, 9, 30)}
    asked = {"production": earning, "sold": "EUR", "bought": "USD", **period, "reason": "One statement for all."}
    row = actions.propose_conversion(actor=sam, **asked)
    actions.approve_conversion(actor=dana, conversion=row)
    assert balance(f"revenue:pr{earning.pk}:shop:EUR") == 0
    assert balance(f"revenue:pr{earning.pk}:shop:USD") == -1_234_567 - 22_000
    assert balance(f"expense:pr{earning.pk}:fee:USD") == 366
    assert balance("fx:EUR-USD:EUR") == -19_667
    assert balance("fx:EUR-USD:USD") == 22_000 - 366
    with pytest.raises(RoyaltiesRefused, match="nothing moved"):
        actions.propose_conversion(actor=sam, **asked)
    statement = drafted(sam, earning, finish_jobs)
    assert statement.pending.input["money"]["gross"] == 1_234_567 + 22_000
    balances_add_up()


def test_a_conversion_is_refused_without_a_rate_and_when_the_ledger_has_moved(
    earning: Any, sam: Any, dana: Any
) -> None:
    asked = {
        "production": earning, "sold": "USD", "bought": "EUR", "first_day": dt.date(2026, 7, 1),
        "last_day": dt.date(2026, 9, 30), "reason": "The label asks for euros.",
    }  # fmt: skip
    with pytest.raises(RoyaltiesRefused, match="No rate"):
        actions.propose_conversion(actor=sam, **asked)
    rates(dana)
    row = actions.propose_conversion(actor=sam, **asked)
    actions.import_csv(actor=sam, kind="revenue", name="s", content=revenue_csv(earning, "t9,sale,1.00"))
    with pytest.raises(WrongState, match="More has been booked"):
        actions.approve_conversion(actor=dana, conversion=row)


# --- invoices and transfers ---


def test_an_invoice_is_revenue_once_and_its_receipt_moves_no_profit(production: Any, sam: Any, dana: Any) -> None:
    facts = {"production": production, "channel": "television", "number": "N-1", "money": usd(50_000)}
    invoice = actions.send_invoice(actor=sam, invoiced_on=DAY, **facts)
    assert actions.send_invoice(actor=sam, invoiced_on=DAY, **facts) == invoice
    with pytest.raises(RoyaltiesRefused, match="other figures"):
        actions.send_invoice(actor=sam, invoiced_on=DAY, **{**facts, "money": usd(1)})
    assert balance("receivable:television:USD") == 50_000
    actions.receive_invoice(actor=dana, invoice=invoice, provider="bank-wire", on=DAY)
    assert balance("receivable:television:USD") == 0
    assert balance("clearing:bank-wire:USD") == 50_000
    with pytest.raises(WrongState):
        actions.receive_invoice(actor=dana, invoice=invoice, provider="bank-wire", on=DAY)
    for _time in range(2):
        actions.record_transfer(actor=dana, provider="bank-wire", number="w1", money=usd(50_000), arrived_on=DAY)
    assert (balance("bank:USD"), balance("clearing:bank-wire:USD")) == (50_000, 0)
    balances_add_up()
