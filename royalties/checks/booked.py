"""Whether rows of money still say what the ledger has booked for them.

Each row is put through its posting rule once more (checks/facts.py). An entry keeps the hash of everything that
was asked for when it was written: amount, currency, production, channel, day and the row's own number. So
whatever is changed of a row later gives another hash.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from royalties.checks.facts import AT_ONCE, FROM_SUSPENSE, Fact, facts, nothings
from royalties.models import Income, JournalEntry, Payout, Remittance, Suspense


def validate_rows_say_what_was_booked() -> Iterator[str]:
    """A row that counts has the entry that it asks for, and one that does not count has none."""
    asking = facts()
    while some := list(islice(asking, AT_ONCE)):
        yield from _differing(some)
    idle = nothings()
    while rows := list(islice(idle, AT_ONCE)):
        booked = _requests(row.key for row in rows)
        yield from (f"{row.row} does not count, and {row.key} is booked" for row in rows if row.key in booked)


def validate_suspense_became_its_income() -> Iterator[str]:
    """What was in suspense and the income that it became have the same figures."""
    income = Income.objects.filter(FROM_SUSPENSE)
    found: dict[tuple[str, str], set[tuple[object, ...]]] = {}
    days: dict[tuple[str, str], set[dt.date]] = {}
    names = ("provider", "transaction", "received_on", "kind", "amount_minor", "currency", "production_id", "channel")
    for provider, transaction, day, *figures in income.values_list(*names):
        found.setdefault((provider, transaction), set()).add(tuple(figures))
        days.setdefault((provider, transaction), set()).add(day)
    for row in Suspense.objects.filter(resolution=Suspense.Resolution.INCOME).order_by("pk"):
        amounts = {str(Income.Kind.SALE): row.amount_minor, str(Income.Kind.FEE): row.fee_minor}
        wanted = {
            (kind, minor, row.currency, row.production_id, row.channel) for kind, minor in amounts.items() if minor
        }
        key = row.provider, row.transaction
        if found.get(key) != wanted or len(days[key]) != 1:
            yield f"suspense {row.pk} and the income that it became have other figures"


def validate_withholdings_are_whole() -> Iterator[str]:
    """What authorities keep sums to what each payout and each remittance says."""
    payouts = Payout.objects.annotate(kept=Coalesce(Sum("withholdings__amount_minor"), 0))
    for code, withheld, kept in (
        payouts.exclude(withheld_minor=F("kept")).order_by("pk").values_list("code", "withheld_minor", "kept")
    ):
        yield f"payout {code} says that {withheld} is withheld, and authorities keep {kept}"
    remitted = Remittance.objects.annotate(kept=Coalesce(Sum("withholdings__amount_minor"), 0))
    for number, amount, kept in (
        remitted.exclude(amount_minor=F("kept")).order_by("pk").values_list("pk", "amount_minor", "kept")
    ):
        yield f"remittance {number} is of {amount}, and {kept} was withheld for it"


def _differing(some: Iterable[Fact]) -> Iterator[str]:
    asked: dict[str, tuple[str, str]] = {}
    for row, booking_of in some:
        try:
            booking = booking_of()
        # Whatever was written into it, a row must not keep the check from looking at the others.
        except (ValueError, LookupError, TypeError) as problem:
            yield f"{row} cannot be booked as it stands: {problem!r}"
        else:
            asked[booking.draft.key] = row, booking.request_hash()
    booked = _requests(asked)
    for key, (row, request) in asked.items():
        if booked.get(key) != request:
            yield f"{row} says something else than {key}" if key in booked else f"{row} is not booked as {key}"


def _requests(keys: Iterable[str]) -> dict[str, str]:
    """The hash of what was asked for, by key, of the entries that there are."""
    entries = JournalEntry.objects.filter(idempotency_key__in=list(keys))
    return dict(entries.values_list("idempotency_key", "request_sha256"))
