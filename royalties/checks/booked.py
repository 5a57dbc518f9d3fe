"""Whether rows of money still say what the ledger has booked for them.

Each row is put through its posting rule once more (checks/facts.py). An entry keeps the hash of everything that
was asked for when it was written: amount, currency, production, channel, day and the row's own number. So
whatever is changed of a row later gives another hash.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db.models import Exists, F, OuterRef, Sum
from django.db.models.functions import Coalesce

from royalties.checks.fact import AT_ONCE, Fact
from royalties.checks.facts import FROM_SUSPENSE, facts, nothings
from royalties.models import Income, JournalEntry, Payout, Remittance, ReportRow, RowVerdict, Suspense


def validate_rows_say_what_was_booked() -> Iterator[str]:
    """A row that counts has the entry that it asks for, and one that does not count has none."""
    asking = facts()
    while some := list(islice(asking, AT_ONCE)):
        yield from _differing(some)
    idle = nothings()
    while rows := list(islice(idle, AT_ONCE)):
        booked = _requests(row.key for row in rows)
        yield from (f"{row.row} does not count, and {row.key} is booked" for row in rows if row.key in booked)
    verdict = ReportRow.objects.filter(payout=OuterRef("pk"), verdict__outcome=RowVerdict.Outcome.OWED_BACK)
    found = Payout.objects.filter(recovered_at__isnull=False).order_by("pk")
    for payout in found.exclude(Exists(verdict.filter(verdict__decided_at=OuterRef("recovered_at")))):
        yield f"payout {payout.code} is said to have arrived after all, and no verdict says so"


def validate_suspense_became_its_income() -> Iterator[str]:
    """What was in suspense and the income that it became have the same figures."""
    income = Income.objects.filter(FROM_SUSPENSE)
    found: dict[tuple[str, str, int], set[tuple[object, ...]]] = {}
    days: dict[tuple[str, str, int], set[dt.date]] = {}
    names = ("provider", "transaction", "again", "received_on")
    for *number, day, kind, minor, currency, production, channel in income.values_list(
        *names, "kind", "amount_minor", "currency", "production_id", "channel"
    ):
        provider, transaction, again = number
        found.setdefault((provider, transaction, again), set()).add((kind, minor, currency, production, channel))
        days.setdefault((provider, transaction, again), set()).add(day)
    for row in Suspense.objects.filter(resolution=Suspense.Resolution.INCOME).order_by("pk"):
        amounts = {str(Income.Kind.SALE): row.amount_minor, str(Income.Kind.FEE): row.fee_minor}
        wanted = {
            (kind, minor, row.currency, row.production_id, row.channel) for kind, minor in amounts.items() if minor
        }
        key = row.provider, row.transaction, row.again
        if found.get(key) != wanted or len(days[key]) != 1:
            yield f"suspense {row.pk} and the income that it became have other figures"


def validate_what_is_taken_back_waits_again() -> Iterator[str]:
    """Suspense waits again, with the same figures, exactly where the income that it became was taken back."""
    names = ("source_id", "line_number", "channel", "text", "amount_minor", "fee_minor", "currency", "received_on")
    sales = Income.objects.filter(FROM_SUSPENSE, kind=Income.Kind.SALE, reversals__approved_at__isnull=False)
    taken_back = set(sales.values_list("provider", "transaction", "again"))
    again = Suspense.objects.filter(again__gt=0)
    first = Suspense.objects.filter(again=0, transaction__in=again.values("transaction"))
    figures = {row[:2]: row[2:] for row in first.values_list("provider", "transaction", *names)}
    for pk, provider, transaction, number, *own in again.order_by("pk").values_list(
        "pk", "provider", "transaction", "again", *names
    ):
        before = provider, transaction, number - 1
        if before not in taken_back:
            yield f"suspense {pk} waits again, and nothing that it became was taken back"
        elif figures.get((provider, transaction)) != tuple(own):
            yield f"suspense {pk} waits again with other figures than the first time"
        taken_back.discard(before)
    for provider, transaction, _number in sorted(taken_back):
        yield f"what came out of suspense as {transaction} of {provider} was taken back and does not wait again"


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
    for row, booking_of, _key in some:
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
