"""The only door from a request to a statement, a line, a comment or a payout.

Published statements are everybody's to read. Drafts are for staff who draft, approve or pay.
A withdrawn statement that was once public keeps its page, which says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, QuerySet
from django.http import Http404

from contributions.models import Contribution
from profiles.access import has_staff_factor
from projects.models import Production
from royalties import correcting, kinship, people
from royalties.models import (
    Destination,
    Objection,
    PanelSeat,
    Payee,
    Payout,
    PayoutHold,
    Publication,
    Revision,
    Statement,
    StatementClaim,
    StatementComment,
    StatementLine,
    UnclaimedCase,
    Waiver,
    WhatIf,
)
from royalties.models.statement import PUBLIC, documents_of

if TYPE_CHECKING:
    from profiles.models import Artist

WAITING = "draft"
# No statement has a draft with a longer number.
DIGITS = 5
STAFF_POWERS = ("drafter", "approver", "finance")


def is_money_staff(viewer: Any) -> bool:
    """Whether the viewer may look at drafts and at others' receipts: with the second factor that the admin asks for."""
    is_staff = bool(viewer and viewer.is_authenticated and viewer.has_power(*STAFF_POWERS))
    return is_staff and has_staff_factor(viewer)


def get_statement(viewer: Any, pk: int) -> Statement:
    """A statement that the viewer may read."""
    rows = Statement.objects.select_related("production__project", "current", "pending", "drafter", "approver", "cut")
    statement = rows.defer(*documents_of("current", "pending")).filter(pk=pk).first()
    if statement is None:
        raise Http404(f"statement {pk}")
    was_public = statement.is_public or statement.published_at is not None
    if not was_public and not is_money_staff(viewer):
        raise Http404(f"statement {pk}")
    return statement


def revision_of(viewer: Any, statement: Statement, number: str = "") -> Revision:
    """The revision in force, or an earlier published one by its number; staff see drafts.

    `draft` is the revision that waits to be published, which the second person must look at.
    """
    if number == WAITING and statement.pending is not None and is_money_staff(viewer):
        return statement.pending
    if number:
        is_number = number.isdecimal() and len(number) <= DIGITS
        published = Publication.objects.filter(statement=statement, number=number) if is_number else None
        found = with_revision(published).first() if published is not None else None
        if found is None:
            raise Http404(f"revision {number} of {statement.pk}")
        return found.revision
    revision = statement.current
    if revision is None and is_money_staff(viewer):
        revision = statement.pending
    if revision is None:
        raise Http404(f"no revision of {statement.pk}")
    return revision


def with_revision(published: QuerySet[Publication]) -> QuerySet[Publication]:
    """The same with their revisions, whose documents come when they are read."""
    return published.select_related("revision").defer(*documents_of("revision"))


def get_line(revision: Revision, code: str) -> StatementLine:
    """A payee's line in a revision."""
    line = revision.lines.filter(payee__code=code).select_related("payee__artist").first()
    if line is None:
        raise Http404(f"{code} in {revision.pk}")
    return line


def last_line(statement: Statement, revision: Revision, code: str) -> StatementLine | None:
    """What a payee had last before a revision that has no line for them: in this statement, or as it was booked."""
    lines = StatementLine.objects.filter(payee__code=code)
    rows = lines.select_related("payee__artist", "revision__statement").defer(*documents_of("revision"))
    earlier = Publication.objects.filter(statement=statement, number__lt=revision.number).values("revision")
    found = rows.filter(revision__in=earlier).order_by("-revision__number").first()
    if found is None and statement.corrects_id is not None:
        found = rows.filter(revision=correcting.basis_of(statement)).first()
    return found


def line_or_lost(statement: Statement, revision: Revision, code: str) -> StatementLine:
    """A payee's line in a revision; where it has none, the last one that they had before it."""
    if "\0" in code:
        # PostgreSQL looks for no such text.
        raise Http404(f"a line in {revision.pk}")
    try:
        return get_line(revision, code)
    except Http404:
        found = last_line(statement, revision, code)
        if found is None:
            raise
        return found


def get_comment(statement: Statement, pk: int) -> StatementComment:
    """A comment on this very statement."""
    comment = statement.comments.filter(pk=pk).select_related("author", "line__payee", "item", "reply_to").first()
    if comment is None:
        raise Http404(f"comment {pk} on {statement.pk}")
    return comment


def get_objection(statement: Statement, pk: int) -> Objection:
    """A case of this very statement, with all that its page shows."""
    objection = (
        statement.objections.filter(pk=pk)
        .select_related(
            "comment__author",
            "comment__what_if__revision",
            "raised_by",
            "line__payee__artist",
            "line__revision__statement",
            "answer__by",
            "escalation",
            "statement__production",
        )
        .defer(*documents_of("comment__what_if__revision", "line__revision"))
        .first()
    )
    if objection is None:
        raise Http404(f"case {pk} of {statement.pk}")
    return objection


def get_seat(viewer: Artist, pk: int) -> PanelSeat:
    """One's own seat on a panel; of the seats of others nobody learns."""
    seat = (
        PanelSeat.objects.filter(pk=pk, member=viewer)
        .exclude(status=PanelSeat.Status.PASSED_OVER)
        .select_related(
            "escalation__objection__statement__production",
            "escalation__objection__statement__current",
            "escalation__objection__comment__what_if__revision",
            "escalation__objection__raised_by",
            "escalation__objection__line__payee",
            "escalation__objection__answer",
            "vote",
        )
        .first()
    )
    if seat is None:
        raise Http404(f"seat {pk}")
    return seat


def current_of(statement: Statement) -> Revision:
    """The revision in force."""
    if statement.current is None:
        raise Http404(f"no revision of {statement.pk}")
    return statement.current


def get_what_if(statement: Statement, code: str) -> WhatIf:
    """A kept what-if; the newest revision that was tried with these changes."""
    row = statement.what_ifs.filter(code=code).select_related("revision", "author").order_by("-pk").first()
    if row is None:
        raise Http404(f"what-if {code} of {statement.pk}")
    return row


def get_claim(statement: Statement, pk: int) -> StatementClaim:
    """A claim whose address is confirmed; before that it is nobody's to read."""
    claim = (
        statement.claims.filter(pk=pk)
        .exclude(status=StatementClaim.Status.UNCONFIRMED)
        .select_related(
            "artist", "objection", "answered_by", "statement__production", "line__payee__artist", "line__revision"
        )
        .defer(*documents_of("line__revision"))
        .first()
    )
    if claim is None:
        raise Http404(f"claim {pk} on {statement.pk}")
    return claim


def late_claims(statement: Statement) -> QuerySet[StatementClaim]:
    """Claims that came after the time for objections."""
    late = (StatementClaim.Status.LATE, StatementClaim.Status.ANSWERED)
    return statement.claims.filter(status__in=late).select_related("artist", "statement").order_by("pk")


def public_statements() -> QuerySet[Statement]:
    """All that is published, newest first."""
    rows = Statement.objects.public().select_related("production__project", "current")
    return rows.defer(*documents_of("current")).order_by("-pk")


def get_paid_production(pk: int) -> Production:
    """A production that has a published statement; before that its money is nobody's business but staff's."""
    found = Production.objects.filter(pk=pk, statements__status__in=PUBLIC).select_related("project").first()
    if found is None:
        raise Http404(f"money of production {pk}")
    return found


def payee_of(viewer: Artist) -> Payee | None:
    """The viewer's own payee."""
    return Payee.objects.filter(artist=viewer).first()


def get_own_work(viewer: Artist, pk: int) -> Contribution:
    """A work that was made public, and that the viewer made or has a share in."""
    work = kinship.works_of([viewer.pk]).filter(pk=pk, published_seq__isnull=False).select_related("artist").first()
    if work is None:
        raise Http404(f"own work {pk}")
    return work


def waivers_of(viewer: Artist) -> QuerySet[Waiver]:
    """What the viewer waived, the latest first."""
    return Waiver.objects.filter(artist=viewer).select_related("contribution").order_by("-pk")


def lines_of(payee: Payee) -> QuerySet[StatementLine]:
    """The payee's lines of every published statement, as they stand now."""
    return (
        StatementLine.objects.filter(payee=payee, revision__publication__isnull=False)
        .filter(revision__in=Statement.objects.public().filter(corrects=None).values("current"))
        .select_related("revision__statement__production__project", "payee")
        .defer(*documents_of("revision"))
        .order_by("-pk")
    )


def payouts_of(payee: Payee) -> QuerySet[Payout]:
    """What was and is being sent to the payee."""
    return (
        Payout.objects.filter(payee=payee).exclude(status=Payout.Status.DROPPED).select_related("batch").order_by("-pk")
    )


def destination_of(payee: Payee | None) -> Destination | None:
    """Where the payee's money goes now: what is confirmed, before what is not."""
    if payee is None:
        return None
    current = Destination.objects.filter(payee=payee, replaced_at=None)
    return current.order_by(F("verified_at").asc(nulls_last=True)).first()


def get_destination(viewer: Artist, pk: int) -> Destination:
    """A destination of the viewer's own, in force or not."""
    row = Destination.objects.filter(pk=pk, payee__artist=viewer).select_related("payee__artist").first()
    if row is None:
        raise Http404(f"destination {pk}")
    return row


def get_payout(viewer: Artist, code: str) -> Payout:
    """A payment to the viewer; who pays may look at every one."""
    rows = Payout.objects.filter(code=code).exclude(status=Payout.Status.DROPPED)
    if not is_money_staff(viewer):
        rows = rows.filter(payee__artist=viewer)
    row = rows.select_related("batch", "payee__artist", "destination__payee__artist").first()
    if row is None:
        raise Http404(f"payout {code}")
    return row


def get_unclaimed(viewer: Artist, pk: int) -> UnclaimedCase:
    """Money of the viewer's that was set aside, for whichever account of theirs."""
    case = UnclaimedCase.objects.filter(payee__artist__in=people.accounts_of([viewer.pk]), pk=pk).first()
    if case is None:
        raise Http404(f"case {pk}")
    return case


def holds_of(payee: Payee) -> QuerySet[PayoutHold]:
    """What keeps the payee's money waiting now."""
    return PayoutHold.objects.filter(payee=payee, lifted_at=None).order_by("pk")


def unclaimed_of(payee: Payee) -> QuerySet[UnclaimedCase]:
    """What the payee must be told: warned of, or set aside, also for another account of theirs."""
    warned = Q(payee=payee, status=UnclaimedCase.Status.WARNED)
    theirs = people.accounts_of([payee.artist_id] if payee.artist_id else [])
    set_aside = Q(payee__artist__in=theirs, status=UnclaimedCase.Status.UNCLAIMED)
    return UnclaimedCase.objects.filter(warned | set_aside).order_by("pk")
