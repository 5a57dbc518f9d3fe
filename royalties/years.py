"""A calendar year of a payee: shares booked by production, advances, withheld by authority, paid; for artists and staff.

Shares count on the day their statement was posted, and so does what of them went into an advance; advances on the day
they were paid, payouts and taxes on the day they arrived. What came back after arrival is left out, since it is owed
again, unless it was paid after all and taken from what is payable: then it counts on the day of that; but tax of it that its authority had by then stays paid, so that much of it counts, as gross and as withheld.
Amounts never cross currencies: what was converted counts in the currency of its balance, and what it bought
is told beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from django.db.models import Sum

from royalties.models import Advance, CorrectionMove, JournalLine, Payee, Payout, Statement, StatementLine, Withholding
from royalties.models.tax import GONE
from royalties.money import Money


@dataclass(slots=True)
class Summary:
    """One payee, one currency, one year; minor units."""

    currency: str
    earned_minor: int = 0
    advanced_minor: int = 0
    recouped_minor: int = 0
    gross_minor: int = 0
    withheld_minor: int = 0
    productions: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    authorities: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    # What of it arrived in another currency: so much of this one, and what that bought.
    converted: list[tuple[int, Money]] = field(default_factory=list)

    @property
    def paid_minor(self) -> int:
        """What arrived: advances, and gross less what authorities got."""
        return self.advanced_minor + self.gross_minor - self.withheld_minor

    @property
    def production_rows(self) -> list[tuple[str, int]]:
        return sorted(self.productions.items())

    @property
    def authority_rows(self) -> list[tuple[str, int]]:
        return sorted(self.authorities.items())


def summaries_of(payees: Collection[Payee] | None, year: int) -> dict[int, list[Summary]]:
    """The year of these payees, or of everybody, by the payee's key and then by currency. Seven queries."""
    found: dict[tuple[int, str], Summary] = {}

    def of(payee: int, currency: str) -> Summary:
        return found.setdefault((payee, currency), Summary(currency))

    keys = None if payees is None else [payee.pk for payee in payees]
    lines = StatementLine.objects.filter(
        amount_minor__gt=0,
        revision__in=Statement.objects.booked().filter(posted_at__year=year).values("current"),
    )
    moves = CorrectionMove.objects.filter(by__posted_at__year=year)
    settled = Payout.objects.arrived_in(year)
    taxes = Withholding.objects.paid_in(year)
    if keys is not None:
        lines, settled = lines.filter(payee__in=keys), settled.filter(payee__in=keys)
        taxes, moves = taxes.filter(payout__payee__in=keys), moves.filter(payee__in=keys)
    by_production = lines.values_list(
        "payee", "revision__statement__currency", "revision__statement__production__title"
    ).annotate(sum=Sum("amount_minor"))
    corrected = moves.values_list("payee", "correction__currency", "correction__production__title")
    by_correction = corrected.annotate(sum=Sum("amount_minor")).order_by()
    for payee, currency, title, amount in [*by_production.order_by(), *by_correction]:
        summary = of(payee, currency)
        summary.earned_minor += amount
        summary.productions[title] += amount
    sums = [Sum(name) for name in ("amount_minor", "withheld_minor", "bought_minor")]
    arrived = settled.values_list("payee", "currency", "bought").annotate(*sums).order_by("payee", "currency", "bought")
    for payee, currency, bought, gross, withheld, bought_minor in arrived:
        summary = of(payee, currency)
        summary.gross_minor += gross
        if bought:
            summary.converted.append((gross - withheld, Money(bought_minor, bought)))
    by_authority = taxes.values_list("payout__payee", "payout__currency", "authority").annotate(
        sum=Sum("amount_minor"), gone=Sum("amount_minor", filter=GONE, default=0)
    )
    for payee, currency, authority, amount, gone in by_authority.order_by():
        summary = of(payee, currency)
        summary.gross_minor += gone
        summary.withheld_minor += amount
        summary.authorities[authority] += amount
    for payee, currency, amount in _advanced(keys, year):
        of(payee, currency).advanced_minor += amount
    for payee, currency, amount in _recouped(keys, year):
        of(payee, currency).recouped_minor += amount
    result: dict[int, list[Summary]] = defaultdict(list)
    for (payee, _currency), summary in sorted(found.items()):
        result[payee].append(summary)
    return dict(result)


def _advanced(keys: list[int] | None, year: int) -> Iterator[tuple[int, str, int]]:
    """Advances that were paid in a year: payee, currency, amount."""
    paid = Advance.objects.filter(approved_at__isnull=False, paid_on__year=year)
    if keys is not None:
        paid = paid.filter(payee__in=keys)
    yield from paid.values_list("payee", "currency", "amount_minor").order_by("pk")


def _recouped(keys: list[int] | None, year: int) -> Iterator[tuple[int, str, int]]:
    """What of the shares of a year went into advances, from the ledger: payee, currency, amount."""
    taken = JournalLine.objects.filter(
        entry__kind="advance_recouped", entry__effective_on__year=year, account__code__startswith="payable:"
    )
    payees = Payee.objects.all() if keys is None else Payee.objects.filter(pk__in=keys)
    rows = list(taken.values_list("account__code", "currency", "amount_minor"))
    codes = {code.split(":")[1] for code, _currency, _amount in rows}
    known = dict(payees.filter(code__in=codes).values_list("code", "pk"))
    for code, currency, amount in rows:
        payee = known.get(code.split(":")[1])
        if payee is not None:
            yield payee, currency, amount
