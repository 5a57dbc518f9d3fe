"""Answers and the drafts that carry them out."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from royalties import actions, cases
from royalties.exceptions import RoyaltiesRefused
from royalties.models import Settlement
from tests.royalties.panelists import answered


def test_a_revision_settles_what_was_granted_and_says_so(
    client: Any, open_statement: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    granted, declined = answered(open_statement, bob, dana, "accepted"), None
    case = granted.get_absolute_url()
    assert "not carried out by a published draft yet" in client.get(case).content.decode()
    line = open_statement.current.lines.get(payee__artist=bob)
    declined = actions.raise_objection(actor=bob, statement=open_statement, kind="role", body="Louder.", line=line)
    actions.answer_objection(actor=dana, objection=declined, outcome="declined", reason="It is under dialogue.")
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
