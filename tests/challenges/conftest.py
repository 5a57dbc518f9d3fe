"""A challenge that is open now, and a clock to walk through its phases."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from challenges import actions
from challenges.models import Challenge

ROOM = {
    "title": "The lighthouse keeper's room",
    "prompt": "Draw it, build it, record it or write it.",
    "media": ["text", "image"],
    "skills": ["writing"],
}


def issue(actor: Any, **more: Any) -> Challenge:
    """A challenge open since yesterday, for a week."""
    now = timezone.now()
    dates = {
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=7),
        "results_at": now + timedelta(days=14),
    }
    return actions.issue_challenge(actor=actor, **{**ROOM, **dates, **more})


@pytest.fixture
def room(charlie: Any) -> Challenge:
    """Charlie's challenge, open."""
    return issue(charlie)


@pytest.fixture
def after_close() -> Any:
    """Acts as if the challenge had closed yesterday."""
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=True) as traveller:
        yield traveller
