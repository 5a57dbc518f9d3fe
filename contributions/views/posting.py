"""What every view here asks of a request."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """A request that went through the htmx middleware."""

    htmx: HtmxDetails


def posted(request: HttpRequest) -> tuple[Any, Any]:
    """Fields and files of a POST, also of an empty one; nothing for other methods, so that the form is unbound."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def number(text: str | None) -> int:
    """A row's number out of a query or a form; 0, which no row has, for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
