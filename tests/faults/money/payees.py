"""Forms about who is paid: tax forms, waivers, holds, one person or two, the provider's reports, money nobody asks for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from royalties import actions, bookings, policy
from royalties.models import Batch, PayeeMatch, Payout, PayoutHold, ReportRow, UnclaimedCase
from tests.contributions.works import published
from tests.faults.forms import Form, add, move, sends
from tests.faults.money import shelf
from tests.faults.studio import SINCE, Studio, by_code
from tests.royalties.payees import confirmed, news, report, with_bank_account

WHY = "We looked at it together."
NOTICE = policy.UNCLAIMED_NOTICE + dt.timedelta(days=1)
MANY = 20


@sends("tax_form")
def sign_tax_form(studio: Studio) -> Form:
    fields = {"country": "DE", "tax_id": "86095742719", "signed_name": "Charlie", "is_true": "on"}
    return Form(studio.charlie, reverse("royalties:tax_form"), fields)


@sends("payouthold add")
def place_hold(studio: Studio) -> Form:
    for row in PayoutHold.objects.filter(lifted_at=None):
        actions.lift_hold(actor=shelf.frank(studio), hold=row, reason=WHY)
    fields = {"payee": studio.alice.payee.code, "kind": PayoutHold.Kind.values[0], "reason": WHY}
    return add(studio.dana, "payouthold", fields)


@sends("payouthold lift")
def lift_hold(studio: Studio) -> Form:
    row = PayoutHold.objects.filter(lifted_at=None).first() or actions.place_hold(
        actor=studio.dana, payee=studio.alice.payee, kind=PayoutHold.Kind.values[0], reason=WHY
    )
    return move(shelf.frank(studio), row, "lift", WHY)


@sends("waive")
def waive(studio: Studio) -> Form:
    """What a new work earns, each time another."""
    work = published(studio.charlie, f"Pebble {shelf.code()}")
    return Form(studio.charlie, reverse("royalties:waive", args=[work.pk]), {})


def match(studio: Studio) -> PayeeMatch:
    """Two who confirmed one address."""
    row = PayeeMatch.objects.first()
    if row is None:
        for handle in ("henry", "iris"):
            confirmed(by_code(handle), "both@pay.example")
        row = PayeeMatch.objects.first()
    assert row is not None
    return row


@sends("payeematch one")
def decide_one(studio: Studio) -> Form:
    return move(studio.dana, match(studio), "one", WHY)


@sends("payeematch two")
def decide_two(studio: Studio) -> Form:
    return move(studio.dana, match(studio), "two", WHY)


@sends("payoutreport add")
def take_arrivals(studio: Studio) -> Form:
    content = report(news(shelf.sent(studio), "Completed", shelf.code()))
    return add(studio.dana, "payoutreport", {"form": "paypal", "file": content})


@sends("payoutreport add")
def take_puzzles(studio: Studio) -> Form:
    content = report(puzzle("Completed", "1.00"))
    return add(studio.dana, "payoutreport", {"form": "paypal", "file": content})


def puzzle(status: str, amount: str) -> str:
    """News of a payment that is none of ours."""
    return f"po{shelf.code()},{shelf.code()},{status},{amount},USD,,"


def row_of(studio: Studio, line: str) -> ReportRow:
    """A row that waits for its verdict, of a report with such a line."""
    (row,) = rows_of(studio, line)
    return row


def rows_of(studio: Studio, *lines: str, **facts: Any) -> list[ReportRow]:
    taken = actions.import_report(actor=studio.dana, form="paypal", name="a.csv", content=report(*lines), **facts)
    return list(taken.rows.order_by("number"))


@sends("reportrow noted")
def decide_noted(studio: Studio) -> Form:
    return move(shelf.frank(studio), row_of(studio, puzzle("Failed", "1.00")), "noted", WHY)


@sends("reportrow wrong")
def decide_wrong(studio: Studio) -> Form:
    return move(shelf.frank(studio), row_of(studio, puzzle("Completed", "1.00")), "wrong", WHY)


@sends("reportrow lost")
def decide_lost(studio: Studio) -> Form:
    return move(shelf.frank(studio), row_of(studio, puzzle("Completed", "1.00")), "lost", WHY)


@sends("reportrow owed")
def decide_owed(studio: Studio) -> Form:
    """A cent that went a second time to somebody to whom we owe more."""
    row = row_of(studio, news(owed_more(studio), "Completed", shelf.code(), amount="0.01"))
    return move(shelf.frank(studio), row, "owed", WHY)


def owed_more(studio: Studio) -> Payout:
    """A payment of somebody who is to be paid again."""
    latest = Payout.objects.order_by("-pk").select_related("payee__artist")
    for artist in (studio.alice, studio.bob):
        row = latest.filter(payee__artist=artist).first()
        if row is not None and bookings.owed_to(row.payee):
            return row
    shelf.finish(studio)
    shelf.payable(studio)
    return owed_more(studio)


@sends("reportrow belongs")
def decide_belongs(studio: Studio) -> Form:
    code = shelf.payee_of(studio.charlie).code
    return move(shelf.frank(studio), row_of(studio, puzzle("Returned", "1.00")), "belongs", f"{code} {WHY}")


def converted(studio: Studio) -> Batch:
    """A batch of somebody who is owed pounds and has a bank account, which takes euros."""
    shelf.day_with_rates(studio)
    hank = shelf.known("hank")
    if hank is None:
        hank = by_code("hank")
        with_bank_account(hank, now=timezone.now() - SINCE)
    row = Batch.objects.filter(status=Batch.Status.PREPARED, currency="GBP").first()
    if row is not None:
        return row
    for payout in on_their_way():
        actions.fail_payout(actor=studio.dana, payout=payout, reason="The bank did not know them.")
    if not actions.payable_now("GBP", timezone.now()):
        given = row_of(studio, puzzle("Returned", "30.00").replace("USD", "GBP"))
        payee = shelf.payee_of(hank)
        actions.decide_row(actor=shelf.frank(studio), row=given, outcome="belongs", payee=payee, reason=WHY)
    return actions.batch_payouts(actor=studio.erin, currency="GBP")


def on_their_way() -> QuerySet[Payout]:
    """Payments in another currency than their balance."""
    return Payout.objects.filter(status=Payout.Status.SENT).exclude(bought="")


@sends("batch submit")
def submit_converted(studio: Studio) -> Form:
    return move(studio.dana, converted(studio), "submit")


@sends("payoutreport add")
def take_converted(studio: Studio) -> Form:
    """News of a payment in another currency than its balance."""
    row = on_their_way().first() or shelf.submitted(studio, converted(studio))
    content = report(news(row, "Failed", "", reason="Account closed"))
    return add(studio.dana, "payoutreport", {"form": "sepa", "file": content})


def unclaimed(studio: Studio, *handles: str) -> None:
    """Money of people who slept for years is set aside for each of them."""
    rows = rows_of(studio, *(puzzle("Returned", "3.00") for _handle in handles), now=shelf.LONG_AGO)
    for handle, row in zip(handles, rows, strict=True):
        facts = {"payee": shelf.payee_of(shelf.sleeper(handle)), "reason": WHY, "now": shelf.LONG_AGO}
        actions.decide_row(actor=shelf.frank(studio), row=row, outcome="belongs", **facts)
    actions.sweep_unclaimed(now=timezone.now() - NOTICE)
    actions.sweep_unclaimed()


def set_aside() -> Any:
    return UnclaimedCase.objects.filter(status=UnclaimedCase.Status.UNCLAIMED).order_by("pk")


@sends("claim_unclaimed")
def claim_unclaimed(studio: Studio) -> Form:
    """By somebody else each time: who logs in sleeps no more."""
    cases = set_aside().filter(payee__artist__handle__startswith="lena")
    if not cases.exists():
        first = UnclaimedCase.objects.count()
        unclaimed(studio, *(f"lena{number}" for number in range(first, first + MANY)))
    row = cases.select_related("payee__artist").first()
    assert row is not None
    return Form(row.payee.artist, reverse("royalties:claim_unclaimed", args=[row.pk]), {})


def monas(studio: Studio, **state: Any) -> UnclaimedCase:
    """What is set aside for people who never log in."""
    cases = set_aside().filter(payee__artist__handle__startswith="mona", **state)
    if not cases.exists():
        unclaimed(studio, *(f"mona{number}" for number in range(MANY)))
    row = cases.first()
    assert row is not None
    return row


@sends("unclaimedcase ask")
def ask_escheat(studio: Studio) -> Form:
    return move(studio.dana, monas(studio, escheat_asked_by=None), "ask")


@sends("unclaimedcase escheat")
def escheat(studio: Studio) -> Form:
    row = monas(studio)
    if row.escheat_asked_by_id is None:
        actions.ask_escheat(actor=studio.dana, case=row)
    return move(shelf.frank(studio), row, "escheat", shelf.code())


FORMS = (
    sign_tax_form, waive, place_hold, lift_hold, decide_one, decide_two, take_arrivals, take_puzzles, decide_noted,
    decide_wrong, decide_lost, decide_owed, decide_belongs, submit_converted, take_converted, claim_unclaimed, ask_escheat, escheat,
)  # fmt: skip
