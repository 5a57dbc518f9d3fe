"""Figures that come of other rows: what was converted, what was withheld, and what was given back; reckoned anew."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from royalties import exchange
from royalties.checks.rows import rows
from royalties.models import BankExchange, Batch, Conversion
from royalties.movement import production_code

AT_ONCE = 1000

WITHHELD = """
SELECT withholding.id, payout.code, withholding.amount_minor, rate.rate_bps, rate.id
FROM royalties_withholding withholding
JOIN royalties_payout payout ON payout.id = withholding.payout_id
JOIN royalties_batch batch ON batch.id = payout.batch_id
JOIN royalties_withholdingrate rate ON rate.id = withholding.rate_id,
LATERAL (SELECT div(2 * payout.amount_minor::numeric * rate.rate_bps + 10000, 20000) AS minor) kept
WHERE withholding.basis_minor <> payout.amount_minor OR withholding.authority <> rate.authority
    OR rate.valid_from > (batch.prepared_at AT TIME ZONE 'UTC')::date
    -- Two authorities never keep more than all of it together.
    OR withholding.amount_minor > kept.minor
    OR (withholding.amount_minor < kept.minor AND payout.withheld_minor < payout.amount_minor)
ORDER BY withholding.id
"""
MISPLACED = """
SELECT refund.id, sale.id FROM royalties_income refund JOIN royalties_income sale ON sale.id = refund.sale_id
WHERE refund.kind <> 'refund' OR sale.kind <> 'sale'
    OR (refund.provider, refund.production_id, refund.currency) <> (sale.provider, sale.production_id, sale.currency)
ORDER BY refund.id
"""
GIVEN_BACK = """
SELECT sale.id, sale.amount_minor, sum(refund.amount_minor)
FROM royalties_income sale JOIN royalties_income refund ON refund.sale_id = sale.id
WHERE NOT EXISTS (SELECT FROM royalties_reversal WHERE income_id = refund.id AND approved_at IS NOT NULL)
GROUP BY sale.id HAVING sum(refund.amount_minor) > sale.amount_minor ORDER BY sale.id
"""


def validate_what_was_converted_follows_its_rates() -> Iterator[str]:
    """The rate of a conversion, batch or exchange is that of its recorded rates, and each figure that of the rate."""
    for conversion in Conversion.objects.prefetch_related("rates").order_by("pk").iterator(AT_ONCE):
        yield from _conversion(conversion)
    for batch in Batch.objects.exclude(bought="").prefetch_related("rates").order_by("pk").iterator(AT_ONCE):
        rate = exchange.fraction_of(batch)
        if rate != exchange.rate_from(batch.rates.all(), batch.currency, batch.bought):
            yield f"batch {batch.pk} has another rate than the recorded ones that it names"
        for payout in batch.payouts.order_by("pk").iterator(AT_ONCE):
            bought = exchange.converted(payout.net_minor, payout.currency, batch.bought, rate)
            if (payout.bought, payout.bought_minor) != (batch.bought, bought):
                yield f"payout {payout.code} of batch {batch.pk} is not converted at its rate"
    for row in BankExchange.objects.prefetch_related("rates").order_by("pk").iterator(AT_ONCE):
        known = exchange.rate_from(row.rates.all(), row.sold, row.bought)
        if known is None or exchange.converted(row.sold_minor, row.sold, row.bought, known) != row.at_rate_minor:
            yield f"bank exchange {row.pk} is held against another rate than the recorded ones that it names"


def _conversion(row: Conversion) -> Iterator[str]:
    rate = exchange.fraction_of(row)
    if rate != exchange.rate_from(row.rates.all(), row.sold, row.bought):
        yield f"conversion {row.pk} has another rate than the recorded ones that it names"
    for number, line in enumerate(row.lines if isinstance(row.lines, list) else [row.lines], start=1):
        if not _follows(row, line, rate):
            yield f"conversion {row.pk} does not take its line {number} over at its rate"


def _follows(row: Conversion, line: Any, rate: Fraction) -> bool:
    """Whether a line is of an account of the production in what is sold, and goes over at the rate."""
    try:
        code, minor, into, converted = line["from"], line["amount"], line["into"], line["converted"]
        root, production, _name, currency = code.split(":")
        # Whatever was written into it, a row must not keep the check from looking at the others.
        known = exchange.converted(minor, row.sold, row.bought, rate)
    except (ValueError, LookupError, TypeError, AttributeError):
        return False
    return (
        root in {"revenue", "expense"}
        and (production, currency) == (production_code(row.production_id), row.sold)
        and (into, converted) == (code.removesuffix(row.sold) + row.bought, known)
    )


def validate_withholdings_follow_their_rates() -> Iterator[str]:
    """What an authority keeps of a payout is its rate of the whole amount, begun when that was prepared."""
    for number, payout, amount, rate_bps, rate in rows(WITHHELD):
        yield f"withholding {number} of payout {payout} is of {amount}, and not {rate_bps} bps of it by rate {rate}"


def validate_refunds_belong_to_their_sales() -> Iterator[str]:
    """What a refund gives back is a sale of the same provider, production and currency, and no more than all of it."""
    for refund, sale in rows(MISPLACED):
        yield f"income {refund} gives back income {sale}, which is no such sale"
    for sale, amount, back in rows(GIVEN_BACK):
        yield f"of income {sale}, which is of {amount}, {back} is given back"
