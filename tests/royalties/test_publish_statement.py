"""Publishing and revising: four eyes, no interest, notices, and windows that nobody shortens."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from profiles.models import Notice
from royalties import actions
from royalties.exceptions import (
    CannotCompute,
    ConflictOfInterest,
    NotAllowed,
    RoyaltiesRefused,
    SecondPersonNeeded,
    WrongState,
)
from royalties.models import Publication, Statement
from tests.contributions.works import published
from tests.royalties.conftest import later
from tests.support.cast import join

DAY = dt.timedelta(days=1)


def revised(
    statement: Any, sam: Any, dana: Any, finish_jobs: Any, *, now: Any = None, reason: str = "As agreed."
) -> Any:
    """A further revision, published."""
    with finish_jobs():
        actions.revise(actor=sam, statement=statement, reason=reason, now=now)
    publication = actions.publish(actor=dana, statement=statement, now=now)
    statement.refresh_from_db()
    return publication


def with_factor(statement: Any, sam: Any, dana: Any, factor_bps: int, place: int = 1, **when: Any) -> Any:
    """An approved factor on a cue of the cut."""
    cue = statement.cut.cues.get(position=place)
    row = actions.propose_factor(
        actor=sam, statement=statement, cue=cue, factor_bps=factor_bps, reason="It is read twice."
    )
    return actions.approve_adjustment(actor=dana, adjustment=row, **when)


def test_publishing_opens_the_window_and_tells_everybody(draft: Any, alice: Any, bob: Any, sam: Any, dana: Any) -> None:
    actions.submit_for_review(actor=sam, statement=draft)
    now = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
    actions.publish(actor=dana, statement=draft, now=now)
    draft.refresh_from_db()
    assert (draft.status, draft.current.number, draft.pending) == ("published", 1, None)
    assert draft.window_ends_at == now + 14 * DAY
    for artist in (alice, bob):
        text = Notice.objects.filter(recipient=artist, event__verb="royalties.statement_published").get().text
        assert "$" in text
        assert "15 November 2026" in text


def test_the_drafter_cannot_publish(draft: Any, sam: Any) -> None:
    actions.submit_for_review(actor=sam, statement=draft)
    with pytest.raises(NotAllowed):
        actions.publish(actor=sam, statement=draft)
    both = join("erin", powers=("drafter", "approver"))
    Statement.objects.filter(pk=draft.pk).update(drafter=both)
    with pytest.raises(SecondPersonNeeded):
        actions.publish(actor=both, statement=draft)
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.filter(pk=draft.pk).update(approver=both)


def test_a_draft_is_not_published_before_review(draft: Any, dana: Any) -> None:
    with pytest.raises(WrongState):
        actions.publish(actor=dana, statement=draft)


def test_the_approver_can_send_it_back_with_a_reason(draft: Any, sam: Any, dana: Any) -> None:
    actions.submit_for_review(actor=sam, statement=draft)
    with pytest.raises(RoyaltiesRefused):
        actions.send_back(actor=dana, statement=draft, reason=" ")
    assert actions.send_back(actor=dana, statement=draft, reason="The mix is missing.").status == "draft"


def test_who_became_staff_with_a_line_is_refused_everywhere(draft: Any, alice: Any, sam: Any, dana: Any) -> None:
    from profiles.actions import grant_powers
    from profiles.models import StaffPower

    actions.submit_for_review(actor=sam, statement=draft)
    grant_powers(actor=None, artist=alice, powers=list(StaffPower))
    with pytest.raises(ConflictOfInterest):
        actions.publish(actor=alice, statement=draft)
    with pytest.raises(ConflictOfInterest):
        actions.withdraw_statement(actor=alice, statement=draft, reason="No.")


def test_a_lineage_neighbour_is_refused(earning: Any, alice: Any, dana: Any, draft: Any, sam: Any) -> None:
    """Dana's own remix of a work that earns here ties her to it."""
    published(dana, "Steam again", sources=[(alice.contributions.get(), "inspired")])
    actions.submit_for_review(actor=sam, statement=draft)
    with pytest.raises(ConflictOfInterest, match="source or a remix"):
        actions.publish(actor=dana, statement=draft)


def test_a_revision_stands_beside_the_first_with_its_reason(
    open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    before = {line.payee_id: line.amount_minor for line in open_statement.current.lines.all()}
    with_factor(open_statement, sam, dana, 20_000, place=2)
    revised(open_statement, sam, dana, finish_jobs, reason="The song is played twice.")
    assert open_statement.current.number == 2
    assert Publication.objects.filter(statement=open_statement).count() == 2
    first = Publication.objects.get(number=1).revision
    assert {line.payee_id: line.amount_minor for line in first.lines.all()} == before
    assert open_statement.current.reason == "The song is played twice."
    assert open_statement.current.input["adjustments"][0]["reason"] == "It is read twice."


def test_a_revision_needs_a_reason_and_another_pair_of_eyes(
    open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    with pytest.raises(RoyaltiesRefused):
        actions.revise(actor=sam, statement=open_statement, reason="")
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="Again.")
    with pytest.raises(NotAllowed):
        actions.publish(actor=sam, statement=open_statement)
    with pytest.raises(WrongState):
        actions.revise(actor=sam, statement=open_statement, reason="And again.")
    actions.drop_revision(actor=sam, statement=open_statement)
    open_statement.refresh_from_db()
    assert open_statement.pending is None
    assert open_statement.current.number == 1


def test_a_revision_never_shortens_the_window_and_leaves_72_hours(
    open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    ends = open_statement.window_ends_at
    revised(open_statement, sam, dana, finish_jobs, now=ends - 10 * DAY)
    assert open_statement.window_ends_at == ends
    revised(open_statement, sam, dana, finish_jobs, now=ends - dt.timedelta(hours=5))
    assert open_statement.window_ends_at == ends + dt.timedelta(hours=67)
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.filter(pk=open_statement.pk).update(window_ends_at=ends)


def test_who_loses_more_than_a_little_has_seven_days(
    open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    ends = open_statement.window_ends_at
    with_factor(open_statement, sam, dana, 30_000, place=1)
    # Half of the other lines would do; a poem of three times the weight alone in its department moves nothing.
    with_factor(open_statement, sam, dana, 0, place=3)
    now = ends - dt.timedelta(hours=5)
    revised(open_statement, sam, dana, finish_jobs, now=now)
    assert open_statement.window_ends_at == now + 7 * DAY


def test_after_day_38_there_is_no_revision(open_statement: Any, sam: Any) -> None:
    with pytest.raises(WrongState, match="correction statement"):
        actions.revise(actor=sam, statement=open_statement, reason="Late.", now=open_statement.published_at + 39 * DAY)


def test_an_adjustment_needs_a_reason_and_a_second_person(open_statement: Any, alice: Any, sam: Any, dana: Any) -> None:
    cue = open_statement.cut.cues.get(position=1)
    with pytest.raises(RoyaltiesRefused):
        actions.propose_factor(actor=sam, statement=open_statement, cue=cue, factor_bps=5000, reason="")
    row = actions.propose_award(
        actor=sam, statement=open_statement, payee=alice.payee, amount_minor=5_000, reason="She began it."
    )
    with pytest.raises(NotAllowed):
        actions.approve_adjustment(actor=sam, adjustment=row)
    actions.approve_adjustment(actor=dana, adjustment=row)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(reason="Something else.")


def test_an_award_comes_off_the_top(open_statement: Any, alice: Any, sam: Any, dana: Any, finish_jobs: Any) -> None:
    row = actions.propose_award(
        actor=sam, statement=open_statement, payee=alice.payee, amount_minor=5_000, reason="She began it."
    )
    actions.approve_adjustment(actor=dana, adjustment=row)
    revised(open_statement, sam, dana, finish_jobs)
    line = open_statement.current.lines.get(payee=alice.payee)
    assert line.award_minor == 5_000
    assert sum(item.amount_minor for item in line.items.all()) == line.amount_minor - 5_000


def test_an_award_over_the_cap_cannot_be_computed(
    open_statement: Any, alice: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    row = actions.propose_award(
        actor=sam, statement=open_statement, payee=alice.payee, amount_minor=56_729, reason="Too much."
    )
    actions.approve_adjustment(actor=dana, adjustment=row)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="An award.")
    open_statement.refresh_from_db()
    assert open_statement.stage == "failed"
    assert "1000 bps" in open_statement.failure
    with pytest.raises(WrongState):
        actions.publish(actor=dana, statement=open_statement)


def test_withdrawing_says_why_and_frees_the_days(open_statement: Any, sam: Any, dana: Any) -> None:
    with pytest.raises(RoyaltiesRefused):
        actions.withdraw_statement(actor=dana, statement=open_statement, reason="")
    actions.withdraw_statement(actor=dana, statement=open_statement, reason="The shop sent wrong figures.")
    actions.draft_statement(
        actor=sam,
        production=open_statement.production,
        first_day=open_statement.first_day,
        last_day=open_statement.last_day,
        currency="USD",
    )


def test_rights_are_looked_at_again_before_publishing(draft: Any, bob: Any, sam: Any, dana: Any) -> None:
    from contributions import actions as contributions

    actions.submit_for_review(actor=sam, statement=draft)
    contributions.remove(actor=sam, contribution=bob.contributions.first(), reason="Taken from elsewhere.")
    with pytest.raises(CannotCompute):
        actions.publish(actor=dana, statement=draft)


def test_a_paid_statement_stays_paid(open_statement: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE royalties_statement SET currency = 'EUR'")
    assert later(open_statement) > open_statement.window_ends_at
