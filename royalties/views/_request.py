"""The request of somebody who is signed in, and the way to a form for who opens the address it is sent to."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect

from profiles.models import Artist

View = Callable[..., HttpResponse]


class ArtistRequest(HttpRequest):
    """A request whose user is an artist."""

    user: Artist


def sent_from(page: Callable[..., str]) -> Callable[[View], View]:
    """Take forms only; whoever opens the address, as on the way back from the log-in, is led to the form's page."""

    def decorated(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in {"GET", "HEAD"}:
                return HttpResponseRedirect(page(*args, **kwargs))
            if request.method != "POST":
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            return view(request, *args, **kwargs)

        return answer

    return decorated
