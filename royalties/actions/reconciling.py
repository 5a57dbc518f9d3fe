"""The provider's report: matched by our code, amount and currency, and never guessed.

A file counts once, and so does each piece of news, in whatever file it comes again. News that
fits moves its payout on. News that names no payout of ours or contradicts what we know pays
nobody: it is booked where the money really went, keeps the payee out of further batches, and
waits for somebody's verdict.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from profiles.actions import notify, record_event
from profiles.models import Artist, Event
from royalties import bookings, ledger, people, sealing
from royalties.actions.by_line import book_lines
from royalties.actions.guards import clock, naming, require_power, require_second_person, within
from royalties.actions.settling import mark_paid, note_arrival, note_return
from royalties.actions.told import Told, told_by
from royalties.exceptions import ConflictOfInterest, ImportRefused, RoyaltiesRefused, WrongState
from royalties.models import Payee, Payout, PayoutReport, ReportRow, RowVerdict
from royalties.models.report import BACK
from royalties.money import Money
from royalties.payouts.reports import Reported, read

LARGEST_PAYOUT_REPORT = 5 * 1024 * 1024
REPORT_LOCK = 727003
Status, Outcome = ReportRow.Status, ReportRow.Outcome


@dataclass(slots=True)
class _Reading:
    """One file on its way into the books: what is known, and what must be booked at the end."""

    actor: Artist
    report: PayoutReport
    moment: dt.datetime
    payouts: dict[str, Payout]
    told: Told
    references: set[str]
    rows: list[ReportRow] = field(default_factory=list)
    arrived: list[Payout] = field(default_factory=list)
    came_back: set[str] = field(default_factory=set)
    # The ledger comes last: whoever holds its lock keeps all other posting waiting.
    later: list[tuple[int, Callable[[], object]]] = field(default_factory=list)

    @property
    def provider(self) -> str:
        return self.report.provider


@transaction.atomic
def import_report(
    *, actor: Artist, form: str, name: str, content: bytes, now: dt.datetime | None = None
) -> PayoutReport:
    """Take a provider's report, whole or not at all; the very same file again changes nothing.

    Raises ImportRefused naming each row that cannot be read, or that another kind of report would tell.
    """
    require_power(actor, "finance")
    if form not in PayoutReport.Format.values:
        raise RoyaltiesRefused(_("Say what kind of report it is."))
    if len(content) > LARGEST_PAYOUT_REPORT:
        raise ImportRefused([(0, _("The file is larger than 5 MB; split it."))])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REPORT_LOCK])
    sha256 = hashlib.sha256(content).hexdigest()
    known = PayoutReport.objects.filter(sha256=sha256, format=form).first()
    if known is not None:
        return known
    rows, problems = read(form, content)
    if problems or not rows:
        raise ImportRefused(sorted(problems) or [(0, _("The file has no rows."))])
    moment = clock(now)
    report = PayoutReport.objects.create(
        format=form,
        name=name[:200],
        sha256=sha256,
        content_encrypted=sealing.seal(content),
        row_count=len(rows),
        taken_by=actor,
        taken_at=moment,
    )
    reading = _begin(actor, report, rows, moment)
    for row in rows:
        _take(reading, row)
    ReportRow.objects.bulk_create(reading.rows)
    _finish(reading)
    return report


@transaction.atomic
def decide_row(
    *,
    actor: Artist,
    row: ReportRow,
    outcome: str,
    reason: str,
    payee: Payee | None = None,
    now: dt.datetime | None = None,
) -> RowVerdict:
    """Say what a row that did not fit means: never by who took the file, nor by whom it is about.

    The report was wrong (its entry is reversed), the payee owes it (taken from what is payable), it is lost
    (the company bears it), it belongs to a payee (suspense becomes payable), or there is nothing to book.
    """
    require_power(actor, "finance", "approver")
    moment = clock(now)
    # The payout is locked, as by reports and remittances: none of them slips in between.
    list(Payout.objects.select_for_update(of=("self",)).filter(report_rows=row.pk))
    row = ReportRow.objects.select_related("report", "payout__payee").get(pk=row.pk)
    require_second_person(actor, row.report.taken_by_id, _("Who took in a report cannot also decide its rows."))
    if not ReportRow.objects.open().filter(pk=row.pk).exists():
        raise WrongState(_("Nothing is open about this row."))
    if not reason.strip():
        raise RoyaltiesRefused(_("Give a reason; it is kept with the verdict."))
    about = payee or row.payee
    if about is not None and about.artist_id in people.accounts_of([actor.pk]):
        raise ConflictOfInterest(_("It is about your own money, so somebody else must decide this."))
    try:
        with transaction.atomic():
            verdict = RowVerdict.objects.create(
                row=row, outcome=outcome, reason=within(reason, 300), decided_by=actor, decided_at=moment
            )
    except IntegrityError as problem:
        raise WrongState(_("Somebody has just decided this row.")) from problem
    event = record_event(actor=actor, verb="royalties.row_decided", about=row, payload={"outcome": outcome})
    _tell_payee(event, row, outcome, payee)
    with naming([row.payout] if row.payout else []):
        _book_verdict(row, outcome, payee, moment)
    return verdict


def _begin(actor: Artist, report: PayoutReport, rows: list[Reported], moment: dt.datetime) -> _Reading:
    """Lock the payouts that the file names, in one order, and look up what was told before."""
    items = {row.item for row in rows}
    locked = (
        Payout.objects.select_for_update(of=("self",))
        .filter(code__in=items)
        .select_related("batch", "payee__artist", "destination__payee__artist")
        .prefetch_related("withholdings")
        .order_by("pk")
    )
    payouts = {payout.code: payout for payout in locked}
    _require_own(report, rows, payouts)
    references = Payout.objects.filter(provider_reference__in=[row.reference for row in rows if row.reference])
    return _Reading(
        actor=actor,
        report=report,
        moment=moment,
        payouts=payouts,
        told=told_by(report.provider, rows),
        references=set(references.values_list("provider_reference", flat=True)),
    )


def _require_own(report: PayoutReport, rows: list[Reported], payouts: dict[str, Payout]) -> None:
    """A report tells of what its provider was given: another kind of file was meant where it names other payments."""
    words = _("“%(item)s” is not what this kind of report tells of, but a payment by “%(way)s”: choose the kind again.")
    problems = [
        (row.number, words % {"item": row.item, "way": payouts[row.item].batch.get_method_display()})
        for row in rows
        if row.item in payouts and payouts[row.item].batch.method != report.provider
    ]
    if problems:
        raise ImportRefused(problems)


def _take(reading: _Reading, news: Reported) -> None:
    """Decide one row, move its payout on where it fits, and remember what is to be booked."""
    payout, is_new = reading.payouts.get(news.item), news.fact not in reading.told.facts
    outcome = _outcome(reading, news, payout) if is_new else Outcome.KNOWN
    row = ReportRow(
        report=reading.report,
        number=news.number,
        item=news.item,
        reference=news.reference,
        status=news.status,
        amount_minor=news.amount.amount_minor,
        fee_minor=news.fee_minor,
        currency=news.amount.currency,
        reason=news.reason,
        fact=news.fact,
        outcome=outcome,
        payout=payout,
    )
    if payout is not None and outcome == Outcome.RETURNED and _is_of_claim(news, payout):
        row.booked = f"{reading.told.claims[payout.code, news.amount].pop(0)}{BACK}"
    elif payout is not None and outcome in {Outcome.SETTLED, Outcome.FAILED, Outcome.RETURNED}:
        _move(reading, news, payout, outcome)
    elif outcome in {Outcome.UNKNOWN, Outcome.CONTRADICTS} and _moved_money(reading, news):
        reading.references.add(news.reference)
        row.booked = bookings.row_key(row, reading.provider)
    _book_later(reading, row, is_new=is_new)
    reading.told.note(payout, row)
    reading.rows.append(row)


def _book_later(reading: _Reading, row: ReportRow, *, is_new: bool) -> None:
    """What the row itself asks of the ledger; a fee that is not in its entry stands beside that of its payout."""
    payout, day = row.payout, reading.moment.date()
    if row.booked:
        reading.later.append((row.number, lambda: bookings.row_unexplained(row, reading.provider, day)))
    elif payout is not None and is_new and row.fee_minor and reading.told.has_fee_to_book(payout, row):
        reading.later.append((row.number, lambda: bookings.payout_fee(payout, row, day)))


def _outcome(reading: _Reading, news: Reported, payout: Payout | None) -> str:
    """What a piece of news is to us, by our code, the amount and the currency."""
    if news.status == Status.WAITING:
        return Outcome.WAITING
    if payout is None:
        return Outcome.UNKNOWN
    is_back = news.status == Status.RETURNED and _is_of_claim(news, payout)
    if is_back and reading.told.claims.get((payout.code, news.amount)):
        return Outcome.RETURNED
    if news.amount != payout.paid or not news.is_payment:
        return Outcome.CONTRADICTS
    if news.status == Status.COMPLETED:
        if reading.told.is_first_of(payout, news):
            return Outcome.KNOWN
        fresh = news.reference not in reading.references
        return Outcome.SETTLED if payout.status == Payout.Status.SENT and fresh else Outcome.CONTRADICTS
    if payout.status == Payout.Status.SENT:
        return Outcome.FAILED
    if payout.came_back:
        # Somebody has decided who bears what left: what comes back now needs another word.
        is_decided = payout.code in reading.told.decided and news.status == Status.RETURNED
        return Outcome.CONTRADICTS if is_decided else Outcome.KNOWN
    if payout.status == Payout.Status.SETTLED and news.status == Status.RETURNED:
        return Outcome.RETURNED
    return Outcome.CONTRADICTS


def _is_of_claim(news: Reported, payout: Payout) -> bool:
    """Whether money that came back can only be some that left unexplained, and not the payment itself."""
    return payout.came_back or news.amount != payout.paid


def _moved_money(reading: _Reading, news: Reported) -> bool:
    """Whether the news says that money of ours moved, which then must stand somewhere.

    A transaction that is some payout's already has moved once, and is booked there.
    """
    if news.status == Status.FAILED:
        return False
    return news.status == Status.RETURNED or not news.is_payment or news.reference not in reading.references


def _move(reading: _Reading, news: Reported, payout: Payout, outcome: str) -> None:
    """The payout's next state now, its entry at the end."""
    day = reading.moment.date()
    if outcome == Outcome.SETTLED:
        note_arrival(actor=reading.actor, row=payout, reference=news.reference, moment=reading.moment)
        reading.references.add(news.reference)
        reading.arrived.append(payout)
        reading.later.append((news.number, lambda: bookings.payout_settled(payout, day)))
        return
    reason = news.reason or _("The provider gave no reason.")
    note_return(actor=reading.actor, row=payout, reason=reason, moment=reading.moment)
    reading.came_back.add(payout.payee.code)
    book = bookings.payout_failed if outcome == Outcome.FAILED else bookings.payout_came_back
    reading.later.append((news.number, lambda: book(payout, day)))


def _finish(reading: _Reading) -> None:
    """Say what came of the file, then write the ledger."""
    counts: dict[str, int] = {}
    for row in reading.rows:
        counts[row.outcome] = counts.get(row.outcome, 0) + 1
    event = record_event(actor=reading.actor, verb="royalties.report_taken", about=reading.report, payload=counts)
    waiting = counts.get(Outcome.UNKNOWN, 0) + counts.get(Outcome.CONTRADICTS, 0)
    if waiting:
        staff = Artist.objects.filter(is_staff=True, is_active=True, groups__name__in=["finance", "approver"])
        url = reverse("admin:royalties_reportrow_changelist") + "?open=1"
        text = _("The payout report “%(name)s” has rows that do not fit: %(count)d") % {
            "name": reading.report.name,
            "count": waiting,
        }
        notify(event=event, recipients=staff.distinct(), text=text, url=url)
    if reading.arrived:
        mark_paid(reading.arrived, came_back=reading.came_back)
    book_lines(reading.later)


def _tell_payee(event: Event, row: ReportRow, outcome: str, payee: Payee | None) -> None:
    """Whose balance a verdict moves reads it."""
    if outcome == RowVerdict.Outcome.BELONGS:
        about, words = payee, _("%(amount)s that had come back to us was found to be yours, and is payable to you")
    elif outcome == RowVerdict.Outcome.OWED_BACK:
        about, words = row.payee, _("%(amount)s that reached you once too often is taken from what is payable to you")
    else:
        return
    if about is not None and about.artist is not None:
        text = words % {"amount": Money(row.amount_minor, row.currency).format()}
        notify(event=event, recipients=[about.artist], text=text, url=reverse("royalties:earnings"))


def _book_verdict(row: ReportRow, outcome: str, payee: Payee | None, moment: dt.datetime) -> None:
    """The entry that a verdict means, or a refusal where it cannot mean one."""
    kinds, day = RowVerdict.Outcome, moment.date()
    if outcome == kinds.NOTED and row.booked:
        raise RoyaltiesRefused(_("It stands in the books, so say what becomes of the money."))
    if outcome == kinds.NOTED:
        return
    if not row.booked:
        raise RoyaltiesRefused(_("Nothing was booked for this row."))
    if outcome == kinds.REPORT_WRONG:
        bookings.row_reversed(row, day)
    elif outcome == kinds.OWED_BACK and row.payee is not None and row.status == Status.COMPLETED:
        try:
            bookings.row_recovered(row, row.payee, day, arrived=_arrived_after_all(row, moment))
        except ledger.Overdrawn as problem:
            raise WrongState(_("Less than that is payable to them at present.")) from problem
    elif outcome == kinds.LOST and row.status == Status.COMPLETED:
        bookings.row_lost(row, day)
    elif outcome == kinds.BELONGS and payee is not None and row.status == Status.RETURNED:
        bookings.row_resolved(row, row.report.provider, payee, day)
    else:
        raise RoyaltiesRefused(_("This verdict does not fit the row."))


def _arrived_after_all(row: ReportRow, moment: dt.datetime) -> Payout | None:
    """The payment that the row says was made though it had come back, noted as arrived; None where it is another."""
    payout = row.payout
    if payout is None or not payout.came_back or payout.recovered_at is not None:
        return None
    if payout.paid != Money(row.amount_minor, row.currency):
        return None
    payout.recovered_at = moment
    payout.save(update_fields=["recovered_at"])
    return payout
