"""What statements ask of the ledger: their halves and amounts, corrections, advances that they took back, reserves."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import chain
from urllib.parse import unquote

from django.db.models import Exists, OuterRef, Q

from royalties import bookings
from royalties.bookings import Booking
from royalties.checks.fact import Fact, Nothing, each, fact_of
from royalties.models import CorrectionMove, JournalEntry, Reserve, Revision, Statement
from royalties.models.statement import BOOKED, documents_of
from royalties.postings import key_of

#: Statements that booked a half: a loss has none, and a correction that later shares pay has none either.
_HALVED = Q(status__in=BOOKED) & (
    Q(corrects=None, current__pool_minor__gt=0)
    | Exists(CorrectionMove.objects.filter(correction=OuterRef("pk"), by=OuterRef("pk")))
)


def facts_of_statements() -> Iterator[Fact]:
    """Every row that counts."""
    yield from chain(_statements(), _corrections(), _recoupments(), _reserves())


def not_posted() -> Iterator[Nothing]:
    """Statements that are not booked, or booked nothing, and reserves that are not held or not let go."""
    # Named after its statement, which may have had another one that was dropped.
    for step, done in ("hold", "approved_at"), ("release", "released_at"):
        others = Reserve.objects.filter(**{f"{done}__isnull": False}).values("statement")
        for reserve in each(Reserve.objects.select_related("statement").exclude(statement__in=others)):
            yield Nothing(f"reserve {reserve.pk}", key_of("rsv", reserve.statement.code, step))
    for statement in each(Statement.objects.exclude(pk__in=Statement.objects.filter(_HALVED).values("pk"))):
        for step in ("split", "alloc"):
            yield Nothing(f"statement {statement.pk}", key_of("st", statement.code, step))


def _statements() -> Iterator[Fact]:
    """What posted statements divided; the days that they settled are open again where one says it is not posted."""
    halved = Statement.objects.booked().filter(_HALVED).select_related("current").defer(*documents_of("current"))
    for statement in each(halved):
        yield Fact(f"statement {statement.pk}", partial(_split, statement))
        key = key_of("st", statement.code, "alloc")
        yield Fact(f"statement {statement.pk}", partial(_allocation, statement), key)


def _split(statement: Statement) -> Booking:
    assert statement.current is not None  # as asked for; narrows the type
    return bookings.split_booking(statement, statement.current, _posted_on(statement))


def _allocation(statement: Statement) -> Booking:
    """The document is read anew and let go at once, so that it does not stay with all the other facts."""
    assert statement.current_id is not None  # as asked for; narrows the type
    revision = Revision.objects.get(pk=statement.current_id)
    return bookings.allocation_booking(statement, revision.result["amounts"], _posted_on(statement))


def _corrections() -> Iterator[Fact]:
    """What was moved for corrections: paid by the house, or out of a later share."""
    moves = CorrectionMove.objects.order_by("correction_id", "by_id", "payee__code")
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for *pair, payee, minor in moves.values_list("correction_id", "by_id", "payee__code", "amount_minor"):
        found[pair[0], pair[1]][payee] = minor
    statements = Statement.objects.in_bulk({number for numbers in found for number in numbers})
    for numbers, amounts in found.items():
        # One whose statement is gone is named by its key, which leads to nothing (keys_lead_to_rows).
        if not statements.keys() >= {*numbers}:
            continue
        correction, by = (statements[number] for number in numbers)
        name = f"correction {correction.pk} by statement {by.pk}"
        yield Fact(name, partial(_moved, correction, by, amounts))
        if correction == by:
            yield Fact(name, partial(_house_split, correction, amounts))


def _moved(correction: Statement, by: Statement, amounts: dict[str, int]) -> Booking:
    return bookings.correction_booking(correction, by, amounts, _posted_on(by))


def _house_split(correction: Statement, amounts: dict[str, int]) -> Booking:
    return bookings.house_split_booking(correction, amounts, _posted_on(correction))


def _posted_on(statement: Statement) -> dt.date:
    if statement.posted_at is None:
        raise ValueError("it has no day on which it was posted")
    if statement.status not in BOOKED:
        raise ValueError(f"it is {statement.status}")
    return statement.posted_at.date()


def _recoupments() -> Iterator[Fact]:
    """What went into advances is told by no row: an entry must be just that, of a statement that is posted.

    How much it may be is asked by shares_are_not_overspent. One of no such statement is asked for by nobody.
    """
    entries = JournalEntry.objects.filter(kind="advance_recouped").prefetch_related("lines__account")
    for entry in each(entries):
        with suppress(ValueError, LookupError):
            yield fact_of(f"recoupment {entry.pk}", _recoupment(entry))


def _recoupment(entry: JournalEntry) -> Booking:
    _root, code, _recoup, payee, *corrections = map(unquote, entry.idempotency_key.split(":"))
    statement, correction = _statement_of(code), None
    for number in corrections:
        correction = _statement_of(f"st{number}")
    advances = [line for line in entry.lines.all() if line.account.code.startswith("advance:")]
    amounts = {line.account.code.split(":", 1)[1].rsplit(":", 2)[0]: -line.amount_minor for line in advances}
    return bookings.recoupment_booking(statement, payee, amounts, _posted_on(statement), correction)


def _statement_of(code: str) -> Statement:
    found = Statement.objects.filter(pk=int(code.removeprefix("st"))).select_related("current")
    statement = found.defer(*documents_of("current")).first()
    if statement is None:
        raise LookupError(f"there is no statement {code}")
    return statement


def _reserves() -> Iterator[Fact]:
    held = Reserve.objects.select_related("statement", "released_in").filter(approved_at__isnull=False)
    for reserve in each(held):
        yield Fact(f"reserve {reserve.pk}", partial(bookings.reserve_booking, reserve))
        if reserve.released_in:
            yield Fact(f"reserve {reserve.pk}", partial(bookings.reserve_release_booking, reserve, reserve.released_in))
