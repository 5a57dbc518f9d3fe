"""The world on which the pages are looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.pages.world import World, build


@pytest.fixture
def world(alice: Any, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any, tmp_path: Path) -> World:
    """Something on every page."""
    people = {"alice": alice, "bob": bob, "charlie": charlie, "sam": sam, "dana": dana}
    return build(people, tmp_path, finish_jobs)
