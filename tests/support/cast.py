"""The named cast: alice owns, bob collaborates, charlie is a stranger, sam and dana are staff with different powers."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

PASSWORD = "a long enough passphrase 42"
SAM_GROUPS = ("curator", "producer", "drafter", "moderator")
DANA_GROUPS = ("approver", "finance")


def join(handle: str, *, staff: tuple[str, ...] = ()) -> Any:
    """An artist who has joined and verified the address, as the site itself does it."""
    from profiles import actions

    artist = actions.join(handle=handle, display_name=handle.title(), email=f"{handle}@example.com", password=PASSWORD)
    if staff:
        artist.is_staff = True
        artist.save(update_fields=["is_staff"])
        artist.groups.set(Group.objects.filter(name__in=staff))
    return artist


@pytest.fixture
def alice(any_db: None) -> Any:
    """An artist who owns works."""
    return join("alice")


@pytest.fixture
def bob(any_db: None) -> Any:
    """An artist who remixes them."""
    return join("bob")


@pytest.fixture
def charlie(any_db: None) -> Any:
    """A member who is a stranger to both."""
    return join("charlie")


@pytest.fixture
def sam(any_db: None) -> Any:
    """Staff: curates, produces, drafts statements, moderates."""
    return join("sam", staff=SAM_GROUPS)


@pytest.fixture
def dana(any_db: None) -> Any:
    """Staff: approves and pays; never the one who drafted."""
    return join("dana", staff=DANA_GROUPS)
