"""What must hold after every fault, read from the tables alone: nothing twice, nothing lost, every sum equal.

`breaches()` is empty on sound books. The controls of test_controls.py show that it is not empty otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count, Model, Q, Sum

from profiles.models import Event
from profiles.models.event import topic_of
from royalties.checks import run_checks
from royalties.models import (
    AllocationLine,
    Batch,
    Cost,
    Income,
    JournalEntry,
    JournalLine,
    Payout,
    Publication,
    Revision,
    Statement,
    StatementLine,
    Suspense,
)

POSTED = (Statement.Status.POSTED, Statement.Status.PAID)
LEFT = (Payout.Status.SENT, Payout.Status.SETTLED, Payout.Status.FAILED, Payout.Status.RETURNED)
#: What the journal calls each thing that is done at most once, and the rows it is done for.
BOOKED = {
    # What came out of suspense has its entry there, what was taken back has its mirror image.
    "revenue_received": lambda: (
        Income.objects.filter(kind="sale")
        .exclude(reversals__approved_at__isnull=False)
        .exclude(transaction__in=Suspense.objects.filter(resolution="income").values("transaction"))
    ),
    "cost_paid": lambda: Cost.objects.filter(~Q(approved_by=None) | Q(is_within_limit=True)).exclude(
        reversals__approved_at__isnull=False
    ),
    "statement_split": lambda: Statement.objects.filter(status__in=POSTED),
    "statement_allocation": lambda: Statement.objects.filter(status__in=POSTED),
    "payout_submitted": lambda: Batch.objects.filter(status=Batch.Status.SUBMITTED, bought=""),
    # Where the way takes another currency, each payment has an entry of its own.
    "conversion": lambda: Payout.objects.exclude(bought="").filter(status__in=LEFT),
    "payout_settled": lambda: Payout.objects.filter(status=Payout.Status.SETTLED),
    # What came back after it had arrived is booked like what never arrived, and its settlement is reversed.
    "payout_failed": lambda: Payout.objects.filter(status__in=[Payout.Status.FAILED, Payout.Status.RETURNED]),
}
#: The event that each of them leaves, once.
TOLD = {
    "royalties.cost_approved": lambda: Cost.objects.exclude(approved_by=None),
    "royalties.cost_dropped": lambda: Cost.objects.exclude(dropped_at=None),
    "royalties.statement_posted": BOOKED["statement_split"],
    "royalties.batch_submitted": lambda: Batch.objects.filter(status=Batch.Status.SUBMITTED),
    # It has arrived, whatever became of it afterwards.
    "royalties.payout_settled": lambda: Payout.objects.exclude(settled_at=None),
    "royalties.payout_failed": lambda: Payout.objects.filter(status=Payout.Status.FAILED),
    "royalties.payout_returned": lambda: Payout.objects.filter(status=Payout.Status.RETURNED),
}


class Promises:
    """What somebody was told is done: rows and the state they were seen in."""

    def __init__(self) -> None:
        self._made: list[tuple[type[Model], object, frozenset[str]]] = []

    def done(self, row: Model, *states: str) -> None:
        """It was acknowledged; from now on the row is there, in one of these states. The database is not asked."""
        self._made.append((type(row), row.pk, frozenset(states)))

    def lost(self) -> Iterator[str]:
        for model, pk, states in self._made:
            row = model._default_manager.filter(pk=pk).first()
            if row is None:
                yield f"{model.__name__} {pk} was acknowledged and is gone"
            elif states and str(getattr(row, "status", "")) not in states:
                yield f"{model.__name__} {pk} was acknowledged as {sorted(states)} and is {row.status}"  # type: ignore[attr-defined]  # it has states

    def __len__(self) -> int:
        return len(self._made)


def breaches(promises: Promises | None = None) -> list[str]:
    """Every invariant that does not hold, a sentence each."""
    found = [f"{name}: {row}" for name, rows in run_checks() for row in rows]
    found += [*booked_once(), *told_once(), *computed_once(), *sums_equal(), *nobody_paid_twice()]
    return found + (list(promises.lost()) if promises else [])


def booked_once() -> Iterator[str]:
    """As many entries of each kind as there are rows that must have one."""
    entries = Counter(JournalEntry.objects.filter(reversed_by=None).values_list("kind", flat=True))
    for kind, rows in BOOKED.items():
        if entries[kind] != rows().count():
            yield f"{entries[kind]} entries {kind} for {rows().count()} rows"


def told_once() -> Iterator[str]:
    """Each effect has left its event exactly once."""
    for verb, rows in TOLD.items():
        told = Counter(Event.objects.filter(verb=verb).values_list("topic", flat=True))
        expected = Counter(topic_of(row) for row in rows())
        for topic in sorted({*told, *expected}):
            if told[topic] != expected[topic]:
                yield f"{told[topic]} events {verb} of {topic} instead of {expected[topic]}"


def computed_once() -> Iterator[str]:
    """One revision for each run, with its lines, and no number published twice."""
    for row in Revision.objects.values("statement", "run").annotate(times=Count("pk")).filter(times__gt=1):
        yield f"run {row['run']} of statement {row['statement']} has {row['times']} revisions"
    for row in Publication.objects.values("statement", "number").annotate(times=Count("pk")).filter(times__gt=1):
        yield f"revision {row['number']} of statement {row['statement']} is published {row['times']} times"
    computed = Event.objects.filter(verb="royalties.statement_computed").count()
    if computed != Revision.objects.count():
        yield f"{computed} events of computations for {Revision.objects.count()} revisions"


def sums_equal() -> Iterator[str]:
    """Items add up to lines, lines to the pool, the pool to what the ledger allocated."""
    items = dict(AllocationLine.objects.values_list("revision").annotate(total=Sum("amount_minor")))
    lines = dict(StatementLine.objects.values_list("revision").annotate(total=Sum("amount_minor")))
    awards = dict(StatementLine.objects.values_list("revision").annotate(total=Sum("award_minor")))
    for revision in Revision.objects.only("pk", "pool_minor"):
        given, explained = lines.get(revision.pk, 0), items.get(revision.pk, 0) + awards.get(revision.pk, 0)
        if not given == explained == revision.pool_minor:
            yield f"revision {revision.pk}: pool {revision.pool_minor}, lines {given}, items and awards {explained}"


def nobody_paid_twice() -> Iterator[str]:
    """At most one payout of a person is on its way, and nobody was sent more than was theirs."""
    live = Q(status__in=[Payout.Status.PENDING, Payout.Status.SENT])
    paid = Q(status__in=[Payout.Status.PENDING, Payout.Status.SENT, Payout.Status.SETTLED])
    rows = Payout.objects.values("payee", "payee__code", "currency").annotate(
        live=Count("pk", filter=live), paid=Sum("amount_minor", filter=paid, default=0)
    )
    for row in rows:
        given = StatementLine.objects.filter(
            payee=row["payee"],
            revision__in=Statement.objects.filter(status__in=POSTED, currency=row["currency"]).values("current"),
        ).aggregate(total=Sum("amount_minor", default=0))["total"]
        # And what had come back and was found to be theirs.
        account = f"payable:{row['payee__code']}:{row['currency']}"
        found = JournalLine.objects.filter(entry__kind="unmatched_resolved", account__code=account)
        given -= found.aggregate(total=Sum("amount_minor", default=0))["total"]
        if row["live"] > 1:
            yield f"payee {row['payee']} has {row['live']} payouts on their way"
        if row["paid"] > given:
            yield f"payee {row['payee']} was given {given} and is paid {row['paid']}"
