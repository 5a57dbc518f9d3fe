"""Every form that moves money, made ready to be sent: a row in the state in which the form is offered."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Count
from django.urls import reverse

from profiles.models import Event
from profiles.submissions import new_key
from royalties import actions
from royalties.models import Adjustment, Batch, Payout, StatementComment
from royalties.sealing import destination_code
from tests.faults.forms import Form, move
from tests.faults.studio import Studio, here


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
        actions.submit_batch(actor=studio.dana, batch=studio.approved(batch))
    for payout in Payout.objects.filter(status=Payout.Status.SENT):
        actions.settle_payout(actor=studio.dana, payout=payout, provider_reference=f"late-{payout.pk}")


def close(studio: Studio) -> Form:
    return move(studio.sam, studio.published(days_ago=20), "close")


def finalise(studio: Studio) -> Form:
    statement = studio.published(days_ago=20)
    return move(studio.sam, actions.close_statement(actor=studio.sam, statement=statement), "finalise")


def recompute(studio: Studio) -> Form:
    return move(studio.sam, studio.drafted(), "recompute")


def send_back(studio: Studio) -> Form:
    statement = actions.submit_for_review(actor=studio.sam, statement=studio.drafted())
    return move(studio.dana, statement, "send_back", "The cut is not the last one.")


def revise(studio: Studio) -> Form:
    return move(studio.sam, studio.published(), "revise", "The song runs longer.")


def drop_revision(studio: Studio) -> Form:
    statement = studio.published()
    actions.revise(actor=studio.sam, statement=statement, reason="The song runs longer.")
    return move(studio.sam, statement, "drop_revision")


def withdraw(studio: Studio) -> Form:
    return move(studio.dana, studio.drafted(), "withdraw", "Another film of the same name.")


def factor(studio: Studio) -> Form:
    fields = {"statement": studio.drafted().pk, "kind": "line_factor", "cue": 1, "factor_bps": 12_500}
    return Form(studio.sam, reverse("admin:royalties_adjustment_add"), {**fields, "reason": "It carries the ending."})


def proposed(studio: Studio) -> Adjustment:
    asked = {"payee": studio.bob.payee, "amount_minor": 100, "reason": "It carries the ending."}
    return actions.propose_award(actor=studio.sam, statement=studio.drafted(), **asked)


def approve_adjustment(studio: Studio) -> Form:
    return move(studio.dana, proposed(studio), "approve")


def take_adjustment_back(studio: Studio) -> Form:
    return move(studio.sam, proposed(studio), "take_back")


def said(studio: Studio) -> StatementComment:
    statement = studio.published()
    line = statement.current.lines.get(payee__artist=studio.bob)
    return actions.comment(actor=studio.bob, statement=statement, body="Two minutes.", line=line)


def object_by_comment(studio: Studio) -> Form:
    comment = said(studio)
    return Form(studio.bob, reverse("royalties:object", args=[comment.statement_id, comment.pk]), {"kind": "measure"})


def answer(studio: Studio) -> Form:
    objection = actions.object_to(actor=studio.bob, comment=said(studio), kind="measure")
    return move(studio.dana, objection, "decline", "It is as the cut has it.")


def hide(studio: Studio) -> Form:
    return move(studio.sam, said(studio), "hide", "It names a third person.")


def drop_batch(studio: Studio) -> Form:
    finish_payouts(studio)
    return move(studio.erin, studio.prepared(), "drop")


def change_destination(studio: Studio) -> Form:
    given = {"country": "US", "address": f"c{new_key().lower()}@pay.example"}
    return Form(studio.charlie, reverse("royalties:destination"), given)


def confirm_destination(studio: Studio) -> Form:
    with here():
        destination = actions.set_destination(actor=studio.charlie, address=f"c{new_key().lower()}@pay.example")
    return Form(studio.charlie, reverse("royalties:payout_details"), {"code": destination_code(destination)})


FORMS: dict[str, Callable[[Studio], Form]] = {
    made.__name__: made
    for made in (
        comment, object_to_line, object_by_comment, answer, hide, accept, draft, recompute, submit, send_back, publish,
        revise, drop_revision, withdraw, close, finalise, post, award, factor, approve_adjustment,
        take_adjustment_back, take_file, approve_cost, prepare_batch, drop_batch, submit_batch, settle, fail,
        change_destination, confirm_destination,
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
