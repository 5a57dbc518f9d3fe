"""Draft n against an earlier one: what changed, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from contributions.models import Contribution
from projects import sheet
from royalties import access, cases
from royalties.comparing import Change, compare
from royalties.models import Adjustment, Answer, Payee, Publication, Revision, Statement
from royalties.views import _statement as common

MONEY_WORDS = {
    "gross": _("Income"),
    "refunds": _("Refunds"),
    "fees": _("Channel fees"),
    "reserve_held": _("Kept back for refunds"),
    "reserve_released": _("Released from what was kept back"),
    "costs": _("Direct costs"),
    "carried_loss": _("Loss of earlier periods"),
    "net": _("Net income"),
    "profit": _("Profit"),
    "pool": _("The artists’ half"),
    "company": _("The company’s half"),
    "loss_carried": _("Loss carried on"),
}
FIELD_WORDS = {
    "dept": _("department"),
    "section": _("section"),
    "unit": _("unit"),
    "quantity": _("measure"),
    "role_weight": _("weight of the role"),
    "prominence": _("prominence"),
    "contribution": _("work"),
    "kind": _("kind"),
    "credits": _("split inside the work"),
    "parents": _("sources and their rates"),
    "": _("whole entry"),
}
# What became of a judgement. A factor weighs a cue of one cut, so in another it does not count.
NEW, TAKEN_BACK, REPLACED, FORMER = _("new"), _("taken back"), _("replaced by another"), _("only for the former cut")
Key = tuple[str, str, int, int]


@common.or_withdrawn
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """The public difference between a revision and the one before."""
    statement = access.get_statement(request.user, pk)
    revision = access.revision_of(request.user, statement, request.GET.get("revision", ""))
    before = common.earlier_of(statement, revision)
    context: dict[str, Any] = {
        **common.head_of(request, statement, revision),
        "before": before,
        "publications": statement.publications.order_by("-number"),
    }
    if before is not None:
        found = compare(before.input, revision.input, before.result, revision.result)
        context |= {
            "amounts": named(found.amounts),
            "money_changes": [(MONEY_WORDS.get(row.name, row.name), row) for row in found.money],
            "line_changes": [(row.about, FIELD_WORDS.get(row.name, row.name), row) for row in found.lines],
            "work_changes": _with_titles(found.works),
            "adjustments": _judged(statement, before, revision, found.adjustments),
            "settled": cases.settled_in(revision),
            "answers": _answers_between(statement, before, revision),
        }
    return render(request, "royalties/changes.html", context)


def named(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Changes of amounts with the payees' names. One query."""
    changes = list(changes)
    payees = {
        payee.code: payee
        for payee in Payee.objects.filter(code__in=[row.name for row in changes]).select_related("artist")
    }
    return [
        {
            "payee": payees[row.name],
            "before": row.before or 0,
            "after": row.after or 0,
            "difference": (row.after or 0) - (row.before or 0),
        }
        for row in changes
        if row.name in payees
    ]


def _with_titles(changes: list[Change]) -> list[tuple[Any, Any, Change]]:
    works = Contribution.objects.in_bulk([int(row.about[1:]) for row in changes if row.about.startswith("c")])
    return [(works.get(int(row.about[1:])) or row.about, FIELD_WORDS.get(row.name, row.name), row) for row in changes]


def _judged(statement: Statement, before: Revision, revision: Revision, changes: list[Change]) -> list[dict[str, Any]]:
    """Judgements that came or went: what about, by how much, and why they count no more. Three queries."""
    old, new = _works_used(before), _works_used(revision)
    factors = {row["line"] for row in revision.input["adjustments"] if row["type"] == "line_factor"}
    reasons = _taken_back(statement, revision)
    found = []
    for change in changes:
        row = change.after or change.before
        # A cue is called by its place, where another cut may have another work.
        line, used = row.get("line", ""), new if change.after else old
        if change.after:
            state = NEW
        elif _key(row) in reasons:
            state = TAKEN_BACK
        else:
            state = REPLACED if line in factors and old.get(line) == new.get(line) else FORMER
        why = "" if change.after else reasons.get(_key(row), "")
        found.append({"change": change, "row": row, "state": state, "why": why, "work_pk": used.get(line, 0)})
    works = Contribution.objects.in_bulk({judged["work_pk"] for judged in found})
    awarded = [judged["row"]["payee"] for judged in found if judged["row"]["type"] == "award"]
    payees = Payee.objects.select_related("artist").in_bulk(awarded, field_name="code")
    return [
        judged | {"work": works.get(judged["work_pk"]), "payee": payees.get(judged["row"].get("payee", ""))}
        for judged in found
    ]


def _works_used(revision: Revision) -> dict[str, int]:
    """Which work each cue used."""
    return {line["line"]: int(line["contribution"][1:]) for line in revision.input["lines"]}


def _taken_back(statement: Statement, revision: Revision) -> dict[Key, str]:
    """What two people had taken back when a revision was computed, and why; of a correction its original's too. One query."""
    original = statement.corrects_id or statement.pk
    known = Adjustment.objects.filter(Q(statement=original) | Q(statement__corrects=original))
    gone = known.filter(approved_by__isnull=False, withdrawn_at__lte=revision.created_at).order_by("withdrawn_at")
    return {
        (row.reason, sheet.line_of(row.cue) if row.cue else "", row.factor_bps or 0, row.amount_minor or 0): (
            row.back_reason
        )
        for row in gone.select_related("cue")
    }


def _key(row: dict[str, Any]) -> Key:
    """What tells a judgement of the input from the others."""
    return row["reason"], row.get("line", ""), row.get("factor_bps", 0), row.get("amount", 0)


def _answers_between(statement: Statement, before: Any, revision: Any) -> list[Answer]:
    """The objections that were answered between the two publications."""
    moments = dict(
        Publication.objects.filter(revision__in=[before, revision]).values_list("revision_id", "published_at")
    )
    answers = Answer.objects.filter(objection__statement=statement, at__gt=moments[before.pk])
    if revision.pk in moments:
        answers = answers.filter(at__lte=moments[revision.pk])
    return list(answers.select_related("objection__comment__author", "objection__comment__payee", "by").order_by("pk"))
