"""What keeps the ledger honest from day to day: heads, checkpoints, checks and the alarm.

Nobody asks for these; beat does, so they have no actor. Each may run twice without harm.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Max, Min, Q, Sum
from django.db.models.functions import Length
from django.utils.translation import ngettext

from profiles.actions import notify, record_event
from profiles.models import Artist
from profiles.models.artist import StaffPower
from royalties import checks, days, ledger
from royalties.actions.guards import clock
from royalties.actions.outbox import owe_mail
from royalties.checks import Outcome
from royalties.models import (
    Batch,
    Checkpoint,
    Import,
    Intake,
    JournalEntry,
    JournalLine,
    LedgerCheck,
    LedgerHead,
    OutboxMail,
    PayoutReport,
)

TOPIC = "ledger"
NEWEST = 1000
# Up to here a look at everything costs no more than a second, so every minute has one.
SMALL_LEDGER = 20_000
# Files of so many bytes together are read again in about a second; more are left to the night.
SMALL_FILES = 1024 * 1024
SHOWN = 20
MONTHS_AT_ONCE = 24


def publish_head(*, now: dt.datetime | None = None) -> LedgerHead:
    """Publish the last entry's hash for the day of `now`; again returns what was published."""
    moment = clock(now)
    number, last_hash = ledger.head()
    head, _made = LedgerHead.objects.get_or_create(
        day=moment.date(), defaults={"last_entry": number, "hash": last_hash, "published_at": moment}
    )
    return head


def close_months(*, now: dt.datetime | None = None) -> list[dt.date]:
    """Write the checkpoints of every month that has ended and has none; returns the months' last days."""
    closed = []
    for end in _ended_months(clock(now).date())[:MONTHS_AT_ONCE]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT ledger_close_month(%s)", [end])
            if cursor.fetchone()[0]:
                closed.append(end)
    return closed


def run_nightly_check(*, now: dt.datetime | None = None) -> list[LedgerCheck]:
    """Check every invariant once a day, one at a time; a run that was cut off goes on where it stood.

    Returns what is broken; whoever works with money is told of the first at once and of the rest at the end. What a
    worker that is killed had found after the first is looked at again by the next.
    """
    moment = clock(now)
    run = f"nightly {moment.date()}"
    done = set(LedgerCheck.objects.filter(run=run).values_list("invariant", flat=True))
    broken: list[LedgerCheck] = []
    rest: list[Outcome] = []
    for name in checks.NAMES:
        if name not in done:
            (outcome,) = checks.outcomes([name])
            if broken and outcome.breach_count:
                rest.append(outcome)
            else:
                broken += _keep(run, [outcome], moment)
    return broken + _keep(run, rest, moment)


def check_newest(*, now: dt.datetime | None = None) -> list[LedgerCheck]:
    """Look at the newest entries, and at a small ledger whole, with its files where they are small too.

    Keeps a row only of what is newly broken.
    """
    moment = clock(now)
    run = f"minute {moment:%Y-%m-%d %H:%M}"
    last_line = JournalLine.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    # All of them before a row is written: they look at one moment, and only look.
    looks = list(checks.outcomes(_of_a_minute()) if last_line <= SMALL_LEDGER else checks.newest_outcomes(NEWEST))
    fresh = [outcome for outcome in looks if outcome.breach_count and not _is_known(outcome, moment)]
    return _keep(run, fresh, moment)


def _of_a_minute() -> tuple[str, ...]:
    """Every invariant; where many bytes are kept, none that reads them all."""
    kept = ((Import, "content"), (Intake, "content"), (PayoutReport, "content_encrypted"), (Batch, "file_encrypted"))
    sizes = (model._base_manager.aggregate(size=Sum(Length(name)))["size"] or 0 for model, name in kept)
    return checks.NAMES if sum(sizes) <= SMALL_FILES else tuple(n for n in checks.NAMES if n not in checks.OF_FILES)


def _ended_months(today: dt.date) -> list[dt.date]:
    """Last days of the months since the first entry that have ended and have no checkpoint, oldest first."""
    first = JournalEntry.objects.aggregate(day=Min("effective_on"))["day"]
    last = Checkpoint.objects.aggregate(day=Max("month_end"))["day"]
    ends = []
    end = today.replace(day=1) - dt.timedelta(days=1)
    while first is not None and end >= max(first, days.FIRST) and (last is None or end > last):
        ends.append(end)
        end = end.replace(day=1) - dt.timedelta(days=1)
    return ends[::-1]


@transaction.atomic
def _keep(run: str, outcomes: Iterable[Outcome], moment: dt.datetime) -> list[LedgerCheck]:
    """Keep what was found, and owe the alarm with it: what is known is told. Returns what is newly broken."""
    broken = []
    for outcome in outcomes:
        row, is_new = LedgerCheck.objects.get_or_create(
            run=run,
            invariant=outcome.name,
            defaults={
                "breach_count": outcome.breach_count,
                "breaches": outcome.breaches[:SHOWN],
                "last_entry": ledger.head()[0],
                "duration_ms": outcome.duration_ms,
                "checked_at": moment,
            },
        )
        broken += [row] if is_new and not row.is_sound else []
    _alarm(run, broken)
    return broken


def _is_known(outcome: Outcome, moment: dt.datetime) -> bool:
    """Whether the same breaches were told within a day."""
    last = LedgerCheck.objects.filter(invariant=outcome.name, checked_at__gt=moment - dt.timedelta(days=1)).first()
    return last is not None and last.breaches == outcome.breaches[:SHOWN]


def _alarm(run: str, broken: list[LedgerCheck]) -> None:
    """A notice and a mail to everybody who works with money."""
    if not broken:
        return
    names = [row.invariant for row in broken]
    event = record_event(actor=None, verb="royalties.ledger_broken", about=TOPIC, payload={"run": run, "names": names})
    words = ngettext("The ledger is broken: %(names)s", "The ledger is broken in %(count)d ways: %(names)s", len(names))
    notify(
        event=event,
        recipients=money_staff(),
        text=words % {"count": len(names), "names": ", ".join(names)},
        url=broken[0].get_absolute_url(),
    )
    for person in money_staff():
        owe_mail(OutboxMail.Kind.LEDGER_BROKEN, broken[0].pk, recipient=person)


def money_staff() -> list[Artist]:
    """Who hears of a broken ledger: finance, approvers, and whoever holds every power."""
    powers = Q(groups__name__in=[StaffPower.FINANCE, StaffPower.APPROVER])
    staff = Artist.objects.filter(powers | Q(is_superuser=True), is_staff=True, is_active=True, closed_at=None)
    return list(staff.distinct().order_by("pk"))
