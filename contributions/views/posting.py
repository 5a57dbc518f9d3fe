"""What a form is bound to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def posted(request: HttpRequest) -> tuple[Any, Any]:
    """Fields and files of a POST, also of an empty one; nothing for other methods, so that the form is unbound."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
