"""The form of a missing work or a wrong line, the link in the mail, and the page of a late claim."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from profiles.submissions import FROM_FIELD
from royalties import access, actions, cases
from royalties.exceptions import RoyaltiesRefused
from royalties.forms import ClaimForm
from royalties.models import Statement, StatementClaim, StatementLine
from royalties.views import _statement as common


@common.or_withdrawn
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a work is missing, with or without an account; members also that a line, named by `line`, is wrong.

    Only who is logged in speaks of lines, so whoever would is asked to log in first.
    """
    statement = access.get_statement(request.user, pk)
    if not statement.is_public:
        raise Http404(f"claim to {pk}")
    if request.GET.get("line") and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    line = _line_meant(request, statement)
    form = ClaimForm(request.POST or None, viewer=request.user, line=line)
    if request.method == "POST" and form.is_valid():
        try:
            return _say(request, statement, line, form)
        except RoyaltiesRefused as problem:
            form.add_error(None, str(problem))
    context: dict[str, Any] = {
        "statement": statement,
        "form": form,
        "line": line,
        "takes_objections": cases.takes_objections(statement, timezone.now()),
        "until": cases.last_moment_to_claim(statement),
    }
    return render(request, "royalties/claim.html", context, status=422 if form.is_bound else 200)


def _say(request: HttpRequest, statement: Statement, line: StatementLine | None, form: ClaimForm) -> HttpResponse:
    """Make the claim, and lead to its page, or to the words that a mail is under way."""
    actor = request.user if request.user.is_authenticated else None
    if line is not None and actor is not None:
        row = actions.claim_on_line(actor=actor, statement=statement, line=line, **form.cleaned_data)
    else:
        if actor is None and not ratelimit.consume(request, action="claim"):
            raise RoyaltiesRefused(_("Too many claims came from where you are. Try again in an hour, or log in."))
        row = actions.claim_missing_work(actor=actor, statement=statement, **form.cleaned_data)
    if actor is None:
        # In a message, which is shown once: the address of a page stands in logs and histories.
        words = _("The mail goes to %(email)s. If that is mistyped, claim once more.")
        messages.info(request, words % {"email": form.cleaned_data["email"]}, extra_tags=f"{FROM_FIELD}email")
        return redirect("royalties:claim_sent", statement.pk)
    messages.success(request, _("Your claim is a case now. It will be answered here."))
    return redirect(row)


@common.or_withdrawn
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """A mail is under way; nothing is said about whose."""
    statement = access.get_statement(request.user, pk)
    return render(request, "royalties/claim_sent.html", {"statement": statement})


@common.or_withdrawn
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """The link of the mail shows a button, so that a program which follows links confirms nothing."""
    row = actions.claim_of(token)
    is_forgotten = row is not None and row.status == StatementClaim.Status.UNCONFIRMED and not row.email
    if row is None or row.statement_id != pk or is_forgotten:
        return render(request, "royalties/claim_confirm.html", {"statement": None}, status=410)
    if row.status != StatementClaim.Status.UNCONFIRMED:
        return redirect(row)
    problem = ""
    if request.method == "POST":
        try:
            confirmed = actions.confirm_claim(actor=None, claim=row)
            messages.success(request, _("Your claim counts now. It will be answered here, and by mail."))
            return redirect(confirmed)
        except RoyaltiesRefused as refusal:
            problem = str(refusal)
    context = {"statement": row.statement, "claim": row, "problem": problem}
    return render(request, "royalties/claim_confirm.html", context, status=422 if problem else 200)


def _line_meant(request: HttpRequest, statement: Statement) -> StatementLine | None:
    """The line of the payee in the address, as it is or last was."""
    code = request.GET.get("line", "")
    if not code:
        return None
    return access.line_or_lost(statement, access.current_of(statement), code)


def claimed(request: HttpRequest, pk: int, claim: int) -> HttpResponse:
    """A late claim and its answer."""
    statement = access.get_statement(request.user, pk)
    row = access.get_claim(statement, claim)
    if row.objection is not None:
        return redirect(row.objection)
    return render(request, "royalties/claimed.html", {"statement": statement, "claim": row})
