"""A work is said to be missing: by a member, or by somebody without an account who confirms an address.

A member may also say that a line is wrong, which after the time for objections nothing else can.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist, Event
from royalties import cases, people, policy
from royalties.actions import notices
from royalties.actions.claim_mail import GOOD_FOR_SECONDS, MAILED
from royalties.actions.guards import (
    clock,
    locked,
    require_no_interest_in_case,
    require_power,
    require_standing,
    require_status,
)
from royalties.actions.outbox import owe_mail
from royalties.actions.statements import require_reason
from royalties.exceptions import NotAllowed, RoyaltiesRefused, WrongState
from royalties.models import (
    Answer,
    Objection,
    OutboxMail,
    Statement,
    StatementClaim,
    StatementComment,
    StatementLine,
)
from royalties.models.statement import PUBLIC

Status = StatementClaim.Status
# What one address may have open on one statement, so that nobody drowns it.
MOST_AT_ONCE = 5
LINK_LIVES = dt.timedelta(seconds=GOOD_FOR_SECONDS)
ADDRESS_KEPT = dt.timedelta(days=30)
# Nobody fills a stranger's inbox by sending the form again and again, or one claim after the other.
MAILED_AT_MOST_EVERY = dt.timedelta(hours=1)
MAILS_A_DAY = 5
LINK_MAILS = (OutboxMail.Kind.CLAIM_CONFIRMATION,)
MAILS = (*LINK_MAILS, OutboxMail.Kind.CLAIM_ANSWER, OutboxMail.Kind.CLAIM_ENDED)


@transaction.atomic
def claim_missing_work(
    *,
    actor: Artist | None,
    statement: Statement,
    name: str,
    work: str,
    evidence: str,
    email: str = "",
    link: str = "",
    now: dt.datetime | None = None,
) -> StatementClaim:
    """Say that a work is missing. A member's counts at once, an outsider's once the address is confirmed.

    The same claim again is the first one; where its address is not confirmed yet, the mail may be lost and goes again,
    once an hour. Raises WrongState where nothing is published or 24 months are over, or the address had five mails today.
    """
    if actor is None and not email:
        raise RoyaltiesRefused(_("Give an e-mail address, so that we can answer."))
    words = {"name": name, "work": work, "evidence": evidence, "link": link}
    return _claim(
        actor, statement, Objection.Kind.MISSING_WORK, None, words, "" if actor else email.lower(), clock(now)
    )


@transaction.atomic
def claim_on_line(
    *,
    actor: Artist,
    statement: Statement,
    line: StatementLine,
    kind: str,
    name: str,
    work: str,
    evidence: str,
    link: str = "",
    now: dt.datetime | None = None,
) -> StatementClaim:
    """Say that a line is wrong, as an objection would, and for 24 months.

    Raises WrongState where nothing is published or 24 months are over, RoyaltiesRefused for a line of elsewhere.
    """
    if kind not in Objection.Kind.values:
        raise RoyaltiesRefused(_("Choose what is wrong."))
    if not cases.is_line_of(statement, line):
        raise RoyaltiesRefused(_("That line belongs to another statement."))
    words = {"name": name, "work": work, "evidence": evidence, "link": link}
    return _claim(actor, statement, Objection.Kind(kind), line, words, "", clock(now))


def _claim(
    actor: Artist | None,
    statement: Statement,
    kind: Objection.Kind,
    line: StatementLine | None,
    said: dict[str, str],
    email: str,
    moment: dt.datetime,
) -> StatementClaim:
    """Keep the claim; a member's is opened at once. The same claim again is the one that is known."""
    statement = locked(statement)
    _require_in_time(statement, moment)
    if actor is not None:
        require_standing(actor)
    words = {name: value.strip() for name, value in said.items()}
    if not (words["name"] and words["work"] and words["evidence"]):
        raise RoyaltiesRefused(_("Say who you are, which work it is, and how we can see it."))
    same = StatementClaim.objects.filter(statement=statement, artist=actor, email=email)
    known = same.filter(kind=kind, line=line, work=words["work"], evidence=words["evidence"]).first()
    if known is not None:
        _mail_again(known, moment)
        return known
    if same.filter(status__in=[Status.UNCONFIRMED, Status.LATE]).count() >= MOST_AT_ONCE:
        raise WrongState(_("Five claims of yours are open already; please wait for their answers."))
    if actor is None and _is_full(email, moment):
        raise WrongState(_("Five mails went to this address within a day; please wait until tomorrow, or log in."))
    claim = StatementClaim.objects.create(
        statement=statement, artist=actor, email=email, kind=kind, line=line, created_at=moment, **words
    )
    record_event(actor=actor, verb="royalties.work_claimed", about=statement, payload={"claim": claim.pk})
    if actor is None:
        owe_mail(OutboxMail.Kind.CLAIM_CONFIRMATION, claim.pk)
        return claim
    return _open(claim, statement, moment)


@transaction.atomic
def confirm_claim(*, actor: Artist | None, claim: StatementClaim, now: dt.datetime | None = None) -> StatementClaim:
    """The address is real: the claim becomes an objection, or a late claim. Twice changes nothing."""
    moment, statement = clock(now), locked(claim.statement)
    row = StatementClaim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    if row.status != Status.UNCONFIRMED:
        return row
    if not row.email:
        raise WrongState(_("The address of this claim is forgotten. Please send the claim again."))
    _require_in_time(statement, moment)
    record_event(actor=actor, verb="royalties.claim_confirmed", about=statement, payload={"claim": row.pk})
    return _open(row, statement, moment)


@transaction.atomic
def answer_claim(
    *, actor: Artist, claim: StatementClaim, outcome: str, reason: str, now: dt.datetime | None = None
) -> StatementClaim:
    """Decide a late claim with a public reason; what is granted is a correction statement's to pay."""
    require_power(actor, "drafter", "approver")
    require_reason(reason)
    statement = locked(claim.statement)
    row = StatementClaim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    if row.status != Status.LATE:
        raise WrongState(_("This claim does not wait for an answer."))
    if row.artist_id in people.accounts_of([actor.pk]):
        raise NotAllowed(_("Nobody answers their own claim."))
    require_status(statement, *PUBLIC)
    require_no_interest_in_case(actor, row)
    if outcome not in Answer.Outcome.values:
        raise RoyaltiesRefused(_("Say whether it is accepted, partly accepted, right without an effect, or declined."))
    row.status, row.outcome, row.reason = Status.ANSWERED, Answer.Outcome(outcome), reason.strip()
    row.answered_by, row.answered_at = actor, clock(now)
    row.save(update_fields=["status", "outcome", "reason", "answered_by", "answered_at"])
    event = record_event(
        actor=actor,
        verb="royalties.claim_answered",
        about=statement,
        payload={"claim": row.pk, "outcome": outcome},
    )
    notices.tell_of_claim_answer(event=event, claim=row)
    if row.artist_id is None:
        owe_mail(OutboxMail.Kind.CLAIM_ANSWER, row.pk)
    return row


def end_claims(statement: Statement) -> None:
    """Write to who claimed without an account: the statement is withdrawn. Part of that; members have a notice."""
    for claim in statement.claims.exclude(status=Status.UNCONFIRMED).exclude(email=""):
        owe_mail(OutboxMail.Kind.CLAIM_ENDED, claim.pk)


@transaction.atomic
def forget_claim_addresses(*, now: dt.datetime | None = None) -> int:
    """Blank addresses that nobody needs any more: of dead links, and a month after the answer or the withdrawal.

    Never while a mail to one is still to be written.
    """
    moment = clock(now)
    before = moment - ADDRESS_KEPT
    known = StatementClaim.objects.exclude(email="")
    done = known.filter(
        Q(status=Status.UNCONFIRMED, created_at__lt=moment - LINK_LIVES)
        | Q(answered_at__lt=before)
        | Q(objection__answer__at__lt=before)
        | Q(statement__in=_withdrawn_before(before, known))
    )
    written = done.exclude(pk__in=OutboxMail.objects.filter(kind__in=MAILS).values("about"))
    rows = list(written.select_for_update(of=("self",)))
    waiting = [row.pk for row in rows if row.status == Status.UNCONFIRMED]
    live = set(_mailed(waiting, moment - LINK_LIVES).values_list("payload__claim", flat=True))
    return StatementClaim.objects.filter(pk__in=[row.pk for row in rows if row.pk not in live]).update(email="")


def _withdrawn_before(moment: dt.datetime, claims: QuerySet[StatementClaim]) -> list[int]:
    """Those of the claimed statements that were taken back before."""
    withdrawn = Statement.objects.filter(status=Statement.Status.WITHDRAWN, claims__in=claims).distinct()
    return [row.pk for row in withdrawn if (cases.withdrawn_at(row) or row.created_at) < moment]


def _mail_again(claim: StatementClaim, moment: dt.datetime) -> None:
    """Owe the mail with the link once more, unless one is under way, less than an hour old, or the fifth of the day."""
    if claim.status != Status.UNCONFIRMED or not claim.email:
        return
    is_owed = OutboxMail.objects.filter(kind__in=LINK_MAILS, about=claim.pk).exists()
    if is_owed or _mailed([claim.pk], moment - MAILED_AT_MOST_EVERY).exists() or _is_full(claim.email, moment):
        return
    owe_mail(OutboxMail.Kind.CLAIM_CONFIRMATION, claim.pk)


def _is_full(email: str, moment: dt.datetime) -> bool:
    """Whether an address has had all the links of a day, of whichever statements."""
    claims = list(StatementClaim.objects.filter(email=email).values_list("pk", flat=True))
    owed = OutboxMail.objects.filter(kind__in=LINK_MAILS, about__in=claims)
    return owed.count() + _mailed(claims, moment - dt.timedelta(days=1)).count() >= MAILS_A_DAY


def _mailed(claims: list[int], since: dt.datetime) -> QuerySet[Event]:
    """The links to these claims that were mailed since a moment."""
    return Event.objects.filter(verb=MAILED, at__gt=since, payload__claim__in=claims)


def _open(claim: StatementClaim, statement: Statement, moment: dt.datetime) -> StatementClaim:
    """A case while objections are taken, a late claim afterwards."""
    claim.confirmed_at = moment
    if cases.takes_objections(statement, moment):
        claim.objection = _object(claim, statement, moment)
        claim.status = Status.OBJECTION
    else:
        claim.status = Status.LATE
    claim.save(update_fields=["confirmed_at", "objection", "status"])
    if claim.status == Status.LATE:
        event = record_event(
            actor=claim.artist, verb="royalties.claimed_late", about=statement, payload={"claim": claim.pk}
        )
        notices.tell_staff_of_claim(event=event, claim=claim)
    return claim


def _object(claim: StatementClaim, statement: Statement, moment: dt.datetime) -> Objection:
    """The claim's words as a comment, and the objection of it."""
    revision = statement.current
    assert revision is not None  # an open statement has one; narrows the type
    said = StatementComment.objects.create(
        statement=statement,
        revision=revision,
        line=claim.line,
        payee=claim.line.payee if claim.line is not None else None,
        author=claim.artist,
        outsider="" if claim.artist_id else claim.name,
        body="\n\n".join(part for part in (claim.work, claim.evidence, claim.link) if part),
        created_at=moment,
    )
    objection = Objection.objects.create(
        statement=statement,
        comment=said,
        line=claim.line,
        kind=claim.kind,
        raised_by=claim.artist,
        raised_at=moment,
    )
    event = record_event(
        actor=claim.artist,
        verb="royalties.objected",
        about=statement,
        payload={"objection": objection.pk, "kind": objection.kind, "claim": claim.pk},
    )
    notices.tell_staff_of_objection(event=event, objection=objection)
    return objection


def _require_in_time(statement: Statement, moment: dt.datetime) -> None:
    if not statement.is_public or statement.published_at is None:
        raise WrongState(_("Nothing of this statement is published."))
    if moment > cases.last_moment_to_claim(statement):
        raise WrongState(_("Claims are taken for %(count)d months.") % {"count": policy.LATE_CLAIMS_MONTHS})
