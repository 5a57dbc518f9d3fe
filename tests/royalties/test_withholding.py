"""Withholding: rounding, dated rates, the way from gross to net, and the transfer to the authority."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from profiles.actions import grant_powers
from profiles.models import StaffPower
from royalties import actions, earned, ledger, totals, yearly, years
from royalties.checks import run_checks
from royalties.checks.facts import facts
from royalties.exceptions import NotAllowed, RoyaltiesRefused, WrongState
from royalties.models import Remittance, ReportRow, Withholding, WithholdingRate
from royalties.money import Money
from royalties.payouts.withholding import Rate, in_force, kept_minor
from tests.royalties.conftest import balances_add_up, later, payable
from tests.royalties.payees import but_for_owed, news, owe, ready, report

TODAY = dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("gross", "bps", "kept"),
    [(1, 5_000, 1), (1, 4_999, 0), (3, 5_000, 2), (10_001, 5, 5), (0, 3_000, 0), (999, 3_000, 300), (7, 10_000, 7)],
)
def test_half_a_minor_unit_is_rounded_up(gross: int, bps: int, kept: int) -> None:
    assert kept_minor(gross, bps) == kept


@given(st.integers(0, 10**15), st.integers(0, 10_000))
def test_what_is_kept_is_within_half_a_unit_of_the_exact_part(gross: int, bps: int) -> None:
    assert -10_000 <= 2 * (gross * bps - kept_minor(gross, bps) * 10_000) < 10_000
    assert 0 <= kept_minor(gross, bps) <= gross


@pytest.mark.parametrize(("gross", "bps"), [(-1, 1), (1, -1), (1, 10_001)])
def test_what_is_no_part_is_refused(gross: int, bps: int) -> None:
    with pytest.raises(ValueError, match="withheld"):
        kept_minor(gross, bps)


def test_the_newest_row_that_has_begun_counts_and_a_named_country_beats_the_rest() -> None:
    rates = [
        Rate(1, "irs", "", 3_000, "2025-01-01"),
        Rate(2, "irs", "DE", 0, "2025-01-01"),
        Rate(3, "irs", "", 2_400, "2026-01-01"),
        Rate(4, "bzst", "DE", 1_500, "2027-01-01"),
    ]
    assert [rate.key for rate in in_force(rates, "FR", "2025-12-31")] == [1]
    assert [rate.key for rate in in_force(rates, "FR", "2026-01-01")] == [3]
    assert [rate.key for rate in in_force(rates, "DE", "2026-06-01")] == [2]
    assert [rate.key for rate in in_force(rates, "DE", "2027-01-01")] == [4, 2]


def breaches() -> list[str]:
    return but_for_owed(f"{name}: {breach}" for name, found in run_checks() for breach in found)


def rate(dana: Any, **facts: Any) -> WithholdingRate:
    usual = {"authority": "irs", "country": "", "rate_bps": 3_000, "valid_from": TODAY, "note": "Section 1441."}
    return actions.enter_rate(actor=dana, now=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), **(usual | facts))


@pytest.mark.parametrize(
    "facts",
    [
        {"authority": "The Office"},
        {"country": "Germany"},
        {"rate_bps": 10_001},
        {"rate_bps": -1},
        {"note": " "},
        {"valid_from": dt.date(2025, 12, 31)},
    ],
)
def test_a_rate_that_says_nothing_or_comes_too_late_is_refused(dana: Any, facts: dict[str, Any]) -> None:
    with pytest.raises(RoyaltiesRefused):
        rate(dana, **facts)


def test_rates_are_never_edited_and_not_everybodys_to_enter(dana: Any, alice: Any) -> None:
    row = rate(dana)
    with pytest.raises(NotAllowed):
        rate(alice)
    for change in (lambda: WithholdingRate.objects.update(rate_bps=1), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.fixture
def taxed(posted: Any, alice: Any, sam: Any, dana: Any) -> Any:
    """A batch sent with a part of alice's share kept for the tax office."""
    rate(dana)
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    actions.submit_batch(actor=dana, batch=batch)
    return batch.payouts.get()


def test_gross_is_split_into_what_is_kept_and_what_is_sent(taxed: Any, alice: Any) -> None:
    code = alice.payee.code
    assert taxed.withheld_minor == kept_minor(taxed.amount_minor, 3_000) > 0
    assert payable(alice) == 0
    assert ledger.balance(f"withheld:irs:{code}:USD").amount_minor == -taxed.withheld_minor
    assert ledger.balance(f"in_transit:{taxed.batch_id}:{code}:USD").amount_minor == -taxed.net_minor
    assert f",{taxed.net_minor / 100:.2f},".encode() in actions.batch_file(type(taxed.batch).objects.get())
    balances_add_up()


def test_a_failed_payment_gives_the_gross_amount_back(taxed: Any, alice: Any, dana: Any) -> None:
    actions.fail_payout(actor=dana, payout=taxed, reason="Account closed")
    assert payable(alice) == taxed.amount_minor
    assert ledger.balance(f"withheld:irs:{alice.payee.code}:USD").amount_minor == 0
    balances_add_up()


def after(year: int, month: int = 1) -> dt.datetime:
    """A moment of the year that follows."""
    return dt.datetime(year + 1, month, 15, tzinfo=dt.UTC)


def remitted(dana: Any, taxed: Any, **facts: Any) -> Remittance:
    usual = {"authority": "irs", "period": str(taxed.settled_at.year), "currency": "USD", "reference": "BANK-1"}
    return actions.remit_tax(actor=dana, **(usual | {"now": after(taxed.settled_at.year)} | facts))


def test_tax_is_remitted_once_a_period_with_the_banks_reference(taxed: Any, alice: Any, dana: Any) -> None:
    actions.settle_payout(actor=dana, payout=taxed, provider_reference="PP-1")
    taxed.refresh_from_db()
    with pytest.raises(RoyaltiesRefused, match="reference"):
        remitted(dana, taxed, reference=" ")
    with pytest.raises(WrongState, match="over yet"):
        remitted(dana, taxed, now=taxed.settled_at)
    for period in ("2026-13", "26", "2026-Q5", "1999"):
        with pytest.raises(RoyaltiesRefused, match="period"):
            remitted(dana, taxed, period=period)
    row = remitted(dana, taxed)
    assert row.amount_minor == taxed.withheld_minor
    assert ledger.balance(f"withheld:irs:{alice.payee.code}:USD").amount_minor == 0
    assert Withholding.objects.get().remittance == row
    with pytest.raises(RoyaltiesRefused, match="Nothing"):
        remitted(dana, taxed)
    with pytest.raises(DatabaseError), transaction.atomic():
        Withholding.objects.update(remittance=None)
    balances_add_up()


def test_what_returns_after_its_tax_was_remitted_is_owed_net(taxed: Any, alice: Any, dana: Any) -> None:
    actions.settle_payout(actor=dana, payout=taxed, provider_reference="PP-1")
    taxed.refresh_from_db()
    remitted(dana, taxed)
    actions.return_payout(actor=dana, payout=taxed, reason="Account closed")
    assert payable(alice) == taxed.net_minor
    balances_add_up()


@pytest.fixture
def taxed_twice(posted: Any, alice: Any, sam: Any, dana: Any) -> Any:
    """A payment that arrived, of which two offices keep a part and one of them has got it."""
    rate(dana)
    rate(dana, authority="bzst", rate_bps=500)
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    actions.submit_batch(actor=dana, batch=batch)
    payout = actions.settle_payout(actor=dana, payout=batch.payouts.get(), provider_reference="PP-1")
    remitted(dana, payout)
    return payout


def test_what_returns_brings_back_the_tax_of_every_office_that_has_not_got_it(
    taxed_twice: Any, alice: Any, dana: Any
) -> None:
    gone = taxed_twice.withholdings.get(authority="irs").amount_minor
    assert 0 < gone < taxed_twice.withheld_minor
    actions.return_payout(actor=dana, payout=taxed_twice, reason="Account closed")
    assert payable(alice) == taxed_twice.amount_minor - gone
    for authority in ("irs", "bzst"):
        assert ledger.balance(f"withheld:{authority}:{alice.payee.code}:USD").amount_minor == 0
    with pytest.raises(RoyaltiesRefused, match="Nothing"):
        remitted(dana, taxed_twice, authority="bzst")
    balances_add_up()
    assert breaches() == []


def test_tax_that_is_gone_stands_in_the_year_although_its_payment_came_back(
    taxed_twice: Any, alice: Any, dana: Any
) -> None:
    gone, day = taxed_twice.withholdings.get(authority="irs").amount_minor, taxed_twice.settled_at
    actions.return_payout(actor=dana, payout=taxed_twice, reason="Account closed")
    (summary,) = years.summaries_of([alice.payee], day.year)[alice.payee.pk]
    assert (summary.gross_minor, summary.withheld_minor, summary.paid_minor) == (gone, gone, 0)
    assert summary.authority_rows == [("irs", gone)]
    taxes = [(row.about, row.money) for row in earned.year_rows(alice.payee, day.year) if row.what == "tax"]
    assert taxes == [("irs", Money(-gone, "USD"))]
    assert day.year in [year for year, _sums in earned.sums_by_year(alice.payee)]
    (year,) = [year for year in yearly.by_year()["USD"] if year.paid]
    assert (year.year, year.paid, year.paid_people, year.countries) == (day.year, gone, 0, 0)
    assert [total.paid for total in totals.by_currency()] == [gone]


def decided_owed(dana: Any, sam: Any, *rows: str) -> None:
    """Take a report, and decide each row that does not fit: the payee owes it."""
    actions.import_report(actor=dana, form="paypal", name="report.csv", content=report(*rows))
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    sam = type(sam).objects.get(pk=sam.pk)
    for row in ReportRow.objects.open().order_by("pk"):
        actions.decide_row(actor=sam, row=row, outcome="owed", reason="It did arrive.")


def test_what_had_failed_and_was_paid_after_all_is_taken_back_with_its_tax(
    taxed: Any, alice: Any, sam: Any, dana: Any
) -> None:
    actions.fail_payout(actor=dana, payout=taxed, reason="Account closed")
    assert payable(alice) == taxed.amount_minor
    decided_owed(dana, sam, news(taxed, "Completed", "PP-1"))
    assert payable(alice) == 0
    assert ledger.balance(f"overpaid:{alice.payee.code}:USD").amount_minor == 0
    assert ledger.balance(f"withheld:irs:{alice.payee.code}:USD").amount_minor == -taxed.withheld_minor
    taxed.refresh_from_db()
    assert (taxed.status, taxed.recovered_at is not None) == ("failed", True)
    year = taxed.recovered_at.year
    (summary,) = years.summaries_of([alice.payee], year)[alice.payee.pk]
    assert (summary.gross_minor, summary.withheld_minor) == (taxed.amount_minor, taxed.withheld_minor)
    movements = {row.what: row.money.amount_minor for row in earned.year_rows(alice.payee, year)}
    assert (movements["payout"], movements["tax"]) == (-taxed.net_minor, -taxed.withheld_minor)
    assert [row.paid for row in totals.by_currency()] == [taxed.amount_minor]
    (paid,) = [row for row in yearly.by_year()["USD"] if row.paid]
    assert (paid.year, paid.paid, paid.paid_people) == (year, taxed.amount_minor, 1)
    row = actions.remit_tax(
        actor=dana, authority="irs", period=str(year), currency="USD", reference="BANK-1", now=after(year)
    )
    assert row.amount_minor == taxed.withheld_minor
    assert ledger.balance(f"withheld:irs:{alice.payee.code}:USD").amount_minor == 0
    assert breaches() == []
    with pytest.raises(DatabaseError), transaction.atomic():
        type(taxed).objects.update(recovered_at=None)
    # Nor is it found to have arrived without the entry that takes its tax.
    (booked,) = [row for row in facts() if row.row.startswith("verdict")]
    assert dict(booked.booking().draft.lines)[f"payable:{alice.payee.code}:USD"] == taxed.amount_minor
    balances_add_up()


def test_what_was_paid_twice_after_it_had_failed_is_taxed_once(taxed: Any, alice: Any, sam: Any, dana: Any) -> None:
    actions.fail_payout(actor=dana, payout=taxed, reason="Account closed")
    owe(alice, taxed.net_minor, "USD")
    decided_owed(dana, sam, news(taxed, "Completed", "PP-1"), news(taxed, "Completed", "PP-2"))
    assert payable(alice) == 0
    assert ledger.balance(f"withheld:irs:{alice.payee.code}:USD").amount_minor == -taxed.withheld_minor
    balances_add_up()


def test_what_returned_and_was_paid_once_more_is_taken_back_without_the_tax_that_was_gone(
    taxed: Any, alice: Any, sam: Any, dana: Any
) -> None:
    actions.settle_payout(actor=dana, payout=taxed, provider_reference="PP-1")
    taxed.refresh_from_db()
    remitted(dana, taxed, now=after(taxed.settled_at.year))
    actions.return_payout(actor=dana, payout=taxed, reason="Account closed", now=after(taxed.settled_at.year, 2))
    assert payable(alice) == taxed.net_minor
    moment = after(taxed.settled_at.year, 3)
    content = report(news(taxed, "Completed", "PP-2"))
    actions.import_report(actor=dana, form="paypal", name="report.csv", content=content, now=moment)
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    sam = type(sam).objects.get(pk=sam.pk)
    actions.decide_row(actor=sam, row=ReportRow.objects.get(), outcome="owed", reason="It did arrive.", now=moment)
    assert payable(alice) == 0
    (summary,) = years.summaries_of([alice.payee], moment.year)[alice.payee.pk]
    assert (summary.gross_minor, summary.withheld_minor) == (taxed.amount_minor, taxed.withheld_minor)
    assert breaches() == []
    balances_add_up()


def test_what_returned_is_taxed_at_its_next_payment_like_any_other_balance(
    taxed_twice: Any, alice: Any, sam: Any, dana: Any
) -> None:
    actions.return_payout(actor=dana, payout=taxed_twice, reason="Account closed")
    again = actions.batch_payouts(actor=sam, currency="USD").payouts.get()
    assert again.withheld_minor == sum(kept_minor(again.amount_minor, bps) for bps in (3_000, 500))
    assert again.amount_minor == payable(alice)


def test_periods_have_their_days() -> None:
    from royalties.actions.tax import days_of

    assert days_of("2026") == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert days_of("2026-Q4") == (dt.date(2026, 10, 1), dt.date(2026, 12, 31))
    assert days_of("2028-02") == (dt.date(2028, 2, 1), dt.date(2028, 2, 29))
    # The calendar ends with the last of them; other scripts have digits of their own.
    for period in ("9999", "9999-Q4", "9999-12", "٢٠٢٦"):
        with pytest.raises(RoyaltiesRefused, match="period"):
            days_of(period)


def test_a_rate_that_changes_after_preparing_leaves_the_payout_out(
    posted: Any, alice: Any, sam: Any, dana: Any
) -> None:
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD", now=later(posted))
    actions.enter_rate(
        actor=dana, authority="irs", country="", rate_bps=1_000, valid_from=later(posted).date(), note="New law."
    )
    with pytest.raises(WrongState, match="drop it"):
        actions.submit_batch(actor=dana, batch=batch, now=later(posted))
