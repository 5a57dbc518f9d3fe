"""Rows that many forms are about, made once or by the dozen, so that a form needs no statement of its own.

What earlier forms have left is looked up in the tables, so every function here may be called in any order.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import time_machine
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from profiles.actions import grant_powers
from profiles.models import Artist, StaffPower
from profiles.submissions import new_key
from royalties import actions
from royalties.exceptions import WrongState
from royalties.models import Batch, Intake, Payee, Payout, Reserve, Statement
from tests.faults.studio import FIRST, Studio, by_code, here
from tests.royalties.panelists import members
from tests.royalties.reports import taken

Status = Statement.Status
DOZEN = 24
JURORS = 9
#: A day of the film that has no statements, nor ever will.
OPEN_DAY = FIRST[0]
LONG_AGO = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)


def words() -> str:
    """What nobody has said before."""
    return f"Two minutes, not one ({new_key()})."


def code() -> str:
    """A number that no other row has."""
    return f"n{new_key().lower().replace('_', '0').replace('-', '0')}"


def frank(studio: Studio) -> Any:
    """A second person for money, beside dana."""
    return known("frank") or _with_powers(by_code("frank"), "approver", "finance")


def known(handle: str) -> Artist | None:
    return Artist.objects.filter(handle=handle).first()


def jurors(studio: Studio) -> list[Any]:
    """Members whom a draw can find."""
    found = list(Artist.objects.filter(handle__startswith="juror"))
    return found or members(JURORS)


def payee_of(artist: Any) -> Payee:
    return actions.payees_for([artist])[artist.pk]


def kept(studio: Studio, name: str) -> Statement:
    """A published statement that stays open for forms of one kind."""
    return _kept(studio, name, studio.published)


def kept_draft(studio: Studio) -> Statement:
    """A draft that stays one."""
    return _kept(studio, "draft", studio.drafted)


def late(studio: Studio) -> Statement:
    """A published statement whose window is over."""
    return _kept(studio, "late", lambda: studio.published(days_ago=20))


def free(studio: Studio) -> Any:
    """Statements that no other kind of form has for itself, the oldest first."""
    theirs = [row.pk for row in studio.kept.values() if isinstance(row, Statement)]
    return Statement.objects.exclude(pk__in=theirs).order_by("pk")


def draft(studio: Studio) -> Statement:
    """A computed draft that an earlier form has left, or a new one."""
    row = first_drafts(studio).first()
    return computed(row) if row is not None else studio.drafted()


def newest_draft(studio: Studio) -> Statement:
    """The last draft that was made, or a new one."""
    return first_drafts(studio).last() or studio.queued()


def first_drafts(studio: Studio) -> Any:
    """Drafts that need not wait for another one of their film, which may have been withdrawn."""
    return free(studio).filter(status=Status.DRAFT, corrects=None, period__startswith=FIRST[0])


def computed(row: Statement) -> Statement:
    """With what a worker would do to it."""
    if row.stage != Statement.Stage.DONE:
        with here():
            actions.compute_statement(statement_id=row.pk, run=row.run)
        row.refresh_from_db()
    return row


def over(studio: Studio) -> Statement:
    """A published statement that can be closed, with all that was held or released in it meanwhile."""
    row = draft(studio)
    if Reserve.objects.filter(Q(statement=row) | Q(released_in=row)).exists():
        with here():
            actions.recompute_statement(actor=studio.sam, statement=row)
    return studio.published(row, days_ago=20)


def in_review(studio: Studio) -> Statement:
    """A statement in review that an earlier form has left, or a new one."""
    row = free(studio).filter(status=Status.REVIEW).first()
    return row or actions.submit_for_review(actor=studio.sam, statement=draft(studio))


def posted(studio: Studio) -> Statement:
    """A statement in the ledger, which can be corrected."""
    done = Statement.objects.filter(status__in=[Status.POSTED, Status.PAID], corrects=None)
    return done.order_by("-pk").first() or studio.posted()


def intake(studio: Studio) -> Intake:
    """A report that was looked at and not booked."""
    row = Intake.objects.filter(status=Intake.Status.READY).defer("content").first()
    return row or taken(studio.dana, shop_report(studio))


def shop_report(studio: Studio, title: str = "The Lid", rows: int = 1) -> bytes:
    """A report of a shop with sales that nobody has seen before."""
    day = OPEN_DAY
    head = "date,item type,item name,currency,item total,transaction fee,bandcamp transaction id\n"
    shown = f"{day.month}/{day.day}/{day:%y} 1:45am"
    return (head + "".join(f'{shown},album,{title},USD,"10.00",0.50,{code()}\n' for _row in range(rows))).encode()


def payable(studio: Studio) -> None:
    """Somebody can be paid: what had arrived came back, or a statement is posted."""
    if actions.payable_now("USD", timezone.now()):
        return
    arrived = Payout.objects.filter(status=Payout.Status.SETTLED).order_by("-pk")[:2]
    for row in arrived:
        actions.return_payout(actor=studio.dana, payout=row, reason="The bank did not know them.")
    if not actions.payable_now("USD", timezone.now()):
        studio.posted()


def finish(studio: Studio) -> None:
    """Whatever is prepared is given up, whatever is on its way comes back."""
    for batch in Batch.objects.filter(status=Batch.Status.PREPARED):
        actions.drop_batch(actor=studio.erin, batch=batch)
    for payout in Payout.objects.filter(status=Payout.Status.SENT):
        actions.fail_payout(actor=studio.dana, payout=payout, reason="The bank did not know them.")


def prepared(studio: Studio) -> Batch:
    """A batch that waits to be submitted."""
    row = Batch.objects.filter(status=Batch.Status.PREPARED, currency="USD").first()
    if row is None:
        finish(studio)
        payable(studio)
        row = actions.batch_payouts(actor=studio.erin, currency="USD")
    return row


def ready_to_go(studio: Studio) -> Batch:
    """A batch that can be submitted; one in which a later form, such as a hold, has kept everybody back is dropped."""
    batch = prepared(studio)
    if batch.approved_by_id is None:
        batch = actions.approve_batch(actor=frank(studio), batch=batch)
    try:
        with transaction.atomic():
            actions.submit_batch(actor=studio.dana, batch=batch)
            transaction.set_rollback(True)
    except WrongState:
        actions.drop_batch(actor=studio.erin, batch=batch)
        return ready_to_go(studio)
    return batch


def day_with_rates(studio: Studio) -> dt.date:
    """Today, with what a euro costs."""
    day = timezone.now().date()
    if studio.kept.get("rates") != day:
        content = f"Date,USD,GBP,\n{day},1.1000,0.8500,\n".encode()
        actions.import_csv(actor=studio.dana, kind="rates", name=f"{day}.csv", content=content)
        studio.kept["rates"] = day
    return day


def sent(studio: Studio) -> Payout:
    """A payment on its way."""
    row = Payout.objects.filter(status=Payout.Status.SENT, bought="").order_by("pk").first()
    return row or submitted(studio, ready_to_go(studio))


def submitted(studio: Studio, batch: Batch) -> Payout:
    """The first payment of a batch that can be submitted."""
    batch = actions.submit_batch(actor=studio.dana, batch=batch)
    row = batch.payouts.filter(status=Payout.Status.SENT).first()
    assert row is not None
    return row


def settled(studio: Studio) -> Payout:
    """A payment that has arrived."""
    row = Payout.objects.filter(status=Payout.Status.SETTLED, bought="").order_by("-pk").first()
    if row is not None:
        return row
    payout = sent(studio)
    return actions.settle_payout(actor=studio.dana, payout=payout, provider_reference=code())


def sleeper(handle: str) -> Any:
    """Somebody who joined long ago and was never heard of again."""
    found = known(handle)
    if found is not None:
        return found
    with time_machine.travel(LONG_AGO, tick=True):
        person = by_code(handle)
        payee_of(person)
    return person


def _kept(studio: Studio, name: str, make: Any) -> Statement:
    if name not in studio.kept:
        studio.kept[name] = make()
    row: Statement = studio.kept[name]
    row.refresh_from_db()
    return row


def _with_powers(artist: Any, *powers: str) -> Any:
    grant_powers(actor=None, artist=artist, powers=[StaffPower(power) for power in powers])
    return Artist.objects.get(pk=artist.pk)
