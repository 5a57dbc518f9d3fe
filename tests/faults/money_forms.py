"""Every form that moves money, made ready to be sent: a row in the state in which the form is offered."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Count
from django.urls import reverse

from profiles.models import Event
from royalties import actions
from royalties.models import Batch, Payout
from tests.faults.forms import Form, move
from tests.faults.studio import Studio


def comment(studio: Studio) -> Form:
    statement = studio.published()
    return Form(studio.bob, reverse("royalties:comment", args=[statement.pk]), {"body": "Thank you."})


def object_to_line(studio: Studio) -> Form:
    statement = studio.published()
    path = reverse("royalties:line_comment", args=[statement.pk, studio.bob.payee.code])
    return Form(studio.bob, path, {"body": "Two minutes.", "kind": "measure"})


def accept(studio: Studio) -> Form:
    statement = studio.published()
    return Form(studio.bob, reverse("royalties:accept", args=[statement.pk, studio.bob.payee.code]), {})


def draft(studio: Studio) -> Form:
    first, last = studio.earn()
    fields = {"production": studio.production.pk, "first_day": first, "last_day": last, "currency": "USD"}
    return Form(studio.sam, reverse("admin:royalties_statement_add"), fields)


def take_file(studio: Studio) -> Form:
    day, _last = studio.month()
    return Form(studio.dana, reverse("admin:royalties_import_add"), {"kind": "revenue", "file": studio.revenue(day)})


def award(studio: Studio) -> Form:
    statement = studio.drafted()
    fields = {"statement": statement.pk, "kind": "award", "payee": studio.bob.payee.code, "amount": "1.00"}
    return Form(studio.sam, reverse("admin:royalties_adjustment_add"), {**fields, "reason": "It carries the ending."})


def submit(studio: Studio) -> Form:
    return move(studio.sam, studio.drafted(), "submit")


def publish(studio: Studio) -> Form:
    return move(studio.dana, actions.submit_for_review(actor=studio.sam, statement=studio.drafted()), "publish")


def post(studio: Studio) -> Form:
    return move(studio.dana, studio.final(), "post")


def approve_cost(studio: Studio) -> Form:
    return move(studio.dana, studio.cost(), "approve")


def prepare_batch(studio: Studio) -> Form:
    finish_payouts(studio)
    studio.posted()
    return Form(studio.erin, reverse("admin:royalties_batch_add"), {"currency": "USD"})


def submit_batch(studio: Studio) -> Form:
    finish_payouts(studio)
    return move(studio.dana, studio.prepared(), "submit")


def settle(studio: Studio) -> Form:
    finish_payouts(studio)
    payout = studio.sent()[0]
    return move(studio.dana, payout, "settle", f"arrived-{payout.pk}")


def fail(studio: Studio) -> Form:
    finish_payouts(studio)
    return move(studio.dana, studio.sent()[0], "fail", "Account closed")


def finish_payouts(studio: Studio) -> None:
    """Whatever earlier rounds have left on its way arrives, so that everybody can be paid again."""
    for batch in Batch.objects.filter(status=Batch.Status.PREPARED):
        actions.submit_batch(actor=studio.dana, batch=batch)
    for payout in Payout.objects.filter(status=Payout.Status.SENT):
        actions.settle_payout(actor=studio.dana, payout=payout, provider_reference=f"late-{payout.pk}")


#: Every form that moves money, and what there is one more of when it was taken once.
FORMS: dict[str, Callable[[Studio], Form]] = {
    made.__name__: made
    for made in (
        comment, object_to_line, accept, draft, take_file, award, submit, publish, post, approve_cost,
        prepare_batch, submit_batch, settle, fail,
    )
}  # fmt: skip


#: What follows from an effect by itself, as often as it applies.
CONSEQUENCES = {"royalties.statement_paid", "royalties.statement_computed", "royalties.computation_failed"}


def effects() -> dict[str, int]:
    """How often each thing has been done, by its event."""
    rows = Event.objects.filter(verb__startswith="royalties.").exclude(verb__in=CONSEQUENCES)
    return dict(rows.values_list("verb").annotate(Count("pk")))


def grown_since(before: dict[str, int]) -> dict[str, int]:
    """What was done since, and how often."""
    after = effects()
    return {verb: after[verb] - before.get(verb, 0) for verb in after if after[verb] != before.get(verb, 0)}
