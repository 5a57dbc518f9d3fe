"""Money out: batches and what became of them, holds, tax, unclaimed money, rows that do not fit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from royalties import accounts, ledger, postings
from royalties.bookings.booking import Booking, mirror_of
from royalties.ledger import Receipt
from royalties.models import (
    Batch,
    BatchFee,
    JournalEntry,
    JournalLine,
    Payee,
    Payout,
    PayoutHold,
    Remittance,
    ReportRow,
    UnclaimedCase,
    Withholding,
)
from royalties.money import Money
from royalties.postings import PayoutItem


def payout_submitted(batch: Batch, payouts: list[Payout], on: dt.date) -> list[Receipt]:
    """What was payable is in transit: one entry, or one for each payment that is converted."""
    if not batch.bought:
        return [batch_booking(batch, payouts, on).post()]
    return [converted_booking(batch, payout, on).post() for payout in payouts]


def batch_booking(batch: Batch, payouts: Iterable[Payout], on: dt.date) -> Booking:
    """What a submitted batch asks for that is paid in the currency of its balances."""
    draft = postings.payout_submitted(batch=batch.code, items=[_item(payout) for payout in payouts])
    return Booking(draft, on, {"batch": batch.pk})


def converted_booking(batch: Batch, payout: Payout, on: dt.date) -> Booking:
    """What one payment of a submitted batch asks for that is paid in another currency."""
    draft = postings.conversion(batch=batch.code, item_id=payout.code, item=_item(payout))
    return Booking(draft, on, {"payout": payout.pk})


def payout_settled(payout: Payout, on: dt.date) -> Receipt:
    """The provider paid it out."""
    return settled_booking(payout, on).post()


def settled_booking(payout: Payout, on: dt.date) -> Booking:
    """What a payment that arrived asks for."""
    draft = postings.payout_settled(
        batch=payout.batch.code,
        item_id=payout.code,
        item=_item(payout),
        provider=payout.batch.method,
    )
    return Booking(draft, on, {"payout": payout.pk})


def payout_failed(payout: Payout, on: dt.date) -> Receipt:
    """It came back and is payable again."""
    return failed_booking(payout, on).post()


def failed_booking(payout: Payout, on: dt.date) -> Booking:
    """What a payment that never arrived asks for."""
    draft = postings.payout_failed(batch=payout.batch.code, item_id=payout.code, item=_item(payout))
    return Booking(draft, on, {"payout": payout.pk})


def payout_came_back(payout: Payout, on: dt.date) -> Receipt:
    """Arrived and returned: the settlement is reversed, and the money is payable again."""
    arrival_reversal_booking(payout, on).post()
    return came_back_booking(payout, on).post()


def arrival_reversal_booking(payout: Payout, on: dt.date) -> Booking:
    """What a payment that was returned after it had arrived asks of its settlement; LookupError where it has none."""
    settled = _entry(postings.key_of("po", payout.batch.code, payout.code, "ok"))
    return mirror_of(settled, on, {"payout": payout.pk, "returned": True})


def came_back_booking(payout: Payout, on: dt.date) -> Booking:
    """What a payment that was returned after it had arrived asks for, besides the reversal of its settlement.

    Tax that is already with its authority stays there; the payee has it back from the authority, as the remittance
    proves. What is kept for any other authority is payable again with the net amount: nobody remits it any more.
    """
    draft = postings.payout_failed(batch=payout.batch.code, item_id=payout.code, item=_owed_again(payout))
    return Booking(draft, on, {"payout": payout.pk, "returned": True})


def _owed_again(payout: Payout) -> PayoutItem:
    """What of a payment is owed again once it has come back: all but the tax that was with its authority by then."""
    item = _item(payout)
    kept = {row.authority: row.amount_minor for row in payout.withholdings.all() if not _was_gone(payout, row)}
    gross = item.net + Money(sum(kept.values()), payout.currency)
    return PayoutItem(payee=item.payee, gross=gross, withheld=kept, bought=item.bought)


def _was_gone(payout: Payout, kept: Withholding) -> bool:
    """Whether an authority had its tax before the payment came back, and not since it was found to have arrived."""
    if kept.remittance is None:
        return False
    return payout.recovered_at is None or kept.remittance.made_at < payout.recovered_at


def payable_balances(currency: str) -> dict[str, int]:
    """What we owe each payee, by code; a liability's balance is negative in the ledger."""
    owed = ledger.balances_below("payable:")
    return {
        code.split(":", 1)[1].rsplit(":", 1)[0]: -balance.amount_minor
        for code, balance in owed.items()
        if balance.currency == currency and balance.amount_minor < 0
    }


def _item(payout: Payout) -> PayoutItem:
    """With what authorities keep; a payout has rows of withholding only where something is kept."""
    return PayoutItem(
        payee=payout.payee.code,
        gross=Money(payout.amount_minor, payout.currency),
        withheld={row.authority: row.amount_minor for row in payout.withholdings.all()},
        bought=payout.paid if payout.bought else None,
    )


def payout_fee(payout: Payout, row: ReportRow, on: dt.date) -> Receipt:
    """What the provider took for a payment that left, or for what became of it afterwards; the company bears it."""
    return payout_fee_booking(payout, row, on).post()


def payout_fee_booking(payout: Payout, row: ReportRow, on: dt.date) -> Booking:
    """What a fee that a report tells of a payment asks for."""
    is_first = row.status == ReportRow.Status.COMPLETED
    draft = postings.payout_item_fee(
        batch=payout.batch.code,
        item_id=payout.code,
        provider=payout.batch.method,
        money=Money(row.fee_minor, row.currency),
        row="" if is_first else f"{row.report_id}-{row.number}",
    )
    return Booking(draft, on, {"payout": payout.pk})


def batch_fee_charged(fee: BatchFee) -> Receipt:
    """What the provider took for a whole batch; the company bears it."""
    return batch_fee_booking(fee).post()


def batch_fee_booking(fee: BatchFee) -> Booking:
    """What a fee of a batch asks for."""
    batch = fee.batch
    draft = postings.payout_fee(
        batch=batch.code, provider=batch.method, money=Money(fee.amount_minor, batch.paid_currency)
    )
    return Booking(draft, fee.charged_on, {"batch_fee": fee.pk})


def money_held(hold: PayoutHold, money: Money, on: dt.date) -> Receipt:
    """A payee's balance waits; one entry a currency."""
    return hold_booking(hold, money, on).post()


def hold_booking(hold: PayoutHold, money: Money, on: dt.date) -> Booking:
    """What a hold asks for in a currency."""
    draft = postings.hold(hold=_hold_code(hold, money.currency), payee=hold.payee.code, money=money)
    return Booking(draft, on, {"hold": hold.pk})


def money_released(hold: PayoutHold, money: Money, on: dt.date) -> Receipt:
    """What the hold took is payable again."""
    return release_booking(hold, money, on).post()


def release_booking(hold: PayoutHold, money: Money, on: dt.date) -> Booking:
    """What a hold that was lifted asks for in a currency."""
    draft = postings.release(hold=_hold_code(hold, money.currency), payee=hold.payee.code, money=money)
    return Booking(draft, on, {"hold": hold.pk})


def held_by(hold: PayoutHold) -> list[Money]:
    """What the hold took, by currency, as its own entries say."""
    keys = {postings.key_of("hold", _hold_code(hold, currency), "hold"): currency for currency in hold.currencies}
    rows = JournalLine.objects.filter(entry__idempotency_key__in=keys, amount_minor__gt=0)
    return [Money(minor, currency) for minor, currency in rows.values_list("amount_minor", "currency").order_by("pk")]


def owed_to(payee: Payee, root: str = "payable") -> list[Money]:
    """What stands for a payee on `payable`, `held` or `unclaimed`, by currency; positive amounts only."""
    owed = ledger.balances_below(f"{root}:{payee.code}:")
    return [-money for _code, money in sorted(owed.items()) if money.amount_minor < 0]


def tax_remitted(remittance: Remittance, withheld: Mapping[str, int], on: dt.date) -> Receipt:
    """A period's withheld tax goes to its authority; the key names the currency too, since one period has several."""
    return remittance_booking(remittance, withheld, on).post()


def remittance_booking(remittance: Remittance, withheld: Mapping[str, int], on: dt.date) -> Booking:
    """What a remittance of so much from each payee asks for."""
    draft = postings.tax_remitted(
        authority=remittance.authority,
        period=f"{remittance.period}.{remittance.currency}",
        currency=remittance.currency,
        withheld=withheld,
    )
    return Booking(draft, on, {"remittance": remittance.pk})


def unclaimed_moved(case: UnclaimedCase, move: str, on: dt.date) -> Receipt:
    """Set aside, given to the state, or claimed after all."""
    return unclaimed_booking(case, move, on).post()


def unclaimed_booking(case: UnclaimedCase, move: str, on: dt.date) -> Booking:
    """What one step of an unclaimed balance asks for."""
    number, payee, money = str(case.pk), case.payee.code, Money(case.amount_minor, case.currency)
    if move == "claim":
        draft = postings.late_claim(case=number, payee=payee, money=money, by=_claiming(case))
    else:
        rule = {"aside": postings.unclaimed, "escheat": postings.escheat}[move]
        draft = rule(case=number, payee=payee, money=money)
    return Booking(draft, on, {"unclaimed": case.pk})


def _claiming(case: UnclaimedCase) -> str:
    """The code of the account by which it was claimed; of one person there may be several. Nothing where nobody has."""
    found = Payee.objects.filter(artist__isnull=False, artist=case.ended_by_id).first()
    return found.code if found else ""


def row_unexplained(row: ReportRow, provider: str, on: dt.date) -> Receipt:
    """What a report tells and we cannot explain: money out is a claim, money back is in suspense."""
    return row_booking(row, provider, on).post()


def row_booking(row: ReportRow, provider: str, on: dt.date) -> Booking:
    """What a row of a report that nobody can explain asks for, with the provider's fee where it names one."""
    money, case = Money(row.amount_minor, row.currency), f"{row.report_id}-{row.number}"
    if row.takes_back and row.payout is not None:
        clearing = accounts.clearing(provider, row.currency)
        payee = row.payout.payee.code
        draft = postings.overpaid_returned(key=row.booked, payee=payee, returns_to=clearing, money=money)
    elif row.status == ReportRow.Status.COMPLETED:
        if row.payout is None:
            draft = postings.unknown_paid(case=case, provider=provider, money=money)
        else:
            clearing = accounts.clearing(provider, row.currency)
            draft = postings.overpaid_found(case=case, payee=row.payout.payee.code, returns_to=clearing, money=money)
    else:
        draft = postings.unmatched_received(provider=provider, transaction=f"report-{case}", money=money)
    if row.fee_minor:
        draft = postings.with_fee(draft, provider=provider, fee=Money(row.fee_minor, row.currency))
    return Booking(draft, on, {"report": row.report_id, "line": row.number})


def row_key(row: ReportRow, provider: str) -> str:
    """Under which key `row_unexplained` books, known before it is booked."""
    case = f"{row.report_id}-{row.number}"
    if row.status == ReportRow.Status.COMPLETED:
        return postings.key_of("over", case)
    return postings.key_of("sus", provider, f"report-{case}")


def row_recovered(row: ReportRow, payee: Payee, on: dt.date, *, arrived: Payout | None = None) -> Receipt:
    """What was paid twice is taken from what is payable.

    `arrived` is the payment of ours that had come back and that this row says was paid after all: everything that was
    payable again for it is taken, and its tax is withheld once more.
    """
    return recovered_booking(row, payee, on, arrived=arrived).post()


def recovered_booking(row: ReportRow, payee: Payee, on: dt.date, *, arrived: Payout | None = None) -> Booking:
    """What the verdict asks for that the payee owes it."""
    money = Money(row.amount_minor, row.currency)
    item = PayoutItem(payee=payee.code, gross=money) if arrived is None else _owed_again(arrived)
    draft = postings.overpaid_recovered(case=f"{row.report_id}-{row.number}", item=item)
    return Booking(draft, on, {"report": row.report_id, "line": row.number})


def row_lost(row: ReportRow, on: dt.date) -> Receipt:
    """What left and nobody gives back is the company's loss."""
    return lost_booking(row, on).post()


def lost_booking(row: ReportRow, on: dt.date) -> Booking:
    """What the verdict asks for that it is lost."""
    payee = row.payee.code if row.payee else postings.NOBODY
    draft = postings.overpaid_lost(
        case=f"{row.report_id}-{row.number}", payee=payee, money=Money(row.amount_minor, row.currency)
    )
    return Booking(draft, on, {"report": row.report_id, "line": row.number})


def row_resolved(row: ReportRow, provider: str, payee: Payee, on: dt.date) -> Receipt:
    """What lay in suspense belongs to this payee."""
    return belongs_booking(row, provider, payee.code, on).post()


def belongs_booking(row: ReportRow, provider: str, payee: str, on: dt.date) -> Booking:
    """What the verdict asks for that it belongs to the payee of this code."""
    draft = postings.unmatched_resolved(
        provider=provider,
        transaction=f"report-{row.report_id}-{row.number}",
        belongs_to=accounts.payable(payee, row.currency),
        money=Money(row.amount_minor, row.currency),
    )
    return Booking(draft, on, {"report": row.report_id, "line": row.number})


def row_reversed(row: ReportRow, on: dt.date) -> Receipt:
    """The report was wrong: the mirror image of what was booked for it."""
    return wrong_booking(row, on).post()


def wrong_booking(row: ReportRow, on: dt.date) -> Booking:
    """What the verdict asks for that the report was wrong; LookupError where nothing is booked for the row."""
    return mirror_of(_entry(row.booked), on, {"report": row.report_id, "line": row.number})


def _entry(key: str) -> JournalEntry:
    found = JournalEntry.objects.filter(idempotency_key=key).first()
    if found is None:
        raise LookupError(f"nothing is booked as {key}")
    return found


def _hold_code(hold: PayoutHold, currency: str) -> str:
    return f"{hold.pk}-{currency}"
