"""Corrections for tests: a split that was forgotten, the way of its correction, and a film that earns again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from contributions.models import Share
from royalties import actions
from royalties.checks import run_checks
from royalties.models import Statement
from tests.royalties.conftest import closed, later, revenue_csv
from tests.royalties.payees import but_for_owed

REASON = "The drawing was made together; the split was forgotten."


def split_found_wrong(statement: Statement, bob: Any, charlie: Any) -> Statement:
    """It comes out that charlie made half of bob's drawing."""
    drawing = statement.cut.cues.get(contribution__title="Lid, drawn").contribution
    Share.objects.filter(contribution=drawing, artist=bob).update(share_bps=5000)
    Share.objects.create(
        contribution=drawing, artist=charlie, role="ink", share_bps=5000, agreed_at=drawing.published_at
    )
    return statement


def half_is_of(statement: Statement, before: Any, after: Any) -> None:
    """It comes out that the half of the drawing is somebody else's; the rest of it is bob's already."""
    drawing = statement.cut.cues.get(contribution__title="Lid, drawn").contribution
    half = Share.objects.filter(contribution=drawing, artist=before)
    others = Share.objects.filter(contribution=drawing, artist=after)
    if others.exists():
        half.delete()
        others.update(share_bps=10_000)
    else:
        half.update(artist=after)


def corrected(statement: Statement, sam: Any, dana: Any, finish_jobs: Any, funding: str) -> Statement:
    """The whole way of a correction, to the ledger."""
    with finish_jobs():
        correction = actions.draft_correction(actor=sam, statement=statement, funding=funding, reason=REASON)
    correction.refresh_from_db()
    actions.submit_for_review(actor=sam, statement=correction)
    actions.publish(actor=dana, statement=correction)
    correction.refresh_from_db()
    closed(correction, sam)
    return actions.post_statement(actor=dana, statement=correction, now=later(correction))


def next_quarter(production: Any, sam: Any, dana: Any, finish_jobs: Any, amount: str = "4000.00") -> Statement:
    """The same film earns again, and it is shared."""
    return quarter(production, sam, dana, finish_jobs, first_day=dt.date(2026, 10, 1), amount=amount)


def quarter(
    production: Any, sam: Any, dana: Any, finish_jobs: Any, *, first_day: dt.date, amount: str = "4000.00"
) -> Statement:
    """Three months from a day on, in which the film earns once, and their statement, posted."""
    statement = open_quarter(production, sam, dana, finish_jobs, first_day=first_day, amount=amount)
    closed(statement, sam)
    return actions.post_statement(actor=dana, statement=statement, now=later(statement))


def open_quarter(
    production: Any, sam: Any, dana: Any, finish_jobs: Any, *, first_day: dt.date, amount: str = "4000.00"
) -> Statement:
    """The same, as long as it is open for comment."""
    sold, month = first_day + dt.timedelta(days=45), first_day.month + 3
    last_day = dt.date(first_day.year + (month - 1) // 12, (month - 1) % 12 + 1, 1) - dt.timedelta(days=1)
    content = revenue_csv(production, f"t{first_day},sale,{amount}").replace(b"2026-08-15", str(sold).encode())
    actions.import_csv(actor=sam, kind="revenue", name="more.csv", content=content)
    with finish_jobs():
        statement = actions.draft_statement(
            actor=sam,
            production=production,
            first_day=first_day,
            last_day=last_day,
            currency="USD",
            now=dt.datetime.combine(last_day + dt.timedelta(days=2), dt.time(), dt.UTC),
        )
    statement.refresh_from_db()
    actions.submit_for_review(actor=sam, statement=statement)
    actions.publish(actor=dana, statement=statement)
    statement.refresh_from_db()
    return statement


def breaches() -> list[str]:
    return but_for_owed(breach for _name, found in run_checks() for breach in found)
