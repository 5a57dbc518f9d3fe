"""Draft n against an earlier one: what changed, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from royalties import access, cases, judged
from royalties.comparing import Change, compare
from royalties.entered import entered
from royalties.models import Answer, Payee, Publication, Statement
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
            "entered": entered(found, before, revision),
            "adjustments": judged.changed(statement, before, revision, found.adjustments),
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


def _answers_between(statement: Statement, before: Any, revision: Any) -> list[Answer]:
    """The objections that were answered between the two publications."""
    moments = dict(
        Publication.objects.filter(revision__in=[before, revision]).values_list("revision_id", "published_at")
    )
    answers = Answer.objects.filter(objection__statement=statement, at__gt=moments[before.pk])
    if revision.pk in moments:
        answers = answers.filter(at__lte=moments[revision.pk])
    return list(answers.select_related("objection__comment__author", "objection__comment__payee", "by").order_by("pk"))
