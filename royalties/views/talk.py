"""Posts of members about a statement: comment, object, accept."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from royalties import access, actions
from royalties.exceptions import RoyaltiesRefused
from royalties.forms import CommentForm, LineCommentForm, ObjectForm
from royalties.models import Statement, StatementComment
from royalties.views._request import ArtistRequest, sent_from
from royalties.views._statement import or_withdrawn, what_if_of
from royalties.views.line import line as line_page
from royalties.views.statement import statement as statement_page


def _statement_url(pk: int) -> str:
    return reverse("royalties:statement", args=[pk])


def _line_url(pk: int, payee: str) -> str:
    return reverse("royalties:line", args=[pk, payee])


def _thread_url(pk: int, comment: int) -> str:
    return f"{_statement_url(pk)}?thread={comment}#comment-{comment}"


@or_withdrawn
@sent_from(_statement_url)
@login_required
def comment(request: ArtistRequest, pk: int) -> HttpResponse:
    """Say something about the whole statement, or answer somebody."""
    statement = access.get_statement(request.user, pk)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            said = actions.comment(
                actor=request.user,
                statement=statement,
                body=form.cleaned_data["body"],
                reply_to=_reply_to(statement, form.cleaned_data["reply_to"]),
            )
            return redirect(said.talk_url)
        except RoyaltiesRefused as problem:
            form.add_error("body", str(problem))
    return statement_page(request, pk, form=form)


@or_withdrawn
@sent_from(_line_url)
@login_required
def comment_on_line(request: ArtistRequest, pk: int, payee: str) -> HttpResponse:
    """Say something about a line, or object to it."""
    statement = access.get_statement(request.user, pk)
    line = access.line_or_lost(statement, access.revision_of(request.user, statement), payee)
    form = LineCommentForm(request.POST)
    if form.is_valid():
        words, kind = form.cleaned_data["body"], form.cleaned_data["kind"]
        item = line.items.filter(pk=form.cleaned_data["item"] or 0).first()
        tried = what_if_of(request, statement)
        try:
            if kind:
                objection = actions.raise_objection(
                    actor=request.user, statement=statement, kind=kind, body=words, line=line, item=item, what_if=tried
                )
                messages.success(request, _("Your objection is a case now. It will be answered here."))
                return redirect(objection.comment)
            reply_to = _reply_to(statement, form.cleaned_data["reply_to"])
            said = actions.comment(
                actor=request.user,
                statement=statement,
                body=words,
                line=line,
                item=item,
                reply_to=reply_to,
                what_if=tried,
            )
            return redirect(said)
        except RoyaltiesRefused as problem:
            form.add_error("body", str(problem))
    return line_page(request, pk, payee, form=form)


@or_withdrawn
@sent_from(_thread_url)
@login_required
def object_to(request: ArtistRequest, pk: int, comment: int) -> HttpResponse:
    """Make an objection of one's own comment."""
    statement = access.get_statement(request.user, pk)
    row = access.get_comment(statement, comment)
    form = ObjectForm(request.POST)
    if form.is_valid():
        try:
            actions.object_to(actor=request.user, comment=row, kind=form.cleaned_data["kind"])
            messages.success(request, _("Your comment is an objection now. It will be answered here."))
        except RoyaltiesRefused as problem:
            messages.error(request, str(problem))
    else:
        messages.error(request, _("Choose what kind of objection it is."))
    return redirect(row)


@or_withdrawn
@sent_from(_line_url)
@login_required
def accept(request: ArtistRequest, pk: int, payee: str) -> HttpResponse:
    """Say yes to one's own line."""
    statement = access.get_statement(request.user, pk)
    line = access.get_line(access.revision_of(request.user, statement), payee)
    try:
        actions.accept_line(actor=request.user, line=line)
        messages.success(request, _("Thank you. Your line is accepted; you may still comment."))
    except RoyaltiesRefused as problem:
        messages.error(request, str(problem))
    return redirect(line)


def _reply_to(statement: Statement, pk: int | None) -> StatementComment | None:
    return access.get_comment(statement, pk) if pk else None
