"""What the ledger says a production earned and cost in a period: the money of its statement.

Read by the day an entry takes effect, debit positive. The artists' half of earlier statements
is no cost of the production and is left out.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import F, Q, QuerySet, Sum

from royalties import accounts, policy
from royalties.accounts import ARTIST_SHARE, FEE, REFUNDS, RESERVE
from royalties.models import JournalLine, Statement

DEBITS = Sum("amount_minor", filter=Q(amount_minor__gt=0), default=0)
CREDITS = Sum("amount_minor", filter=Q(amount_minor__lt=0), default=0)


class Moved(NamedTuple):
    """What went through one account of a production: its root, its channel or category, both sides."""

    root: str
    name: str
    debits: int
    credits: int

    @property
    def sum(self) -> int:
        return self.debits + self.credits


def production_code(production_id: int) -> str:
    """A production's name in account codes and under the hash."""
    return f"pr{production_id}"


def movement_of(statement: Statement) -> dict[str, int]:
    """The `money` of the canonical input."""
    return money_of(_moved(statement), carried_loss=_carried_loss(statement))


def money_of(moved: Iterable[Moved], *, carried_loss: int) -> dict[str, int]:
    """The same of what moved on each account; a reserve has two figures, which one sum would hide."""
    sums: Counter[str] = Counter()
    for row in moved:
        if row.root == "revenue" and row.name == RESERVE:
            sums["reserve_held"] += row.debits
            sums["reserve_released"] -= row.credits
        elif row.root == "revenue":
            is_refund = row.name == REFUNDS
            sums["refunds" if is_refund else "gross"] += row.sum if is_refund else -row.sum
        elif row.name != ARTIST_SHARE:
            sums["fees" if row.name == FEE else "costs"] += row.sum
    names = ("gross", "refunds", "fees", "reserve_held", "reserve_released", "costs")
    money = {name: sums[name] for name in names}
    return never_below_nothing(money | {"carried_loss": carried_loss, "pool_bps": policy.POOL_BPS})


def never_below_nothing(money: dict[str, int]) -> dict[str, int]:
    """The same profit without a negative figure.

    What was booked in an earlier period and is reversed in this one can leave a figure below
    nothing: less revenue than none is a refund, less of a cost than none is revenue.
    """
    gross = money["gross"]
    plain = money | {"gross": max(gross, 0), "refunds": money["refunds"] + max(-gross, 0)}
    for name in ("refunds", "fees", "costs"):
        plain["gross"] += max(-plain[name], 0)
        plain[name] = max(plain[name], 0)
    return plain


def costs_by_category(statement: Statement) -> dict[str, int]:
    """Costs by category, for showing; fees are not among them."""
    return {
        row.name: row.sum for row in _moved(statement) if row.root == "expense" and row.name not in {FEE, ARTIST_SHARE}
    }


def left_behind(production_id: int, currency: str, day: dt.date) -> dt.date | None:
    """The first day before this one on which money moved that is in no statement, drafts included.

    What came and went again within one gap between statements leaves nothing.
    """
    live = Statement.objects.in_sequence(production_id, currency).order_by("period")
    periods = list(live.values_list("period", flat=True))
    rows = lines_of(production_id, currency).filter(entry__effective_on__lt=day)
    first: dict[tuple[int, str], dt.date] = {}
    sums: Counter[tuple[int, str]] = Counter()
    by_day = rows.values_list("entry__effective_on", "account__code").annotate(total=Sum("amount_minor"))
    for moved_on, code, total in by_day.order_by("entry__effective_on"):
        if any(period.lower <= moved_on < period.upper for period in periods) or not total:
            continue
        gap = (sum(period.upper <= moved_on for period in periods), code)
        first.setdefault(gap, moved_on)
        sums[gap] += total
    return min((first[gap] for gap, total in sums.items() if total), default=None)


def lines_of(production_id: int, currency: str) -> QuerySet[JournalLine]:
    """What a production earned and cost, whenever; the artists' half is none of it."""
    production = production_code(production_id)
    roots = Q(account__code__startswith=f"revenue:{production}:") | Q(
        account__code__startswith=f"expense:{production}:"
    )
    artists = accounts.expense(production, ARTIST_SHARE, currency)
    return JournalLine.objects.filter(roots, account__currency=currency).exclude(account__code=artists)


def _moved(statement: Statement) -> list[Moved]:
    """By account, in its period. One query."""
    days = (statement.first_day, statement.last_day)
    rows = lines_of(statement.production_id, statement.currency).filter(entry__effective_on__range=days)
    sums = rows.values(code=F("account__code")).annotate(debits=DEBITS, credits=CREDITS).order_by("code")
    return [moved_of(row["code"], row["debits"], row["credits"]) for row in sums]


def moved_of(code: str, debits: int, credited: int) -> Moved:
    """A sum by the parts of its account's code."""
    root, _production, name, _currency = code.split(":")
    return Moved(root, name, debits, credited)


def loss_before(production_id: int, currency: str, day: dt.date) -> int:
    """What is to be recouped of what comes from a day on: the loss carried, and what was lost since in no booked statement.

    Nothing or less where what came since covers it.
    """
    last = _last_booked(production_id, currency, day)
    rows = lines_of(production_id, currency).filter(entry__effective_on__lt=day)
    if last is not None:
        rows = rows.filter(entry__effective_on__gt=last.last_day)
    return _loss_carried_by(last) + int(rows.aggregate(total=Sum("amount_minor", default=0))["total"])


def _carried_loss(statement: Statement) -> int:
    """What the last booked statement of this production before this period could not cover."""
    return _loss_carried_by(_last_booked(statement.production_id, statement.currency, statement.first_day))


def _last_booked(production_id: int, currency: str, day: dt.date) -> Statement | None:
    """The last booked statement of a production that ended before a day."""
    booked = Statement.objects.booked().filter(production=production_id, currency=currency)
    before = booked.filter(period__fully_lt=(day, None))
    return before.order_by("-period").select_related("current").first()


def _loss_carried_by(statement: Statement | None) -> int:
    if statement is None or statement.current is None:
        return 0
    return int(statement.current.result["waterfall"]["loss_carried"])
