"""Staff need a second factor before the admin opens (settings.STAFF_SECOND_FACTOR); a form outlives its log-in."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from profiles import kept_forms
from profiles.access import has_staff_factor


class StaffSecondFactorMiddleware:
    """Sends staff without TOTP or a passkey to the page that sets one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (settings.STAFF_SECOND_FACTOR and request.path.startswith(self.admin)):
            return self.get_response(request)
        user = request.user
        if user.is_authenticated and user.is_staff and not has_staff_factor(user):
            messages.warning(
                request, _("The admin needs a second factor. Add an authenticator app or a passkey first.")
            )
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)


class KeptFormMiddleware:
    """Gives a form back to somebody whom it would lead to the log-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return kept_forms.asked_to_log_in(request, self.get_response(request))
