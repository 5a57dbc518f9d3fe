"""Taking a published work back: what stays, who keeps it, and then the end of its files."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contributions import access, actions, holds
from contributions.errors import ContributionError
from contributions.forms import WithdrawForm
from contributions.views.posting import posted
from profiles.access import member


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what withdrawing means, then do it."""
    work = access.get_own(request.user, pk)
    if not work.is_published:
        return redirect("contributions:edit" if work.is_draft else "contribution_short", pk)
    kept = holds.holds_on(work)
    form = WithdrawForm(posted(request)[0], is_kept=bool(kept))
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(actor=member(request), contribution=work, **form.cleaned_data)
        except ContributionError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("“%(title)s” is withdrawn.") % {"title": work.title})
            return redirect(work)
    context = {"work": work, "form": form, "holds": kept, "remixes": work.remix_count}
    return render(request, "contributions/withdraw.html", context, status=422 if form.errors else 200)
