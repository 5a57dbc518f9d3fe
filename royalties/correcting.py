"""Questions about correction statements: what was in force before, what differs, what is still owed.

Amounts are minor units by payee, positive for the payee.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from royalties.allocation import apportion, tie_hash
from royalties.models import CorrectionMove, CorrectionShare, Payee, Revision, Statement, StatementClaim
from royalties.models.statement import BOOKED
from royalties.models.talk import Answer

CONCEDED = (Answer.Outcome.ACCEPTED, Answer.Outcome.PARTLY)


@dataclass(frozen=True, slots=True)
class Rest:
    """What a correction still has to move: `owing` had too much, `owed` had too little; both add up to the same."""

    correction: Statement
    owing: dict[int, int]
    owed: dict[int, int]


def basis_of(correction: Statement) -> Revision:
    """The revision that held before: the original's, or that of the last booked correction of it."""
    chain = Statement.objects.filter(
        Q(pk=correction.corrects_id) | Q(corrects=correction.corrects_id), status__in=BOOKED
    )
    if correction.posted_at is not None:
        chain = chain.filter(posted_at__lt=correction.posted_at).exclude(pk=correction.pk)
    last = chain.select_related("current").order_by("-posted_at", "-pk").first()
    assert last is not None
    assert last.current is not None  # only what is booked is corrected, and that has a revision; narrows the type
    return last.current


def deltas_between(before: Revision, after: Revision) -> dict[int, int]:
    """The differences by the payee's primary key, without those that are nothing."""
    old = dict(before.lines.values_list("payee_id", "amount_minor"))
    new = dict(after.lines.values_list("payee_id", "amount_minor"))
    found = {payee: new.get(payee, 0) - old.get(payee, 0) for payee in sorted(old.keys() | new.keys())}
    return {payee: delta for payee, delta in found.items() if delta}


def waiting_for_shares(statement: Statement) -> list[Rest]:
    """The corrections of this production and currency that later shares still have to pay, the oldest first."""
    rows = Statement.objects.filter(
        production=statement.production_id,
        currency=statement.currency,
        funding=Statement.Funding.SHARES,
        status__in=BOOKED,
    ).order_by("posted_at", "pk")
    rests = [rest_of(row) for row in rows]
    return [rest for rest in rests if rest.owing]


def rest_of(correction: Statement) -> Rest:
    """What is left of a correction that later shares pay. Two queries."""
    left = dict(CorrectionShare.objects.filter(correction=correction).values_list("payee_id", "delta_minor"))
    moved = CorrectionMove.objects.filter(correction=correction).order_by().values_list("payee_id")
    for payee, amount in moved.annotate(sum=Sum("amount_minor")):
        left[payee] -= amount
    return Rest(
        correction=correction,
        owing={payee: -amount for payee, amount in left.items() if amount < 0},
        owed={payee: amount for payee, amount in left.items() if amount > 0},
    )


def next_moves(rest: Rest, available: Mapping[int, int]) -> dict[int, int]:
    """What a posting moves: from each who owes at most what the posting gives them, to those who are owed.

    Shared among them by what each is owed, by largest remainder.
    """
    taken = {payee: min(owing, available.get(payee, 0)) for payee, owing in rest.owing.items()}
    total = sum(taken.values())
    if not total:
        return {}
    codes = dict(Payee.objects.filter(pk__in=rest.owed).values_list("pk", "code"))
    people = sorted(rest.owed)
    parts = apportion(
        total,
        [rest.owed[payee] for payee in people],
        lambda index: tie_hash(rest.correction.code, codes[people[index]]),
    )
    moves = {payee: -amount for payee, amount in taken.items() if amount}
    return moves | {payee: part for payee, part in zip(people, parts, strict=True) if part}


def claims_to_carry_out(original: Statement) -> QuerySet[StatementClaim]:
    """Late claims that were granted and that no correction in force or on its way carries out."""
    granted = StatementClaim.objects.filter(
        statement=original, status=StatementClaim.Status.ANSWERED, outcome__in=CONCEDED
    )
    return granted.filter(Q(carried_out_by=None) | Q(carried_out_by__status=Statement.Status.WITHDRAWN)).order_by("pk")


def corrections_of(statement: Statement) -> QuerySet[Statement]:
    """The published corrections of a statement, in order."""
    return statement.corrections.exclude(published_at=None).exclude(status=Statement.Status.WITHDRAWN).order_by("pk")


def moved_for(payee: Payee) -> QuerySet[CorrectionMove]:
    """What corrections have brought to or taken from a payee, the newest first."""
    return CorrectionMove.objects.filter(payee=payee).select_related("correction__production", "by").order_by("-pk")


def codes_of(amounts: Mapping[int, int]) -> dict[str, int]:
    """The same amounts by the payees' codes, as the ledger knows them. One query."""
    codes = dict(Payee.objects.filter(pk__in=amounts).values_list("pk", "code"))
    return {codes[payee]: amount for payee, amount in amounts.items()}


def only_gains(deltas: Mapping[int, int]) -> dict[int, int]:
    return {payee: delta for payee, delta in deltas.items() if delta > 0}


def share_rows(correction: Statement, deltas: Mapping[int, int]) -> Iterable[CorrectionShare]:
    return [
        CorrectionShare(correction=correction, payee_id=payee, delta_minor=delta) for payee, delta in deltas.items()
    ]
