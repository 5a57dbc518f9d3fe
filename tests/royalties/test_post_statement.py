"""Closing, making final and posting: once, whole, and only what the stored input gives."""

import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from profiles.models import StaffPower
from projects import actions as projects
from royalties import actions, ledger
from royalties.exceptions import FiguresDiffer, NotAllowed, SecondPersonNeeded, WrongState
from royalties.models import JournalEntry, Statement
from tests.royalties.conftest import balances_add_up, closed, later, revenue_csv


def test_it_closes_only_when_the_window_is_over(open_statement: Any, sam: Any) -> None:
    with pytest.raises(WrongState, match="nobody can shorten it"):
        actions.close_statement(actor=sam, statement=open_statement)
    assert actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement)).status == "closing"


def test_it_does_not_close_while_an_objection_is_open(open_statement: Any, bob: Any, sam: Any, dana: Any) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    objection = actions.raise_objection(
        actor=bob, statement=open_statement, kind="measure", body="It lasts two minutes.", line=line
    )
    with pytest.raises(WrongState, match="1 objection is not answered"):
        actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))
    actions.answer_objection(actor=dana, objection=objection, outcome="declined", reason="We timed it.")
    actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))


def test_it_does_not_close_while_a_revision_waits(open_statement: Any, sam: Any, finish_jobs: Any) -> None:
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="A look again.")
    with pytest.raises(WrongState, match="revision"):
        actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))


def test_it_does_not_close_while_a_revision_has_failed(
    open_statement: Any, alice: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    """What was begun names its drafter, and the cut it could not be computed from: both go with it when it is dropped."""
    row = actions.propose_award(
        actor=sam, statement=open_statement, payee=alice.payee, amount_minor=60_000, reason="Too much."
    )
    actions.approve_adjustment(actor=dana, adjustment=row)
    in_force = open_statement.cut
    projects.lock_cut(actor=sam, cut=projects.new_cut(actor=sam, production=open_statement.production))
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="An award.")
    actions.withdraw_adjustment(actor=sam, adjustment=row, reason="Not after all.")
    actions.approve_taking_back(actor=dana, adjustment=row)
    open_statement.refresh_from_db()
    assert (open_statement.stage, open_statement.cut == in_force) == ("failed", False)
    with pytest.raises(WrongState, match="could not be computed: drop it"):
        actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))
    actions.drop_revision(actor=sam, statement=open_statement)
    assert actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement)).cut == in_force


def test_money_that_came_meanwhile_needs_a_revision_first(open_statement: Any, sam: Any) -> None:
    late = revenue_csv(open_statement.production, "t9,sale,10.00")
    actions.import_csv(actor=sam, kind="revenue", name="late.csv", content=late)
    with pytest.raises(FiguresDiffer, match="gross"):
        actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))


def test_money_for_settled_days_is_refused(open_statement: Any, sam: Any) -> None:
    closed(open_statement, sam)
    late = revenue_csv(open_statement.production, "t9,sale,10.00")
    with pytest.raises(Exception, match="settled"):
        actions.import_csv(actor=sam, kind="revenue", name="late.csv", content=late)


def test_posting_moves_every_amount_at_once(open_statement: Any, sam: Any, dana: Any) -> None:
    final = closed(open_statement, sam)
    before = JournalEntry.objects.count()
    balances_add_up()
    actions.post_statement(actor=dana, statement=final, now=later(final))
    balances_add_up()
    assert JournalEntry.objects.count() == before + 2
    assert ledger.balance(f"pool:pr{final.production_id}:USD").amount_minor == 0
    for line in final.current.lines.all():
        assert ledger.balance(f"payable:{line.payee.code}:USD").amount_minor == -line.amount_minor
    final.refresh_from_db()
    assert final.status == "posted"


def test_who_drafted_it_cannot_post_it(open_statement: Any, sam: Any) -> None:
    from profiles.actions import grant_powers

    final = closed(open_statement, sam)
    with pytest.raises(NotAllowed):
        actions.post_statement(actor=sam, statement=final)
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    with pytest.raises(SecondPersonNeeded):
        actions.post_statement(actor=sam, statement=final)


def test_only_a_final_statement_is_posted_and_only_once(open_statement: Any, sam: Any, dana: Any) -> None:
    with pytest.raises(WrongState):
        actions.post_statement(actor=dana, statement=open_statement)
    final = closed(open_statement, sam)
    actions.post_statement(actor=dana, statement=final)
    with pytest.raises(WrongState):
        actions.post_statement(actor=dana, statement=final)


def test_a_posted_statement_does_not_go_back(open_statement: Any, sam: Any, dana: Any) -> None:
    final = closed(open_statement, sam)
    actions.post_statement(actor=dana, statement=final)
    with pytest.raises(WrongState):
        actions.withdraw_statement(actor=dana, statement=final, reason="Oh no.")
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.filter(pk=final.pk).update(status="final")


def test_a_statement_altered_behind_our_back_is_not_posted(
    open_statement: Any, sam: Any, dana: Any, monkeypatch: Any
) -> None:
    """The stored result must come out of the stored input; the engine of another version would be noticed."""
    from royalties.actions import posting

    final = closed(open_statement, sam)
    honest = posting.allocate

    def crooked(document: dict[str, Any]) -> dict[str, Any]:
        result = honest(document)
        first, second = sorted(result["amounts"])
        result["amounts"][first] += 1
        result["amounts"][second] -= 1
        return result

    monkeypatch.setattr(posting, "allocate", crooked)
    with pytest.raises(FiguresDiffer):
        actions.post_statement(actor=dana, statement=final)
    assert final.current.pool_minor == 567_283


def test_two_who_post_at_the_same_moment_post_once(committed_db: str, open_statement: Any, sam: Any, dana: Any) -> None:
    final = closed(open_statement, sam)
    before = JournalEntry.objects.count()
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def post() -> None:
        start.wait()
        try:
            actions.post_statement(actor=dana, statement=final, now=later(final))
            outcomes.append("posted")
        except WrongState:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["posted", "refused", "refused", "refused"]
    assert JournalEntry.objects.count() == before + 2
    balances_add_up()
