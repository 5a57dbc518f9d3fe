"""Slots of the project pages that upper apps fill, so that nothing here imports them.

An upper app registers a provider in its AppConfig.ready(). A provider gets the request and
what the page is about and returns (template name, context) to draw there, or None.
    money   provider(request, production): the strip "Money, in the open"
    pitch   provider(request, project): what people say below a pitch
    steps   provider(request, steps) -> {step id: {"label", "kind", "url"}}: what is open for a step
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest

from projects.models import Step

Provider = Callable[[HttpRequest, Any], Any]
SLOTS = ("money", "pitch", "steps")
_providers: dict[str, list[Provider]] = {slot: [] for slot in SLOTS}


def register(slot: str, provider: Provider) -> None:
    """Fill a slot; several providers draw one below the other, each once."""
    if provider not in _providers[slot]:
        _providers[slot].append(provider)


def drawn(slot: str, request: HttpRequest, about: Any) -> list[dict[str, Any]]:
    """What to include in a slot: [{"template", "context"}]."""
    found = (provider(request, about) for provider in _providers[slot])
    return [{"template": part[0], "context": part[1]} for part in found if part is not None]


def step_states(request: HttpRequest, steps: Sequence[Step]) -> dict[int, Mapping[str, str]]:
    """What upper apps know of each step, such as an open challenge."""
    states: dict[int, Mapping[str, str]] = {}
    for provider in _providers["steps"]:
        states.update(provider(request, steps))
    return states
