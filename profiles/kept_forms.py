"""A form that finds nobody logged in comes back with all that was typed, to be pressed again.

Sending somebody to the log-in and back loses the form: the way back is a plain look at its address. So
the page that `asked_to_log_in` makes keeps the fields and leads to the log-in in another tab. A log-in draws
the token of all forms anew, so what stands open meanwhile is refused once more (`token_refused`); that
gives the same page, with the new token, to a form that the browser says was sent from this site.

Files cannot be given back, and passwords are not: such forms take the ordinary way.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.csrf import csrf_failure

from profiles.submissions import APART


def asked_to_log_in(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer of a view; where it leads to the log-in because nobody is logged in, the form instead."""
    leads = urlsplit(response.get("Location", "")).path == resolve_url(settings.LOGIN_URL)
    if not leads or request.user.is_authenticated or not can_be_kept(request):
        return response
    return _page(request, status=422)


def token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django shows for a form with another token; where the browser vouches for its origin, the form again."""
    here = f"{request.scheme}://{request.get_host()}"
    is_ours = request.headers.get("Origin") in {here, *settings.CSRF_TRUSTED_ORIGINS}
    # A browser that keeps no cookies would be asked for ever.
    keeps_cookies = settings.CSRF_COOKIE_NAME in request.COOKIES
    if is_ours and keeps_cookies and can_be_kept(request):
        return _page(request, status=403)
    return csrf_failure(request, reason)


def can_be_kept(request: HttpRequest) -> bool:
    """Whether a person sent it from a page, and all of it can stand in a page again."""
    return (
        request.method == "POST"
        and "text/html" in request.headers.get("Accept", "")
        and not getattr(request, "htmx", False)
        and not request.FILES
        and not any("password" in name for name in request.POST)
    )


def _page(request: HttpRequest, status: int) -> HttpResponse:
    fields = [(name, value) for name, values in request.POST.lists() if name not in APART for value in values]
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    context = {
        "fields": fields,
        # What a person wrote has spaces between its words; what a page put there has none, or is JSON.
        "words": [value for _name, value in fields if " " in value.strip() and not value.startswith("{")],
        "came_from": urlsplit(came_from)._replace(scheme="", netloc="").geturl() if is_ours else "/",
    }
    return render(request, "kept_form.html", context, status=status)
