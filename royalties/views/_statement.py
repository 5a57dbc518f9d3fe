"""What the pages of one statement have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from profiles.paging import page
from royalties import access, cases, correcting, figures
from royalties.forms import CommentForm, ObjectForm
from royalties.models import Publication, Revision, Statement, StatementComment, StatementLine, WhatIf
from royalties.templatetags.money import percent

THREADS = 30
# No row has a key of more digits.
LONGEST_KEY = 19


def earlier_of(statement: Statement, revision: Revision) -> Revision | None:
    """The revision that was published before this one; for a correction's first, what it corrects."""
    earlier = Publication.objects.filter(statement=statement, number__lt=revision.number)
    row = access.with_revision(earlier).order_by("-number").first()
    if row is None and statement.corrects_id is not None:
        return correcting.basis_of(statement)
    return row.revision if row else None


def own_line(request: HttpRequest, revision: Revision) -> StatementLine | None:
    """The reader's own line."""
    if not request.user.is_authenticated:
        return None
    return revision.lines.filter(payee__artist=request.user).select_related("payee__artist", "acceptance").first()


def head_of(request: HttpRequest, statement: Statement, revision: Revision) -> dict[str, Any]:
    """Everything that every page of a statement shows or decides by."""
    moment = timezone.now()
    is_published = statement.current_id is not None
    is_waiting = revision.pk == statement.pending_id
    return {
        "statement": statement,
        "revision": revision,
        "production": statement.production,
        "currency": statement.currency,
        "is_published": is_published,
        "is_current": revision.pk == statement.current_id,
        "is_waiting": is_waiting,
        "revision_query": _revision_query(statement, revision),
        "waiting": statement.pending if access.is_money_staff(request.user) else None,
        "window_open": cases.takes_objections(statement, moment),
        # What is said of a draft that only staff see would be read beside another one.
        "can_comment": request.user.is_authenticated and not is_waiting and cases.may_comment(request.user, statement),
        "can_accept": request.user.is_authenticated and statement.is_open,
        "is_money_staff": access.is_money_staff(request.user),
        "answers_overdue": statement.is_open and cases.is_overdue(statement, moment),
        "corrected_by": correcting.corrections_of(statement),
        "can_claim": statement.is_public and moment <= cases.last_moment_to_claim(statement),
    }


def _revision_query(statement: Statement, revision: Revision) -> str:
    """What links say so that they stay with this revision; nothing where they lead to it anyway."""
    if not statement.is_public or revision.pk == statement.current_id:
        return ""
    return f"?revision={access.WAITING if revision.pk == statement.pending_id else revision.number}"


def own_lost_line(request: HttpRequest, statement: Statement, revision: Revision) -> StatementLine | None:
    """What the reader had before, where this revision has no line for them."""
    payee = access.payee_of(request.user) if request.user.is_authenticated else None
    found = access.last_line(statement, revision, payee.code) if payee is not None else None
    return found if found is not None and found.amount_minor else None


def own_card(line: StatementLine | None, revision: Revision, before: Revision | None) -> dict[str, Any]:
    """The reader's own share, and what it was before."""
    if line is None:
        return {}
    row = figures.rows_of([line], revision, before)[0]
    earlier = before.lines.filter(payee=line.payee).first() if before else None
    return {
        "own": row,
        "own_before": earlier,
        "own_before_share": percent(earlier.amount_minor, before.pool_minor) if earlier and before else "",
        "has_accepted": hasattr(line, "acceptance"),
        "destination": access.destination_of(line.payee),
    }


def or_withdrawn(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page or a form below a statement; where that was taken back, what says so instead."""

    @wraps(view)
    def answer(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        if Statement.objects.filter(pk=pk, status=Statement.Status.WITHDRAWN).exists():
            return withdrawn(request, access.get_statement(request.user, pk))
        return view(request, pk, *args, **kwargs)

    return answer


def withdrawn(request: HttpRequest, statement: Statement) -> HttpResponse:
    """Why it was taken back, since when, what came instead, and what had been said about it."""
    context: dict[str, Any] = {
        "statement": statement,
        "withdrawn_at": cases.withdrawn_at(statement),
        "successor": cases.successor_of(statement),
        "publications": statement.publications.order_by("number"),
    }
    if statement.current is not None:
        context |= {**talk_of(request, statement, statement.current), "counts": figures.talk_counts(statement)}
        for thread in context["threads"]:
            thread.chip = None  # the table of shares that it leads to is not on this page
    return render(request, "royalties/statement_withdrawn.html", context, status=410)


def talk_of(
    request: HttpRequest, row: Statement, revision: Revision, form: CommentForm | None = None
) -> dict[str, Any]:
    """One page of threads; its cursor is its own, so that table and talk turn their pages apart.

    Where one thread is wanted, as by its address or after a refused reply to it, that is among those shown.
    """
    query, roots = request.GET.copy(), roots_of(row)
    query["after"] = request.GET.get("threads", "") or _beyond(roots, _wanted(request, form))
    threads = page(roots, order=("pk",), query=query, size=THREADS)
    shown = figures.threads_of(threads.rows, revision, request.user)
    return {
        **spoken(form, CommentForm(), shown),
        "more_threads": _talk_url(request, row, threads.rows[-1].pk) if threads.more_url else "",
        "first_threads": "" if threads.is_first else _talk_url(request, row, None),
        "object_form": ObjectForm(auto_id=False),
        "missing_form": ObjectForm(auto_id=False, only_missing=True),
    }


def _wanted(request: HttpRequest, form: CommentForm | None) -> int:
    """The thread that must be shown, 0 for none."""
    asked = request.GET.get("thread", "")
    return answered_by(form) or (int(asked) if asked.isdecimal() and len(asked) < LONGEST_KEY else 0)


def _beyond(roots: QuerySet[StatementComment], wanted: int) -> str:
    """The cursor behind which a thread comes first; none where it is among the first anyway."""
    is_further = wanted > 0 and roots.filter(pk__lt=wanted).count() >= THREADS
    return str(wanted - 1) if is_further else ""


def _talk_url(request: HttpRequest, statement: Statement, cursor: int | None) -> str:
    """The same page with the threads after a cursor, or with the first; a refused form stands at another address."""
    query = request.GET.copy()
    query.pop("thread", None)
    query.pop("threads", None)
    if cursor is not None:
        query["threads"] = str(cursor)
    return f"{statement.get_absolute_url()}?{query.urlencode()}#talk"


def answered_by(form: CommentForm | None) -> int | None:
    """The comment that a form, which was refused, is a reply to."""
    return form.cleaned_data.get("reply_to") if form is not None else None


def spoken(form: CommentForm | None, fresh: CommentForm, threads: list[StatementComment]) -> dict[str, Any]:
    """The form for new words, and the threads; a refused reply keeps its words below what it answers."""
    answered = answered_by(form)
    for root in threads:
        root.refused = form if root.pk == answered else None  # type: ignore[attr-defined]  # what the template reads
    return {"form": fresh if form is None or answered else form, "refused": form, "threads": threads}


def roots_of(statement: Statement) -> QuerySet[StatementComment]:
    """Comments that begin a thread, with the case and its answer."""
    return StatementComment.objects.filter(statement=statement, reply_to=None).select_related(
        "author", "objection__answer__by", "objection__escalation", "payee__artist", "statement", "what_if"
    )


def what_if_of(request: HttpRequest, statement: Statement) -> WhatIf | None:
    """The kept measures that the reader wants to speak about, if the address or the form names some."""
    code = request.POST.get("what_if") or request.GET.get("what_if", "")
    # A NUL is nothing that PostgreSQL could look for.
    is_code = bool(code) and "\0" not in code
    return WhatIf.objects.filter(statement=statement, code=code).order_by("-pk").first() if is_code else None


def site_name() -> str:
    return str(settings.SITE_NAME)
