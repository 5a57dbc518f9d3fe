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
from royalties.money import Money

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
class Stand:
    """How everybody stands by the corrections of one statement.

    `due`: what later shares still bring, or take where it is less than nothing. `kept`: what somebody has had too much
    of that the house bore. Nobody keeps something and is due more at once.
    """

    due: dict[int, int]
    kept: dict[int, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What posting a correction brings: the differences, and of the gains what the house pays now and what was had."""

    deltas: dict[int, int]
    paid: dict[int, int]
    had: dict[int, int]


@dataclass(frozen=True, slots=True)
class Moved:
    """What the posting of a later statement moved under corrections: taken from each payee, brought to each."""

    taken: dict[int, int]
    brought: dict[int, int]


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
    due = stand_after(steps).due
    return Rest(
        correction=by_shares[-1],
        owing={payee: -amount for payee, amount in due.items() if amount < 0},
        owed={payee: amount for payee, amount in due.items() if amount > 0},
    )


def owed_by_shares(payee: Payee) -> list[Money]:
    """What later shares still bring to a payee, by currency. Three queries for each statement that was wrong for them."""
    found_missing = Statement.objects.filter(
        funding=Statement.Funding.SHARES,
        status__in=BOOKED,
        correction_shares__payee=payee,
        correction_shares__delta_minor__gt=0,
    )
    owed: dict[str, int] = defaultdict(int)
    for original in Statement.objects.filter(corrections__in=found_missing).distinct():
        rest = rest_of(original)
        owed[original.currency] += rest.owed.get(payee.pk, 0) if rest is not None else 0
    return [Money(amount, currency) for currency, amount in sorted(owed.items()) if amount]


def waits_for_shares(correction: Statement) -> bool:
    """Whether later shares still have to bring something for what this correction found; they pay it alone."""
    if correction.corrects is None or correction.funding != Statement.Funding.SHARES:
        return False
    rest = rest_of(correction.corrects)
    return rest is not None and bool(rest.owed)


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


def stand_before(correction: Statement) -> Stand:
    """How everybody stands when a correction is booked; its own differences are not kept yet. Four queries."""
    assert correction.corrects is not None  # the caller asked; narrows the type
    return stand_after(steps_of(correction.corrects))


def stand_after(steps: Iterable[Step]) -> Stand:
    """How everybody stands when so much was booked."""
    stand = Stand({}, {})
    for step in steps:
        stand = _stand_after_one(stand, step)
    return stand


def _stand_after_one(stand: Stand, step: Step) -> Stand:
    """How everybody stands after one more step."""
    by_house = step.statement.funding == Statement.Funding.HOUSE
    relieved = _no_longer_owed(stand, step.deltas) if by_house else {}
    had = _had(stand, step.deltas, by_house)
    due, kept = defaultdict(int, stand.due), defaultdict(int, stand.kept)
    for payee, delta in step.deltas.items():
        # Of a loss that the house bears, all is kept that was had already.
        borne = -delta if by_house and delta < 0 else 0
        due[payee] += delta + borne - relieved.get(payee, 0) - had.get(payee, 0)
        kept[payee] += borne - relieved.get(payee, 0) - had.get(payee, 0)
    for payee, amount in step.moved.items():
        due[payee] -= amount
    return Stand(_something(due), _something(kept))


def _something(amounts: Mapping[int, int]) -> dict[int, int]:
    return {payee: amount for payee, amount in sorted(amounts.items()) if amount}


def outcome_of(correction: Statement, revision: Revision) -> Outcome:
    """The differences to what was booked and how they are paid; what is neither paid nor had comes by later shares."""
    deltas, stand = deltas_between(basis_of(correction), revision), stand_before(correction)
    gains = only_gains(deltas)
    if correction.funding == Statement.Funding.HOUSE:
        paid = paid_by_house(correction, stand, deltas)
        return Outcome(deltas, paid, {payee: gain - paid.get(payee, 0) for payee, gain in gains.items()})
    had = _had(stand, deltas, by_house=False)
    return Outcome(
        deltas, {}, {payee: had[payee] + min(gain, max(-stand.due.get(payee, 0), 0)) for payee, gain in gains.items()}
    )


def paid_by_house(correction: Statement, stand: Stand, deltas: Mapping[int, int]) -> dict[int, int]:
    """What the house pays at once: what is missing, less what somebody has had, or need not give to others any more.

    A correction may take back an earlier one. Of what the house has borne, whoever kept it has had it already. And
    before later shares have paid it, whoever was owed is so no more, and whoever should have given keeps it.
    """
    had = _had(stand, deltas, by_house=True)
    missing = {payee: gain - had[payee] for payee, gain in only_gains(deltas).items()}
    most = {payee: min(amount, max(-stand.due.get(payee, 0), 0)) for payee, amount in missing.items()}
    total = min(sum(most.values()), sum(_no_longer_owed(stand, deltas).values()))
    spared = _parts(correction, total, most)
    return {payee: amount - spared.get(payee, 0) for payee, amount in missing.items() if amount > spared.get(payee, 0)}


def _had(stand: Stand, deltas: Mapping[int, int], by_house: bool) -> dict[int, int]:
    """Of each gain what the payee keeps of an earlier loss that the house bore; it is not owed to them once more.

    Where later shares pay, a gain first lessens what they would take from the payee.
    """
    room = {payee: gain if by_house else gain + stand.due.get(payee, 0) for payee, gain in only_gains(deltas).items()}
    return {payee: min(stand.kept.get(payee, 0), max(most, 0)) for payee, most in room.items()}


def _no_longer_owed(stand: Stand, deltas: Mapping[int, int]) -> dict[int, int]:
    """Of those who have had too much by a correction of the house, what they were still to get by an earlier one."""
    return {payee: min(-delta, max(stand.due.get(payee, 0), 0)) for payee, delta in deltas.items() if delta < 0}


def next_moves(rest: Rest, available: Mapping[int, int]) -> dict[int, int]:
    """What a posting moves: from each who owes at most what the posting gives them, to those who are owed.

    Shared among them by what each is owed, by largest remainder; and where more could be taken than is owed, among
    those who give by what each could.
    """
    could = {payee: min(owing, available.get(payee, 0)) for payee, owing in rest.owing.items()}
    total = min(sum(could.values()), sum(rest.owed.values()))
    taken = {payee: -amount for payee, amount in _parts(rest.correction, total, could).items()}
    return taken | _parts(rest.correction, total, rest.owed)


def planned_moves(waiting: Iterable[Rest], available: Mapping[int, int]) -> list[tuple[Statement, dict[int, int]]]:
    """What posting a statement moves under each that waits, of so much as it leaves on each payee's balance."""
    left, planned = dict(available), []
    for rest in waiting:
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


def moved_in(moves: Iterable[Mapping[int, int]]) -> Moved:
    """What several corrections moved together; a payee may give by one and get by another."""
    taken: dict[int, int] = defaultdict(int)
    brought: dict[int, int] = defaultdict(int)
    for amounts in moves:
        for payee, amount in amounts.items():
            (brought if amount > 0 else taken)[payee] += abs(amount)
    return Moved(dict(taken), dict(brought))


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
