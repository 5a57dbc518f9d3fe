"""Answers and the drafts that carry them out."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from royalties import actions, cases, policy
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import Settlement
from tests.royalties.conftest import later
from tests.royalties.panelists import answered, members
from tests.royalties.test_money_admin import move
from tests.royalties.test_publish_statement import revised, with_factor
from tests.royalties.test_statements_follow import earn


def test_a_revision_settles_what_was_granted_and_says_so(
    client: Any, open_statement: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    granted, declined = answered(open_statement, bob, dana, "accepted"), None
    case = granted.get_absolute_url()
    assert "not carried out by a published draft yet" in client.get(case).content.decode()
    line = open_statement.current.lines.get(payee__artist=bob)
    declined = actions.raise_objection(actor=bob, statement=open_statement, kind="role", body="Louder.", line=line)
    actions.answer_objection(actor=dana, objection=declined, outcome="declined", reason="It is under dialogue.")
    with_factor(open_statement, sam, dana, 20_000, place=2)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="Two minutes it is.")
    assert list(cases.promised(open_statement)) == [granted]
    assert "not carried out" in client.get(case).content.decode()
    publication = actions.publish(actor=dana, statement=open_statement)
    assert list(cases.promised(open_statement)) == []
    assert list(cases.settled_in(publication.revision)) == [granted]
    assert "Carried out by draft 2" in client.get(case).content.decode()
    html = client.get(reverse("royalties:changes", args=[open_statement.pk])).content.decode()
    assert "Objections this draft settles" in html
    assert f"Case {granted.pk}: Wrong measure" in html
    assert f"Case {declined.pk}: " not in html
    with pytest.raises(DatabaseError), transaction.atomic():
        Settlement.objects.update(run=99)


def test_a_dropped_revision_settles_nothing(
    open_statement: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    granted = answered(open_statement, bob, dana, "partly")
    with_factor(open_statement, sam, dana, 20_000, place=2)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="Two minutes.")
    actions.drop_revision(actor=sam, statement=open_statement)
    assert list(cases.promised(open_statement)) == [granted]
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="Two minutes, again.", settles=[granted])
    actions.publish(actor=dana, statement=open_statement)
    assert list(cases.promised(open_statement)) == []


def test_only_what_was_granted_is_settled(open_statement: Any, bob: Any, sam: Any, dana: Any) -> None:
    declined = answered(open_statement, bob, dana, "declined")
    with pytest.raises(RoyaltiesRefused, match="still owed"):
        actions.revise(actor=sam, statement=open_statement, reason="As agreed.", settles=[declined])
    open_statement.refresh_from_db()
    assert not open_statement.is_computing


def test_silence_is_consent_and_the_accepted_part_is_shown(client: Any, open_statement: Any, bob: Any) -> None:
    html = client.get(open_statement.get_absolute_url()).content.decode()
    assert "Accepted so far" in html
    assert "0.0%" in html
    assert "Saying nothing counts as agreeing" in html
    actions.accept_line(actor=bob, line=open_statement.current.lines.get(payee__artist=bob))
    assert "50.0%" in client.get(open_statement.get_absolute_url()).content.decode()


def test_a_revision_in_which_nothing_has_changed_settles_nothing(
    open_statement: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    granted = answered(open_statement, bob, dana, "accepted")
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="Two minutes it is.")
    with pytest.raises(WrongState, match="Nothing changes"):
        actions.publish(actor=dana, statement=open_statement)
    assert list(cases.promised(open_statement)) == [granted]
    actions.drop_revision(actor=sam, statement=open_statement)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="A typo.", settles=[])
    actions.publish(actor=dana, statement=open_statement)
    assert list(cases.promised(open_statement)) == [granted]


def test_what_was_granted_is_carried_out_before_the_discussion_ends(
    open_statement: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    answered(open_statement, bob, dana, "accepted")
    with pytest.raises(WrongState, match="settles it first"):
        actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))
    with_factor(open_statement, sam, dana, 20_000, place=2)
    revised(open_statement, sam, dana, finish_jobs)
    closed = actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))
    assert closed.status == "closing"


def test_after_day_38_what_was_granted_is_owed_by_a_correction(
    open_statement: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    """A draft that takes in late money carries none of it out, unless staff name it."""
    granted = answered(open_statement, bob, dana, "accepted")
    late = open_statement.published_at + policy.NO_REVISION_AFTER + dt.timedelta(days=1)
    earn(sam, open_statement.production, "2026-08-20", "10.00")
    revised(open_statement, sam, dana, finish_jobs, now=late)
    assert list(cases.promised(open_statement)) == [granted]
    closed = actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))
    assert closed.status == "closing"


def test_staff_tick_the_cases_that_a_revision_settles(
    client: Any, open_statement: Any, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    ticked, left = (answered(open_statement, artist, dana, "accepted") for artist in (bob, alice))
    client.force_login(sam)
    address = reverse("admin:royalties_statement_ask", args=[open_statement.pk, "revise_settling"])
    row = reverse("admin:royalties_statement_change", args=[open_statement.pk])
    assert "ask/revise_settling/" in client.get(row).text
    assert f"Case {left.pk}, Alice: It lasts two minutes." in client.get(address).text
    client.post(address, {"settles": [ticked.pk], "reason": "Two minutes it is."})
    assert [row.objection for row in Settlement.objects.all()] == [ticked]


def test_who_is_right_without_an_effect_is_owed_nothing_and_may_ask_a_panel(
    client: Any, open_statement: Any, bob: Any, sam: Any, dana: Any
) -> None:
    members(3)
    objection = answered(open_statement, bob, dana, "noted")
    assert not cases.promised(open_statement).exists()
    assert list(cases.may_be_escalated(open_statement)) == [objection]
    page = client.get(objection.get_absolute_url()).content.decode()
    assert "Right, and no amount changes" in page
    assert "not carried out" not in page
    closed = actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))
    assert closed.status == "closing"


def test_a_late_claim_that_is_right_without_an_effect_asks_for_no_correction(
    client: Any, posted: Any, charlie: Any, dana: Any
) -> None:
    claim = actions.claim_missing_work(
        actor=charlie, statement=posted, name="Charlie", work="Bells", evidence="Listen.", now=later(posted)
    )
    client.force_login(dana)
    assert "answered" in move(client, claim, "accept_unchanged", "It is there, in a cue that weighs nothing.")[-1]
    claim.refresh_from_db()
    assert claim.outcome == "noted"
    assert not cases.is_owed_a_correction(posted)
    page = client.get(claim.get_absolute_url()).content.decode()
    assert "Right, and no amount changes" in page
    assert "owed by a correction" not in page


def test_staff_answer_by_a_button_that_no_amount_changes(client: Any, open_statement: Any, bob: Any, dana: Any) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    objection = actions.raise_objection(actor=bob, statement=open_statement, kind="other", body="My name.", line=line)
    client.force_login(dana)
    move(client, objection, "accept_unchanged", "It is spelt as you say now.")
    assert objection.answer.outcome == "noted"
