"""Every form that moves money, made ready to be sent: a row in the state in which the form is offered.

Those of payouts are here, the others by topic in tests/faults/money; FORMS has them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from django.urls import reverse

from profiles.models import Event
from profiles.submissions import new_key
from royalties import actions
from royalties.models import Batch, Destination, Payout
from royalties.sealing import destination_code
from tests.faults.forms import Form, add, move, sends
from tests.faults.money import decisions, intake, payees, shelf, statements, talk
from tests.faults.studio import Studio, here
from tests.royalties.payees import confirmed


@sends("batch add")
def prepare_batch(studio: Studio) -> Form:
    finish_payouts(studio)
    shelf.payable(studio)
    return add(studio.erin, "batch", {"currency": "USD"})


@sends("batch approve")
def approve_batch(studio: Studio) -> Form:
    batch = shelf.prepared(studio)
    if batch.approved_by_id is not None:
        actions.drop_batch(actor=studio.erin, batch=batch)
        batch = shelf.prepared(studio)
    return move(shelf.frank(studio), batch, "approve")


@sends("batch submit")
def submit_batch(studio: Studio) -> Form:
    return move(studio.dana, shelf.ready_to_go(studio), "submit")


@sends("batch drop")
def drop_batch(studio: Studio) -> Form:
    return move(studio.erin, shelf.prepared(studio), "drop")


@sends("batchfee add")
def record_fee(studio: Studio) -> Form:
    without = Batch.objects.filter(status=Batch.Status.SUBMITTED, fee=None, currency="USD").order_by("pk")
    batch = without.first()
    if batch is None:
        finish_payouts(studio)
        batch = shelf.sent(studio).batch
    fields = {"amount": "0.01", "number": f"fee-{batch.pk}", "charged_on": batch.submitted_at.date()}
    return add(studio.dana, "batchfee", {"batch": batch.pk, **fields})


@sends("payout settle")
def settle(studio: Studio) -> Form:
    payout = shelf.sent(studio)
    return move(studio.dana, payout, "settle", f"arrived-{payout.pk}")


@sends("payout fail")
def fail(studio: Studio) -> Form:
    return move(studio.dana, shelf.sent(studio), "fail", "Account closed")


@sends("payout take_back")
def take_payout_back(studio: Studio) -> Form:
    return move(studio.dana, shelf.settled(studio), "take_back", "Account closed")


def finish_payouts(studio: Studio) -> None:
    """What earlier rounds have prepared is given up, what is on its way arrives, so that everybody can be paid again."""
    for batch in Batch.objects.filter(status=Batch.Status.PREPARED):
        actions.drop_batch(actor=studio.erin, batch=batch)
    for payout in Payout.objects.filter(status=Payout.Status.SENT):
        actions.settle_payout(actor=studio.dana, payout=payout, provider_reference=f"late-{payout.pk}")


def confirm_former(studio: Studio) -> None:
    """Confirm what charlie named last: of addresses that are not, few are taken a day."""
    for row in Destination.objects.filter(payee__artist=studio.charlie, replaced_at=None, verified_at=None):
        actions.confirm_destination(actor=studio.charlie, code=destination_code(row))


@sends("destination")
def change_destination(studio: Studio) -> Form:
    with here():
        confirm_former(studio)
    given = {"country": "US", "address": f"c{new_key().lower()}@pay.example"}
    return Form(studio.charlie, reverse("royalties:destination"), given)


@sends("payout_details")
def confirm_destination(studio: Studio) -> Form:
    with here():
        confirm_former(studio)
        destination = actions.set_destination(actor=studio.charlie, address=f"c{new_key().lower()}@pay.example")
    return Form(studio.charlie, reverse("royalties:payout_details"), {"code": destination_code(destination)})


@sends("remove_destination")
def remove_destination(studio: Studio) -> Form:
    with here():
        confirm_former(studio)
        # What is removed unconfirmed stays so, and counts among the few that are taken a day.
        destination = confirmed(studio.charlie, f"c{new_key().lower()}@pay.example")
    return Form(studio.charlie, reverse("royalties:remove_destination", args=[destination.pk]), {})


PAYOUTS = (
    prepare_batch, approve_batch, drop_batch, submit_batch, record_fee, settle, fail, take_payout_back, change_destination,
    confirm_destination, remove_destination,
)  # fmt: skip
#: What is sent to a site of its own by a process of its own.
TOPICS = {
    "statements": statements.FORMS,
    "talk": talk.FORMS,
    "money in": (*intake.FORMS, *decisions.FORMS),
    "money out": (*PAYOUTS, *payees.FORMS),
}
FORMS: dict[str, Callable[[Studio], Form]] = {made.__name__: made for topic in TOPICS.values() for made in topic}
#: What is not among them, and why.
EXCEPTIONS = {
    "intake look_again": "looks at a file once more and writes down the same; nothing is booked",
    "batch file": "hands the file out, and records it each time",
    "payee year": "a list to read",
    "payee year_csv": "the same as a file",
}
#: What follows from an effect by itself, as often as it applies.
CONSEQUENCES = {
    "royalties.statement_paid", "royalties.statement_computed", "royalties.computation_failed",
    "royalties.panel_invited", "royalties.panel_released",
}  # fmt: skip


def effects() -> int:
    """Where the book of events ends now."""
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def grown_since(before: int) -> dict[str, int]:
    """What was done since, and how often, by its events."""
    rows = Event.objects.filter(pk__gt=before, verb__startswith="royalties.").exclude(verb__in=CONSEQUENCES)
    return Counter(rows.values_list("verb", flat=True))
