"""Drafting: what goes into the canonical input, and what opens no statement."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from contributions import actions as contributions
from projects import actions as projects
from royalties import actions
from royalties.exceptions import CannotCompute, NotAllowed, RoyaltiesRefused, WrongState
from royalties.models import Cost, Payee, Revision, Statement
from tests.contributions.works import published, ready
from tests.royalties.conftest import FIRST, LAST, NEW_YEAR, cost_csv, drafted, earned, film_of, place, revenue_csv


def test_the_input_holds_what_the_ledger_and_the_cut_say(draft: Any) -> None:
    document = draft.pending.input
    assert document["money"] == {
        "gross": 1_234_567,
        "refunds": 0,
        "fees": 0,
        "reserve_held": 0,
        "reserve_released": 0,
        "costs": 100_001,
        "carried_loss": 0,
        "pool_bps": 5000,
    }
    assert [line["quantity"] for line in document["lines"]] == [120, 90_000, 60_000]
    assert sum(document["departments"].values()) == 10_000
    song = next(line["contribution"] for line in document["lines"] if line["dept"] == "music")
    assert list(document["contributions"][song]["parents"].values()) == [2000]


def test_it_is_computed_by_a_job_that_says_how_far_it_is(draft: Any) -> None:
    assert (draft.status, draft.stage, draft.percent) == ("draft", "done", 100)
    assert draft.pending.number == 1
    assert draft.pending.attempt == 1


def test_computing_again_gives_the_same_bytes(draft: Any, sam: Any, finish_jobs: Any) -> None:
    with finish_jobs():
        actions.recompute_statement(actor=sam, statement=draft)
    first, second = Revision.objects.order_by("attempt")
    assert bytes(first.input_bytes) == bytes(second.input_bytes)
    assert first.result_sha256 == second.result_sha256
    draft.refresh_from_db()
    assert draft.pending == second


def test_a_run_that_was_overtaken_or_delivered_twice_writes_nothing(draft: Any) -> None:
    assert actions.compute_statement(statement_id=draft.pk, run=draft.run) is None
    assert actions.compute_statement(statement_id=draft.pk, run=draft.run - 1) is None
    assert Revision.objects.count() == 1


def queued(earning: Any, sam: Any) -> Statement:
    """A draft whose message nobody takes."""
    return actions.draft_statement(actor=sam, production=earning, first_day=FIRST, last_day=LAST, currency="USD")


def test_a_run_whose_message_was_lost_is_sent_again(earning: Any, sam: Any, finish_jobs: Any) -> None:
    draft = queued(earning, sam)
    assert actions.resume_computations() == 0
    later = timezone.now() + dt.timedelta(minutes=6)
    with finish_jobs():
        assert actions.resume_computations(now=later) == 1
    draft.refresh_from_db()
    assert (draft.stage, draft.run, draft.pending.run) == ("done", 1, 1)
    assert actions.resume_computations(now=later + dt.timedelta(days=1)) == 0


def test_a_run_of_a_statement_that_was_withdrawn_is_not_sent_again(earning: Any, sam: Any, dana: Any) -> None:
    draft = queued(earning, sam)
    actions.withdraw_statement(actor=dana, statement=draft, reason="Another film of the same name.")
    assert actions.resume_computations(now=timezone.now() + dt.timedelta(minutes=6)) == 0


def test_a_run_that_is_sent_again_is_given_twice_as_long_each_time(earning: Any, sam: Any, time_machine: Any) -> None:
    began = timezone.now()
    time_machine.move_to(began, tick=False)
    queued(earning, sam)
    sent = []
    for minute in range(80):
        time_machine.move_to(began + dt.timedelta(minutes=minute), tick=False)
        sent += [minute] * actions.resume_computations()
    assert sent == [6, 17, 38, 79]


def test_staff_and_those_who_waive_are_left_out(
    production: Any, alice: Any, bob: Any, sam: Any, finish_jobs: Any
) -> None:
    grade = published(sam, "Grade", production_permission="yes")
    cut = projects.new_cut(actor=sam, production=production)
    place(cut, sam, grade, "edit", "edit", "screen_ms", 60_000)
    projects.lock_cut(actor=sam, cut=cut)
    actions.import_csv(actor=sam, kind="revenue", name="s.csv", content=revenue_csv(production))
    actions.waive_share(actor=alice, contribution=alice.contributions.get())
    statement = drafted(sam, production, finish_jobs)
    kinds = {work["kind"] for work in statement.pending.input["contributions"].values()}
    assert kinds == {"community", "staff", "waived"}
    assert [line.payee.artist for line in statement.pending.lines.all()] == [bob]
    assert not Payee.objects.filter(artist=sam).exists()


def test_a_cost_that_nobody_approved_does_not_count(production: Any, sam: Any, dana: Any, finish_jobs: Any) -> None:
    actions.import_csv(actor=sam, kind="revenue", name="s.csv", content=revenue_csv(production))
    actions.import_csv(actor=sam, kind="cost", name="c.csv", content=cost_csv(production))
    assert drafted(sam, production, finish_jobs).pending.input["money"]["costs"] == 0
    actions.approve_cost(actor=dana, cost=Cost.objects.get())
    statement = Statement.objects.get()
    with finish_jobs():
        actions.recompute_statement(actor=sam, statement=statement)
    statement.refresh_from_db()
    assert statement.pending.input["money"]["costs"] == 100_001


def test_overlapping_days_are_refused_by_action_and_by_postgresql(draft: Any, sam: Any) -> None:
    same = {"production": draft.production, "currency": "USD"}
    with pytest.raises(RoyaltiesRefused, match="already covers"):
        actions.draft_statement(actor=sam, first_day=LAST, last_day=LAST + dt.timedelta(days=30), **same)
    quarter = {"first_day": LAST + dt.timedelta(days=1), "last_day": dt.date(2026, 12, 31)}
    actions.draft_statement(actor=sam, **quarter, **same, now=NEW_YEAR)


def test_what_opens_no_statement(production: Any, alice: Any, sam: Any, dana: Any) -> None:
    days = {"first_day": FIRST, "last_day": LAST, "currency": "USD"}
    for actor in (alice, dana):
        with pytest.raises(NotAllowed):
            actions.draft_statement(actor=actor, production=production, **days)
    with pytest.raises(RoyaltiesRefused):
        actions.draft_statement(actor=sam, production=production, first_day=LAST, last_day=FIRST, currency="USD")
    project = projects.pitch_project(actor=alice, title="No cut", kind="film", logline="Nothing is cut yet.")
    projects.green_light(actor=sam, project=project, reason="Go.")
    bare = projects.start_production(actor=sam, project=project)[0]
    with pytest.raises(CannotCompute, match="no locked cut"):
        actions.draft_statement(actor=sam, production=bare, **days)


def test_a_pool_too_small_rolls_on(production: Any, sam: Any, finish_jobs: Any) -> None:
    actions.import_csv(actor=sam, kind="revenue", name="s.csv", content=revenue_csv(production, "t1,sale,99.98"))
    statement = drafted(sam, production, finish_jobs)
    assert statement.pending.pool_minor == 4_999
    with pytest.raises(RoyaltiesRefused, match="rolls on"):
        actions.submit_for_review(actor=sam, statement=statement)


def test_a_loss_leaves_nobody_owing(production: Any, sam: Any, dana: Any, finish_jobs: Any) -> None:
    actions.import_csv(actor=sam, kind="cost", name="c.csv", content=cost_csv(production))
    actions.approve_cost(actor=dana, cost=Cost.objects.get())
    statement = drafted(sam, production, finish_jobs)
    assert statement.pending.result["waterfall"]["loss_carried"] == 100_001
    assert all(line.amount_minor == 0 for line in statement.pending.lines.all())


def test_two_productions_do_not_mix(earning: Any, alice: Any, bob: Any, sam: Any, finish_jobs: Any) -> None:
    other = film_of(alice, bob, sam, title="Other")
    actions.import_csv(actor=sam, kind="revenue", name="o.csv", content=revenue_csv(other, "x1,sale,500.00"))
    assert drafted(sam, earning, finish_jobs).pending.input["money"]["gross"] == 1_234_567
    assert drafted(sam, other, finish_jobs).pending.input["money"]["gross"] == 50_000


def test_a_removed_source_keeps_the_draft_back(draft: Any, alice: Any, sam: Any) -> None:
    from contributions import actions as contributions

    contributions.remove(actor=sam, contribution=alice.contributions.get(), reason="Not hers.")
    with pytest.raises(CannotCompute):
        actions.submit_for_review(actor=sam, statement=draft)


def test_only_computed_drafts_go_on(earning: Any, sam: Any) -> None:
    statement = actions.draft_statement(actor=sam, production=earning, first_day=FIRST, last_day=LAST, currency="USD")
    with pytest.raises(WrongState):
        actions.submit_for_review(actor=sam, statement=statement)


@pytest.mark.parametrize("table", ["revision", "statementline", "allocationline"])
@pytest.mark.parametrize("sql", ["UPDATE royalties_{} SET id = id", "DELETE FROM royalties_{}"])
def test_postgresql_refuses_to_change_what_was_computed(draft: Any, table: str, sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table))


def test_an_offer_that_was_frozen_with_a_remix_is_what_its_source_gets(
    alice: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    poem = published(alice, "Kettle", production_permission="yes")
    song = ready(bob, "Steam", production_permission="yes", sources=[(poem, "adapts")])
    row = song.draft_sources.get()
    contributions.describe_source(actor=bob, row=row, kind="adapts", note="", offered_bps=4_000)
    song = contributions.publish_contribution(actor=bob, contribution=song)
    project = projects.pitch_project(actor=alice, title="The Lid", kind="film", logline="A kettle looks for its lid.")
    projects.green_light(actor=sam, project=project, reason="It made us laugh.")
    production = projects.start_production(actor=sam, project=project)[0]
    cut = projects.new_cut(actor=sam, production=production)
    place(cut, sam, song, "music", "song", "audible_ms", 90_000)
    projects.lock_cut(actor=sam, cut=cut)
    revision = drafted(sam, earned(production, sam, dana), finish_jobs).pending
    assert revision.input["contributions"][f"c{song.pk}"]["parents"] == {f"c{poem.pk}": 4_000}
    pool = revision.result["waterfall"]["pool"]
    assert revision.result["amounts"][alice.payee.code] == round(Decimal(pool) * 4 / 10)
