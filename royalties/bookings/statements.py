"""Statements: the split, every payee's amount, corrections, reserves, advances."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from royalties import people, postings
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
    allocation_booking(statement, amounts, on).post()
    return _advances_recouped(statement, amounts, on)


def split_booking(statement: Statement, revision: Revision, on: dt.date) -> Booking:
    """What the artists' half of a posted statement asks for."""
    draft = postings.statement_split(
        statement=statement.code,
        production=production_code(statement.production_id),
        pool=Money(revision.pool_minor, statement.currency),
    )
    return Booking(draft, on, _source_of(statement))


def allocation_booking(statement: Statement, amounts: Mapping[str, int], on: dt.date) -> Booking:
    """What the amounts of a posted statement ask for, by payees' codes."""
    draft = postings.statement_allocation(
        statement=statement.code,
        production=production_code(statement.production_id),
        currency=statement.currency,
        amounts=amounts,
    )
    return Booking(draft, on, _source_of(statement))


def _source_of(statement: Statement, correction: Statement | None = None) -> dict[str, int | str | bool]:
    """What a statement books comes from its revision, from what it corrects, or from a correction that it pays."""
    if correction is not None and correction.pk != statement.pk:
        return {"statement": statement.pk, "correction": correction.pk}
    if statement.corrects_id is not None:
        return {"statement": statement.pk, "corrects": statement.corrects_id}
    assert statement.current is not None  # only what is published is posted; narrows the type
    revision = statement.current
    return {"statement": statement.pk, "revision": revision.number, "result_sha256": revision.result_sha256}


def correction_paid_by_house(correction: Statement, gains: Mapping[str, int], on: dt.date) -> None:
    """What was missing comes from the house: a further artists' share, and only to who had too little.

    It is money of that production, so advances for it are taken out of it as out of any share.
    """
    house_split_booking(correction, gains, on).post()
    correction_booking(correction, correction, gains, on).post()
    _advances_recouped(correction, gains, on)


def house_split_booking(correction: Statement, gains: Mapping[str, int], on: dt.date) -> Booking:
    """What a correction that the house pays asks for besides its amounts."""
    draft = postings.statement_split(
        statement=correction.code,
        production=production_code(correction.production_id),
        pool=Money(sum(gains.values()), correction.currency),
    )
    return Booking(draft, on, _source_of(correction))


def correction_moved(correction: Statement, by: Statement, amounts: Mapping[str, int], on: dt.date) -> None:
    """Out of what a later statement gave: from who once had too much to who had too little, and their advances."""
    correction_booking(correction, by, amounts, on).post()
    _advances_recouped(by, amounts, on, correction)


def correction_booking(correction: Statement, by: Statement, amounts: Mapping[str, int], on: dt.date) -> Booking:
    """What a statement moves for a correction asks for; by itself a correction moves what the house pays."""
    draft = postings.statement_correction(
        statement=by.code,
        number=1 if by.pk == correction.pk else correction.pk,
        production=production_code(by.production_id),
        currency=by.currency,
        deltas=amounts,
    )
    return Booking(draft, on, _source_of(by, correction))


def _advances_recouped(
    statement: Statement, amounts: Mapping[str, int], on: dt.date, correction: Statement | None = None
) -> dict[str, int]:
    """From each amount what its person has had before, and never more than the amount; returns what, by code."""
    still_open = advances_open(statement.production_id, statement.currency)
    taken = into_advances(amounts, still_open, people.payees_of(still_open))
    for payee, parts in sorted(taken.items()):
        recoupment_booking(statement, payee, parts, on, correction).post()
    return {payee: sum(parts.values()) for payee, parts in taken.items()}


def recoupment_booking(
    statement: Statement, payee: str, amounts: Mapping[str, int], on: dt.date, correction: Statement | None = None
) -> Booking:
    """What advances take of a payee's share asks for, or with `correction` of what the statement brought for that one.

    `amounts` go into the advances of these codes.
    """
    draft = postings.advance_recouped(
        statement=statement.code,
        payee=payee,
        production=production_code(statement.production_id),
        currency=statement.currency,
        amounts=amounts,
        correction=correction.pk if correction else None,
    )
    return Booking(draft, on, _source_of(statement, correction))


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
