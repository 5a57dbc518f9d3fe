"""Questions about correction statements: what was in force before, what differs, what is still owed.

Amounts are minor units by payee, positive for the payee.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from royalties.allocation import apportion, tie_hash
from royalties.models import CorrectionMove, CorrectionShare, Payee, Revision, Statement, StatementClaim
from royalties.models.statement import BOOKED, documents_of
from royalties.models.talk import Answer

CONCEDED = (Answer.Outcome.ACCEPTED, Answer.Outcome.PARTLY)
NOT_CARRIED_OUT = Q(carried_out_by=None) | Q(carried_out_by__status=Statement.Status.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Rest:
    """What later shares still have to move, under a correction: `owing` had too much, `owed` had too little.

    `owing` adds up to no less than `owed`, and to more where a later correction was paid by the house.
    """

    correction: Statement
    owing: dict[int, int]
    owed: dict[int, int]


@dataclass(frozen=True, slots=True)
class Step:
    """A statement that was posted: the differences it found, if it is a correction, and what it moved."""

    statement: Statement
    deltas: dict[int, int]
    moved: dict[int, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What posting a correction brings: the differences, and of the gains what the house pays now and what was had."""

    deltas: dict[int, int]
    paid: dict[int, int]
    had: dict[int, int]


def basis_of(correction: Statement) -> Revision:
    """The revision that held before: the original's, or that of the last booked correction of it."""
    chain = Statement.objects.filter(
        Q(pk=correction.corrects_id) | Q(corrects=correction.corrects_id), status__in=BOOKED
    )
    if correction.posted_at is not None:
        chain = chain.filter(posted_at__lt=correction.posted_at).exclude(pk=correction.pk)
    rows = chain.select_related("current").defer(*documents_of("current"))
    last = rows.order_by("-posted_at", "-pk").first()
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
    """What later shares of this production and currency still have to move, the oldest period's first."""
    originals = Statement.objects.filter(
        production=statement.production_id,
        currency=statement.currency,
        corrections__funding=Statement.Funding.SHARES,
        corrections__status__in=BOOKED,
    )
    rests = [rest_of(original) for original in originals.distinct().order_by("posted_at", "pk")]
    return [rest for rest in rests if rest is not None and rest.owing and rest.owed]


def rest_of(original: Statement) -> Rest | None:
    """What the corrections of a statement leave to later shares, under the newest of them; None without any.

    All of them together: who had too little by the first and no longer by the second is owed nothing.
    Three queries.
    """
    steps = steps_of(original)
    by_shares = [step.statement for step in steps if step.deltas and step.statement.funding == Statement.Funding.SHARES]
    if not by_shares:
        return None
    stand = stand_after(steps)
    return Rest(
        correction=by_shares[-1],
        owing={payee: -amount for payee, amount in stand.items() if amount < 0},
        owed={payee: amount for payee, amount in stand.items() if amount > 0},
    )


def steps_of(original: Statement) -> list[Step]:
    """Everything that was booked about a statement being wrong, in order. Three queries."""
    corrections = {row.pk: row for row in Statement.objects.filter(corrects=original, status__in=BOOKED)}
    deltas: dict[int, dict[int, int]] = defaultdict(dict)
    for share in CorrectionShare.objects.filter(correction__in=corrections):
        deltas[share.correction_id][share.payee_id] = share.delta_minor
    moved: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    statements = dict(corrections)
    for move in CorrectionMove.objects.filter(correction__in=corrections).select_related("by").order_by("pk"):
        moved[move.by_id][move.payee_id] += move.amount_minor
        statements.setdefault(move.by_id, move.by)
    booked = [(row.posted_at, row.pk, row) for row in statements.values() if row.posted_at is not None]
    return [Step(row, deltas[pk], dict(moved[pk])) for _moment, pk, row in sorted(booked, key=lambda each: each[:2])]


def stand_before(correction: Statement) -> dict[int, int]:
    """How everybody stands when a correction is booked; its own differences are not kept yet. Four queries."""
    assert correction.corrects is not None  # the caller asked; narrows the type
    return stand_after(steps_of(correction.corrects))


def stand_after(steps: Iterable[Step]) -> dict[int, int]:
    """What each payee is still owed by later shares, or has had too much of, when so much was booked."""
    stand: dict[int, int] = {}
    for step in steps:
        for payee, amount in _change(stand, step).items():
            stand[payee] = stand.get(payee, 0) + amount
    return {payee: amount for payee, amount in sorted(stand.items()) if amount}


def _change(stand: Mapping[int, int], step: Step) -> dict[int, int]:
    """By how much a step changes where everybody stands."""
    if not step.deltas:
        return {payee: -amount for payee, amount in step.moved.items()}
    if step.statement.funding == Statement.Funding.SHARES:
        return step.deltas
    kept = {payee: delta - step.moved.get(payee, 0) for payee, delta in only_gains(step.deltas).items()}
    return kept | {payee: -amount for payee, amount in _no_longer_owed(stand, step.deltas).items()}


def outcome_of(correction: Statement, revision: Revision) -> Outcome:
    """The differences to what was booked and how they are paid; what is neither paid nor had comes by later shares."""
    deltas, stand = deltas_between(basis_of(correction), revision), stand_before(correction)
    gains = only_gains(deltas)
    if correction.funding == Statement.Funding.HOUSE:
        paid = paid_by_house(correction, stand, deltas)
        had = {payee: gain - paid.get(payee, 0) for payee, gain in gains.items()}
        return Outcome(deltas, paid, had)
    return Outcome(deltas, {}, {payee: min(gain, max(-stand.get(payee, 0), 0)) for payee, gain in gains.items()})


def paid_by_house(correction: Statement, stand: Mapping[int, int], deltas: Mapping[int, int]) -> dict[int, int]:
    """What the house pays at once: what is missing, less what somebody need not give to others any more.

    A correction may take back an earlier one before later shares have paid that: whoever was owed is so no more, and
    whoever should have given keeps it. There the house pays nothing.
    """
    gains = only_gains(deltas)
    most = {payee: min(gain, max(-stand.get(payee, 0), 0)) for payee, gain in gains.items()}
    total = min(sum(most.values()), sum(_no_longer_owed(stand, deltas).values()))
    kept = _parts(correction, total, most)
    return {payee: gain - kept.get(payee, 0) for payee, gain in gains.items() if gain > kept.get(payee, 0)}


def _no_longer_owed(stand: Mapping[int, int], deltas: Mapping[int, int]) -> dict[int, int]:
    """Of those who have had too much by a correction of the house, what they were still to get by an earlier one."""
    return {payee: min(-delta, max(stand.get(payee, 0), 0)) for payee, delta in deltas.items() if delta < 0}


def next_moves(rest: Rest, available: Mapping[int, int]) -> dict[int, int]:
    """What a posting moves: from each who owes at most what the posting gives them, to those who are owed.

    Shared among them by what each is owed, by largest remainder; and where more could be taken than is owed, among
    those who give by what each could.
    """
    could = {payee: min(owing, available.get(payee, 0)) for payee, owing in rest.owing.items()}
    total = min(sum(could.values()), sum(rest.owed.values()))
    taken = {payee: -amount for payee, amount in _parts(rest.correction, total, could).items()}
    return taken | _parts(rest.correction, total, rest.owed)


def planned_moves(statement: Statement, available: Mapping[int, int]) -> list[tuple[Statement, dict[int, int]]]:
    """What posting a statement moves under each correction, of so much as it leaves on each payee's balance."""
    left, planned = dict(available), []
    for rest in waiting_for_shares(statement):
        moves = next_moves(rest, left)
        for payee, amount in moves.items():
            if amount < 0:
                left[payee] += amount
        if moves:
            planned.append((rest.correction, moves))
    return planned


def _parts(correction: Statement, total: int, most: Mapping[int, int]) -> dict[int, int]:
    """A total by weights, none of which it is larger than together: so nobody's part is larger than their weight."""
    if not total:
        return {}
    people = sorted(payee for payee, amount in most.items() if amount)
    codes = dict(Payee.objects.filter(pk__in=people).values_list("pk", "code"))
    weights = [most[payee] for payee in people]
    parts = apportion(total, weights, lambda index: tie_hash(correction.code, codes[people[index]]))
    return {payee: part for payee, part in zip(people, parts, strict=True) if part}


def claims_to_carry_out(original: Statement) -> QuerySet[StatementClaim]:
    """Late claims to a statement or its corrections that were granted, and that no published correction carries out."""
    return _granted(original).filter(NOT_CARRIED_OUT).order_by("pk")


def claims_within_reach(correction: Statement) -> QuerySet[StatementClaim]:
    """What this correction may carry out, with what an earlier draft of it does."""
    assert correction.corrects is not None  # the caller asked; narrows the type
    return _granted(correction.corrects).filter(NOT_CARRIED_OUT | Q(carried_out_by=correction)).order_by("pk")


def _granted(original: Statement) -> QuerySet[StatementClaim]:
    return StatementClaim.objects.filter(
        Q(statement=original) | Q(statement__corrects=original),
        status=StatementClaim.Status.ANSWERED,
        outcome__in=CONCEDED,
    )


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
