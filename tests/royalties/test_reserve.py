"""Reserves: kept back by two people, let go later, never by a correction nor when no revision can show it."""

import datetime as dt
from typing import Any

import pytest

from royalties import actions, ledger, policy
from royalties.exceptions import RoyaltiesRefused, SecondPersonNeeded, WrongState
from royalties.models import Reserve, Statement
from royalties.money import Money
from royalties.movement import movement_of
from tests.royalties.conftest import NEW_YEAR, balances_add_up, closed, later
from tests.royalties.corrections import split_found_wrong

NOON = dt.datetime(2026, 8, 20, 12, tzinfo=dt.UTC)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def balance(code: str) -> int:
    return ledger.balance(code).amount_minor


def test_a_reserve_is_held_by_two_people_and_released_in_a_later_statement(
    draft: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    reserve = actions.propose_reserve(actor=sam, statement=draft, money=usd(100_000), reason="Vinyl comes back.")
    with pytest.raises(SecondPersonNeeded):
        actions.approve_reserve(actor=dana_as_proposer(draft, dana, reserve), reserve=reserve)
    actions.approve_reserve(actor=dana, reserve=reserve)
    assert movement_of(draft)["reserve_held"] == 100_000
    with finish_jobs():
        actions.recompute_statement(actor=sam, statement=draft)
    draft.refresh_from_db()
    assert draft.pending.input["money"]["reserve_held"] == 100_000
    actions.submit_for_review(actor=sam, statement=draft)
    actions.publish(actor=dana, statement=draft)
    draft.refresh_from_db()
    statement = closed(draft, sam)
    actions.post_statement(actor=dana, statement=statement, now=later(statement))
    with finish_jobs():
        after = actions.draft_statement(
            actor=sam,
            production=statement.production,
            first_day=dt.date(2026, 10, 1),
            last_day=dt.date(2026, 12, 31),
            currency="USD",
            now=NEW_YEAR,
        )
    actions.release_reserve(actor=dana, reserve=reserve, statement=after)
    assert movement_of(after)["reserve_released"] == 100_000
    assert movement_of(statement)["reserve_released"] == 0
    with pytest.raises(WrongState):
        actions.release_reserve(actor=dana, reserve=reserve, statement=after)
    assert balance(f"reserve:pr{statement.production_id}:USD") == 0
    balances_add_up()


def dana_as_proposer(draft: Any, dana: Any, reserve: Any) -> Any:
    """Whoever proposed it, with the power to approve."""
    from profiles import actions as profiles

    profiles.grant_powers(actor=dana, artist=reserve.proposed_by, powers=["drafter", "producer", "finance"])
    reserve.proposed_by.refresh_from_db()
    return reserve.proposed_by


def test_a_reserve_has_a_cap_and_its_own_production(draft: Any, sam: Any, dana: Any) -> None:
    with pytest.raises(RoyaltiesRefused, match="At most"):
        actions.propose_reserve(actor=sam, statement=draft, money=usd(308_642), reason="Too much.")
    with pytest.raises(RoyaltiesRefused, match="currency"):
        actions.propose_reserve(actor=sam, statement=draft, money=Money(1, "EUR"), reason="Other.")
    reserve = actions.propose_reserve(actor=sam, statement=draft, money=usd(308_641), reason="Returns.")
    with pytest.raises(WrongState):
        actions.release_reserve(actor=dana, reserve=reserve, statement=draft)
    actions.approve_reserve(actor=dana, reserve=reserve)
    with pytest.raises((RoyaltiesRefused, SecondPersonNeeded)):
        actions.release_reserve(actor=dana, reserve=reserve, statement=draft)


def test_after_day_38_no_reserve_moves_a_statement_that_cannot_be_revised(
    open_statement: Any, sam: Any, dana: Any
) -> None:
    """Only what counted before may still force a revision; what a person decides now comes too late for it."""
    asked: dict[str, Any] = {"actor": sam, "statement": open_statement, "money": usd(100), "reason": "Returns."}
    proposed = actions.propose_reserve(**asked)
    before = earlier_than(open_statement, sam)
    held = Reserve.objects.create(
        statement=before, amount_minor=100, reason="Returns.", proposed_by=sam, approved_by=dana, approved_at=NOON
    )
    late = {"now": open_statement.published_at + policy.NO_REVISION_AFTER + dt.timedelta(minutes=1)}
    with pytest.raises(WrongState, match="38 days"):
        actions.propose_reserve(**asked, **late)
    with pytest.raises(WrongState, match="38 days"):
        actions.approve_reserve(actor=dana, reserve=proposed, **late)
    with pytest.raises(WrongState, match="38 days"):
        actions.release_reserve(actor=dana, reserve=held, statement=open_statement, **late)
    assert movement_of(open_statement)["reserve_held"] == movement_of(open_statement)["reserve_released"] == 0


def earlier_than(statement: Any, sam: Any) -> Any:
    """A withdrawn statement of the quarter before, which may have held something once."""
    return Statement.objects.create(
        production=statement.production,
        cut=statement.cut,
        period=(dt.date(2026, 4, 1), dt.date(2026, 7, 1)),
        currency="USD",
        status=Statement.Status.WITHDRAWN,
        withdrawn_reason="Too small.",
        drafter=sam,
    )


def test_a_correction_has_the_money_of_its_original_so_no_reserve_goes_in_or_out_by_it(
    posted: Any, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    """What is kept back by it was shared already, and would be shared again; what is let go into it by nobody."""
    split_found_wrong(posted, bob, charlie)
    with finish_jobs():
        correction = actions.draft_correction(actor=sam, statement=posted, funding="house", reason="A split.")
    before = balance(f"revenue:pr{posted.production_id}:reserve:USD")
    with pytest.raises(RoyaltiesRefused, match="correction"):
        actions.propose_reserve(actor=sam, statement=correction, money=usd(100), reason="Returns.")
    proposed = Reserve.objects.create(statement=correction, amount_minor=100, reason="Before that.", proposed_by=sam)
    with pytest.raises(RoyaltiesRefused, match="correction"):
        actions.approve_reserve(actor=dana, reserve=proposed)
    held = Reserve.objects.create(
        statement=posted, amount_minor=100, reason="Returns.", proposed_by=sam, approved_by=dana, approved_at=NOON
    )
    with pytest.raises(RoyaltiesRefused, match="correction"):
        actions.release_reserve(actor=dana, reserve=held, statement=correction)
    assert balance(f"revenue:pr{posted.production_id}:reserve:USD") == before
