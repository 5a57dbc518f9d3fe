"""Statements: the split, every payee's amount, corrections, reserves, advances."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from royalties import ledger, people, postings
from royalties.advances import advances_open, into_advances
from royalties.bookings.booking import Booking
from royalties.ledger import Receipt
from royalties.models import (
    Advance,
    Reserve,
    Revision,
    Statement,
)
from royalties.money import Money
from royalties.movement import production_code


def statement_posted(statement: Statement, revision: Revision, on: dt.date) -> dict[str, int]:
    """The artists' half leaves the production, and goes to every payee; returns what went into advances, by code.

    A loss has no half, and is carried. What is paid is what the result says, whatever stands in the rows beside it.
    """
    if not revision.pool_minor:
        return {}
    amounts: dict[str, int] = revision.result["amounts"]
    split_booking(statement, revision, on).post()
    allocation = allocation_booking(statement, revision, amounts, on)
    allocation.post()
    return _advances_recouped(statement, amounts, on, allocation.source)


def split_booking(statement: Statement, revision: Revision, on: dt.date) -> Booking:
    """What the artists' half of a posted statement asks for."""
    draft = postings.statement_split(
        statement=statement.code,
        production=production_code(statement.production_id),
        pool=Money(revision.pool_minor, statement.currency),
    )
    return Booking(draft, on, _source_of(statement, revision))


def allocation_booking(statement: Statement, revision: Revision, amounts: Mapping[str, int], on: dt.date) -> Booking:
    """What the amounts of a posted statement ask for, by payees' codes."""
    draft = postings.statement_allocation(
        statement=statement.code,
        production=production_code(statement.production_id),
        currency=statement.currency,
        amounts=amounts,
    )
    return Booking(draft, on, _source_of(statement, revision))


def _source_of(statement: Statement, revision: Revision) -> dict[str, int | str | bool]:
    return {"statement": statement.pk, "revision": revision.number, "result_sha256": revision.result_sha256}


def correction_paid_by_house(correction: Statement, gains: Mapping[str, int], on: dt.date) -> None:
    """What was missing comes from the house: a further artists' share, and only to who had too little.

    It is money of that production, so advances for it are taken out of it as out of any share.
    """
    house_split_booking(correction, gains, on).post()
    given = correction_booking(correction, correction, gains, on)
    given.post()
    _advances_recouped(correction, gains, on, given.source)


def house_split_booking(correction: Statement, gains: Mapping[str, int], on: dt.date) -> Booking:
    """What a correction that the house pays asks for besides its amounts."""
    draft = postings.statement_split(
        statement=correction.code,
        production=production_code(correction.production_id),
        pool=Money(sum(gains.values()), correction.currency),
    )
    return Booking(draft, on, {"statement": correction.pk, "corrects": correction.corrects_id or 0})


def correction_moved(correction: Statement, by: Statement, amounts: Mapping[str, int], on: dt.date) -> None:
    """Out of what a later statement gave: from who once had too much to who had too little, and their advances."""
    moved = correction_booking(correction, by, amounts, on)
    moved.post()
    _advances_recouped(by, amounts, on, moved.source, correction=correction.pk)


def correction_booking(correction: Statement, by: Statement, amounts: Mapping[str, int], on: dt.date) -> Booking:
    """What a statement moves for a correction asks for; by itself a correction moves what the house pays."""
    is_by_house = by.pk == correction.pk
    draft = postings.statement_correction(
        statement=by.code,
        number=1 if is_by_house else correction.pk,
        production=production_code(by.production_id),
        currency=by.currency,
        deltas=amounts,
    )
    beside = {"corrects": correction.corrects_id or 0} if is_by_house else {"correction": correction.pk}
    return Booking(draft, on, {"statement": by.pk, **beside})


def _advances_recouped(
    statement: Statement,
    amounts: Mapping[str, int],
    on: dt.date,
    source: Mapping[str, Any],
    correction: int | None = None,
) -> dict[str, int]:
    """From each amount what its person has had before, and never more than the amount; returns what, by code."""
    still_open = advances_open(statement.production_id, statement.currency)
    taken = into_advances(amounts, still_open, people.payees_of(still_open))
    for payee, parts in sorted(taken.items()):
        draft = postings.advance_recouped(
            statement=statement.code,
            payee=payee,
            production=production_code(statement.production_id),
            currency=statement.currency,
            amounts=parts,
            correction=correction,
        )
        ledger.post(draft, effective_on=on, source=source)
    return {payee: sum(parts.values()) for payee, parts in taken.items()}


def advance_paid(advance: Advance) -> Receipt:
    """The payee has it, and owes it to the production's shares."""
    return advance_booking(advance).post()


def advance_booking(advance: Advance) -> Booking:
    """What an approved advance asks for."""
    draft = postings.advance_paid(
        advance=str(advance.pk),
        payee=advance.payee.code,
        production=production_code(advance.production_id),
        money=advance.money,
    )
    return Booking(draft, advance.paid_on, {"advance": advance.pk})


def reserve_held(reserve: Reserve) -> Receipt:
    """Kept back from the last day of its statement."""
    return reserve_booking(reserve).post()


def reserve_booking(reserve: Reserve) -> Booking:
    """What an approved reserve asks for."""
    statement = reserve.statement
    draft = postings.reserve_held(
        statement=statement.code, production=production_code(statement.production_id), money=reserve.money
    )
    return Booking(draft, statement.last_day, {"reserve": reserve.pk})


def reserve_released(reserve: Reserve, into: Statement) -> Receipt:
    """Let go into a later statement, by the name of the one that held it: once."""
    return reserve_release_booking(reserve, into).post()


def reserve_release_booking(reserve: Reserve, into: Statement) -> Booking:
    """What a reserve that was let go asks for."""
    statement = reserve.statement
    draft = postings.reserve_released(
        statement=statement.code, production=production_code(statement.production_id), money=reserve.money
    )
    return Booking(draft, into.last_day, {"reserve": reserve.pk, "statement": into.pk})
