"""Chapter: one statement paid, one open for comments, with an answered and an open objection."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hitrecord.demo.story.stage import Stage
from hitrecord.demo.world import periods
from hitrecord.demo.world.money import Period, decimal
from hitrecord.demo.world.talk import Comment, Objection
from profiles.models import Artist
from projects.models import Cue
from royalties import actions, sealing
from royalties.models import AllocationLine, Batch, Cost, Revision, Statement, StatementLine
from royalties.payouts.account import BankAccount

REVENUE = ("provider", "transaction", "channel", "kind", "amount", "currency", "received_on", "production")
COSTS = ("invoice", "supplier", "category", "amount", "currency", "paid_on", "production")
RATES_OF_BANK = ("Date", "USD")
REPORT = ("Customer ID", "Transaction ID", "Transaction Status", "Amount", "Currency")
# Late enough that a newcomer finds a window of more than a week.
DRAFTED_DAY = -9
CATEGORIES = {
    "venue": "festival",
    "travel": "festival",
    "mix": "post",
    "captions": "post",
    "delivery": "delivery",
    "posters": "marketing",
}
# The first who lives in the Netherlands has a bank account alone: dollars arrive there as euros.
ACCOUNT = {"iban": "NL91ABNA0417164300", "bic": "ABNANL2A", "town": "Rotterdam", "country": "NL"}
EURO_IN_DOLLARS = "1.0873"
# Of the countries here one has no treaty: three artists in ten see what a tax office keeps.
COUNTRIES = ("IE", "DE", "NL", "FR", "JP", "IE", "DE", "BR", "BR", "BR")
RATES = (
    ("", 3_000, "Example: royalties to people abroad where no treaty says otherwise"),
    *((country, 0, "Example: a treaty leaves royalties to the artist’s own country") for country in ("IE", "DE", "NL")),
    *((country, 0, "Example: a treaty leaves royalties to the artist’s own country") for country in ("FR", "JP")),
)
KINDS = {"missing_work": "missing", "prominence": "role"}


def money(stage: Stage) -> None:
    """The first period to the last cent, the second as far as it has come."""
    with transaction.atomic():
        paid = _published(stage, periods.PAID, day=periods.PAID.to_day + 1)
        _talk(stage, paid, periods.PAID.comments, day=periods.PAID.to_day + 6)
        with stage.on(periods.PAID.to_day + 5):
            _payout_details(stage, paid, periods.PAID)
        _pay(stage, paid, periods.PAID)
    with transaction.atomic():
        draft = _published(stage, periods.DRAFT, day=DRAFTED_DAY)
        _object(stage, draft, periods.DRAFT)


def _payout_details(stage: Stage, statement: Statement, period: Period) -> None:
    """What the law asks of whom, and where everybody's money goes: confirmed, with a tax form."""
    dana = stage.artist(period.approver)
    for country, bps, note in RATES:
        actions.enter_rate(
            actor=dana, authority="irs", country=country, rate_bps=bps, valid_from=timezone.now().date(), note=note
        )
    for number, line in enumerate(_current(statement).lines.select_related("payee__artist").order_by("payee__code")):
        artist = line.payee.artist
        if artist is not None:
            country = COUNTRIES[number % len(COUNTRIES)]
            destination = actions.set_destination(actor=artist, country=country, **_way(artist, number))
            actions.confirm_destination(actor=artist, code=sealing.destination_code(destination))
            actions.sign_tax_form(
                actor=artist, country=country, tax_id=f"DEMO{artist.pk:06d}", signed_name=artist.name_in_credits
            )


def _way(artist: Artist, number: int) -> dict[str, Any]:
    """PayPal, or a bank account where the site pays by transfer."""
    if settings.SEPA_ACCOUNT and number == COUNTRIES.index(ACCOUNT["country"]):
        return {"account": BankAccount(holder=artist.name_in_credits, **ACCOUNT)}
    return {"address": artist.email}


def _published(stage: Stage, period: Period, *, day: int) -> Statement:
    """Money in, a draft computed, checked by a second person and published."""
    sam, dana = stage.artist(period.drafter), stage.artist(period.approver)
    production = stage.production(period.project)
    with stage.on(day):
        actions.import_csv(actor=dana, kind="revenue", name=f"{period.key}.csv", content=_revenue(stage, period))
        actions.import_csv(actor=dana, kind="cost", name=f"{period.key}-costs.csv", content=_costs(stage, period))
        for cost in Cost.objects.filter(production=production, approved_by=None, is_within_limit=False):
            actions.approve_cost(actor=sam, cost=cost)
    with stage.on(day + 1):
        statement = actions.draft_statement(
            actor=sam,
            production=production,
            first_day=_day(stage, period.from_day),
            last_day=_day(stage, period.to_day),
            currency="USD",
        )
        _compute(statement)
        actions.submit_for_review(actor=sam, statement=statement)
    with stage.on(day + 2):
        actions.publish(actor=dana, statement=statement)
    return statement


def _compute(statement: Statement) -> None:
    """What the worker would do; it finds the run done and stops."""
    statement.refresh_from_db()
    actions.compute_statement(statement_id=statement.pk, run=statement.run)


def _day(stage: Stage, day: int) -> date:
    return stage.today + timedelta(days=day)


def _revenue(stage: Stage, period: Period) -> bytes:
    slug = stage.project(period.project).slug
    return _csv(
        REVENUE,
        [
            (row.provider, row.transaction, row.channel, row.kind, decimal(row.cents), row.currency,
             _day(stage, row.day).isoformat(), slug)
            for row in period.income
        ],
    )  # fmt: skip


def _costs(stage: Stage, period: Period) -> bytes:
    slug = stage.project(period.project).slug
    return _csv(
        COSTS,
        [
            (row.invoice, row.supplier, CATEGORIES[row.category], decimal(row.cents), row.currency,
             _day(stage, row.day).isoformat(), slug)
            for row in period.costs
        ],
    )  # fmt: skip


def _csv(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue().encode()


def _talk(stage: Stage, statement: Statement, comments: tuple[Comment, ...], *, day: int) -> None:
    """Comments with their replies, an hour apart."""
    for number, row in enumerate(comments):
        with stage.on(min(day + number // 2, -1), hour=9 + number):
            line, item = _lines(stage, statement, row.work)
            said = actions.comment(
                actor=stage.artist(row.author), statement=statement, body=row.text, line=line, item=item
            )
        for later, (author, words) in enumerate(row.replies, start=1):
            with stage.on(min(day + number // 2, -1), hour=9 + number + later):
                actions.comment(actor=stage.artist(author), statement=statement, body=words, reply_to=said)


def _lines(stage: Stage, statement: Statement, key: str | None) -> tuple[StatementLine | None, AllocationLine | None]:
    """The line of the artist of a work in the published revision, and the item of that work."""
    if key is None:
        return None, None
    work, revision = stage.work(key), _current(statement)
    item = revision.items.filter(contribution=work).order_by("-amount_minor").first()
    line = revision.lines.filter(payee=item.payee).first() if item else None
    return line, item


def _current(statement: Statement) -> Revision:
    statement.refresh_from_db()
    current = statement.current
    if current is None:
        raise RuntimeError("the statement has no published revision")
    return current


def _pay(stage: Stage, statement: Statement, period: Period) -> None:
    """Accepted, closed after its window, posted and paid."""
    sam, dana = stage.artist(period.drafter), stage.artist(period.approver)
    for number, handle in enumerate(period.accepted_by):
        with stage.on(period.to_day + 8 + number):
            for line in _current(statement).lines.filter(payee__artist__handle=handle):
                actions.accept_line(actor=stage.artist(handle), line=line)
    with stage.on(period.to_day + 19):
        actions.close_statement(actor=sam, statement=statement)
        actions.finalise(actor=sam, statement=statement)
    with stage.on(period.to_day + 20):
        actions.post_statement(actor=dana, statement=statement)
    with stage.on(period.to_day + 24):
        rates = _csv(RATES_OF_BANK, [(_day(stage, period.to_day + 23).isoformat(), EURO_IN_DOLLARS)])
        actions.import_csv(actor=dana, kind="rates", name="eurofxref.csv", content=rates)
        batches = actions.prepare_batches(actor=sam, currency="USD")
        for batch in batches:
            actions.submit_batch(actor=dana, batch=batch)
    with stage.on(period.to_day + 26):
        for batch in batches:
            name = f"{batch.method}-report.csv"
            actions.import_report(actor=sam, form=batch.method, name=name, content=_report(batch))
        actions.publish_head()
        actions.close_months()


def _report(batch: Batch) -> bytes:
    """The provider's word that everybody was paid."""
    rows: list[tuple[str, ...]] = [
        (payout.code, f"DEMO-{batch.pk}-{number:03d}", "Completed", payout.paid.plain(), payout.paid.currency)
        for number, payout in enumerate(batch.payouts.order_by("pk"), start=1)
    ]
    return _csv(REPORT, rows)


def _object(stage: Stage, statement: Statement, period: Period) -> None:
    """Two objections: one answered with a revision, one that still waits."""
    _talk(stage, statement, period.comments, day=DRAFTED_DAY + 3)
    for number, row in enumerate(period.objections):
        day = DRAFTED_DAY + 4 + 4 * number
        with stage.on(day, hour=11):
            line, item = _lines(stage, statement, row.work)
            objection = actions.raise_objection(
                actor=stage.artist(row.author), statement=statement, kind=KINDS.get(row.kind, row.kind),
                body=row.text, line=line, item=item,
            )  # fmt: skip
        if row.answer is not None:
            with stage.on(day + 1, hour=16):
                actions.answer_objection(
                    actor=stage.artist(row.answer.author), objection=objection, outcome=row.answer.outcome,
                    reason=row.answer.text,
                )  # fmt: skip
            _revise(stage, statement, row, day + 2)


def _revise(stage: Stage, statement: Statement, row: Objection, day: int) -> None:
    """What an accepted objection changes: a factor with a public reason and a second person."""
    change = row.adjustment
    if change is None:
        return
    cue = Cue.objects.get(cut=statement.cut, contribution=stage.work(change.work), department__code=change.department)
    drafter, approver = stage.artist(change.by), stage.artist(change.approved_by)
    with stage.on(day, hour=10):
        actions.revise(actor=drafter, statement=statement, reason=change.reason)
        adjustment = actions.propose_factor(
            actor=drafter, statement=statement, cue=cue, factor_bps=change.factor_bps, reason=change.reason
        )
        actions.approve_adjustment(actor=approver, adjustment=adjustment)
        _compute(statement)
        actions.publish(actor=approver, statement=statement)
