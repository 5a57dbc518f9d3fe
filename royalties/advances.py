"""What an artist has had in advance, and how much of a share goes into it. Reading only; minor units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Sum

from royalties import accounts, correcting, ledger
from royalties.models import Advance, CorrectionMove, JournalLine, Payee, Statement, StatementLine
from royalties.money import Money
from royalties.movement import production_code
from royalties.people import payees_of
from royalties.postings import key_of


@dataclass(frozen=True, slots=True)
class Recoupment:
    """Of one share: what goes into the advance, what a correction passes on to others, what is left to be paid.

    And what of the advance stays open.
    """

    taken: Money
    passed_on: Money
    paid: Money
    still_open: Money
    is_booked: bool


@dataclass(frozen=True, slots=True)
class Had:
    """All advances of a person for one production in one currency."""

    title: str
    had: Money
    still_open: Money


def into_advances(
    amounts: Mapping[str, int], still_open: Mapping[str, int], persons: Mapping[str, Collection[str]]
) -> dict[str, dict[str, int]]:
    """Of each amount what goes into whose advance, never more than the amount; by the codes of both.

    `persons` says of each who had an advance, whose amounts it is taken from: their own first, then those of other
    accounts of the same person (`people.payees_of`).
    """
    taken: dict[str, dict[str, int]] = defaultdict(dict)
    left, rest = dict(still_open), dict(amounts)
    ways = [(had, payee) for had in sorted(still_open) for payee in sorted(persons[had])]
    for had, payee in sorted(ways, key=lambda way: way[0] != way[1]):
        back = min(left[had], rest.get(payee, 0))
        if back > 0:
            taken[payee][had] = back
            left[had] -= back
            rest[payee] -= back
    return dict(taken)


def recoupment_of(line: StatementLine, statement: Statement) -> Recoupment | None:
    """How a share and an advance meet: as booked, else as it would be today; None without an advance.

    The advance is the person's, whichever of their accounts had it. Of a correction only what it books by itself
    counts: what was missing, where the house pays that.
    """
    share = Money(_given_minor(line, statement), statement.currency)
    (codes,) = payees_of([line.payee.code]).values()
    persons = dict.fromkeys(codes, codes)
    open_minor = _open_minor(persons, statement)
    still_open, is_booked = sum(open_minor.values()), statement.posted_at is not None
    if is_booked:
        key = key_of("st", statement.code, "recoup", line.payee.code)
        found = JournalLine.objects.filter(entry__idempotency_key=key, amount_minor__gt=0).first()
        taken = found.amount_minor if found else 0
    else:
        theirs = line.revision.lines.filter(payee__code__in=persons).select_related("payee", "revision")
        given = {each.payee.code: _given_minor(each, statement) for each in theirs}
        plan = into_advances(given, open_minor, persons)
        taken = sum(plan.get(line.payee.code, {}).values())
        still_open -= sum(sum(parts.values()) for parts in plan.values())
    if not taken and (not still_open or (statement.corrects_id and not share)):
        return None
    of_share, passed_on = Money(taken, statement.currency), Money(_passed_on_minor(line, statement), statement.currency)
    still = Money(still_open, statement.currency)
    return Recoupment(of_share, passed_on, share - of_share - passed_on, still, is_booked)


def advances_open(production_id: int, currency: str) -> dict[str, int]:
    """What is still to be recouped from a production's shares, by payee's code, in minor units."""
    end = f":{production_code(production_id)}:{currency}"
    return {
        code.removeprefix("advance:").removesuffix(end): balance.amount_minor
        for code, balance in ledger.balances_below("advance:").items()
        if code.endswith(end) and balance.amount_minor > 0
    }


def _open_minor(payees: Iterable[str], statement: Statement) -> dict[str, int]:
    """What these payees still have open of advances for a statement's production, by code."""
    production = production_code(statement.production_id)
    codes = {code: accounts.advance(code, production, statement.currency) for code in payees}
    balances = ledger.balances(codes.values())
    return {code: balances[account].amount_minor for code, account in codes.items()}


def _given_minor(line: StatementLine, statement: Statement) -> int:
    """What the posting of a statement brings to the payee of a line."""
    if statement.corrects_id is None:
        return line.amount_minor
    if statement.funding != Statement.Funding.HOUSE:
        return 0
    if statement.posted_at is not None:
        move = CorrectionMove.objects.filter(correction=statement, by=statement, payee=line.payee_id).first()
        return move.amount_minor if move else 0
    deltas = correcting.deltas_between(correcting.basis_of(statement), line.revision)
    return correcting.paid_by_house(statement, correcting.stand_before(statement), deltas).get(line.payee_id, 0)


def _passed_on_minor(line: StatementLine, statement: Statement) -> int:
    """What of a share goes to those who had too little by an earlier statement, where the payee had too much by it."""
    if statement.corrects_id is not None:
        return 0
    if statement.posted_at is not None:
        moves = CorrectionMove.objects.filter(by=statement, payee=line.payee_id, amount_minor__lt=0)
        return -(moves.aggregate(sum=Sum("amount_minor"))["sum"] or 0)
    still_open = advances_open(statement.production_id, statement.currency)
    given = line.revision.lines.filter(amount_minor__gt=0).values_list("payee_id", "payee__code", "amount_minor")
    plan = into_advances({code: amount for _pk, code, amount in given}, still_open, payees_of(still_open))
    available = {payee: amount - sum(plan.get(code, {}).values()) for payee, code, amount in given}
    planned = correcting.planned_moves(correcting.waiting_for_shares(statement), available)
    return -sum(min(moves.get(line.payee_id, 0), 0) for _correction, moves in planned)


def advances_of(payee: Payee) -> list[Had]:
    """Every production that the person of a payee had an advance for, by whichever account. Three queries."""
    (codes,) = payees_of([payee.code]).values()
    sums: dict[tuple[int, str, str], int] = {}
    rows = Advance.objects.filter(payee__code__in=codes, approved_at__isnull=False).select_related("production")
    for row in rows:
        key = row.production_id, row.production.title, row.currency
        sums[key] = sums.get(key, 0) + row.amount_minor
    theirs = {key: [accounts.advance(code, production_code(key[0]), key[2]) for code in sorted(codes)] for key in sums}
    balances = ledger.balances(code for each in theirs.values() for code in each)
    return [
        Had(
            title,
            Money(minor, currency),
            Money(sum(balances[code].amount_minor for code in theirs[pk, title, currency]), currency),
        )
        for (pk, title, currency), minor in sorted(sums.items())
    ]
