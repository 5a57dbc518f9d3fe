"""A superuser changes one value of one row, or takes a row away, with every trigger off.

check_ledger names it within a minute.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connections
from psycopg2 import IntegrityError

from royalties import actions, checks
from royalties.checks.sources import NUMBERED, WITHIN
from royalties.models import Income, JournalEntry, Mapping, Payout
from royalties.money import Money
from tests.faults.called import key_of, names_of
from tests.faults.invariants import breaches
from tests.faults.money import decisions, intake, payees, shelf
from tests.faults.studio import SECOND, Studio, here
from tests.soak.chance import tell

SECONDS = 60
WHY = "We looked again."
COUNTS = "(is_within_limit OR approved_by_id IS NOT NULL)"
OF_NO_LINE = """(SELECT max(id) FROM royalties_payee WHERE id NOT IN (
    SELECT payee_id FROM royalties_statementline other WHERE other.revision_id = royalties_statementline.revision_id))"""
#: The address of another row, sealed with the same key.
FOREIGN = """(SELECT other.address_encrypted FROM royalties_destination other
    WHERE other.fingerprint <> royalties_destination.fingerprint AND other.address_encrypted <> '' LIMIT 1)"""
#: Where a change must be noticed: table, column, another value.
CHANGES = [
    ("royalties_journalentry", "kind", "'other'"),
    ("royalties_journalentry", "idempotency_key", "'another:key'"),
    ("royalties_journalentry", "effective_on", "effective_on + 1"),
    ("royalties_journalentry", "posted_at", "posted_at + interval '1 second'"),
    ("royalties_journalentry", "source", "'{}'"),
    ("royalties_journalentry", "request_sha256", "repeat('a', 64)"),
    ("royalties_journalentry", "previous_hash", "repeat('b', 64)"),
    ("royalties_journalentry", "hash", "repeat('c', 64)"),
    ("royalties_journalentry", "n_lines", "n_lines + 1"),
    ("royalties_journalline", "amount_minor", "amount_minor + 1"),
    ("royalties_journalline", "account_id", "(SELECT max(id) FROM royalties_account WHERE id <> account_id)"),
    ("royalties_journalline", "currency", "'EUR'"),
    ("royalties_balance", "balance_minor", "balance_minor - 1"),
    ("royalties_account", "kind", "CASE kind WHEN 'asset' THEN 'equity' ELSE 'asset' END"),
    ("royalties_account", "code", "'x' || code"),
    ("royalties_revision", "input_bytes", "input_bytes || ' '::bytea"),
    ("royalties_revision", "result_bytes", "result_bytes || ' '::bytea"),
    ("royalties_revision", "input_sha256", "repeat('d', 64)"),
    ("royalties_revision", "result_sha256", "repeat('e', 64)"),
    ("royalties_revision", "pool_minor", "pool_minor + 1"),
    ("royalties_statement", "status", "'published'"),
    ("royalties_statement", "status", "'final'"),
    ("royalties_statement", "posted_at", "posted_at - interval '1 year'"),
    ("royalties_statementline", "payee_id", OF_NO_LINE),
    ("royalties_statementline", "amount_minor", "amount_minor + 1"),
    ("royalties_statementline", "award_minor", "award_minor + 1"),
    ("royalties_statementline", "rank", "rank + 1000"),
    ("royalties_allocationline", "line_id", "(SELECT max(id) FROM royalties_statementline WHERE id <> line_id)"),
    ("royalties_allocationline", "payee_id", "(SELECT max(id) FROM royalties_payee WHERE id <> payee_id)"),
    ("royalties_allocationline", "cue_id", "(SELECT max(id) FROM projects_cue WHERE id <> cue_id)"),
    ("royalties_allocationline", "contribution_id", "contribution_id + 1000"),
    ("royalties_allocationline", "depth", "depth + 1"),
    ("royalties_allocationline", "amount_minor", "amount_minor + 1"),
    ("royalties_rowverdict", "outcome", "'lost'"),
    ("royalties_payee", "code", "'x' || code"),
    ("royalties_payout", "amount_minor", "amount_minor * 3"),
    *(("royalties_payout", "status", f"'{status}'") for status in Payout.Status.values),
    ("royalties_payout", "currency", "'EUR'"),
    ("royalties_payout", "destination_id", "destination_id + 1000"),
    ("royalties_payout", "withheld_minor", "withheld_minor + 1"),
    ("royalties_payout", "bought_minor", "bought_minor + 1"),
    ("royalties_payout", "bought", "'CHF'"),
    ("royalties_payout", "payee_id", "payee_id + 1000"),
    ("royalties_payout", "settled_at", "settled_at - interval '1 day'"),
    ("royalties_payout", "failed_at", "failed_at - interval '1 day'"),
    ("royalties_payout", "recovered_at", "failed_at + interval '1 day'"),
    ("royalties_batch", "proposed_sha256", "repeat('f', 64)"),
    ("royalties_batch", "submitted_at", "submitted_at - interval '1 day'"),
    ("royalties_batch", "numerator", "numerator + 1"),
    ("royalties_batch", "bought", "'CHF'"),
    ("royalties_batch_rates", "batch_id", "batch_id + 1000"),
    ("royalties_batch", "status", "'prepared'"),
    ("royalties_batch", "status", "'dropped'"),
    ("royalties_batchfee", "amount_minor", "amount_minor + 1"),
    ("royalties_batchfee", "charged_on", "charged_on + 1"),
    ("royalties_withholding", "amount_minor", "amount_minor - 1"),
    ("royalties_withholding", "authority", "'office-x'"),
    ("royalties_withholding", "payout_id", "payout_id + 1000"),
    ("royalties_remittance", "amount_minor", "amount_minor + 1"),
    ("royalties_remittance", "period", "'1999-01'"),
    ("royalties_income", "amount_minor", "amount_minor + 1"),
    ("royalties_income", "currency", "'GBP'"),
    ("royalties_income", "production_id", "production_id + 1000"),
    ("royalties_income", "channel", "'elsewhere'"),
    ("royalties_income", "provider", "'elsewhere'"),
    ("royalties_income", "transaction", "transaction || 'x'"),
    ("royalties_income", "kind", "CASE kind WHEN 'sale' THEN 'refund' ELSE 'sale' END"),
    ("royalties_income", "received_on", "received_on + 1"),
    ("royalties_income", "again", "again + 1"),
    ("royalties_cost", "amount_minor", "amount_minor + 1"),
    ("royalties_cost", "category", "'legal'"),
    ("royalties_cost", "paid_on", "paid_on - 1"),
    ("royalties_cost", "again", "again + 1"),
    ("royalties_cost", "is_within_limit", "NOT is_within_limit AND approved_by_id IS NULL"),
    ("royalties_suspense", "amount_minor", "amount_minor + 1"),
    ("royalties_suspense", "fee_minor", "fee_minor + 1"),
    ("royalties_suspense", "channel", "'elsewhere'"),
    ("royalties_suspense", "resolution", "'returned'"),
    ("royalties_suspense", "again", "again + 1"),
    ("royalties_reversal", "takes_effect_on", "takes_effect_on + 1"),
    ("royalties_invoice", "amount_minor", "amount_minor + 1"),
    ("royalties_invoice", "provider", "'elsewhere'"),
    ("royalties_invoice", "received_on", "received_on + 1"),
    ("royalties_invoice", "again", "again + 1"),
    ("royalties_transfer", "amount_minor", "amount_minor + 1"),
    ("royalties_transfer", "arrived_on", "arrived_on + 1"),
    ("royalties_transfer", "direction", "'provider'"),
    ("royalties_bankexchange", "sold_minor", "sold_minor + 1"),
    ("royalties_bankexchange", "bought", "'CHF'"),
    ("royalties_bankexchange", "at_rate_minor", "at_rate_minor + 1"),
    ("royalties_bankexchange", "exchanged_on", "exchanged_on + 1"),
    ("royalties_advance", "amount_minor", "amount_minor + 1"),
    ("royalties_advance", "payee_id", "(SELECT max(id) FROM royalties_payee WHERE id <> payee_id)"),
    ("royalties_reserve", "amount_minor", "amount_minor + 1"),
    ("royalties_reserve", "released_in_id", "statement_id"),
    ("royalties_conversion", "last_day", "last_day + 1"),
    ("royalties_unclaimedcase", "amount_minor", "amount_minor + 1"),
    ("royalties_unclaimedcase", "currency", "'EUR'"),
    ("royalties_reportrow", "amount_minor", "amount_minor + 1"),
    ("royalties_reportrow", "fee_minor", "fee_minor + 1"),
    ("royalties_reportrow", "fact", "repeat('a', 64)"),
    ("royalties_reportrow", "outcome", "'known'"),
    ("royalties_payoutreport", "sha256", "repeat('a', 64)"),
    ("royalties_destination", "address_encrypted", FOREIGN),
    ("royalties_taxform", "tax_id_encrypted", FOREIGN.replace("address", "tax_id").replace("destination", "taxform")),
    ("royalties_import", "content", "content || ' '::bytea"),
    ("royalties_import", "sha256", "repeat('b', 64)"),
    ("royalties_exchangerate", "units", "units + 1"),
    ("royalties_exchangerate", "scale", "scale + 1"),
    ("royalties_exchangerate", "day", "day + 30"),
    ("royalties_exchangerate", "base", "'AUD'"),
    ("royalties_exchangerate", "quote", "'AUD'"),
    ("royalties_withholdingrate", "rate_bps", "rate_bps + 1"),
    ("royalties_withholding", "basis_minor", "basis_minor + 1"),
    ("royalties_productionname", "production_id", "production_id + 1000"),
    ("royalties_mapping", "rules", "rules || '{\"note\": 1}'"),
    ("royalties_income", "sale_id", "id"),
    ("royalties_conversion", "numerator", "numerator + 1"),
    ("royalties_conversion", "denominator", "denominator + 1"),
    ("royalties_conversion", "production_id", "production_id + 1000"),
    ("royalties_revision", "drafted_by_id", "(SELECT max(id) FROM profiles_artist WHERE id <> drafted_by_id)"),
    ("royalties_publication", "published_by_id", "(SELECT max(id) FROM profiles_artist WHERE id <> published_by_id)"),
]
#: Which rows alone, by table or by one of its columns: others are proposals that nothing is booked for yet.
AMONG = {
    "royalties_statement.status": "status IN ('posted', 'paid')",
    # A loss and a correction that later shares pay have no entry, and so no day of one.
    "royalties_statement.posted_at": "corrects_id IS NULL AND status IN ('posted', 'paid')"
    " AND current_id IN (SELECT id FROM royalties_revision WHERE pool_minor > 0)",
    "royalties_rowverdict": "outcome <> 'noted'",
    "royalties_payee.code": "EXISTS (SELECT FROM royalties_account account"
    " WHERE starts_with(account.code, 'payable:' || royalties_payee.code || ':'))",
    "royalties_income.channel": "kind = 'sale'",
    "royalties_payout.bought_minor": "bought <> ''",
    "royalties_payout.bought": "bought <> ''",
    "royalties_payout.settled_at": "settled_at IS NOT NULL",
    "royalties_payout.failed_at": "failed_at IS NOT NULL",
    "royalties_payout.recovered_at": "failed_at IS NOT NULL",
    "royalties_batch.numerator": "bought <> ''",
    "royalties_batch.bought": "bought <> ''",
    "royalties_cost.amount_minor": COUNTS,
    "royalties_cost.category": COUNTS,
    "royalties_cost.paid_on": COUNTS,
    "royalties_cost.again": COUNTS,
    "royalties_suspense.channel": "resolution = 'income'",
    "royalties_reversal": "approved_at IS NOT NULL",
    "royalties_advance": "approved_at IS NOT NULL",
    "royalties_reserve": "approved_at IS NOT NULL",
    "royalties_conversion": "approved_at IS NOT NULL",
    "royalties_unclaimedcase": "amount_minor > 0",
    "royalties_reportrow.amount_minor": "booked <> ''",
    "royalties_reportrow.fee_minor": "booked <> ''",
    "royalties_destination.address_encrypted": "address_encrypted <> ''",
    "royalties_taxform.tax_id_encrypted": "tax_id_encrypted <> ''",
    "royalties_mapping": "created_by_id IS NOT NULL",
    # Submitting asks for the same rates again.
    "royalties_withholding": "payout_id IN (SELECT id FROM royalties_payout WHERE status NOT IN ('pending', 'dropped'))",
}
#: Of which rows one may not go: by table, those that money moved for.
TAKEN = {
    **{table: AMONG.get(table, "true") for table, _column, _value in CHANGES},
    "royalties_cost": COUNTS,
    "royalties_payoutreport": "true",
    "royalties_statement": "true",
    "royalties_revision": "id IN (SELECT current_id FROM royalties_statement)",
    "royalties_statementline": "amount_minor > 0",
    "royalties_payee": "true",
    "royalties_destination": "id IN (SELECT destination_id FROM royalties_payout)",
}


def change(thief: Any, chance: random.Random, table: str, column: str, value: str) -> tuple[int, Any, set[str]]:
    """Change one row with triggers and keys off, and commit; the row, what stood there, and what the row is called.

    A row that has the value already is not changed by it, and some the database refuses to whoever asks: a CHECK and
    a unique index cannot be switched off. Then it is another row.
    """
    key = key_of(table)
    among = [AMONG.get(name, "true") for name in (table, f"{table}.{column}")]
    changed = " AND ".join([f"{column} IS DISTINCT FROM {value}", *among])
    with thief.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"SELECT {key}, {column} FROM {table} WHERE {changed} ORDER BY {key}")
        rows = cursor.fetchall()
        thief.commit()
        for row, before in chance.sample(rows, len(rows)):
            called = names_of(thief, table, row)
            sql = f"UPDATE {table} SET {column} = {value} WHERE {key} = %s"
            try:
                disabled(cursor, table, partial(cursor.execute, sql, [row]))
            except IntegrityError:
                thief.rollback()
                continue
            thief.commit()
            return row, before, called | names_of(thief, table, row)
    raise AssertionError(f"no row of {table} can have {value} as its {column}")


def put_back(thief: Any, table: str, column: str, row: int, before: Any) -> None:
    sql = f"UPDATE {table} SET {column} = %s WHERE {key_of(table)} = %s"
    before = json.dumps(before) if isinstance(before, dict) else before
    with thief.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        disabled(cursor, table, partial(cursor.execute, sql, [before, row]))
    thief.commit()


def take_away(thief: Any, chance: random.Random, table: str) -> tuple[int, str, set[str]]:
    """Delete one row with triggers and keys off, and commit; its key, the row as JSON, and what it was called."""
    key = key_of(table)
    with thief.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"SELECT {key}, to_jsonb(each)::text FROM {table} each WHERE {TAKEN[table]} ORDER BY {key}")
        row, before = chance.choice(cursor.fetchall())
        called = names_of(thief, table, row)
        disabled(cursor, table, partial(cursor.execute, f"DELETE FROM {table} WHERE {key} = %s", [row]))
    thief.commit()
    return row, before, called


def bring_back(thief: Any, table: str, before: str) -> None:
    sql = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s)"
    with thief.cursor() as cursor:
        disabled(cursor, table, partial(cursor.execute, sql, [before]))
    thief.commit()


def disabled(cursor: Any, table: str, act: Callable[[], None]) -> None:
    """Even what fires always is off for a moment, and on again afterwards, as a thief would do it."""
    cursor.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'A'", [table]
    )
    always = [name for (name,) in cursor.fetchall()]
    for name in always:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    act()
    for name in always:
        cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def named() -> list[str]:
    """What check_ledger says."""
    return [f"{name}: {row}" for name, rows in checks.run_checks() for row in rows]


def seconds_to_name(what: str, called: set[str], unnamed: list[str]) -> float:
    """How long it takes until somebody says so; whoever does so by none of the names of the row is noted."""
    began = time.monotonic()
    found = named()
    taken = time.monotonic() - began
    assert found, f"nobody notices {what}"
    assert taken < SECONDS
    names = re.compile("|".join(rf"(?<![0-9a-z]){re.escape(name)}(?![0-9a-z])" for name in called))
    if not any(names.search(words) for words in found):
        unnamed.append(f"{what} is called {sorted(called)}, and this is said: {found[:4]}")
    return taken


def words_of_sources() -> set[str]:
    """What entries call the rows they come from."""
    return {word for source in JournalEntry.objects.values_list("source", flat=True) for word in json.loads(source)}


def a_payout_in_each_state(studio: Studio) -> None:
    """Settled, returned, failed, dropped, sent and waiting, so that each of them can be called another."""
    actions.drop_batch(actor=studio.erin, batch=studio.prepared())
    facts = {"number": "one", "money": Money(1, "USD"), "charged_on": dt.date(2026, 1, 5)}
    actions.record_batch_fee(actor=studio.dana, batch=studio.settled()[0].batch, **facts)
    arrived, _other = studio.settled()
    actions.return_payout(actor=studio.dana, payout=arrived, reason="Closed")
    failed, _other = studio.sent()
    actions.fail_payout(actor=studio.dana, payout=failed, reason="Closed")
    actions.batch_payouts(actor=studio.erin, currency="USD")
    actions.submit_batch(actor=studio.dana, batch=payees.converted(studio))
    assert {*Payout.objects.values_list("status", flat=True)} == {*Payout.Status.values}


def money_of_every_kind(studio: Studio) -> None:
    """What came in and was decided by every way there is, so that a row of each can be changed."""
    day = {"on": shelf.OPEN_DAY}
    for resolve in (
        partial(actions.resolve_suspense, production=studio.production, reason=WHY),
        partial(actions.return_suspense, reason=WHY),
    ):
        resolve(actor=studio.sam, suspense=intake.suspense(studio))
    actions.resolve_suspense(
        actor=studio.sam, suspense=intake.suspense(studio), production=studio.production, reason=WHY
    )
    actions.reverse_income(actor=studio.sam, income=Income.objects.filter(kind="sale").latest("pk"), reason=WHY)
    for number in "one", "two", "three":
        facts = {"channel": "licences", "number": number, "money": Money(12_500, "USD"), "invoiced_on": day["on"]}
        invoice = actions.send_invoice(actor=studio.sam, production=studio.production, **facts)
        if number == "one":
            proposed = actions.reverse_invoice(actor=studio.sam, invoice=invoice, reason=WHY)
            actions.approve_reversal(actor=studio.dana, reversal=proposed)
    actions.receive_invoice(actor=studio.sam, invoice=invoice, provider="bandcamp", **day)
    for number, minor in ("small", 1), ("wrong", 1), ("large", 10_100), ("dropped", 10_100):
        facts = {"supplier": "Ferryman Post", "category": "post", "paid_on": day["on"], "money": Money(minor, "USD")}
        cost = actions.enter_cost(actor=studio.dana, production=studio.production, invoice=number, **facts)
        if number == "wrong":
            actions.reverse_cost(actor=studio.sam, cost=cost, reason=WHY)
    actions.drop_cost(actor=studio.sam, cost=cost, reason=WHY)
    facts = {"provider": "bandcamp", "number": "one", "money": Money(100, "USD"), "arrived_on": day["on"]}
    actions.record_transfer(actor=studio.dana, **facts)
    money = {"sold": Money(1_000, "USD"), "bought": Money(900, "EUR")}
    actions.record_bank_exchange(actor=studio.dana, number="one", exchanged_on=shelf.day_with_rates(studio), **money)
    named = {"provider": "bandcamp", "text": "Another", "production": studio.production}
    actions.name_production(actor=studio.sam, **named)
    mapping = Mapping.objects.newest().get(name="Music shop")
    actions.add_mapping(actor=studio.sam, name="Another", kind=mapping.kind, rules=mapping.rules)
    actions.approve_advance(actor=studio.dana, advance=decisions.advance(studio))
    actions.approve_conversion(actor=studio.dana, conversion=decisions.conversion(studio))
    actions.approve_reversal(actor=studio.dana, reversal=decisions.reversal(studio))
    with here():
        reserve = actions.approve_reserve(actor=studio.dana, reserve=decisions.reserve(studio))
        after = studio.drafted(production=reserve.statement.production, days=SECOND)
    actions.release_reserve(actor=studio.dana, reserve=reserve, statement=after)
    payees.row_of(studio, payees.puzzle("Completed", "3.00"))
    payees.unclaimed(studio, "lena", "mona")
    actions.claim_unclaimed(actor=shelf.known("lena"), case=payees.set_aside().get(payee__artist__handle="lena"))
    row = intake.withheld(studio)
    period = f"{row.payout.settled_at:%Y-%m}"
    facts = {"authority": row.authority, "period": period, "currency": "USD", "reference": "one"}
    actions.remit_tax(actor=studio.dana, **facts)
    shelf.finish(studio)


def test_a_changed_or_missing_row_is_named_within_a_minute(
    studio: Studio, thief: Any, seed: int, size: Callable[[int, int], int]
) -> None:
    chance, slowest = random.Random(seed), 0.0
    unnamed: list[str] = []
    money_of_every_kind(studio)
    a_payout_in_each_state(studio)
    assert breaches() == []
    assert words_of_sources() <= {*NUMBERED, *WITHIN, "result_sha256", "returned"}
    for table, column, value in CHANGES * size(1, 20):
        row, before, called = change(thief, chance, table, column, value)
        slowest = max(slowest, seconds_to_name(f"{table}.{column} of row {row}", called, unnamed))
        put_back(thief, table, column, row, before)
    for table in [*TAKEN] * size(1, 20):
        row, before, called = take_away(thief, chance, table)
        slowest = max(slowest, seconds_to_name(f"row {row} of {table}, which is gone", called, unnamed))
        bring_back(thief, table, before)
    connections.close_all()
    assert unnamed == []
    assert breaches() == []
    words = f"{len(CHANGES) * size(1, 20)} rows changed and {len(TAKEN) * size(1, 20)} taken away"
    tell(f"{words}, named within {slowest:.2f} s")
