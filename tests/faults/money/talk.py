"""Forms of members about a statement: words, what-ifs, objections, panels, claims; and staff's answers to them."""

from __future__ import annotations

import json
from typing import Any

from django.urls import reverse

from royalties import actions
from royalties.actions.claim_mail import token_of
from royalties.models import Escalation, Objection, PanelSeat, StatementClaim, StatementComment, WhatIf
from royalties.models.panel import LIVE
from tests.faults.forms import Form, move, sends
from tests.faults.money import shelf
from tests.faults.studio import Studio

TALK = "talk"


def page(name: str, *args: Any) -> str:
    return reverse(f"royalties:{name}", args=args)


def said(studio: Studio) -> StatementComment:
    """A comment of bob's on his line."""
    statement = shelf.kept(studio, TALK)
    assert statement.current is not None
    line = statement.current.lines.get(payee__artist=studio.bob)
    return actions.comment(actor=studio.bob, statement=statement, body=shelf.words(), line=line)


def objection(studio: Studio) -> Objection:
    """One that waits for its answer: left by an earlier form, or new."""
    row = Objection.objects.filter(statement=shelf.kept(studio, TALK), status=Objection.Status.OPEN).first()
    return row or actions.object_to(actor=studio.bob, comment=said(studio), kind="measure")


def answered(studio: Studio) -> Objection:
    """One that was declined and not taken any further."""
    declined = Objection.objects.filter(
        statement=shelf.kept(studio, TALK), answer__outcome="declined", escalation=None, raised_by=studio.bob
    )
    row = declined.first()
    if row is None:
        row = actions.object_to(actor=studio.bob, comment=said(studio), kind="measure")
        actions.answer_objection(actor=studio.dana, objection=row, outcome="declined", reason="We timed it again.")
    return row


def seat(studio: Studio, *statuses: str) -> PanelSeat:
    """A seat that waits for its member."""
    shelf.jurors(studio)
    seats = PanelSeat.objects.filter(status__in=statuses, escalation__decided_at=None).order_by("pk")
    row = seats.select_related("member", "escalation").first()
    if row is None:
        case = answered(studio)
        actions.escalate(actor=studio.bob, objection=case, reason="It lasts two minutes.")
        row = seats.select_related("member", "escalation").first()
    assert row is not None
    return row


def tried(studio: Studio) -> WhatIf:
    """A what-if of the statement that is talked about."""
    revision = shelf.kept(studio, TALK).current
    assert revision is not None
    return actions.propose_what_if(actor=studio.bob, revision=revision, wanted=measures(studio))


def measures(studio: Studio) -> dict[str, dict[str, int]]:
    """Other measures of one line than anybody has tried."""
    revision = shelf.kept(studio, TALK).current
    assert revision is not None
    return {revision.input["lines"][0]["line"]: {"quantity": 1000 + WhatIf.objects.count()}}


def missing(name: str) -> dict[str, str]:
    """What a claim says."""
    return {"name": name, "work": f"Whistle {shelf.code()}", "evidence": shelf.words()}


def late_claim(studio: Studio) -> StatementClaim:
    """A claim that came after the window, and waits."""
    row = StatementClaim.objects.filter(status=StatementClaim.Status.LATE).first()
    facts = missing("Charlie")
    return row or actions.claim_missing_work(actor=studio.charlie, statement=shelf.late(studio), **facts)


@sends("comment")
def comment(studio: Studio) -> Form:
    return Form(studio.bob, page("comment", shelf.kept(studio, TALK).pk), {"body": shelf.words()})


@sends("line_comment")
def comment_on_line(studio: Studio) -> Form:
    return Form(studio.bob, line_comment(studio), {"body": shelf.words(), "kind": ""})


@sends("line_comment")
def object_to_line(studio: Studio) -> Form:
    return Form(studio.bob, line_comment(studio), {"body": shelf.words(), "kind": "measure"})


@sends("line_comment")
def object_by_what_if(studio: Studio) -> Form:
    fields = {"body": shelf.words(), "kind": "measure", "what_if": tried(studio).code}
    return Form(studio.bob, line_comment(studio), fields)


def line_comment(studio: Studio) -> str:
    return page("line_comment", shelf.kept(studio, TALK).pk, studio.bob.payee.code)


@sends("object")
def object_by_comment(studio: Studio) -> Form:
    comment = said(studio)
    return Form(studio.bob, page("object", comment.statement_id, comment.pk), {"kind": "measure"})


@sends("what_if")
def keep_what_if(studio: Studio) -> Form:
    return Form(studio.bob, page("what_if", shelf.kept(studio, TALK).pk), {"changes": json.dumps(measures(studio))})


@sends("objection accept")
def grant(studio: Studio) -> Form:
    return move(studio.dana, objection(studio), "accept", "You are right.")


@sends("objection accept_unchanged")
def grant_without_effect(studio: Studio) -> Form:
    return move(studio.dana, objection(studio), "accept_unchanged", "It is so, and weighs nothing.")


@sends("objection accept_partly")
def grant_partly(studio: Studio) -> Form:
    return move(studio.dana, objection(studio), "accept_partly", "A part of it is there.")


@sends("objection decline")
def decline(studio: Studio) -> Form:
    return move(studio.dana, objection(studio), "decline", "It is as the cut has it.")


@sends("escalate")
def escalate(studio: Studio) -> Form:
    shelf.jurors(studio)
    row = answered(studio)
    return Form(studio.bob, page("escalate", row.statement_id, row.pk), {"reason": "It lasts two minutes."})


@sends("panel_accept")
def accept_seat(studio: Studio) -> Form:
    row = seat(studio, PanelSeat.Status.INVITED)
    return Form(row.member, page("panel_accept", row.pk), {})


@sends("panel_decline")
def decline_seat(studio: Studio) -> Form:
    row = seat(studio, PanelSeat.Status.INVITED)
    return Form(row.member, page("panel_decline", row.pk), {})


@sends("panel_vote")
def vote(studio: Studio) -> Form:
    row = seat(studio, *LIVE)
    # Every panel ends one way or the other.
    choice = "change" if Escalation.objects.count() % 2 else "uphold"
    return Form(row.member, page("panel_vote", row.pk), {"choice": choice, "reason": "I timed it."})


@sends("claim")
def claim_as_member(studio: Studio) -> Form:
    return Form(studio.bob, page("claim", shelf.kept(studio, TALK).pk), missing("Bob"))


@sends("claim")
def claim_as_outsider(studio: Studio) -> Form:
    fields = {**missing("Olga"), "email": f"{shelf.code()}@example.com"}
    return Form(None, page("claim", shelf.kept(studio, TALK).pk), fields)


@sends("claim_confirm")
def confirm_claim(studio: Studio) -> Form:
    row = StatementClaim.objects.filter(status=StatementClaim.Status.UNCONFIRMED).first()
    if row is None:
        facts = {**missing("Olga"), "email": f"{shelf.code()}@example.com"}
        row = actions.claim_missing_work(actor=None, statement=shelf.kept(studio, TALK), **facts)
    return Form(None, page("claim_confirm", row.statement_id, token_of(row)), {})


@sends("claim")
def claim_late(studio: Studio) -> Form:
    answer_all_but_three(studio)
    return Form(studio.charlie, page("claim", shelf.late(studio).pk), missing("Charlie"))


@sends("claim")
def claim_line_late(studio: Studio) -> Form:
    answer_all_but_three(studio)
    address = f"{page('claim', shelf.late(studio).pk)}?line={studio.bob.payee.code}"
    return Form(studio.bob, address, {**missing("Bob"), "kind": "measure"})


def answer_all_but_three(studio: Studio) -> None:
    """So that nobody has too many claims open."""
    for row in StatementClaim.objects.filter(status=StatementClaim.Status.LATE)[3:]:
        actions.answer_claim(actor=studio.dana, claim=row, outcome="declined", reason="It is not in the cut.")


@sends("statementclaim accept")
def grant_claim(studio: Studio) -> Form:
    return move(studio.dana, late_claim(studio), "accept", "It is in the second reel.")


@sends("statementclaim accept_unchanged")
def grant_claim_without_effect(studio: Studio) -> Form:
    return move(studio.dana, late_claim(studio), "accept_unchanged", "It is so, and weighs nothing.")


@sends("statementclaim accept_partly")
def grant_claim_partly(studio: Studio) -> Form:
    return move(studio.dana, late_claim(studio), "accept_partly", "A part of it is there.")


@sends("statementclaim decline")
def decline_claim(studio: Studio) -> Form:
    return move(studio.dana, late_claim(studio), "decline", "It is not in the cut.")


@sends("statementcomment hide")
def hide(studio: Studio) -> Form:
    return move(studio.sam, said(studio), "hide", "It names a third person.")


FORMS = (
    comment, comment_on_line, object_to_line, object_by_what_if, object_by_comment, keep_what_if, grant, grant_partly,
    grant_without_effect, decline, escalate, accept_seat, vote, decline_seat, claim_as_member, claim_as_outsider,
    confirm_claim, claim_late, claim_line_late, grant_claim, grant_claim_partly, grant_claim_without_effect, decline_claim, hide,
)  # fmt: skip
