"""Forms by which statements move: drafted, published, revised, closed and posted, with the judgements and money in them."""

from __future__ import annotations

from django.urls import reverse

from royalties import actions
from royalties.models import Adjustment, Objection, Statement, StatementLine
from tests.faults.forms import Form, add, ask, move, sends
from tests.faults.money import shelf
from tests.faults.studio import Studio

Status = Statement.Status
MOST_DRAFTS = 50


def often_revised(studio: Studio) -> Statement:
    """The published statement that is revised; another one after a while, since no real one has hundreds of drafts."""
    statement = shelf.kept(studio, "revised")
    if statement.publications.count() < MOST_DRAFTS:
        return statement
    del studio.kept["revised"]
    return shelf.kept(studio, "revised")


def revised(studio: Studio) -> Statement:
    """A published statement without a revision on its way."""
    statement = often_revised(studio)
    if is_on_its_way(statement):
        actions.drop_revision(actor=studio.sam, statement=statement)
        statement.refresh_from_db()
    return statement


def revising(studio: Studio) -> Statement:
    """The same with one, which an earlier form has begun or this."""
    statement = often_revised(studio)
    if not is_on_its_way(statement):
        statement = actions.revise(actor=studio.sam, statement=statement, reason="The song runs longer.")
    return statement


def is_on_its_way(statement: Statement) -> bool:
    return statement.pending is not None or statement.is_computing


@sends("accept")
def accept(studio: Studio) -> Form:
    """A line of bob's that he has not accepted yet, in a statement that earlier forms have left."""
    lines = StatementLine.objects.filter(
        payee__artist=studio.bob,
        acceptance=None,
        revision__in=Statement.objects.filter(status=Status.PUBLISHED).values("current"),
    )
    line = lines.select_related("revision").order_by("-pk").first()
    statement = line.revision.statement if line is not None else studio.published()
    return Form(studio.bob, reverse("royalties:accept", args=[statement.pk, studio.bob.payee.code]), {})


@sends("statement add")
def draft(studio: Studio) -> Form:
    facts = studio.earned()
    return add(studio.sam, "statement", {**facts, "production": facts["production"].pk})


@sends("statement recompute")
def recompute(studio: Studio) -> Form:
    return move(studio.sam, shelf.draft(studio), "recompute")


@sends("statement submit")
def submit(studio: Studio) -> Form:
    return move(studio.sam, shelf.draft(studio), "submit")


@sends("statement send_back")
def send_back(studio: Studio) -> Form:
    return move(studio.dana, shelf.in_review(studio), "send_back", "The cut is not the last one.")


@sends("statement publish")
def publish(studio: Studio) -> Form:
    return move(studio.dana, shelf.in_review(studio), "publish")


@sends("statement withdraw")
def withdraw(studio: Studio) -> Form:
    """One that an earlier form has published, or a draft."""
    row = shelf.free(studio).filter(status=Status.PUBLISHED, corrects=None).first()
    return move(studio.dana, row or shelf.draft(studio), "withdraw", "Another film of the same name.")


@sends("statement revise")
def revise(studio: Studio) -> Form:
    return move(studio.sam, revised(studio), "revise", "The song runs longer.")


@sends("statement revise")
def revise_after_a_case(studio: Studio) -> Form:
    """With an objection that was granted, which the revision carries out."""
    statement = revised(studio)
    granted(studio, statement)
    return move(studio.sam, statement, "revise", "The song runs longer.")


def granted(studio: Studio, statement: Statement) -> Objection:
    """An objection of bob's that was accepted and is not carried out."""
    line = statement.current.lines.get(payee__artist=studio.bob) if statement.current else None
    said = actions.comment(actor=studio.bob, statement=statement, body=shelf.words(), line=line)
    objection = actions.object_to(actor=studio.bob, comment=said, kind="measure")
    actions.answer_objection(actor=studio.dana, objection=objection, outcome="accepted", reason="You are right.")
    return objection


@sends("statement drop_revision")
def drop_revision(studio: Studio) -> Form:
    return move(studio.sam, revising(studio), "drop_revision")


@sends("statement ask revise_settling")
def revise_naming_a_case(studio: Studio) -> Form:
    """With an objection that was granted, which is named."""
    statement = revised(studio)
    case = granted(studio, statement)
    return ask(studio.sam, statement, "revise_settling", {"reason": "The song runs longer.", "settles": case.pk})


@sends("statement publish")
def publish_revision(studio: Studio) -> Form:
    """One that settles no case: nothing has changed in it."""
    statement = revised(studio)
    actions.revise(actor=studio.sam, statement=statement, reason="The song runs longer.", settles=[])
    statement.refresh_from_db()
    return move(studio.dana, shelf.computed(statement), "publish")


@sends("statement close")
def close(studio: Studio) -> Form:
    return move(studio.sam, shelf.over(studio), "close")


@sends("statement finalise")
def finalise(studio: Studio) -> Form:
    """One that an earlier form has closed, or another."""
    row = Statement.objects.filter(status=Status.CLOSING).first()
    if row is None:
        row = actions.close_statement(actor=studio.sam, statement=shelf.over(studio))
    return move(studio.sam, row, "finalise")


@sends("statement post")
def post(studio: Studio) -> Form:
    row = Statement.objects.filter(status=Status.FINAL).first()
    return move(studio.dana, row or studio.final(), "post")


@sends("import add")
def take_file(studio: Studio) -> Form:
    content = studio.revenue(shelf.OPEN_DAY, studio.production)
    return add(studio.dana, "import", {"kind": "revenue", "file": content})


@sends("cost approve")
def approve_cost(studio: Studio) -> Form:
    return move(studio.dana, studio.cost(), "approve")


@sends("adjustment add")
def award(studio: Studio) -> Form:
    fields = {"statement": shelf.kept_draft(studio).pk, "kind": "award", "payee": studio.bob.payee.code}
    return add(studio.sam, "adjustment", {**fields, "amount": "1.00", "reason": "It carries the ending."})


@sends("adjustment add")
def factor(studio: Studio) -> Form:
    statement = shelf.kept_draft(studio)
    for row in statement.adjustments.filter(kind="line_factor", withdrawn_at=None):
        actions.withdraw_adjustment(actor=studio.sam, adjustment=row)
    fields = {"statement": statement.pk, "kind": "line_factor", "cue": 1, "factor": "125"}
    return add(studio.sam, "adjustment", {**fields, "reason": "It carries the ending."})


def proposed(studio: Studio) -> Adjustment:
    """An award that nobody has decided."""
    row = Adjustment.objects.filter(kind="award", approved_by=None, withdrawn_at=None).first()
    asked = {"payee": studio.bob.payee, "amount_minor": 100, "reason": "It carries the ending."}
    return row or actions.propose_award(actor=studio.sam, statement=shelf.kept_draft(studio), **asked)


@sends("adjustment approve")
def approve_adjustment(studio: Studio) -> Form:
    return move(studio.dana, proposed(studio), "approve")


@sends("adjustment take_back")
def take_adjustment_back(studio: Studio) -> Form:
    return move(studio.sam, proposed(studio), "take_back")


def approved(studio: Studio) -> Adjustment:
    """An award that counts, and that nobody wants taken back."""
    row = Adjustment.objects.filter(
        kind="award", approved_by__isnull=False, back_by=None, statement=shelf.kept_draft(studio)
    ).first()
    return row or actions.approve_adjustment(actor=studio.dana, adjustment=proposed(studio))


@sends("adjustment take_back")
def ask_adjustment_back(studio: Studio) -> Form:
    return move(studio.sam, approved(studio), "take_back", "It was counted twice.")


@sends("adjustment agree")
def agree_to_take_back(studio: Studio) -> Form:
    """One that an earlier form has asked for, or another."""
    row = Adjustment.objects.filter(back_by__isnull=False, withdrawn_at=None).first()
    asked = {"actor": studio.sam, "reason": "It was counted twice."}
    return move(studio.dana, row or actions.withdraw_adjustment(adjustment=approved(studio), **asked), "agree")


FORMS = (
    draft, recompute, submit, send_back, publish, accept, withdraw, revise, drop_revision, revise_after_a_case,
    revise_naming_a_case, publish_revision, close, finalise, post, take_file, approve_cost, award, factor, approve_adjustment,
    take_adjustment_back, ask_adjustment_back, agree_to_take_back,
)  # fmt: skip
