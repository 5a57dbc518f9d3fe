"""Questions about objections as cases: what blocks closing, what is owed, what is overdue."""

from __future__ import annotations

import calendar
import datetime as dt

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from contributions.models import Contribution
from profiles.models import Artist, Event
from profiles.models.event import topic_of
from royalties import correcting, kinship, people, policy
from royalties.models import (
    Answer,
    CorrectionShare,
    Escalation,
    Objection,
    PanelSeat,
    Publication,
    Revision,
    Settlement,
    Statement,
    StatementLine,
)
from royalties.models.statement import BOOKED

CONCEDED = (Answer.Outcome.ACCEPTED, Answer.Outcome.PARTLY)
CONTESTABLE = (Answer.Outcome.PARTLY, Answer.Outcome.NOTED, Answer.Outcome.DECLINED)
DISCUSSED = (Statement.Status.CLOSING, Statement.Status.FINAL, *BOOKED)


def settled(*, since_the_panel: bool) -> Exists:
    """Whether a published revision carries out what was promised; for filtering objections.

    What a panel orders is not carried out by a revision that was begun before it decided.
    """
    published = Publication.objects.filter(statement=OuterRef("objection__statement"), revision__run=OuterRef("run"))
    done = Settlement.objects.filter(Exists(published), objection=OuterRef("pk"))
    return Exists(done.filter(at__gte=F("objection__escalation__decided_at")) if since_the_panel else done)


def settled_by(objection: Objection) -> Publication | None:
    """The first published draft that carries out what was promised in the end."""
    settlements = objection.settlements.all()
    escalation = getattr(objection, "escalation", None)
    if escalation is not None and escalation.decision == Escalation.Decision.CHANGED:
        settlements = settlements.filter(at__gte=escalation.decided_at)
    published = Publication.objects.filter(
        statement=objection.statement_id, revision__run__in=settlements.values("run")
    )
    return published.order_by("number").first()


def settled_in(revision: Revision) -> QuerySet[Objection]:
    """The objections whose answers a revision carries out."""
    return (
        Objection.objects.filter(statement=revision.statement_id, settlements__run=revision.run)
        .select_related("comment__payee__artist", "statement", "answer", "escalation")
        .order_by("pk")
    )


def owed() -> Q:
    """A panel, or else an answer, said that something changes, and no published draft or posted correction does it."""
    changed = Escalation.objects.filter(objection=OuterRef("pk"), decision=Escalation.Decision.CHANGED)
    conceded = Answer.objects.filter(objection=OuterRef("pk"), outcome__in=CONCEDED)
    ordered, granted = Q(Exists(changed)), Q(Exists(conceded))
    drafts = (ordered & ~Q(settled(since_the_panel=True))) | (granted & ~ordered & ~Q(settled(since_the_panel=False)))
    return drafts & ~_corrected()


def _corrected() -> Q:
    """A later correction of the same statement was posted, and moved something for whom the objection is about.

    That is the line's payee, or whoever says that a work is missing; of an outsider it is not known who that is, so
    there any later correction will do. What is granted on a correction is carried out by the next one.
    """
    number: BigIntegerField[int, int] = BigIntegerField()
    original = Coalesce(OuterRef("statement__corrects"), OuterRef("statement"), output_field=number)
    payee = Coalesce(OuterRef("line__payee"), OuterRef("raised_by__payee"), output_field=number)
    later = Statement.objects.filter(corrects_id=original, pk__gt=OuterRef("statement"), status__in=BOOKED)
    shares = CorrectionShare.objects.filter(
        correction__corrects_id=original, correction__pk__gt=OuterRef("statement"), payee_id=payee
    )
    return Q(Exists(shares)) | (Q(line=None, raised_by=None) & Q(Exists(later)))


def promised(statement: Statement) -> QuerySet[Objection]:
    """The objections of a statement that are owed a change."""
    return statement.objections.filter(owed()).order_by("pk")


def is_owed_a_correction(original: Statement) -> bool:
    """Whether something that was granted, on a posted statement or on its corrections, is not carried out yet."""
    related = Statement.objects.public().filter(Q(pk=original.pk) | Q(corrects=original))
    objections = Objection.objects.filter(owed(), statement__in=related)
    return objections.exists() or correcting.claims_to_carry_out(original).exists()


def before_panels(statement: Statement) -> QuerySet[Objection]:
    """Objections whose panel has not decided."""
    return statement.objections.filter(escalation__isnull=False, escalation__decided_at=None)


def may_be_escalated(statement: Statement) -> QuerySet[Objection]:
    """Answered, not wholly accepted, not escalated, by somebody with an account."""
    return statement.objections.filter(
        answer__outcome__in=CONTESTABLE, escalation=None, raised_by__isnull=False, raised_by__is_active=True
    )


def last_moment_to_escalate(statement: Statement) -> dt.datetime | None:
    """Until then the statement stays open for whoever does not accept an answer."""
    latest = may_be_escalated(statement).order_by("-answer__at").values_list("answer__at", flat=True).first()
    return latest + policy.REVISION_LEAVES if latest else None


def is_late_for_revision(statement: Statement, moment: dt.datetime) -> bool:
    """Whether day 38 is over, so that what changes is a correction statement's."""
    return statement.published_at is not None and moment > statement.published_at + policy.NO_REVISION_AFTER


def is_overdue(statement: Statement, moment: dt.datetime) -> bool:
    """Whether day 45 is over: an answer that is still missing should long have been given."""
    return statement.published_at is not None and moment > statement.published_at + policy.NO_OBJECTION_AFTER


def may_comment(artist: Artist, statement: Statement) -> bool:
    """Any member until comments are closed; payees, also who lost all by it, for as long as it is not withdrawn."""
    return statement.is_open or (statement.status in DISCUSSED and kinship.has_line(artist, statement))


def is_line_of(statement: Statement, line: StatementLine) -> bool:
    """Whether it is a line of the statement, or of what its correction starts from: who lost it has no other."""
    if line.revision.statement_id == statement.pk:
        return True
    return statement.corrects_id is not None and line.revision_id == correcting.basis_of(statement).pk


def takes_objections(statement: Statement, moment: dt.datetime) -> bool:
    """Whether what comes now is an objection; afterwards it is a late claim."""
    return statement.takes_objections(moment)


def last_moment_to_claim(statement: Statement) -> dt.datetime:
    """24 calendar months after the first publication, at the same hour of the day in UTC."""
    began = (statement.published_at or statement.created_at).astimezone(dt.UTC)
    years, month = divmod(began.month - 1 + policy.LATE_CLAIMS_MONTHS, 12)
    last_day = calendar.monthrange(began.year + years, month + 1)[1]
    return began.replace(year=began.year + years, month=month + 1, day=min(began.day, last_day))


def withdrawn_at(statement: Statement) -> dt.datetime | None:
    """When it was taken back."""
    rows = Event.objects.filter(topic=topic_of(statement), verb="royalties.statement_withdrawn")
    return rows.order_by("-pk").values_list("at", flat=True).first()


def successor_of(statement: Statement) -> Statement | None:
    """The published statement of the same production and days that came after one that was withdrawn."""
    later = Statement.objects.public().filter(
        production=statement.production_id,
        currency=statement.currency,
        period__overlap=statement.period,
        corrects=statement.corrects_id,
        pk__gt=statement.pk,
    )
    return later.order_by("pk").first()


def uninvolved(statement: Statement, objection: Objection) -> list[int]:
    """Members in good standing who have no part in the statement: who may sit on its panels.

    In good standing is who joined 30 days before the statement was published, has a published
    work, may log in, and is no staff. No part has who has no line, made nothing near what earns,
    and said nothing about this statement; and if a work is said to be missing, nobody near that. Of the accounts of
    one person the oldest may be drawn.
    """
    since = (statement.published_at or statement.created_at) - policy.STANDING_SINCE
    published = Contribution.objects.filter(artist=OuterRef("pk"), status=Contribution.Status.PUBLISHED)
    members = Artist.objects.filter(Exists(published), is_active=True, is_staff=False, closed_at=None)
    known = members.filter(joined_at__lte=since).values_list("pk", flat=True)
    near = kinship.involved_in(statement) | kinship.near_what_is_claimed(objection)
    uninvolved = set(known) - near - {objection.raised_by_id or 0}
    return sorted(people.one_account_each(uninvolved))


def seats_of(artist: Artist) -> QuerySet[PanelSeat]:
    """The member's seats, what still waits for them first."""
    return (
        PanelSeat.objects.filter(member=artist)
        .exclude(status=PanelSeat.Status.PASSED_OVER)
        .select_related("escalation__objection__statement__production", "vote")
        .order_by("-pk")
    )
