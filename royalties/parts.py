"""What this app puts on pages of the apps below: a production's money on its project's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from projects.models import Production
from royalties import access

SHOWN = 3


def production_money(request: HttpRequest, production: Production | None) -> tuple[str, dict[str, Any]] | None:
    """The latest published statements of a production, or nothing."""
    if production is None:
        return None
    statements = list(access.public_statements().filter(production=production)[:SHOWN])
    if not statements:
        return None
    return "royalties/_production_money.html", {"statements": statements, "latest": statements[0]}
