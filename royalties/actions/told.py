"""What providers have told of payments before a report is read; only for taking it in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q

from royalties.models import Destination, Payout, PayoutReport, ReportRow, RowVerdict
from royalties.money import Money
from royalties.payouts.reports import Reported

Status, Verdict = ReportRow.Status, RowVerdict.Outcome


@dataclass(slots=True)
class Told:
    """The news of one provider that counts, of earlier reports and of the rows of this one that are read.

    Payouts by their codes.
    """

    facts: set[str] = field(default_factory=set)
    # Whose way out a statement has told of, and whose way back.
    left: set[str] = field(default_factory=set)
    back: set[str] = field(default_factory=set)
    # Of what left and nobody can explain the keys of its entries; whose was decided; and the keys of what came back of it.
    claims: dict[tuple[str, Money], list[str]] = field(default_factory=dict)
    decided: set[str] = field(default_factory=set)
    backs: set[str] = field(default_factory=set)
    # Transactions whose fee is booked.
    charged: set[tuple[str, str]] = field(default_factory=set)

    def is_first_of(self, payout: Payout, news: Reported) -> bool:
        """Whether no statement has told yet of a payment that we know to have left, so that this one does.

        Of what came back to us before it had left (files read in the wrong order), or was settled by hand. Then a bank may
        call it differently than finance did; PayPal has one name for a transaction.
        """
        if payout.code in self.left:
            return False
        if payout.status == Payout.Status.FAILED:
            return payout.code in self.back
        if payout.status not in {Payout.Status.SETTLED, Payout.Status.RETURNED}:
            return False
        return payout.batch.method == Destination.Method.SEPA or payout.provider_reference == news.reference

    def has_fee_to_book(self, payout: Payout, row: ReportRow) -> bool:
        """Whether the provider took something for what this row moved, of which no row before has told."""
        return row.outcome in ReportRow.CHARGED and (payout.code, row.reference) not in self.charged

    def note(self, payout: Payout | None, row: ReportRow) -> None:
        """One more row that counts."""
        self.facts.add(row.fact)
        if payout is None:
            return
        money = Money(row.amount_minor, row.currency)
        is_status = row.report.format == PayoutReport.Format.PAIN_002
        if row.status == Status.COMPLETED and money == payout.paid and not is_status:
            self.left.add(payout.code)
        if row.status == Status.RETURNED:
            self.back.add(payout.code)
        if row.fee_minor and row.outcome in ReportRow.CHARGED:
            self.charged.add((payout.code, row.reference))
        if row.booked and row.status == Status.COMPLETED:
            self._note_claim(payout, row, money)

    def _note_claim(self, payout: Payout, row: ReportRow, money: Money) -> None:
        """Money that left and that nobody can explain; not what is back by now."""
        if hasattr(row, "verdict"):
            self.decided.add(payout.code)
        elif row.back_key not in self.backs:
            self.claims.setdefault((payout.code, money), []).append(row.booked)


def told_by(provider: str, rows: Collection[Reported]) -> Told:
    """What this provider told of these payments so far.

    A report that a verdict found to be wrong told nothing, nor did whatever repeated it before that verdict.
    """
    facts, items = {row.fact for row in rows}, {row.item for row in rows}
    before = ReportRow.objects.told_by(provider).filter(Q(fact__in=facts) | Q(payout__code__in=items))
    found = list(before.select_related("report", "payout__batch", "verdict").order_by("pk"))
    decided = [row for row in found if hasattr(row, "verdict")]
    wrong = {row.fact: row.verdict.decided_at for row in decided if row.verdict.outcome == Verdict.REPORT_WRONG}
    told = Told(backs={row.booked for row in found if row.takes_back})
    for row in found:
        if row.fact in wrong and row.report.taken_at <= wrong[row.fact]:
            continue
        told.note(row.payout, row)
    return told
