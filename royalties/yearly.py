"""What was earned, spent, shared and paid in each year: over all, or by one production.

Read from the lines of the ledger, since balances know no years, and kept until the ledger's head moves: so
what is shown is never old. Amounts are minor units, years those of the day an entry takes effect.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection

from projects.models import Production
from royalties import ledger
from royalties.money import Money
from royalties.movement import production_code

KEPT_SECONDS = 24 * 3600

# Accounts of productions alone, which are few beside those of people.
_MOVED = """
SELECT extract(year FROM entry.effective_on)::int, account.currency,
    CASE WHEN account.kind = 'revenue' THEN 'revenue'
         WHEN split_part(account.code, ':', 3) = 'artist_share' THEN 'artists' ELSE 'costs' END,
    sum(CASE WHEN account.kind = 'revenue' THEN -line.amount_minor ELSE line.amount_minor END)::bigint
FROM royalties_account account
JOIN royalties_journalline line ON line.account_id = account.id
JOIN royalties_journalentry entry ON entry.id = line.entry_id
WHERE account.code LIKE ANY(%s) GROUP BY 1, 2, 3
"""
# The house's half stands nowhere in the ledger: it is what a posted statement has left of the profit.
_HALVED = """
SELECT extract(year FROM statement.posted_at AT TIME ZONE 'UTC')::int, statement.currency,
    sum((convert_from(revision.result_bytes, 'UTF8')::jsonb #>> '{waterfall,company}')::bigint)::bigint,
    count(*)
FROM royalties_statement statement JOIN royalties_revision revision ON revision.id = statement.current_id
WHERE statement.status IN ('posted', 'paid') AND statement.corrects_id IS NULL AND (%s::bigint IS NULL OR statement.production_id = %s)
GROUP BY 1, 2
"""
_PEOPLE = """
SELECT extract(year FROM statement.posted_at AT TIME ZONE 'UTC')::int, statement.currency, count(DISTINCT line.payee_id)
FROM royalties_statement statement JOIN royalties_statementline line ON line.revision_id = statement.current_id
WHERE statement.status IN ('posted', 'paid') AND statement.corrects_id IS NULL AND line.amount_minor > 0
    AND (%s::bigint IS NULL OR statement.production_id = %s)
GROUP BY 1, 2
"""

# Payouts carry no production. A country counts once, however many people live there. Of what came back after it had
# arrived, only the tax is paid that its authority had by then, unless it was found to have arrived after all.
_PAID = """
SELECT extract(year FROM coalesce(payout.recovered_at, payout.settled_at) AT TIME ZONE 'UTC')::int, payout.currency,
    sum(CASE WHEN arrived.it THEN payout.amount_minor ELSE remitted.minor END)::bigint,
    count(DISTINCT payout.payee_id) FILTER (WHERE arrived.it),
    count(DISTINCT form.country) FILTER (WHERE arrived.it)
FROM royalties_payout payout CROSS JOIN LATERAL (
    SELECT payout.status = 'settled' OR payout.recovered_at IS NOT NULL AS it
) arrived LEFT JOIN LATERAL (
    SELECT country FROM royalties_taxform WHERE payee_id = payout.payee_id ORDER BY id DESC LIMIT 1
) form ON true LEFT JOIN LATERAL (
    SELECT sum(amount_minor) AS minor FROM royalties_withholding
    WHERE payout_id = payout.id AND remittance_id IS NOT NULL
) remitted ON true
WHERE arrived.it OR (payout.status = 'returned' AND remitted.minor > 0) GROUP BY 1, 2
"""


@dataclass(slots=True)
class Year:
    """One year in one currency. `house` and `artists` are the two halves as posted in it.

    What was paid, to how many people in how many countries, is told over all productions only.
    """

    year: int
    currency: str
    revenue: int = 0
    costs: int = 0
    artists: int = 0
    house: int = 0
    people: int = 0
    statements: int = 0
    paid: int = 0
    paid_people: int = 0
    countries: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: how long it is in parts of a hundred of the longest."""

    kind: str
    percent: float
    amount: str


def by_year(production: Production | None = None) -> dict[str, list[Year]]:
    """Years by currency, the newest first. Five queries, or one where nothing was posted since."""
    number, _digest = ledger.head()
    key = f"royalties:years:{production.pk if production else 'all'}:{number}"
    kept: list[dict[str, Any]] | None = cache.get(key)
    if kept is None:
        kept = [asdict(year) for year in _read(production)]
        cache.set(key, kept, KEPT_SECONDS)
    years: dict[str, list[Year]] = defaultdict(list)
    for plain in kept:
        years[plain["currency"]].append(Year(**plain))
    return dict(years)


def chart(years: Iterable[Year]) -> list[dict[str, Any]]:
    """Four bars a year on one scale; what is below nothing has no bar, and its amount stands in the table."""
    years = list(years)
    longest = max((amount for year in years for _kind, amount in _parts(year)), default=0)
    return [
        {
            "year": year.year,
            "bars": [
                Bar(kind, max(amount, 0) * 100 / longest if longest > 0 else 0, Money(amount, year.currency).format())
                for kind, amount in _parts(year)
            ],
        }
        for year in years
    ]


def _parts(year: Year) -> list[tuple[str, int]]:
    return [("held", year.revenue), ("cost", year.costs), ("house", year.house), ("artists", year.artists)]


def _read(production: Production | None) -> list[Year]:
    found: dict[tuple[str, int], Year] = {}

    def year_of(number: int, currency: str) -> Year:
        return found.setdefault((currency, number), Year(number, currency))

    code = production_code(production.pk) if production else "pr%"
    pk = production.pk if production else None
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [[f"revenue:{code}:%", f"expense:{code}:%"]])
        for number, currency, kind, amount in cursor.fetchall():
            setattr(year_of(number, currency), kind, amount)
        cursor.execute(_HALVED, [pk, pk])
        for number, currency, house, statements in cursor.fetchall():
            year = year_of(number, currency)
            year.house, year.statements = house, statements
        cursor.execute(_PEOPLE, [pk, pk])
        for number, currency, people in cursor.fetchall():
            year_of(number, currency).people = people
        if production is None:
            cursor.execute(_PAID)
            for number, currency, paid, people, countries in cursor.fetchall():
                year = year_of(number, currency)
                year.paid, year.paid_people, year.countries = paid, people, countries
    return [found[place] for place in sorted(found, key=lambda place: (place[0], -place[1]))]
