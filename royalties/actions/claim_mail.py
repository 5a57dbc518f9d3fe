"""Mail to somebody without an account who claims a work: the link that confirms, and what became of it.

The link carries the claim's number, signed; it is good for a week from the moment in which its mail is written. That mail
goes to whoever is named, so it repeats nothing that was typed.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from profiles.actions import record_event
from royalties.models import StatementClaim

SALT = "royalties.claim"
MAILED = "royalties.claim_mailed"
GOOD_FOR_SECONDS = 7 * 24 * 3600


def token_of(claim: StatementClaim) -> str:
    """What stands in the link."""
    return signing.dumps(claim.pk, salt=SALT)


def claim_of(token: str) -> StatementClaim | None:
    """The claim that the link is about; None where it is forged, too old or gone."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=GOOD_FOR_SECONDS)
    except signing.BadSignature:
        return None
    return StatementClaim.objects.select_related("statement__production__project").filter(pk=pk).first()


def mail_claim_confirmation(*, claim_id: int) -> None:
    """Ask for the one press that makes the claim count."""
    claim = StatementClaim.objects.select_related("statement__production").get(pk=claim_id)
    if claim.status == StatementClaim.Status.UNCONFIRMED and claim.email:
        page = reverse("royalties:claim_confirm", args=[claim.statement_id, token_of(claim)])
        _send(claim, "royalties/mail/claim_confirm.txt", _("Confirm your claim of a missing work"), page)
        record_event(actor=None, verb=MAILED, about=claim.statement, payload={"claim": claim.pk})


def mail_claim_answer(*, claim_id: int) -> None:
    """The decision and its reason, as they stand on the page."""
    claim = StatementClaim.objects.select_related("statement__production", "objection__answer").get(pk=claim_id)
    if not claim.email:
        return
    answer = claim.objection.answer if claim.objection is not None else None
    outcome = answer.get_outcome_display() if answer else claim.get_outcome_display()
    _send(
        claim,
        "royalties/mail/claim_answer.txt",
        _("Your claim of a missing work is answered"),
        claim.get_absolute_url(),
        outcome=outcome,
        reason=answer.reason if answer else claim.reason,
    )


def mail_claim_ended(*, claim_id: int) -> None:
    """The statement was withdrawn before the claim was answered: why, and that the next one may be claimed on."""
    claim = StatementClaim.objects.select_related("statement__production").get(pk=claim_id)
    if claim.email:
        _send(
            claim,
            "royalties/mail/claim_ended.txt",
            _("The statement of your claim was withdrawn"),
            reverse("royalties:statement", args=[claim.statement_id]),
            reason=claim.statement.withdrawn_reason,
        )


def _send(claim: StatementClaim, template: str, subject: str, page: str, **context: object) -> None:
    words = {"claim": claim, "title": claim.statement.production.title, "url": settings.SITE_URL + page, **context}
    send_mail(subject, render_to_string(template, words), None, [claim.email])
