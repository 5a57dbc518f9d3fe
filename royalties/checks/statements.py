"""What must hold between the ledger and the statements it has paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from royalties.allocation import AllocationRefused, allocate, canonical_bytes, sha256_hex
from royalties.models import Conversion, JournalLine, Statement
from royalties.models.statement import BOOKED
from royalties.movement import left_behind, movement_of
from royalties.postings import key_of


def validate_statements_post_their_own_numbers() -> Iterator[str]:
    """A posted statement's entry carries the amounts of the revision in force, and no others."""
    for statement in Statement.objects.filter(posted_at__isnull=False).exclude(status__in=BOOKED).order_by("pk"):
        yield f"statement {statement.pk} is {statement.status}, and says when it was posted"
    posted = Statement.objects.booked()
    for statement in posted.select_related("current").order_by("pk"):
        revision = statement.current
        if revision is None:
            yield f"statement {statement.pk} is posted without a revision"
            continue
        try:
            result = allocate(revision.input)
        except AllocationRefused as refusal:
            yield f"statement {statement.pk}: the stored input is refused: {refusal}"
            continue
        stored = bytes(revision.input_bytes), bytes(revision.result_bytes)
        if (revision.input_sha256, revision.result_sha256) != (sha256_hex(stored[0]), sha256_hex(stored[1])):
            yield f"statement {statement.pk}: the stored bytes do not have the published hashes"
        if canonical_bytes(result) != stored[1]:
            yield f"statement {statement.pk}: the stored input does not give the stored result"
        amounts = {payee: minor for payee, minor in result["amounts"].items() if minor}
        if amounts != _allocated(statement):
            yield f"statement {statement.pk}: the ledger does not carry the amounts of revision {revision.number}"


def validate_statements_leave_no_money() -> Iterator[str]:
    """A booked statement states what moved in its days, and before the last of them every movement is in one."""
    last: dict[tuple[int, str], dt.date] = {}
    for statement in Statement.objects.booked().select_related("current").order_by("period"):
        last[statement.production_id, statement.currency] = statement.first_day
        if statement.current is None:
            continue
        stated, moved = statement.current.input["money"], movement_of(statement)
        if differing := sorted(name for name, amount in moved.items() if stated[name] != amount):
            yield f"statement {statement.pk}: the ledger says otherwise of {', '.join(differing)}"
    for (production, currency), day in sorted(last.items()):
        if (left := left_behind(production, currency, day)) is not None:
            yield f"production {production}: what moved on {left} in {currency} is in no statement"


def validate_conversions_are_in_one_statement() -> Iterator[str]:
    """No statement, and no later conversion out of the same currency, has only some days of what was converted together."""
    for row in Conversion.objects.approved().order_by("approved_at", "pk"):
        days = row.first_day, row.last_day
        for currency in (row.sold, row.bought):
            statements = Statement.objects.in_sequence(row.production_id, currency).having_some_of(*days)
            for pk in statements.order_by("pk").values_list("pk", flat=True):
                yield f"conversion {row.pk}: statement {pk} has only some of its days"
        before = Conversion.objects.filter(production=row.production_id, sold=row.sold, approved_at__lt=row.approved_at)
        for pk in before.cut_by(*days).order_by("pk").values_list("pk", flat=True):
            yield f"conversion {row.pk}: it has only some days of conversion {pk}"


def _allocated(statement: Statement) -> dict[str, int]:
    """What the allocation entry of a statement gave to each payee."""
    return given_by(key_of("st", statement.code, "alloc"))


def given_by(key: str) -> dict[str, int]:
    """What an entry gave to each payee, whether payable or held."""
    rows = JournalLine.objects.filter(entry__idempotency_key=key, account__kind="liability").exclude(
        account__code__startswith="pool:"
    )
    return {
        code.split(":", 1)[1].rsplit(":", 1)[0]: -minor
        for code, minor in rows.values_list("account__code", "amount_minor")
    }
