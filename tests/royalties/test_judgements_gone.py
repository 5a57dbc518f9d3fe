"""What the page of changes says of a factor that counts no more: of which work it was, and why it is gone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from projects import actions as projects
from royalties import actions
from royalties.models import Statement
from tests.royalties.corrections import split_found_wrong
from tests.royalties.pages import words_of
from tests.royalties.test_publish_statement import revised, with_factor


def judgements(client: Any, statement: Statement, revision: str = "") -> list[str]:
    """What is said of each factor, as plain words."""
    html = client.get(reverse("royalties:changes", args=[statement.pk]), {"revision": revision}).content.decode()
    rows = [row for row in re.findall(r"<li>(.*?)</li>", html, re.DOTALL) if "Factor of" in row]
    return [words_of(row) for row in rows]


@pytest.fixture
def judged(open_statement: Statement, sam: Any, dana: Any, finish_jobs: Any) -> Statement:
    """Draft 2 halves the song, which is the second cue."""
    with_factor(open_statement, sam, dana, 5000, place=2)
    revised(open_statement, sam, dana, finish_jobs)
    return open_statement


def without_the_poem(statement: Statement, sam: Any) -> None:
    """A new cut, in which the song comes first and the drawing second."""
    cut = projects.new_cut(actor=sam, production=statement.production)
    projects.remove_cue(actor=sam, cue=cut.cues.get(position=1))
    projects.lock_cut(actor=sam, cut=cut)


def test_a_factor_of_the_former_cut_is_named_by_its_work_and_nobody_took_it_back(
    client: Any, judged: Statement, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    (new,) = judgements(client, judged)
    assert new.startswith("Factor of 50% on cue L2, Steam new")
    without_the_poem(judged, sam)
    revised(judged, sam, dana, finish_jobs)
    (gone,) = judgements(client, judged)
    signed = "Proposed by Sam, approved by Dana."
    assert gone == f"Factor of 50% on cue L2, Steam only for the former cut It is read twice. {signed}"
    # Draft 2 says what it said.
    assert judgements(client, judged, "2") == [new]


def test_a_factor_that_comes_is_of_the_work_that_stands_there_now(
    client: Any, judged: Statement, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    without_the_poem(judged, sam)
    revised(judged, sam, dana, finish_jobs)
    with_factor(judged, sam, dana, 7000, place=2)
    revised(judged, sam, dana, finish_jobs)
    (come,) = judgements(client, judged)
    assert come.startswith("Factor of 70% on cue L2, Lid, drawn new")


def test_a_factor_that_two_people_took_back_says_so_and_why(
    client: Any, judged: Statement, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    row = judged.adjustments.get()
    actions.withdraw_adjustment(actor=sam, adjustment=row, reason="It is read once.")
    actions.approve_taking_back(actor=dana, adjustment=row)
    revised(judged, sam, dana, finish_jobs)
    (gone,) = judgements(client, judged)
    assert gone.startswith("Factor of 50% on cue L2, Steam taken back")
    assert gone.endswith("Taken back because: It is read once.")


def test_a_factor_that_a_correction_replaces_is_not_said_to_be_taken_back(
    client: Any, open_statement: Statement, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    from tests.royalties.conftest import booked

    with_factor(open_statement, sam, dana, 5000, place=2)
    revised(open_statement, sam, dana, finish_jobs)
    posted = split_found_wrong(booked(open_statement, sam, dana), bob, charlie)
    with finish_jobs():
        correction = actions.draft_correction(actor=sam, statement=posted, funding="house", reason="Both were wrong.")
    correction.refresh_from_db()
    with_factor(correction, sam, dana, 8000, place=2)
    with finish_jobs():
        actions.recompute_statement(actor=sam, statement=correction)
    correction.refresh_from_db()
    client.force_login(dana)
    gone, come = judgements(client, correction)
    assert gone.startswith("Factor of 50% on cue L2, Steam replaced by another")
    assert come.startswith("Factor of 80% on cue L2, Steam new")
