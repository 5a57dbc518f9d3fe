"""What each of a payee's works has earned: where it was used itself, and through the works made from it.

Read from the explanations of posted statements. Amounts are minor units.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from contributions.models import Contribution
from royalties.models import AllocationLine, Payee, Statement, StatementLine
from royalties.money import Money

# A page of this many works is long enough; the CSV has all.
SHOWN = 200
THROUGH = 3


@dataclass(slots=True)
class Through:
    """A work of somebody else that was used, and passed something on to the one below it."""

    work: Contribution
    money: Money


@dataclass(slots=True)
class EarnedByWork:
    """One work in one currency. `through` names the largest of the uses that passed something on to it."""

    work: Contribution
    money: Money
    itself: Money
    passed_on: Money
    through: list[Through] = field(default_factory=list)
    more_through: int = 0


def earned_by_work(payee: Payee, *, most: int | None = SHOWN) -> list[EarnedByWork]:
    """The works with the largest sums first, currency by currency. Three queries."""
    nothing = Coalesce(Sum("amount_minor", filter=Q(depth=0)), 0)
    rows = (
        _items(payee)
        .values("contribution", currency=F("revision__statement__currency"))
        .annotate(whole=Sum("amount_minor"), itself=nothing)
        .order_by("currency", "-whole", "contribution")
    )
    chosen = list(rows if most is None else rows[:most])
    through = _through(payee, {row["contribution"] for row in chosen})
    wanted = {row["contribution"] for row in chosen} | {work for uses in through.values() for work, _amount in uses}
    works = Contribution.objects.select_related("artist").defer("search").in_bulk(wanted)
    return [
        EarnedByWork(
            work=works[row["contribution"]],
            money=Money(row["whole"], row["currency"]),
            itself=Money(row["itself"], row["currency"]),
            passed_on=Money(row["whole"] - row["itself"], row["currency"]),
            through=[
                Through(works[work], Money(amount, row["currency"]))
                for work, amount in through[row["contribution"], row["currency"]][:THROUGH]
            ],
            more_through=max(len(through[row["contribution"], row["currency"]]) - THROUGH, 0),
        )
        for row in chosen
    ]


def awards_of(payee: Payee) -> list[Money]:
    """What was awarded off the top, which belongs to no work, by currency. One query."""
    rows = (
        StatementLine.objects.filter(payee=payee, revision__in=_booked(), award_minor__gt=0)
        .values(currency=F("revision__statement__currency"))
        .annotate(sum=Sum("award_minor"))
        .order_by("currency")
    )
    return [Money(row["sum"], row["currency"]) for row in rows]


def _through(payee: Payee, works: set[int]) -> dict[tuple[int, str], list[tuple[int, int]]]:
    """For each work and currency the works in the cut that passed something on to it, the largest first."""
    rows = (
        _items(payee)
        .filter(contribution__in=works, depth__gt=0)
        .values("contribution", "cue__contribution", currency=F("revision__statement__currency"))
        .annotate(sum=Sum("amount_minor"))
        .order_by("-sum", "cue__contribution")
    )
    found: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        found[row["contribution"], row["currency"]].append((row["cue__contribution"], row["sum"]))
    return found


def _items(payee: Payee) -> QuerySet[AllocationLine]:
    return AllocationLine.objects.filter(payee=payee, revision__in=_booked()).order_by()


def _booked() -> Any:
    return Statement.objects.booked().values("current")
