"""Whoever drafted any revision that was published, or the one that waits, is no second person for the statement."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from profiles.actions import grant_powers
from profiles.models import Artist, StaffPower
from projects import actions as projects
from royalties import actions
from royalties.exceptions import SecondPersonNeeded
from tests.royalties.conftest import closed, later
from tests.royalties.payees import ready
from tests.support.cast import join


@pytest.fixture
def kim(open_statement: Any) -> Any:
    """Somebody else who drafts."""
    return join("kim", powers=("drafter",))


def with_all_powers(artist: Any) -> Any:
    grant_powers(actor=None, artist=artist, powers=list(StaffPower))
    return Artist.objects.get(pk=artist.pk)


def begun(statement: Any, who: Any, finish_jobs: Any) -> None:
    with finish_jobs():
        actions.revise(actor=who, statement=statement, reason="An idea.")
    statement.refresh_from_db()


def test_a_dropped_revision_makes_nobody_the_drafter(
    open_statement: Any, kim: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    begun(open_statement, kim, finish_jobs)
    assert open_statement.drafters() == {sam.pk, kim.pk}
    actions.drop_revision(actor=kim, statement=open_statement)
    open_statement.refresh_from_db()
    assert (open_statement.drafter, open_statement.drafters()) == (sam, {sam.pk})
    closed(open_statement, kim)
    with pytest.raises(SecondPersonNeeded):
        actions.post_statement(actor=with_all_powers(sam), statement=open_statement, now=later(open_statement))
    actions.post_statement(actor=with_all_powers(kim), statement=open_statement, now=later(open_statement))


def test_a_dropped_revision_leaves_the_cut_that_is_in_force(
    open_statement: Any, kim: Any, sam: Any, finish_jobs: Any
) -> None:
    before = open_statement.cut
    projects.lock_cut(actor=sam, cut=projects.new_cut(actor=sam, production=open_statement.production))
    begun(open_statement, kim, finish_jobs)
    assert open_statement.cut != before
    actions.drop_revision(actor=kim, statement=open_statement)
    open_statement.refresh_from_db()
    assert open_statement.cut == before


def test_who_drafted_a_published_revision_publishes_no_further_one(
    open_statement: Any, kim: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    begun(open_statement, kim, finish_jobs)
    for drafter in (sam, kim):
        with pytest.raises(SecondPersonNeeded):
            actions.publish(actor=with_all_powers(drafter), statement=open_statement)
    actions.publish(actor=dana, statement=open_statement)
    open_statement.refresh_from_db()
    assert open_statement.current.drafted_by == kim


def test_who_drafted_any_published_revision_neither_posts_nor_pays(
    open_statement: Any, kim: Any, sam: Any, dana: Any, alice: Any, finish_jobs: Any
) -> None:
    begun(open_statement, kim, finish_jobs)
    actions.publish(actor=dana, statement=open_statement)
    open_statement.refresh_from_db()
    closed(open_statement, sam)
    for drafter in (sam, kim):
        with pytest.raises(SecondPersonNeeded):
            actions.post_statement(actor=with_all_powers(drafter), statement=open_statement, now=later(open_statement))
    actions.post_statement(actor=dana, statement=open_statement, now=later(open_statement))
    ready(alice)
    batch = actions.batch_payouts(actor=dana, currency="USD")
    for drafter in (sam, kim):
        with pytest.raises(SecondPersonNeeded, match="drafted a statement"):
            actions.submit_batch(actor=with_all_powers(drafter), batch=batch)


def test_who_drafted_none_of_it_pays_it(posted: Any, sam: Any, dana: Any, alice: Any) -> None:
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    assert posted.drafters() == {sam.pk}
    assert actions.submit_batch(actor=dana, batch=batch).status == "submitted"


def test_who_drafted_a_revision_is_never_changed(open_statement: Any, dana: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE royalties_revision SET drafted_by_id = %s", [dana.pk])


def test_who_computes_a_draft_again_is_its_drafter(draft: Any, sam: Any, dana: Any, finish_jobs: Any) -> None:
    kim = with_all_powers(join("kim"))
    with finish_jobs():
        actions.recompute_statement(actor=kim, statement=draft)
    draft.refresh_from_db()
    assert (draft.drafter, draft.pending.drafted_by, draft.drafters()) == (kim, kim, {kim.pk})
    actions.submit_for_review(actor=kim, statement=draft)
    with pytest.raises(SecondPersonNeeded):
        actions.publish(actor=kim, statement=draft)
    actions.publish(actor=dana, statement=draft)
