"""Reports by mapping: looked at whole, then booked in parts by a worker (ADR 17).

Nothing is booked while one row has a problem. What may be booked goes in by parts of 200 rows,
each part in a transaction of its own with the ledger's entries: so the ledger's lock is never
held for long, progress can be seen, and a killed worker loses at most one part. What is booked
is known by provider and transaction, so running again goes on where it stopped. What could not
be booked however often it is tried stops the report with its line.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from projects.models import Production
from royalties import bookings, tasks
from royalties.actions.by_line import book_lines
from royalties.actions.costs import enter_costs
from royalties.actions.guards import clock, require_power
from royalties.actions.turns import one_file_at_a_time
from royalties.checking import COST, REFUND, WAITS, Books, Checked, Item, check_report, hold_against_books, shown_row
from royalties.checking import totals as totals_of
from royalties.exceptions import ImportRefused, RoyaltiesRefused, WrongState
from royalties.mapping import RulesRefused, rules_of
from royalties.matching import named, plain
from royalties.models import Cost, Import, Income, Intake, Mapping, ProductionName, Suspense
from royalties.models.mapping import SILENT_FOR

LARGEST_REPORT = 64 * 1024 * 1024
# Smaller files are looked at at once, larger ones by a worker.
LOOKED_AT_ONCE = 256 * 1024
PART = 200
SHOWN_ROWS, SHOWN_PROBLEMS = 20, 200

Status = Intake.Status


@transaction.atomic
def add_mapping(*, actor: Artist, name: str, kind: str, rules: dict[str, Any], note: str = "") -> Mapping:
    """Keep a mapping, or the next version of one; raises RoyaltiesRefused saying what is wrong with it."""
    require_power(actor, "finance", "producer")
    name = " ".join(name.split())
    if not name:
        raise RoyaltiesRefused(_("Give the mapping a name."))
    try:
        rules_of(kind, rules, Cost.Category.values)
    except RulesRefused as refusal:
        raise RoyaltiesRefused(str(refusal)) from refusal
    one_file_at_a_time()
    last = Mapping.objects.filter(name=name).order_by("-version").first()
    if last is not None and last.kind != kind:
        raise RoyaltiesRefused(_("“%(name)s” reads the other kind of report; choose another name.") % {"name": name})
    if last is not None and last.rules == rules:
        return last
    mapping = Mapping.objects.create(
        name=name, version=last.version + 1 if last else 1, kind=kind, rules=rules, note=note[:300], created_by=actor
    )
    payload = {"rules_sha256": mapping.rules_sha256}
    record_event(actor=actor, verb="royalties.mapping_added", about=mapping, payload=payload)
    return mapping


@transaction.atomic
def name_production(*, actor: Artist, provider: str, text: str, production: Production) -> ProductionName:
    """Remember what a provider calls a production; what it meant before is only kept, and the same again returns it.

    What was booked by another meaning stays until it is taken back.
    """
    require_power(actor, "finance", "producer")
    if not plain(text):
        raise RoyaltiesRefused(_("Give the name as it stands in the report."))
    one_file_at_a_time()
    before = named(provider, text)
    if before is not None and before.production_id == production.pk:
        return before
    row = ProductionName.objects.create(
        provider=provider, text=plain(text)[:200], production=production, created_by=actor
    )
    payload = {"production": production.pk}
    payload |= {"instead_of": before.production_id} if before is not None else {}
    record_event(actor=actor, verb="royalties.production_named", about=row, payload=payload)
    return row


@transaction.atomic
def take_report(*, actor: Artist, mapping: Mapping, name: str, content: bytes) -> Intake:
    """Take a file to look at; nothing of it is booked. A file that is under way is returned as it is.

    One that stopped in the middle and was dropped may be gone on with again.
    Raises ImportRefused where the very file was booked before, and where it is too large.
    """
    require_power(actor, "finance", "producer")
    if len(content) > LARGEST_REPORT:
        raise ImportRefused([(0, _("The file is larger than 64 MB; split it."))])
    one_file_at_a_time()
    sha256 = hashlib.sha256(content).hexdigest()
    done = Import.objects.filter(sha256=sha256).first()
    if done is not None:
        given_up = Intake.objects.filter(source=done, mapping=mapping, status=Status.DROPPED).first()
        if given_up is None:
            raise _taken_before(done)
        given_up.status = Status.STOPPED
        given_up.save(update_fields=["status"])
        record_event(actor=actor, verb="royalties.report_taken", about=given_up)
        return given_up
    waiting = Intake.objects.filter(sha256=sha256).exclude(status=Status.DROPPED).first()
    if waiting is not None:
        return waiting
    intake = Intake.objects.create(mapping=mapping, name=name[:200], sha256=sha256, content=content, created_by=actor)
    record_event(actor=actor, verb="royalties.report_taken", about=intake)
    if len(content) <= LOOKED_AT_ONCE:
        return _look(intake)
    tasks.check_report.delay_on_commit(intake.pk)  # type: ignore[attr-defined]  # of Celery for Django
    return intake


@transaction.atomic
def look_again(*, actor: Artist, intake: Intake) -> Intake:
    """Look at a file once more, after a name was given or a statement withdrawn."""
    require_power(actor, "finance", "producer")
    row = _locked(intake.pk)
    _require(row, Status.READY, Status.REFUSED)
    return _look(row)


@transaction.atomic
def drop_report(*, actor: Artist, intake: Intake, now: dt.datetime | None = None) -> Intake:
    """Give up a file; it may be taken again. What is booked of one that stopped stays, and the rest is not booked.

    One that is being booked only where its worker has been silent; should that one still come, it finds nothing to do.
    """
    require_power(actor, "finance", "producer")
    row = _locked(intake.pk)
    if not row.is_silent(clock(now)):
        _require(row, Status.CHECKING, Status.READY, Status.REFUSED, Status.STOPPED)
    row.status, row.content = Status.DROPPED, b""
    row.save(update_fields=["status", "content"])
    record_event(actor=actor, verb="royalties.report_dropped", about=row)
    return row


@transaction.atomic
def book_report(*, actor: Artist, intake: Intake, now: dt.datetime | None = None) -> Intake:
    """Book a file that has no problem, or go on with one that stopped; a worker does it."""
    require_power(actor, "finance", "producer")
    row = _locked(intake.pk)
    _require(row, Status.READY, Status.STOPPED)
    row.status, row.booked_by, row.heartbeat_at = Status.BOOKING, row.booked_by or actor, clock(now)
    row.problems, row.problem_count = [], 0
    row.save(update_fields=["status", "booked_by", "heartbeat_at", "problems", "problem_count"])
    record_event(actor=actor, verb="royalties.report_booked", about=row, payload={"rows": row.row_count})
    tasks.run_report.delay_on_commit(row.pk)  # type: ignore[attr-defined]  # of Celery for Django
    return row


def check_waiting_report(*, intake_id: int) -> None:
    """The worker's look at a large file."""
    with transaction.atomic():
        row = _locked(intake_id)
        if row.status == Status.CHECKING:
            _look(row)


def run_report(*, intake_id: int, now: dt.datetime | None = None) -> None:
    """Book what is not booked yet, part by part; safe to run twice and at once."""
    intake = Intake.objects.select_related("mapping").get(pk=intake_id)
    if intake.status != Status.BOOKING:
        return
    content = bytes(intake.content) or bytes(intake.source.content if intake.source else b"")
    checked = check_report(content, intake.mapping)
    if checked.problems:
        _stop(intake_id, checked.problems)
        return
    try:
        # A file whose rows are all known has one part, with nothing in it.
        for begin in range(0, max(len(checked.fresh), 1), PART):
            if not _book_part(intake_id, checked, checked.fresh[begin : begin + PART], clock(now)):
                return
    except ImportRefused as refusal:
        _stop(intake_id, refusal.problems)
        return
    except IntegrityError as problem:
        # The database keeps one of them out for good, and trying again would do nothing else.
        _stop(intake_id, [(0, _("The database refuses a row: %(why)s") % {"why": " ".join(str(problem).split())})])
        return
    with transaction.atomic():
        row = _locked(intake_id)
        if row.status == Status.BOOKING:
            row.status, row.content = Status.DONE, b""
            row.done_count = row.row_count - row.known_count
            row.save(update_fields=["status", "content", "done_count"])
            record_event(actor=None, verb="royalties.report_done", about=row)


def resume_reports(*, now: dt.datetime | None = None) -> int:
    """Queue again what lost its worker; how many."""
    silent = Intake.objects.filter(status=Status.BOOKING, heartbeat_at__lt=clock(now) - SILENT_FOR)
    stuck = Intake.objects.filter(status=Status.CHECKING, created_at__lt=clock(now) - SILENT_FOR)
    for pk in (rows := list(silent.values_list("pk", flat=True))):
        tasks.run_report.delay_on_commit(pk)  # type: ignore[attr-defined]  # of Celery for Django
    for pk in (looks := list(stuck.values_list("pk", flat=True))):
        tasks.check_report.delay_on_commit(pk)  # type: ignore[attr-defined]  # of Celery for Django
    return len(rows) + len(looks)


def _locked(pk: int) -> Intake:
    # Without its source: who has waited for the lock reads the row anew, but what was joined to it as it was before.
    # And without its bytes, which may be 64 MB: each part takes the lock, and only a look reads them.
    return Intake.objects.select_for_update(of=("self",)).select_related("mapping").defer("content").get(pk=pk)


def _require(row: Intake, *statuses: str) -> None:
    if row.status not in statuses:
        raise WrongState(
            _("This cannot be done while the report is “%(status)s”.") % {"status": row.get_status_display()}
        )


def _look(row: Intake) -> Intake:
    """Write down what a look at the file finds."""
    checked = check_report(bytes(row.content), row.mapping)
    row.row_count, row.known_count, row.empty_count = checked.total, checked.known, checked.empty
    row.suspense_count = sum(item.kind == WAITS for item in checked.fresh)
    _note_problems(row, checked.problems)
    row.preview = [shown_row(item) for item in checked.fresh[:SHOWN_ROWS]]
    row.totals = totals_of(checked.fresh)
    row.status = Status.REFUSED if checked.problems else Status.READY
    row.save()
    return row


def _note_problems(row: Intake, problems: Sequence[tuple[int, str]]) -> None:
    row.problem_count = len(problems)
    row.problems = [list(problem) for problem in problems[:SHOWN_PROBLEMS]]


@transaction.atomic
def _stop(intake_id: int, problems: Sequence[tuple[int, str]]) -> None:
    """Nobody goes on with it by itself; where nothing is booked it is as if it had been refused at once."""
    row = _locked(intake_id)
    if row.status != Status.BOOKING:
        return
    _note_problems(row, problems)
    row.status = Status.STOPPED if row.source_id else Status.REFUSED
    row.save(update_fields=["problems", "problem_count", "status"])
    record_event(actor=None, verb="royalties.report_stopped", about=row, payload={"problems": row.problem_count})


def _taken_before(done: Import) -> ImportRefused:
    words = _("This very file was taken in on %(day)s as “%(name)s”. Nothing was booked again.")
    return ImportRefused([(0, words % {"day": done.created_at.date(), "name": done.name})])


def _source_of(row: Intake, actor: Artist, checked: Checked) -> Import:
    """The import, which is never changed, that the file becomes with its first part."""
    if row.source_id is not None:
        return Import.objects.defer("content").get(pk=row.source_id)
    done = Import.objects.filter(sha256=row.sha256).first()
    if done is not None:
        raise _taken_before(done)
    row.source = Import.objects.create(
        kind=row.mapping.kind,
        name=row.name,
        sha256=row.sha256,
        content=bytes(row.content),
        row_count=checked.total,
        known_count=checked.known,
        mapping=row.mapping,
        created_by=actor,
    )
    row.row_count, row.known_count = checked.total, checked.known
    # At once and not at the end: every change of a row writes and compares all of it.
    row.content = b""
    row.save(update_fields=["content"])
    record_event(
        actor=actor,
        verb="royalties.imported",
        about=row.source,
        payload={"kind": row.mapping.kind, "rows": checked.total, "known": checked.known},
    )
    return row.source


@transaction.atomic
def _book_part(intake_id: int, checked: Checked, items: list[Item], moment: dt.datetime) -> bool:
    """One part, looked at again under the lock; False where somebody else has ended the report.

    Raises ImportRefused where a row contradicts the books by now or the ledger refuses it; then the part is not booked.
    """
    row = _locked(intake_id)
    if row.status != Status.BOOKING or row.booked_by is None:
        return False
    one_file_at_a_time()
    now_checked = Checked(checked.provider)
    hold_against_books(items, now_checked)
    if now_checked.problems:
        raise ImportRefused(now_checked.problems)
    source = _source_of(row, row.booked_by, checked)
    fresh = now_checked.fresh
    # Not what another worker has booked since this one looked.
    row.done_count += len(fresh)
    row.heartbeat_at = moment
    row.save(update_fields=["source", "row_count", "known_count", "done_count", "heartbeat_at"])
    waiting = _write_suspense(source, checked.provider, [item for item in fresh if item.kind == WAITS])
    incomes = _write_incomes(source, checked.provider, [item for item in fresh if item.kind not in {WAITS, COST}])
    costs = _write_costs(source, row.booked_by, [item for item in fresh if item.kind == COST], moment)
    book_lines((suspense.line_number, partial(bookings.suspense_received, suspense)) for suspense in waiting)
    book_lines((income.line_number, partial(bookings.income_received, income)) for income in incomes)
    book_lines((number, partial(bookings.cost_paid, cost)) for number, cost in costs)
    return True


def _write_incomes(source: Import, provider: str, items: list[Item]) -> list[Income]:
    """Sales first, so that a refund of the same part finds its own."""
    books = Books(provider, items)
    sales = Income.objects.bulk_create(
        [_income(source, provider, item, None, books) for item in items if item.kind == Income.Kind.SALE]
    )
    made = {sale.transaction: sale for sale in sales}
    others = []
    for item in items:
        if item.kind == Income.Kind.SALE:
            continue
        found = books.sale_of(item) if item.kind == REFUND and item.row.sale else None
        sale = made.get(item.row.sale) or (found[2] if found else None)
        others.append(_income(source, provider, item, sale, books))
    return [*sales, *Income.objects.bulk_create(others)]


def _income(source: Import, provider: str, item: Item, sale: Income | None, books: Books) -> Income:
    return Income(
        source=source,
        line_number=item.row.number,
        production=item.production,
        provider=provider,
        transaction=item.transaction,
        channel=item.row.channel,
        kind=item.kind,
        amount_minor=item.amount.amount_minor,
        currency=item.amount.currency,
        received_on=item.row.day,
        again=books.again(item),
        sale=sale,
    )


def _write_suspense(source: Import, provider: str, items: list[Item]) -> list[Suspense]:
    return Suspense.objects.bulk_create(
        [
            Suspense(
                source=source,
                line_number=item.row.number,
                provider=provider,
                transaction=item.row.transaction,
                channel=item.row.channel,
                text=" / ".join(item.row.names)[:200],
                amount_minor=item.amount.amount_minor,
                fee_minor=item.row.fee.amount_minor if item.row.fee else 0,
                currency=item.amount.currency,
                received_on=item.row.day,
            )
            for item in items
        ]
    )


def _write_costs(source: Import, actor: Artist, items: list[Item], moment: dt.datetime) -> list[tuple[int, Cost]]:
    """Those that count at once, with their lines."""
    rows = [
        Cost(
            source=source,
            production=item.production,
            invoice=item.row.transaction,
            supplier=item.row.supplier,
            category=item.row.category,
            amount_minor=item.amount.amount_minor,
            currency=item.amount.currency,
            paid_on=item.row.day,
            created_by=actor,
        )
        for item in items
    ]
    enter_costs(rows, moment)
    return [(item.row.number, cost) for item, cost in zip(items, rows, strict=True) if cost.counts]
