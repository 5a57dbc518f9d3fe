"""The connection is cut after COMMIT: the site never hears that it succeeded, the form is sent again, one effect."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, InterfaceError, connections
from django.test import Client

from tests.faults.forms import Form
from tests.faults.invariants import breaches
from tests.faults.money_forms import FORMS, effects, grown_since
from tests.faults.studio import Studio, here
from tests.faults.wire import Wire
from tests.soak.chance import tell
from tests.support.databases import Databases

FEW = 12


def send(client: Client, form: Form) -> Any:
    return client.post(form.path, form.filled())


def refusal_in(answer: Any) -> str:
    """What a page says where something was refused, without the rest of it."""
    _before, found, after = answer.content.decode().partition('role="alert"')
    return " ".join(re.sub(r"<[^>]*>?", " ", f"<{found}{after[:600]}").split())


def test_a_form_whose_answer_was_lost_counts_once(
    studio: Studio, wire: Wire, databases: Databases, seed: int, size: Callable[[int, int], int]
) -> None:
    chance = random.Random(seed)
    turns = [name for name in FORMS for _turn in range(size(1, 20))]
    turns = chance.sample(turns, size(FEW, len(turns)))
    for name in turns:
        form, client = FORMS[name](studio), Client()
        if form.sender is not None:
            client.force_login(form.sender)
        before = effects()
        with here(), databases.used(wire.address):
            wire.lose_next()
            with suppress(DatabaseError, InterfaceError):
                send(client, form)
            assert wire.caught.is_set(), name
            connections.close_all()
            again = [send(client, form) for _time in range(chance.randint(1, 3))]
        assert {answer.status_code for answer in again} == {302}, (name, refusal_in(again[0]))
        assert set(grown_since(before).values()) == {1}, (name, grown_since(before))
    assert breaches() == []
    tell(f"{len(turns)} answers lost")
