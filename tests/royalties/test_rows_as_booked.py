"""check_ledger: a row of money that no longer says what was booked for it is named."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.utils import timezone

from royalties import actions, bookings, checks
from royalties.models import (
    Batch,
    Conversion,
    Cost,
    Income,
    JournalEntry,
    Payout,
    Reserve,
    Revision,
    Statement,
    Suspense,
)  # fmt: skip
from tests.royalties.conftest import triggers_on
from tests.royalties.corrections import corrected, half_is_of, next_quarter, split_found_wrong
from tests.royalties.payees import ready
from tests.royalties.reports import booked, shop_rows
from tests.support.cast import join
from tests.support.databases import Databases


@pytest.fixture
def superuser(committed_db: str, posted: Any, databases: Databases) -> Iterator[None]:
    """Somebody whom no trigger holds up; a statement is posted."""
    with databases.used(databases.url(committed_db).replace("//app@", "//postgres@")):
        yield


def said_of(row: models.Model, **values: Any) -> list[str]:
    """All breaches with this row changed behind the triggers; then it is as before."""
    with behind_the_triggers(row) as cursor:
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        triggers_on(cursor, row._meta.db_table)
        return breaches()


def said_without(row: models.Model) -> list[str]:
    """All breaches with this row gone; then it is there again."""
    with behind_the_triggers(row) as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        triggers_on(cursor, row._meta.db_table)
        return breaches()


@contextmanager
def behind_the_triggers(row: models.Model) -> Iterator[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"ALTER TABLE {row._meta.db_table} DISABLE TRIGGER USER")
        yield cursor
        transaction.set_rollback(True)


def unwanted(*keys: str) -> list[str]:
    """What is said of the entries under these keys when no row asks for them any more."""
    entries = JournalEntry.objects.filter(idempotency_key__in=keys).order_by("pk")
    return [f"entry {entry.pk} is there as {entry.idempotency_key}, and no row asks for it" for entry in entries]


def breaches() -> list[str]:
    return [breach for _name, breaches in checks.run_checks() for breach in breaches]


@pytest.mark.parametrize(
    "change", [{"amount_minor": 1}, {"received_on": "2026-08-16"}, {"channel": "fair"}, {"production": 999}]
)
def test_an_income_that_says_something_else_is_named(superuser: None, change: dict[str, Any]) -> None:
    income = Income.objects.get(kind="sale")
    assert said_of(income, **change)[0] == f"income {income.pk} says something else than inc:bandcamp:t1"


def test_an_income_under_another_number_is_missed(superuser: None) -> None:
    income = Income.objects.get(kind="sale")
    assert said_of(income, transaction="t2") == [
        f"income {income.pk} is not booked as inc:bandcamp:t2",
        *unwanted("inc:bandcamp:t1"),
    ]


def test_a_row_that_nothing_could_be_booked_for_is_named_and_the_others_are_looked_at(
    superuser: None, posted: Any, sam: Any, dana: Any
) -> None:
    income = Income.objects.get(kind="sale")
    conversion = Conversion.objects.create(
        production=posted.production, sold="EUR", bought="USD", first_day="2026-07-01", last_day="2026-07-31",
        numerator=11, denominator=10, lines=[{}], reason="Euros.", proposed_by=sam, approved_by=dana,
        approved_at=timezone.now(),
    )  # fmt: skip
    assert set(said_of(income, amount_minor=1)) == {
        f"income {income.pk} says something else than inc:bandcamp:t1",
        f"conversion {conversion.pk} cannot be booked as it stands: KeyError('from')",
        f"conversion {conversion.pk} has another rate than the recorded ones that it names",
        f"conversion {conversion.pk} does not take its line 1 over at its rate",
    }


def test_a_cost_counts_exactly_as_it_was_booked(superuser: None, sam: Any, posted: Any) -> None:
    cost = Cost.objects.get()
    assert said_of(cost, approved_by=None, approved_at=None) == [
        f"cost {cost.pk} does not count, and cost:{cost.invoice} is booked",
        *unwanted(f"cost:{cost.invoice}"),
    ]
    waiting = Cost.objects.create(
        production=posted.production, invoice="I-2", supplier="Post", category="post", amount_minor=50_000,
        currency="USD", paid_on="2026-11-01", created_by=sam,
    )  # fmt: skip
    assert said_of(waiting) == []
    assert said_of(waiting, is_within_limit=True) == [f"cost {waiting.pk} is not booked as cost:I-2"]


@pytest.mark.parametrize("state", ["withdrawn", "published", "final"])
def test_a_statement_that_is_booked_is_called_nothing_else(superuser: None, posted: Any, state: str) -> None:
    """Otherwise its days would be open again, and the same money could be divided once more."""
    words = [
        f"statement {posted.pk} does not count, and st:{posted.code}:{step} is booked" for step in ("split", "alloc")
    ]
    assert said_of(posted) == []
    assert {*words} <= {*said_of(posted, status=state, withdrawn_reason="We erred.")}


def test_a_statement_was_posted_on_the_day_that_its_entries_took_effect(superuser: None, posted: Any) -> None:
    """In the summary of a year its shares count on that day."""
    words = [f"statement {posted.pk} says something else than st:{posted.code}:{step}" for step in ("split", "alloc")]
    said = said_of(posted, posted_at=posted.posted_at + dt.timedelta(days=366))
    assert said == words
    assert "cannot be booked as it stands" in said_of(posted, posted_at=None)[0]
    assert said_of(posted, status="paid") == []


def test_what_a_correction_moved_was_booked_on_the_day_of_its_posting(
    superuser: None, posted: Any, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    with transaction.atomic():
        split_found_wrong(posted, bob, charlie)
    by_shares = corrected(posted, sam, dana, finish_jobs, "shares")
    following = next_quarter(posted.production, sam, dana, finish_jobs)
    with transaction.atomic():
        half_is_of(posted, charlie, bob)
    by_house = corrected(posted, sam, dana, finish_jobs, "house")
    assert breaches() == []
    day = dt.timedelta(days=1)
    name = f"correction {by_shares.pk} by statement {following.pk}"
    said = said_of(following, posted_at=following.posted_at + day)
    assert f"{name} says something else than st:{following.code}:corr:{by_shares.pk}" in said
    name = f"correction {by_house.pk} by statement {by_house.pk}"
    said = said_of(by_house, posted_at=by_house.posted_at + day)
    for key in f"st:{by_house.code}:corr:1", f"st:{by_house.code}:split":
        assert f"{name} says something else than {key}" in said
    said = said_of(by_house, status="withdrawn", withdrawn_reason="We erred.")
    assert f"{name} cannot be booked as it stands: ValueError('it is withdrawn')" in said


def test_what_is_taken_back_says_what_and_when(superuser: None, posted: Any, sam: Any, dana: Any) -> None:
    cost = Cost.objects.get()
    row = actions.reverse_cost(actor=sam, cost=cost, reason="Mistyped.")
    assert said_of(row, takes_effect_on="2026-12-01") == []
    actions.approve_reversal(actor=dana, reversal=row)
    entry = JournalEntry.objects.get(kind="reversal")
    key = f"reversal:{entry.reverses_id}"
    assert said_of(row) == []
    assert said_of(row, takes_effect_on="2026-12-01") == [f"reversal {row.pk} says something else than {key}"]
    assert set(said_of(cost, again=1)) == {
        f"cost {cost.pk} is not booked as cost:{cost.invoice}:1",
        f"reversal {row.pk} cannot be booked as it stands: LookupError('nothing is booked for {cost.invoice}')",
        *unwanted(f"cost:{cost.invoice}", key),
    }
    assert said_without(row) == [*unwanted(key), f"entry {entry.pk} comes from reversal {row.pk}, which is gone"]


def test_what_waits_again_is_what_was_taken_back(superuser: None, posted: Any, sam: Any, dana: Any) -> None:
    booked(dana, shop_rows("1;10.00;0.50", title="Another film"))
    first = Suspense.objects.get()
    actions.resolve_suspense(actor=dana, suspense=first, production=posted.production, reason="Found.")
    sale = Income.objects.get(kind="sale", transaction=first.transaction)
    actions.reverse_income(actor=sam, income=sale, reason="The wrong film.")
    again = Suspense.objects.get(again=1)
    words = f"suspense {again.pk} waits again with other figures than the first time"
    assert breaches() == []
    assert said_of(again, amount_minor=1_001) == said_of(again, channel="fair") == [words]
    gone = f"what came out of suspense as {first.transaction} of bandcamp was taken back and does not wait again"
    assert said_without(again) == [gone]
    wrong = f"suspense {again.pk} waits again, and nothing that it became was taken back"
    assert said_of(again, again=2) == [wrong, gone]
    assert any(said.startswith(f"income {sale.pk} is not booked as inc:") for said in said_of(sale, again=3))


def test_a_reserve_is_not_taken_for_one_of_its_statement_that_was_dropped(
    superuser: None, posted: Any, sam: Any, dana: Any
) -> None:
    draft = Statement.objects.create(
        production=posted.production, cut=posted.cut, currency="USD", period=("2026-10-01", "2027-01-01"), drafter=sam
    )
    draft.refresh_from_db()
    who = {"statement": draft, "amount_minor": 100, "reason": "Returns.", "proposed_by": sam}
    Reserve.objects.create(**who, dropped_at=timezone.now())
    held = Reserve.objects.create(**who, approved_by=dana, approved_at=timezone.now())
    bookings.reserve_held(held)
    assert said_of(held) == []
    key = f"rsv:{draft.code}:hold"
    words = [f"reserve {held.pk} does not count, and {key} is booked", *unwanted(key)]
    assert said_of(held, approved_by=None, approved_at=None)[-2:] == words


@pytest.mark.parametrize("state", ["pending", "dropped"])
def test_a_payout_in_no_ledger_is_what_was_proposed(superuser: None, alice: Any, sam: Any, state: str) -> None:
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    if state == "dropped":
        actions.drop_batch(actor=sam, batch=batch)
    payout = Payout.objects.get()
    words = [f"batch {batch.pk} has other payouts than it was prepared with"]
    assert said_of(payout) == []
    assert said_of(payout, amount_minor=payout.amount_minor - 1) == words
    other = payout.destination_id + 1
    gone = f"payout {payout.pk} names payout destination {other}, which is gone"
    assert said_of(payout, destination=other) == [*words, gone]
    assert said_of(batch, proposed_sha256="a" * 64) == words


@pytest.mark.parametrize("end", ["settled", "failed", "returned"])
def test_what_became_of_a_payout_is_as_it_was_booked(
    superuser: None, alice: Any, sam: Any, dana: Any, end: str
) -> None:
    ready(alice)
    batch = actions.submit_batch(actor=dana, batch=actions.batch_payouts(actor=sam, currency="USD"))
    payout = batch.payouts.get()
    if end != "failed":
        actions.settle_payout(actor=dana, payout=payout, provider_reference="PP-1")
    if end != "settled":
        act = actions.return_payout if end == "returned" else actions.fail_payout
        act(actor=dana, payout=payout, reason="Closed")
    payout.refresh_from_db()
    field, key = ("settled_at", "ok") if end == "settled" else ("failed_at", "fail")
    other = getattr(payout, field) - dt.timedelta(days=1)
    words = [f"payout {payout.code} says something else than po:{batch.pk}:{payout.code}:{key}"]
    if end == "returned":
        settled = JournalEntry.objects.get(idempotency_key=f"po:{batch.pk}:{payout.code}:ok")
        words.append(f"payout {payout.code} says something else than reversal:{settled.pk}")
    assert said_of(payout) == []
    assert said_of(payout, **{field: other}) == words


def test_what_authorities_keep_is_what_the_payout_says(superuser: None, alice: Any, sam: Any) -> None:
    ready(alice)
    payout = actions.batch_payouts(actor=sam, currency="USD").payouts.get()
    words = f"payout {payout.code} says that 1 is withheld, and authorities keep 0"
    assert words in said_of(payout, withheld_minor=1)


def test_a_row_that_is_gone_is_missed_by_its_entry_and_by_who_points_at_it(superuser: None, posted: Any) -> None:
    income, cost = Income.objects.get(kind="sale"), Cost.objects.get()
    entries = {json.loads(source).popitem(): pk for pk, source in JournalEntry.objects.values_list("pk", "source")}
    assert said_without(cost) == [
        *unwanted(f"cost:{cost.invoice}"),
        f"entry {entries['cost', cost.pk]} comes from cost {cost.pk}, which is gone",
    ]
    assert said_without(income) == [
        *unwanted("inc:bandcamp:t1"),
        f"entry {entries['income', income.pk]} comes from income {income.pk}, which is gone",
    ]
    said = said_without(income.source)
    assert said == [f"income {income.pk} names import {income.source_id}, which is gone"]


def test_a_revision_is_missed_within_its_own_statement(superuser: None, posted: Any) -> None:
    entry = JournalEntry.objects.filter(source__contains='"revision"').earliest("pk")
    said = said_without(posted.current)
    assert f"entry {entry.pk} comes from revision 1 of statement {posted.pk}, which is gone" in said


def test_a_source_that_is_no_object_does_not_keep_the_check_from_looking(superuser: None, posted: Any) -> None:
    entry = JournalEntry.objects.order_by("pk").first()
    assert entry
    said = said_of(entry, source="{")
    assert said
    assert not [breach for breach in said if breach.endswith("gone")]


def test_a_batch_from_before_gets_the_hash_that_a_new_one_has(superuser: None, alice: Any, bob: Any, sam: Any) -> None:
    for artist in (alice, bob):
        ready(artist)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    assert batch.payouts.count() == 2
    Batch.objects.update(proposed_sha256="")
    with connection.cursor() as cursor:
        cursor.execute(import_module("royalties.migrations.0014_what_was_proposed").FILL)
    assert Batch.objects.get().proposed_sha256 == batch.proposed_sha256 == batch.proposal_hash()


def test_a_revision_from_before_gets_who_drafted_it_from_the_events(superuser: None, posted: Any, sam: Any) -> None:
    kim = join("kim", powers=("drafter",))
    with transaction.atomic():
        correction = actions.draft_correction(actor=kim, statement=posted, funding="house", reason="An idea.")
    actions.compute_statement(statement_id=correction.pk, run=correction.run)
    Statement.objects.update(drafter=sam)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE royalties_revision ALTER COLUMN drafted_by_id DROP NOT NULL")
        cursor.execute("ALTER TABLE royalties_revision DISABLE TRIGGER append_only_rows")
        cursor.execute("UPDATE royalties_revision SET drafted_by_id = NULL")
        cursor.execute(import_module("royalties.migrations.0023_who_drafted").FILL)
    assert list(Revision.objects.order_by("pk").values_list("drafted_by", flat=True)) == [sam.pk, kim.pk]
