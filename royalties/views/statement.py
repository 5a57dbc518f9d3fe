"""A statement: own share, where the money went, who gets what, what people say about it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from profiles.paging import page
from royalties import access, figures
from royalties.comparing import compare
from royalties.forms import CommentForm, ObjectForm
from royalties.models import Publication, Statement
from royalties.views import _statement as common
from royalties.views.changes import named

ROWS, THREADS, CHANGES = 25, 30, 6


def statement(request: HttpRequest, pk: int, form: CommentForm | None = None) -> HttpResponse:
    """The whole statement; a draft's progress for staff; a withdrawn one says why."""
    row = access.get_statement(request.user, pk)
    if row.status == Statement.Status.WITHDRAWN:
        return render(request, "royalties/statement_withdrawn.html", {"statement": row}, status=410)
    if row.shown_revision is None:
        return render(request, "royalties/statement_drafting.html", {"statement": row})
    revision = access.revision_of(request.user, row, request.GET.get("revision", ""))
    before = common.earlier_of(row, revision)
    lines = page(
        revision.lines.select_related("payee__artist", "revision__statement"),
        order=("rank",),
        query=request.GET,
        size=ROWS,
    )
    context = {
        **common.head_of(request, row, revision),
        **common.own_card(common.own_line(request, revision), revision, before),
        "before": before,
        "lines": lines,
        "rows": figures.rows_of(lines.rows, revision, before),
        "top": revision.lines.filter(rank=1).first(),
        "flow": figures.flow(revision, common.site_name()),
        "sum_in_steps": figures.sum_in_steps(revision),
        "gross": revision.input["money"]["gross"],
        "steps": figures.steps_of(row),
        "counts": figures.talk_counts(row),
        "accepted": figures.accepted_share(revision),
        "changes": named(compare(before.input, revision.input, before.result, revision.result).amounts[:CHANGES])
        if before
        else [],
        **_talk(request, row, revision),
        "form": form or CommentForm(),
    }
    return render(request, "royalties/statement.html", context, status=422 if form else 200)


def _talk(request: HttpRequest, row: Statement, revision: object) -> dict[str, object]:
    """One page of threads; its cursor is its own, so that table and talk turn their pages apart."""
    query = request.GET.copy()
    query["after"] = request.GET.get("threads", "")
    threads = page(common.roots_of(row), order=("pk",), query=query, size=THREADS)
    return {
        "threads": figures.threads_of(threads.rows, revision, request.user),  # type: ignore[arg-type]  # a Revision
        "more_threads": f"?threads={threads.rows[-1].pk}#talk" if threads.more_url else "",
        "object_form": ObjectForm(auto_id=False),
        "missing_form": ObjectForm(auto_id=False, only_missing=True),
    }


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the computation is; the page asks every two seconds."""
    row = access.get_statement(request.user, pk)
    return render(request, "royalties/_progress.html", {"statement": row})


def publications(row: Statement) -> list[Publication]:
    """All that was published of a statement, newest first."""
    return list(row.publications.select_related("revision").order_by("-number"))
