"""Rows beside the ledger that must agree with it: every revision, and every payout.

The database refuses to change most of them; these checks find what somebody with all powers has changed anyway.
`check_ledger` runs them with the others (checks/__init__.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db import connection

from royalties.allocation import sha256_hex
from royalties.models import Batch, Revision
from royalties.revision_rows import differing_rows

# What each state asks of the ledger: whether the payout left, whether it arrived, whether that was taken back, and
# whether its money is payable again.
ENTRIES = {
    "pending": (False, False, False, False),
    "sent": (True, False, False, False),
    "settled": (True, True, False, False),
    "failed": (True, False, False, True),
    "returned": (True, True, True, True),
    "dropped": (False, False, False, False),
}

# A batch that is converted has an entry for each payout that left, and none of its own; one that was left out tells
# nothing of its batch.
PAYOUTS = """
SELECT payout.code, payout.status, payout.amount_minor, line.amount_minor,
    batch.id, batch.status,
    CASE WHEN batch.bought <> '' AND payout.status = 'dropped' THEN batch.status = 'submitted'
        ELSE submitted.id IS NOT NULL END,
    settled.id IS NOT NULL,
    EXISTS (SELECT 1 FROM royalties_journalentry WHERE reverses_id = settled.id), failed.id IS NOT NULL
FROM royalties_payout payout
JOIN royalties_batch batch ON batch.id = payout.batch_id
JOIN royalties_payee payee ON payee.id = payout.payee_id
LEFT JOIN royalties_journalentry submitted ON submitted.idempotency_key =
    CASE batch.bought WHEN '' THEN 'po:' || batch.id ELSE 'fx:' || payout.code END
LEFT JOIN royalties_account account ON account.code = 'payable:' || payee.code || ':' || payout.currency
LEFT JOIN royalties_journalline line ON line.entry_id = submitted.id AND line.account_id = account.id
LEFT JOIN royalties_journalentry settled
    ON settled.idempotency_key = 'po:' || batch.id || ':' || payout.code || ':ok'
LEFT JOIN royalties_journalentry failed
    ON failed.idempotency_key = 'po:' || batch.id || ':' || payout.code || ':fail'
ORDER BY payout.id
"""


def validate_revisions_are_what_was_computed() -> Iterator[str]:
    """A revision's bytes have their hashes, and its pool and its rows, each of them, are what the bytes say."""
    for revision in Revision.objects.order_by("pk").iterator(chunk_size=50):
        stored = bytes(revision.input_bytes), bytes(revision.result_bytes)
        if (sha256_hex(stored[0]), sha256_hex(stored[1])) != (revision.input_sha256, revision.result_sha256):
            yield f"revision {revision.pk}: the stored bytes do not have the stored hashes"
        elif (pool := _pool_of(stored[1])) != revision.pool_minor:
            yield f"revision {revision.pk}: the pool is {pool}, and the row says {revision.pool_minor}"
        else:
            yield from (f"revision {revision.pk}: {differing}" for differing in _differing(revision))


def _differing(revision: Revision) -> Iterator[str]:
    """What cannot be read is said as well, so that every revision is looked at."""
    try:
        yield from differing_rows(revision)
    except (ValueError, LookupError, TypeError, AttributeError) as problem:
        yield f"the stored bytes cannot be read: {type(problem).__name__}"


def _pool_of(result: bytes) -> int | None:
    """None where there is none to be read, so that every revision is looked at."""
    try:
        pool: int = json.loads(result)["waterfall"]["pool"]
    except (ValueError, LookupError, TypeError):
        return None
    return pool


def validate_batches_are_what_was_proposed() -> Iterator[str]:
    """Nobody in a batch gets more, or elsewhere, than when it was prepared."""
    for batch in Batch.objects.order_by("pk").iterator(chunk_size=50):
        if batch.proposal_hash() != batch.proposed_sha256:
            yield f"batch {batch.pk} has other payouts than it was prepared with"


def validate_payouts_carry_their_entries() -> Iterator[str]:
    """A payout has the amount that was booked for it, and the entries that its state and its batch's ask for."""
    with connection.cursor() as cursor:
        cursor.execute(PAYOUTS)
        for code, status, amount, booked, batch, batch_status, is_submitted, *later in cursor.fetchall():
            if booked is not None and booked != amount:
                yield f"payout {code} has the amount {amount}, and {booked} is booked for it"
            if (booked is not None, *later) != ENTRIES.get(status):
                yield f"payout {code} is {status}, and the ledger says otherwise"
            # What still waits and what was dropped have the same entries, namely none.
            if (status == "pending") != (batch_status == "prepared"):
                yield f"payout {code} is {status} in batch {batch}, which is {batch_status}"
            if (batch_status == "submitted") != is_submitted:
                yield f"batch {batch} is {batch_status}, and the ledger says otherwise"
