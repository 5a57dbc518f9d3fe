"""A statement: own share, where the money went, who gets what, what people say about it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from profiles.paging import page
from royalties import access, cases, figures, judged
from royalties.comparing import compare
from royalties.forms import CommentForm
from royalties.in_common import in_common
from royalties.models import Revision, Statement
from royalties.views import _statement as common
from royalties.views.changes import named

ROWS, EVERYBODY, CHANGES, LATE, JUDGEMENTS, IN_COMMON = 25, 10_000, 6, 30, 20, 20


def statement(request: HttpRequest, pk: int, form: CommentForm | None = None) -> HttpResponse:
    """The whole statement; a draft's progress for staff; a withdrawn one says why."""
    row = access.get_statement(request.user, pk)
    if row.status == Statement.Status.WITHDRAWN:
        return common.withdrawn(request, row)
    if row.shown_revision is None:
        return render(request, "royalties/statement_drafting.html", {"statement": row})
    revision = access.revision_of(request.user, row, request.GET.get("revision", ""))
    before = common.earlier_of(row, revision)
    own = common.own_line(request, revision)
    context = {
        **common.head_of(request, row, revision),
        **common.own_card(own, revision, before),
        "own_lost": None if own else common.own_lost_line(request, row, revision),
        **_table(request, revision, before),
        **_money(revision),
        **_judgements(request, revision),
        **_in_common(request, revision),
        "steps": figures.steps_of(row),
        "counts": figures.talk_counts(row),
        "late_claims": page(access.late_claims(row), order=("pk",), query=request.GET, size=LATE, name="late"),
        "panels_open": cases.before_panels(row).count(),
        "accepted": figures.accepted_share(revision),
        "changes": _changed_amounts(revision, before),
        **common.talk_of(request, row, revision, form),
    }
    return render(request, "royalties/statement.html", context, status=422 if form else 200)


def _table(request: HttpRequest, revision: Revision, before: Revision | None) -> dict[str, Any]:
    """One page of the table of shares; everybody with `all`, as for printing."""
    rows = revision.lines.select_related("payee__artist")
    size = EVERYBODY if request.GET.get("all") else ROWS
    lines = page(rows, order=("rank",), query=request.GET, size=size)
    return {
        "before": before,
        "lines": lines,
        "left_out": figures.left_out(revision, lines.rows),
        "is_part": len(lines.rows) < revision.payee_count,
        "rows": figures.rows_of(lines.rows, revision, before),
        "top": revision.lines.filter(rank=1).first(),
    }


def _money(revision: Revision) -> dict[str, Any]:
    """The bar, the sum in steps, and where both begin."""
    return {
        "flow": figures.flow(revision, common.site_name()),
        "sum_in_steps": figures.sum_in_steps(revision),
        "gross": revision.input["money"]["gross"],
    }


def _judgements(request: HttpRequest, revision: Revision) -> dict[str, Any]:
    """The first of them, or with `all` every one."""
    shown = judged.of_revision(revision, None if request.GET.get("all") else JUDGEMENTS)
    return {"judgements": shown, "more_judgements": len(revision.input["adjustments"]) - len(shown)}


def _in_common(request: HttpRequest, revision: Revision) -> dict[str, Any]:
    """Works and sources that share some makers, for people to look at: the first of them, or with `all` every one."""
    is_all = bool(request.GET.get("all"))
    shown, count = in_common(revision, None if is_all else IN_COMMON)
    return {"in_common": shown, "in_common_count": count, "in_common_open": is_all}


def _changed_amounts(revision: Revision, before: Revision | None) -> list[dict[str, Any]]:
    """The largest changes since the revision before."""
    if before is None:
        return []
    return named(compare(before.input, revision.input, before.result, revision.result).amounts[:CHANGES])


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the computation is, for who may see what comes of it; the page asks every two seconds."""
    row = access.get_statement(request.user, pk)
    if not access.is_money_staff(request.user):
        raise Http404(f"progress of {pk}")
    return render(request, "royalties/_progress.html", {"statement": row})
