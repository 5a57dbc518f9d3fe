"""Awards that nobody gives to themselves, and judgements that two people take back, with a public reason."""

from typing import Any

import pytest
from django.urls import reverse

from profiles.actions import grant_powers
from profiles.models import StaffPower
from royalties import actions
from royalties.exceptions import ConflictOfInterest, RoyaltiesRefused, SecondPersonNeeded, WrongState
from tests.royalties.conftest import booked, later, opened, payable, revenue_csv
from tests.royalties.corrections import breaches
from tests.royalties.test_money_admin import move
from tests.royalties.test_one_person import tied
from tests.royalties.test_publish_statement import DAY, revised, with_factor
from tests.support.cast import join


def award(statement: Any, sam: Any, artist: Any) -> Any:
    payee = actions.payees_for([artist])[artist.pk]
    return actions.propose_award(actor=sam, statement=statement, payee=payee, amount_minor=5_000, reason="Thanks.")


def test_staff_get_no_award(open_statement: Any, sam: Any, dana: Any) -> None:
    for who in (dana, join("erin", powers=("producer",))):
        with pytest.raises(RoyaltiesRefused, match="Staff are paid"):
            award(open_statement, sam, who)
    with pytest.raises(ConflictOfInterest):
        award(open_statement, sam, sam)


def test_nobody_approves_an_award_to_themselves(open_statement: Any, sam: Any, charlie: Any, dana: Any) -> None:
    row = award(open_statement, sam, charlie)
    grant_powers(actor=None, artist=charlie, powers=[StaffPower.APPROVER])
    with pytest.raises(ConflictOfInterest):
        actions.approve_adjustment(actor=charlie, adjustment=row)
    with pytest.raises(RoyaltiesRefused, match="Staff are paid"):
        actions.approve_adjustment(actor=dana, adjustment=row)


def test_an_award_to_ones_other_account_is_one_to_oneself(
    open_statement: Any, sam: Any, charlie: Any, dana: Any
) -> None:
    row = award(open_statement, sam, charlie)
    tied(charlie, dana)
    with pytest.raises(ConflictOfInterest):
        actions.approve_adjustment(actor=dana, adjustment=row)


def test_a_proposal_is_given_up_at_once(open_statement: Any, sam: Any, alice: Any) -> None:
    row = award(open_statement, sam, alice)
    assert actions.withdraw_adjustment(actor=sam, adjustment=row).withdrawn_at is not None


def test_what_is_approved_is_taken_back_with_a_reason_and_by_two(
    client: Any, open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    row = with_factor(open_statement, sam, dana, 20_000, place=2)
    revised(open_statement, sam, dana, finish_jobs)
    with pytest.raises(RoyaltiesRefused, match="Give a reason"):
        actions.withdraw_adjustment(actor=sam, adjustment=row)
    with pytest.raises(WrongState):
        actions.approve_taking_back(actor=dana, adjustment=row)
    actions.withdraw_adjustment(actor=sam, adjustment=row, reason="It was counted twice.")
    row.refresh_from_db()
    assert (row.withdrawn_at, row.back_by, row.back_reason) == (None, sam, "It was counted twice.")
    with pytest.raises(WrongState, match="already"):
        actions.withdraw_adjustment(actor=dana, adjustment=row, reason="Me too.")
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    sam.refresh_from_db()
    with pytest.raises(SecondPersonNeeded):
        actions.approve_taking_back(actor=sam, adjustment=row)
    actions.approve_taking_back(actor=dana, adjustment=row)
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    revised(open_statement, sam, dana, finish_jobs)
    assert open_statement.current.input["adjustments"] == []
    said = client.get(reverse("royalties:changes", args=[open_statement.pk])).text
    assert "taken back" in said
    assert "It was counted twice." in said


def test_taking_back_by_the_admins_buttons(client: Any, open_statement: Any, sam: Any, dana: Any) -> None:
    row = with_factor(open_statement, sam, dana, 20_000)
    client.force_login(sam)
    assert "Give a reason" in move(client, row, "take_back")[-1]
    assert "taken back" in move(client, row, "take_back", "It was counted twice.")[-1]
    page = client.get(reverse("admin:royalties_adjustment_change", args=[row.pk])).text
    assert "Agree that it is taken back" in page
    client.force_login(dana)
    assert "taken back" in move(client, row, "agree")[-1]
    row.refresh_from_db()
    assert (row.back_by, row.withdrawn_by) == (sam, dana)


def test_a_draft_without_what_was_approved_since_is_not_submitted(
    draft: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    with_factor(draft, sam, dana, 20_000)
    with pytest.raises(WrongState, match="compute again"):
        actions.submit_for_review(actor=sam, statement=draft)
    with finish_jobs():
        actions.recompute_statement(actor=sam, statement=draft)
    assert actions.submit_for_review(actor=sam, statement=draft).status == "review"


def test_a_revision_without_what_was_approved_since_is_not_published_and_nothing_closes(
    open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="A look.")
    row = with_factor(open_statement, sam, dana, 20_000)
    with pytest.raises(WrongState, match="compute again"):
        actions.publish(actor=dana, statement=open_statement)
    actions.drop_revision(actor=sam, statement=open_statement)
    with pytest.raises(WrongState, match="compute again"):
        actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))
    actions.withdraw_adjustment(actor=sam, adjustment=row, reason="Not after all.")
    actions.approve_taking_back(actor=dana, adjustment=row)
    assert actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement)).status == "closing"


def test_after_day_38_an_award_that_no_longer_fits_the_pool_is_taken_back(
    open_statement: Any, alice: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    """A refund has made the pool, and so the cap of awards, too small for it; without this nothing could close any more."""
    payee = alice.payee
    row = actions.propose_award(
        actor=sam, statement=open_statement, payee=payee, amount_minor=56_000, reason="She began it."
    )
    actions.approve_adjustment(actor=dana, adjustment=row)
    revised(open_statement, sam, dana, finish_jobs)
    late = open_statement.published_at + 39 * DAY
    actions.withdraw_adjustment(actor=sam, adjustment=row, reason="It does not fit any more.")
    with pytest.raises(WrongState, match="correction statement"):
        actions.approve_taking_back(actor=dana, adjustment=row, now=late)
    refund = revenue_csv(open_statement.production, "r1,refund,1000.00")
    actions.import_csv(actor=sam, kind="revenue", name="refund.csv", content=refund)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="A refund.", now=late)
    open_statement.refresh_from_db()
    assert open_statement.stage == "failed"
    actions.drop_revision(actor=sam, statement=open_statement)
    actions.approve_taking_back(actor=dana, adjustment=row, now=late)
    revised(open_statement, sam, dana, finish_jobs, now=late)
    assert not open_statement.current.lines.get(payee=payee).award_minor
    assert actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement)).status == "closing"


@pytest.fixture
def awarded(open_statement: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any) -> Any:
    """An award to charlie that is booked."""
    actions.approve_adjustment(actor=dana, adjustment=award(open_statement, sam, charlie))
    revised(open_statement, sam, dana, finish_jobs)
    return booked(open_statement, sam, dana)


def correction_of(statement: Any, sam: Any, finish_jobs: Any) -> Any:
    with finish_jobs():
        correction = actions.draft_correction(
            actor=sam, statement=statement, funding="shares", reason="The award was meant for alice."
        )
    correction.refresh_from_db()
    return correction


def test_an_award_that_is_booked_is_left_out_by_a_correction_with_a_reason_and_by_two(
    client: Any, awarded: Any, alice: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    row = awarded.adjustments.get()
    had = payable(charlie)
    with pytest.raises(WrongState, match="begin one"):
        actions.withdraw_adjustment(actor=sam, adjustment=row, reason="It was meant for alice.")
    correction = correction_of(awarded, sam, finish_jobs)
    assert correction.pending.input["adjustments"] == awarded.current.input["adjustments"]
    with pytest.raises(RoyaltiesRefused, match="Give a reason"):
        actions.withdraw_adjustment(actor=sam, adjustment=row)
    actions.withdraw_adjustment(actor=sam, adjustment=row, reason="It was meant for alice.")
    actions.approve_taking_back(actor=dana, adjustment=row)
    actions.approve_adjustment(actor=dana, adjustment=award(correction, sam, alice))
    with pytest.raises(WrongState, match="compute again"):
        actions.submit_for_review(actor=sam, statement=correction)
    with finish_jobs():
        actions.recompute_statement(actor=sam, statement=correction)
    opened(correction, sam, dana)
    said = client.get(reverse("royalties:changes", args=[correction.pk])).text
    assert "taken back" in said
    assert "It was meant for alice." in said
    final = booked(correction, sam, dana)
    deltas = {share.payee.artist: share.delta_minor for share in final.correction_shares.all()}
    assert deltas == {charlie: -5_000, alice: 5_000}
    assert payable(charlie) == had
    assert awarded.adjustments.get().withdrawn_at is not None
    assert breaches() == []


def test_what_is_booked_is_taken_back_by_nobody_near_it_and_not_without_a_correction(
    awarded: Any, alice: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    row = awarded.adjustments.get()
    correction = correction_of(awarded, sam, finish_jobs)
    grant_powers(actor=None, artist=alice, powers=[StaffPower.DRAFTER])
    with pytest.raises(ConflictOfInterest):
        actions.withdraw_adjustment(actor=alice, adjustment=row, reason="Mine is better.")
    actions.withdraw_adjustment(actor=sam, adjustment=row, reason="It was meant for alice.")
    actions.withdraw_statement(actor=dana, statement=correction, reason="Begun too early.")
    with pytest.raises(WrongState, match="begin one"):
        actions.approve_taking_back(actor=dana, adjustment=row)


def test_a_factor_that_is_booked_is_taken_back_by_another_factor(
    open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    row = with_factor(open_statement, sam, dana, 20_000, place=2)
    revised(open_statement, sam, dana, finish_jobs)
    correction_of(booked(open_statement, sam, dana), sam, finish_jobs)
    with pytest.raises(WrongState, match="Posted"):
        actions.withdraw_adjustment(actor=sam, adjustment=row, reason="Too much.")
