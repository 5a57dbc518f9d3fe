"""The only door from a request to a person's row."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from profiles.handles import handle_from, variant_of
from profiles.models import Artist, Notice


def member(request: HttpRequest) -> Artist:
    """The artist behind a request; for views that ask for a log-in first."""
    if not isinstance(request.user, Artist):
        raise PermissionDenied
    return request.user


def viewer(request: HttpRequest) -> Artist | None:
    """The artist behind a request, or None for a visitor."""
    return request.user if isinstance(request.user, Artist) else None


def has_staff_factor(artist: Artist) -> bool:
    """Whether an account has the second factor that its powers ask for (settings.STAFF_SECOND_FACTOR)."""
    return not settings.STAFF_SECOND_FACTOR or bool(is_mfa_enabled(artist))


def get_artist(handle: str) -> Artist:
    """An artist by handle, whatever the case; closed accounts too, for their tombstone."""
    try:
        return Artist.objects.get(handle=handle.lower())
    except Artist.DoesNotExist as error:
        raise Http404(handle) from error


def inbox_of(artist: Artist) -> QuerySet[Notice]:
    """The artist's own notices, newest first."""
    return Notice.objects.filter(recipient=artist).select_related("event__actor").order_by("-pk")


def free_handle(name: str) -> str:
    """A handle made from a name that nobody has yet."""
    handle = handle_from(name)
    while Artist.objects.filter(handle=handle).exists():
        handle = variant_of(handle_from(name))
    return handle
