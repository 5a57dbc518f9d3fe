"""What the ledger says a production earned and cost in a period: the money of its statement.

Read by the day an entry takes effect, debit positive. The artists' half of earlier statements
is no cost of the production and is left out.
"""

from __future__ import annotations

from django.db.models import Q, Sum

from royalties import accounts, ledger, policy
from royalties.accounts import ARTIST_SHARE, FEE, REFUNDS, RESERVE
from royalties.models import JournalLine, Statement


def production_code(production_id: int) -> str:
    """A production's name in account codes and under the hash."""
    return f"pr{production_id}"


def movement_of(statement: Statement) -> dict[str, int]:
    """The `money` of the canonical input."""
    revenue, expense = _moved("revenue", statement), _moved("expense", statement)
    held, released = _reserve(statement)
    money = {
        "gross": -sum(amount for name, amount in revenue.items() if name not in {REFUNDS, RESERVE}),
        "refunds": revenue.get(REFUNDS, 0),
        "fees": expense.get(FEE, 0),
        "reserve_held": held,
        "reserve_released": released,
        "costs": sum(amount for name, amount in expense.items() if name not in {FEE, ARTIST_SHARE}),
        "carried_loss": _carried_loss(statement),
        "pool_bps": policy.POOL_BPS,
    }
    return never_below_nothing(money)


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
    return {name: amount for name, amount in _moved("expense", statement).items() if name not in {FEE, ARTIST_SHARE}}


def _moved(root: str, statement: Statement) -> dict[str, int]:
    """Sums by the channel or category, the third part of an account's code."""
    prefix = f"{root}:{production_code(statement.production_id)}:"
    moved = ledger.movements(prefix, first_day=statement.first_day, last_day=statement.last_day)
    return {
        code.split(":")[2]: money.amount_minor for code, money in moved.items() if money.currency == statement.currency
    }


def _reserve(statement: Statement) -> tuple[int, int]:
    """What was kept back and what was let go, which one sum would hide."""
    code = accounts.revenue(production_code(statement.production_id), RESERVE, statement.currency)
    sums = JournalLine.objects.filter(
        account__code=code,
        entry__effective_on__range=(statement.first_day, statement.last_day),
    ).aggregate(
        held=Sum("amount_minor", filter=Q(amount_minor__gt=0)),
        released=Sum("amount_minor", filter=Q(amount_minor__lt=0)),
    )
    return sums["held"] or 0, -(sums["released"] or 0)


def _carried_loss(statement: Statement) -> int:
    """What the last posted statement of this production before this period could not cover."""
    before = (
        Statement.objects.booked()
        .filter(
            production=statement.production_id,
            currency=statement.currency,
            period__fully_lt=statement.period,
        )
        .order_by("-period")
        .select_related("current")
        .first()
    )
    if before is None or before.current is None:
        return 0
    return int(before.current.result["waterfall"]["loss_carried"])
