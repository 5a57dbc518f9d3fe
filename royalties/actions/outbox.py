"""Mails about money are owed in the transaction that gives reason for them, and written by a worker.

What is not written within minutes, its message lost, its worker gone or the mail server away, is tried again by a
sweep, further and further apart. A mail is written once: who writes it holds its row and deletes it.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction

from profiles.models import Artist
from royalties import tasks
from royalties.actions import claim_mail, mail
from royalties.actions.guards import clock
from royalties.models import OutboxMail

log = logging.getLogger(__name__)
Kind = OutboxMail.Kind

SILENT_FOR = dt.timedelta(minutes=5)
MOST_DOUBLED = 6
AT_ONCE = 500
# What could not be written for so long is told by nobody any more; its notice on the site stands.
GIVEN_UP_AFTER = dt.timedelta(days=7)

WRITERS: dict[str, Callable[[OutboxMail], None]] = {
    Kind.DESTINATION_CODE: lambda row: mail.mail_destination_code(destination_id=row.about),
    Kind.DESTINATION_REPLACED: lambda row: mail.mail_destination_replaced(
        destination_id=row.about, artist=row.recipient
    ),
    Kind.DESTINATION_REMOVED: lambda row: mail.mail_destination_removed(destination_id=row.about, artist=row.recipient),
    Kind.CLAIM_CONFIRMATION: lambda row: claim_mail.mail_claim_confirmation(claim_id=row.about),
    Kind.CLAIM_ANSWER: lambda row: claim_mail.mail_claim_answer(claim_id=row.about),
    Kind.CLAIM_ENDED: lambda row: claim_mail.mail_claim_ended(claim_id=row.about),
    Kind.PAYOUT: lambda row: mail.mail_payout(payout_id=row.about),
    Kind.UNCLAIMED: lambda row: mail.mail_unclaimed(case_id=row.about),
    Kind.LEDGER_BROKEN: lambda row: mail.mail_ledger_broken(check_id=row.about, artist=row.recipient),
}


def owe_mail(kind: str, about: int, *, recipient: Artist | None = None, now: dt.datetime | None = None) -> OutboxMail:
    """Note that a mail is to be written, and ask for it once this is committed."""
    moment = clock(now)
    row = OutboxMail.objects.create(
        kind=kind, about=about, recipient=recipient, owed_at=moment, again_at=moment + SILENT_FOR
    )
    tasks.mail_from_outbox.delay_on_commit(row.pk)
    return row


@transaction.atomic
def write_mail(*, mail_id: int) -> bool:
    """Write a mail that is owed; False where it is written already, or just being written."""
    row = OutboxMail.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=mail_id).first()
    if row is None:
        return False
    WRITERS[row.kind](row)
    row.delete()
    return True


@transaction.atomic
def resume_mails(*, now: dt.datetime | None = None) -> int:
    """Ask again for mails that nobody has written; how many. What is a week old is given up, and logged."""
    moment = clock(now)
    due = OutboxMail.objects.select_for_update(skip_locked=True, of=("self",)).filter(again_at__lte=moment)
    asked = 0
    for row in due.order_by("again_at")[:AT_ONCE]:
        if row.owed_at < moment - GIVEN_UP_AFTER:
            log.error("mail given up", extra={"kind": row.kind, "about": row.about, "tries": row.tries})
            row.delete()
            continue
        row.tries += 1
        row.again_at = moment + SILENT_FOR * 2 ** min(row.tries, MOST_DOUBLED)
        row.save(update_fields=["tries", "again_at"])
        tasks.mail_from_outbox.delay_on_commit(row.pk)
        asked += 1
    return asked
