"""The named cast: alice owns, bob collaborates, charlie is a stranger, sam and dana are staff with different powers."""

from typing import Any

import pytest

PASSWORD = "a long enough passphrase 42"
SAM_POWERS = ("curator", "producer", "drafter", "moderator")
DANA_POWERS = ("approver", "finance")


def join(handle: str, *, powers: tuple[str, ...] = ()) -> Any:
    """An artist who has joined and verified the address, made staff where powers are named."""
    # Within the function, because these want Django set up, and the tests of pure modules do without it.
    from profiles import actions
    from profiles.models import StaffPower

    artist = actions.join(handle=handle, display_name=handle.title(), email=f"{handle}@example.com", password=PASSWORD)
    actions.verify_email(actor=artist, artist=artist)
    if powers:
        actions.grant_powers(actor=None, artist=artist, powers=[StaffPower(power) for power in powers])
    return artist


def known(handle: str) -> Any:
    """Who has joined before the test began, or None."""
    from profiles.models import Artist

    return Artist.objects.filter(handle=handle).first()


@pytest.fixture
def alice(any_db: None) -> Any:
    """An artist who owns works."""
    return known("alice") or join("alice")


@pytest.fixture
def bob(any_db: None) -> Any:
    """An artist who remixes them."""
    return known("bob") or join("bob")


@pytest.fixture
def charlie(any_db: None) -> Any:
    """A member who is a stranger to both."""
    return known("charlie") or join("charlie")


@pytest.fixture
def sam(any_db: None) -> Any:
    """Staff: curates, produces, drafts statements, moderates."""
    return known("sam") or join("sam", powers=SAM_POWERS)


@pytest.fixture
def dana(any_db: None) -> Any:
    """Staff: approves and pays; never the one who drafted."""
    return known("dana") or join("dana", powers=DANA_POWERS)
