"""What an artist has had in advance, and how much of a share goes into it. Reading only; minor units."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from royalties import accounts, bookings, correcting, ledger
from royalties.models import Advance, CorrectionMove, JournalLine, Payee, Statement, StatementLine
from royalties.money import Money
from royalties.movement import production_code
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
    """All advances of a payee for one production in one currency."""

    title: str
    had: Money
    still_open: Money


def recoupment_of(line: StatementLine, statement: Statement) -> Recoupment | None:
    """How a share and an advance meet: as booked, else as it would be today; None without an advance.

    Of a correction only what it books by itself counts: what was missing, where the house pays that.
    """
    share = Money(_given_minor(line, statement), statement.currency)
    account = accounts.advance(line.payee.code, production_code(statement.production_id), statement.currency)
    still_open = ledger.balance(account)
    is_booked = statement.posted_at is not None
    if is_booked:
        key = key_of("st", statement.code, "recoup", line.payee.code)
        found = JournalLine.objects.filter(entry__idempotency_key=key, amount_minor__gt=0).first()
        taken = Money(found.amount_minor if found else 0, statement.currency)
    else:
        taken = min(share, still_open)
        still_open -= taken
    if not taken and (not still_open or (statement.corrects_id and not share)):
        return None
    passed_on = Money(_passed_on_minor(line, statement), statement.currency)
    return Recoupment(taken, passed_on, share - taken - passed_on, still_open, is_booked)


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
    still_open = bookings.advances_open(statement.production_id, statement.currency)
    given = line.revision.lines.filter(amount_minor__gt=0).values_list("payee_id", "payee__code", "amount_minor")
    available = {payee: amount - min(still_open.get(code, 0), amount) for payee, code, amount in given}
    planned = correcting.planned_moves(statement, available)
    return -sum(min(moves.get(line.payee_id, 0), 0) for _correction, moves in planned)


def advances_of(payee: Payee) -> list[Had]:
    """Every production a payee had an advance for. Two queries."""
    sums: dict[tuple[int, str, str], int] = {}
    rows = Advance.objects.filter(payee=payee, approved_at__isnull=False).select_related("production")
    for row in rows:
        key = row.production_id, row.production.title, row.currency
        sums[key] = sums.get(key, 0) + row.amount_minor
    balances = ledger.balances_below(f"advance:{payee.code}:")
    return [
        Had(
            title,
            Money(minor, currency),
            balances.get(accounts.advance(payee.code, production_code(pk), currency), Money(0, currency)),
        )
        for (pk, title, currency), minor in sorted(sums.items())
    ]
