"""Locking a cut against somebody who places a cue at the same moment."""

import threading

from django.db import connections, transaction

from projects import actions
from projects.errors import ProjectError
from tests.projects.conftest import place, produce, publish


def test_a_cue_waits_for_whoever_locks_its_cut(committed_db, sam, alice, bob):
    """A cue that is placed while another connection locks the cut is refused, not lost in between."""
    film = produce(sam, alice).productions.get()
    cut = actions.new_cut(actor=sam, production=film)
    work = publish(bob)
    place(cut, work, sam)
    outcome = []

    def late():
        try:
            place(cut, work, sam)
            outcome.append("placed")
        except ProjectError as error:
            outcome.append(type(error).__name__)
        finally:
            connections.close_all()

    with transaction.atomic():
        actions.lock_cut(actor=sam, cut=cut)
        thread = threading.Thread(target=late)
        thread.start()
        thread.join(timeout=1)
        assert outcome == []
    thread.join(timeout=30)
    assert outcome == ["CutLocked"]
