"""Whether corrections moved what they say, and the ledger carries it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from royalties import correcting
from royalties.checks.statements import given_by
from royalties.models import CorrectionMove, CorrectionShare, JournalLine, Statement
from royalties.models.statement import BOOKED
from royalties.postings import key_of


def validate_corrections() -> Iterator[str]:
    """A correction moves its differences and no more, and the ledger carries what its rows say."""
    moves = CorrectionMove.objects.order_by("correction_id", "by_id", "payee__code")
    booked: dict[tuple[int, int], dict[str, int]] = {}
    for correction, by, payee, amount in moves.values_list("correction_id", "by_id", "payee__code", "amount_minor"):
        booked.setdefault((correction, by), {})[payee] = amount
    for (correction, by), amounts in booked.items():
        key = key_of("st", f"st{by}", "corr", 1 if by == correction else correction)
        if given_by(key) != amounts:
            yield f"correction {correction}: the ledger does not carry what statement {by} moved for it"
    kept = CorrectionShare.objects.exclude(correction__status__in=BOOKED).values_list("correction", flat=True)
    for correction in sorted(set(kept)):
        yield f"correction {correction} is not posted, and its differences are kept"
    corrections = Statement.objects.filter(corrects__isnull=False, status__in=BOOKED)
    for statement in corrections.select_related("current").order_by("pk"):
        assert statement.current is not None  # the database refuses anything else; narrows the type
        shares = dict(CorrectionShare.objects.filter(correction=statement).values_list("payee_id", "delta_minor"))
        if shares != correcting.deltas_between(correcting.basis_of(statement), statement.current):
            yield f"correction {statement.pk}: its differences are not those of its revision"
    for original in Statement.objects.filter(corrections__in=corrections).distinct().order_by("pk"):
        yield from _overshot(original)


def validate_shares_are_not_overspent() -> Iterator[str]:
    """Corrections and advances take from a payee at most what the very statement gave them."""
    left: dict[tuple[str, str], int] = defaultdict(int)
    for by, payee, amount in CorrectionMove.objects.order_by("pk").values_list("by_id", "payee__code", "amount_minor"):
        left[f"st{by}", payee] += amount
    recouped = JournalLine.objects.filter(entry__kind="advance_recouped", amount_minor__gt=0).order_by("pk")
    for key, code, amount in recouped.values_list("entry__idempotency_key", "account__code", "amount_minor"):
        left[key.split(":")[1], code.split(":", 1)[1].rsplit(":", 1)[0]] -= amount
    given: dict[str, dict[str, int]] = {}
    for (statement, payee), amount in sorted(left.items()):
        if amount >= 0:
            continue
        if statement not in given:
            given[statement] = given_by(key_of("st", statement, "alloc"))
        amount += given[statement].get(payee, 0)
        if amount < 0:
            yield f"statement {statement} gave {payee} {-amount} less than it took from them"


def _overshot(original: Statement) -> Iterator[str]:
    """Whoever is owed something gets no more of it, whoever owes gives no more, and the house pays what it must."""
    steps = correcting.steps_of(original)
    for number, step in enumerate(steps):
        stand = correcting.stand_after(steps[:number])
        if not step.deltas:
            for payee, amount in sorted(step.moved.items()):
                owed = stand.due.get(payee, 0)
                if not min(0, owed) <= amount <= max(0, owed):
                    yield f"statement {step.statement.pk}: payee {payee} is owed {owed} by corrections and got {amount}"
            continue
        is_by_house = step.statement.funding == Statement.Funding.HOUSE
        paid = correcting.paid_by_house(step.statement, stand, step.deltas) if is_by_house else {}
        if step.moved != paid:
            yield f"correction {step.statement.pk}: what it moved at once is not what the house pays of it"
