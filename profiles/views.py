"""Pages about oneself: inbox, settings, following."""

from __future__ import annotations

from contextlib import suppress

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from profiles import access, actions, leaving
from profiles.access import member
from profiles.forms import CloseForm, ProfileForm, SettingsForm
from profiles.mail import UNSUBSCRIBE
from profiles.models import Artist
from profiles.paging import page

INBOX_PAGE = 30


@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What happened to my works and to what I follow."""
    notices = access.inbox_of(member(request))
    context = {
        "page": page(notices, order=("-pk",), query=request.GET, size=INBOX_PAGE),
        "unread_count": notices.filter(read_at=None).count(),
    }
    return render(request, "profiles/inbox.html", context)


@login_required
@require_POST
def read_inbox(request: HttpRequest) -> HttpResponse:
    """Mark everything shown as read."""
    newest = request.POST.get("before", "")
    actions.read_notices(actor=member(request), before=int(newest) if newest.isdecimal() else None)
    messages.success(request, _("Everything is marked as read."))
    return redirect("inbox")


@login_required
@require_http_methods(["GET", "POST"])
def profile_settings(request: HttpRequest) -> HttpResponse:
    """What others see of me."""
    form = ProfileForm(request.POST or None, instance=_own(request))
    if request.method == "POST" and form.is_valid():
        actions.update_profile(actor=member(request), **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        return redirect("profiles:settings")
    status = 422 if form.is_bound else 200
    return render(request, "profiles/settings.html", {"form": form, "tab": "profile"}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """How the site looks and speaks to me."""
    form = SettingsForm(request.POST or None, instance=_own(request))
    if request.method == "POST" and form.is_valid():
        actions.update_profile(actor=member(request), **form.cleaned_data)
        messages.success(request, _("Your settings are saved."))
        return redirect("profiles:preferences")
    status = 422 if form.is_bound else 200
    return render(request, "profiles/settings.html", {"form": form, "tab": "preferences"}, status=status)


@login_required
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth has no types
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """What closing the account means, and the button for it."""
    artist = member(request)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_account(actor=artist)
        except actions.StillStaff as problem:
            form.add_error(None, str(problem))
        else:
            logout(request)
            messages.success(request, _("Your account is closed."))
            return redirect("home")
    context = {"form": form, "tab": "close", "told": leaving.told_before_leaving(artist)}
    return render(request, "profiles/close.html", context, status=422 if form.is_bound else 200)


def _own(request: HttpRequest) -> Artist:
    """A fresh row, so that a refused form does not change the name in the page's header."""
    return get_object_or_404(Artist, pk=request.user.pk)


@login_required
@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """Follow or, with `stop`, no longer follow a topic."""
    topic = request.POST.get("topic", "")
    if not topic or len(topic) > 80:
        raise Http404(topic)
    if request.POST.get("stop"):
        actions.unfollow(actor=member(request), topic=topic)
    else:
        actions.follow(actor=member(request), topic=topic)
    context = {"topic": topic, "is_following": not request.POST.get("stop")}
    if "HX-Request" in request.headers:
        return render(request, "profiles/_follow.html", context)
    return HttpResponseRedirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page the form stood on, if it is ours."""
    back = request.POST.get("next", "")
    return back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/"


@csrf_exempt
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop mails without a log-in: the token is the permission (RFC 8058 posts without a cookie)."""
    try:
        artist = get_object_or_404(Artist, pk=UNSUBSCRIBE.unsign(token))
    except BadSignature as error:
        raise Http404(token) from error
    if request.method == "POST":
        # Whoever has left gets no mail any more.
        with suppress(actions.AccountClosed):
            actions.update_profile(actor=artist, wants_mail=False)
    return render(request, "profiles/unsubscribe.html", {"done": request.method == "POST"})
