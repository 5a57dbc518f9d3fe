"""The provider pays, we do not hear of it, and it reports twice: settled once, booked once, never also failed."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from django.db import DatabaseError, InterfaceError, connections

from royalties import actions
from royalties.exceptions import RoyaltiesRefused
from royalties.models import JournalEntry, Payout
from tests.faults.invariants import Promises, breaches
from tests.faults.studio import Studio
from tests.faults.wire import Wire
from tests.soak.chance import at_once, tell
from tests.support.databases import Databases

Status = Payout.Status


def paid(studio: Studio, payout: Payout, reference: str) -> Any:
    """The provider says that it arrived."""
    try:
        return actions.settle_payout(actor=studio.dana, payout=payout, provider_reference=reference)
    except RoyaltiesRefused as refusal:
        return refusal


def came_back(studio: Studio, payout: Payout) -> Any:
    """The provider says that it came back."""
    try:
        return actions.fail_payout(actor=studio.dana, payout=payout, reason="Account closed")
    except RoyaltiesRefused as refusal:
        return refusal


def test_what_the_provider_reports_twice_is_booked_once(
    studio: Studio, wire: Wire, databases: Databases, seed: int, size: Callable[[int, int], int]
) -> None:
    chance, promises = random.Random(seed), Promises()
    for _round in range(size(3, 20)):
        for payout in studio.sent():
            reference = f"PP-{payout.pk}"
            first = chance.choice([paid, came_back])
            with databases.used(wire.address), suppress(DatabaseError, InterfaceError):
                wire.lose_next()
                first(studio, payout, *([reference] if first is paid else []))
            assert wire.caught.is_set()
            connections.close_all()
            again = [partial(paid, studio, payout, name) for name in (reference, reference, "PP-other")]
            again.append(partial(came_back, studio, payout))
            at_once(chance.sample(again, len(again)))
            payout.refresh_from_db()
            promises.done(payout, Status.SETTLED if first is paid else Status.FAILED)
            assert payout.provider_reference == (reference if first is paid else "")
            entries = JournalEntry.objects.filter(source__contains=f'"payout":{payout.pk}}}')
            assert entries.count() == 1
        assert breaches(promises) == []
    tell(f"{len(promises)} payouts")
