"""What challenges draw on the pages of projects."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _

from challenges.models import Challenge
from projects.models import Step


def open_for_steps(request: HttpRequest, steps: Sequence[Step]) -> dict[int, dict[str, str]]:
    """Which steps have an open challenge, with its address. One query for all."""
    found = Challenge.objects.open_now().filter(step__in=steps)
    return {
        challenge.step_id: {"label": _("Open challenge"), "kind": "live", "url": challenge.get_absolute_url()}
        for challenge in found
        if challenge.step_id is not None
    }
