"""check_ledger: silent on sound books, and naming the rows when somebody with all powers has changed one."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from profiles.models import Notice
from royalties import actions, checks, ledger
from royalties.allocation import sha256_hex
from royalties.checks import run_checks
from royalties.models import Batch, Payout, Revision, Statement
from tests.royalties.books import post_sale, story
from tests.royalties.conftest import closed, later
from tests.royalties.payees import SEPA_ACCOUNT, rate_of, ready, with_bank_account
from tests.support.databases import Databases

DAY = dt.date(2026, 3, 31)


@pytest.fixture(scope="module")
def books_db(django_db_setup: None, databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database with the whole story of a cent in it, and a reversal."""
    with databases.copy("books") as name:
        with django_db_blocker.unblock(), databases.used(databases.url(name)):
            for number, draft in enumerate(story()):
                ledger.post(draft, effective_on=DAY + dt.timedelta(days=number), source={"step": number})
            ledger.reverse_entry(post_sale(), effective_on=DAY, source={"case": 1})
            for later_day in (10, 11):
                actions.publish_head(now=dt.datetime(2026, 5, later_day, tzinfo=dt.UTC))
            actions.close_months(now=dt.datetime(2026, 5, 10, tzinfo=dt.UTC))
        yield name


@pytest.fixture
def books(by_hand: None, books_db: str, databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The story, read as the site reads it."""
    with django_db_blocker.unblock(), databases.used(databases.url(books_db)):
        yield


@pytest.fixture
def superuser(by_hand: None, books_db: str, databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """Somebody who can switch every trigger and key off; what they did is rolled back in the end."""
    url = databases.url(books_db).replace("//app@", "//postgres@")
    with django_db_blocker.unblock(), databases.used(url), transaction.atomic():
        with connection.cursor() as cursor:
            yield cursor
        transaction.set_rollback(True)


def tamper(superuser: Any, *statements: str) -> None:
    """Change rows with triggers and foreign keys off; the triggers are switched on again, as a thief would."""
    for table in checks.TRIGGERS:
        superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    for statement in statements:
        superuser.execute(statement)
    for table, names in checks.TRIGGERS.items():
        superuser.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        for name in names:
            superuser.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def breaches() -> dict[str, list[str]]:
    return {name: found for name, found in run_checks() if found}


def test_empty_books_are_sound(db: None) -> None:
    assert breaches() == {}


def test_the_story_of_a_cent_is_sound(books: None) -> None:
    assert breaches() == {}


def test_the_command_prints_a_line_for_each_invariant(books: None) -> None:
    out = StringIO()
    call_command("check_ledger", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == len(checks.CHECKS) >= 19
    assert all(line.startswith("ok  ") for line in lines)


def test_the_command_ends_with_one_and_names_the_rows(superuser: Any) -> None:
    tamper(
        superuser, "UPDATE royalties_journalline SET amount_minor = amount_minor + 1 WHERE entry_id = 4 AND line_no = 1"
    )
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_ledger", stdout=out, stderr=err)
    assert ended.value.code == 1
    assert "BROKEN  entries_are_balanced\n        entry 4 is out of balance by 1 USD\n" in out.getvalue()
    assert "BROKEN  hash_chain\n        entry 4 does not have the hash of its content\n" in out.getvalue()


ONE_LINE = "WHERE entry_id = 4 AND line_no = 1"
TAMPERINGS: list[tuple[str, str, list[str]]] = [
    ("entries_are_balanced", "entry 4 is", [f"UPDATE royalties_journalline SET amount_minor = 1 {ONE_LINE}"]),
    ("entries_have_their_lines", "entry 4 declares 2", [f"DELETE FROM royalties_journalline {ONE_LINE}"]),
    ("entries_have_their_lines", "entry 4", ["UPDATE royalties_journalentry SET n_lines = 3 WHERE id = 4"]),
    ("lines_belong_to_entries", "of entry 4", ["DELETE FROM royalties_journalentry WHERE id = 4"]),
    (
        "numbers_have_no_gaps",
        "entry 5 follows entry 3",
        ["DELETE FROM royalties_journalline WHERE entry_id = 4", "DELETE FROM royalties_journalentry WHERE id = 4"],
    ),
    ("hash_chain", "entry 4 does not have", ["UPDATE royalties_journalentry SET source = '{}' WHERE id = 4"]),
    ("hash_chain", "entry 4 does not have", ["UPDATE royalties_journalentry SET posted_at = now() WHERE id = 4"]),
    (
        "hash_chain",
        "entry 5 does not carry",
        ["UPDATE royalties_journalentry SET hash = repeat('a', 64) WHERE id = 4"],
    ),
    (
        "hash_chain",
        "entry 5 does not carry",
        [
            "UPDATE royalties_journalentry SET kind = 'other' WHERE id = 4",
            "UPDATE royalties_journalentry e SET hash = ledger_seal(e) WHERE id = 4",
        ],
    ),
    ("requests", "entry 4", ["UPDATE royalties_journalentry SET kind = 'other' WHERE id = 4"]),
    (
        "keys_are_used_once",
        "entries 4, 5",
        [
            "ALTER TABLE royalties_journalentry DROP CONSTRAINT entry_key_once",
            "UPDATE royalties_journalentry SET idempotency_key = 'same' WHERE id IN (4, 5)",
        ],
    ),
    ("currencies", "of entry 4 is in EUR", [f"UPDATE royalties_journalline SET currency = 'EUR' {ONE_LINE}"]),
    (
        "amounts",
        "of entry 4 has the amount 0",
        [
            "ALTER TABLE royalties_journalline DROP CONSTRAINT line_amount_bounded",
            f"UPDATE royalties_journalline SET amount_minor = 0 {ONE_LINE}",
        ],
    ),
    ("accounts", "pool:pr1:USD", ["UPDATE royalties_account SET max_minor = NULL WHERE code = 'pool:pr1:USD'"]),
    ("accounts", "'cash:USD'", ["UPDATE royalties_account SET code = 'cash:USD' WHERE code = 'bank:USD'"]),
    (
        "reversals",
        "is no mirror image of entry",
        ["UPDATE royalties_journalentry SET reverses_id = 1 WHERE reverses_id IS NOT NULL"],
    ),
    (
        "reversals",
        "is reversed by the entries",
        [
            "ALTER TABLE royalties_journalentry DROP CONSTRAINT royalties_journalentry_reverses_id_key",
            """UPDATE royalties_journalentry SET reverses_id = (
                SELECT reverses_id FROM royalties_journalentry WHERE reverses_id IS NOT NULL) WHERE id = 5""",
        ],
    ),
    (
        "balances",
        "payable:ana:USD",
        [
            """UPDATE royalties_balance SET balance_minor = balance_minor - 1
                FROM royalties_account a WHERE a.id = account_id AND a.code = 'payable:ana:USD'"""
        ],
    ),
    ("balances", "None", ["DELETE FROM royalties_balance"]),
    ("balances", "sum to", ["UPDATE royalties_balance SET last_entry_id = 1"]),
    (
        "bounds",
        "is overdrawn: 5",
        [
            """UPDATE royalties_balance SET balance_minor = 5
                FROM royalties_account a WHERE a.id = account_id AND a.code = 'payable:ana:USD'"""
        ],
    ),
    ("trial_balance", "USD sum to", ["UPDATE royalties_balance SET balance_minor = 5"]),
    (
        "checkpoints",
        "the checkpoint of payable:ana:USD at 2026-04-30 is -7",
        [
            """UPDATE royalties_checkpoint SET balance_minor = -7 FROM royalties_account a
                WHERE a.id = account_id AND a.code = 'payable:ana:USD' AND month_end = '2026-04-30'"""
        ],
    ),
    ("checkpoints", "the checkpoint of", [f"UPDATE royalties_journalline SET amount_minor = 1 {ONE_LINE}"]),
    (
        "heads",
        "the head published on 2026-05-10 says",
        [
            "UPDATE royalties_journalentry SET kind = 'other' WHERE id = 4",
            """DO $$ DECLARE e royalties_journalentry; last text; BEGIN
                FOR e IN SELECT * FROM royalties_journalentry WHERE id >= 4 ORDER BY id LOOP
                    e.previous_hash := coalesce(last, e.previous_hash);
                    last := ledger_seal(e);
                    UPDATE royalties_journalentry SET previous_hash = e.previous_hash, hash = last WHERE id = e.id;
                END LOOP; END $$""",
        ],
    ),
    (
        "heads",
        "is entry 3, and before it was",
        [
            """UPDATE royalties_ledgerhead SET last_entry = 3,
                hash = (SELECT hash FROM royalties_journalentry WHERE id = 3) WHERE day = '2026-05-11'"""
        ],
    ),
]


@pytest.mark.parametrize(("name", "words", "statements"), TAMPERINGS)
def test_a_row_changed_by_a_superuser_is_named(superuser: Any, name: str, words: str, statements: list[str]) -> None:
    assert breaches() == {}
    tamper(superuser, *statements)
    assert words in " ".join(breaches().get(name, []))


def statement_breaches() -> list[str]:
    return breaches().get("statements_post_their_own_numbers", [])


def test_a_posted_statement_carries_its_own_numbers(open_statement: Any, sam: Any, dana: Any) -> None:
    final = closed(open_statement, sam)
    actions.post_statement(actor=dana, statement=final, now=later(final))
    assert breaches() == {}


def test_a_statement_called_posted_without_its_entry_is_named(open_statement: Any) -> None:
    Statement.objects.filter(pk=open_statement.pk).update(status="posted")
    number = open_statement.current.number
    assert statement_breaches() == [
        f"statement {open_statement.pk}: the ledger does not carry the amounts of revision {number}"
    ]


def brought_to(state: str, sam: Any, dana: Any) -> Payout:
    """The first payout of all, in this state by the actions that lead there."""
    batch = actions.batch_payouts(actor=sam, currency="USD")
    if state == "dropped":
        actions.drop_batch(actor=sam, batch=batch)
    elif state != "pending":
        actions.submit_batch(actor=dana, batch=batch)
    payout = batch.payouts.get()
    if state in {"settled", "returned"}:
        actions.settle_payout(actor=dana, payout=payout, provider_reference="PP-1")
    if state == "failed":
        actions.fail_payout(actor=dana, payout=payout, reason="Closed")
    if state == "returned":
        actions.return_payout(actor=dana, payout=payout, reason="Closed")
    payout.refresh_from_db()
    assert payout.status == state
    return payout


def altered(row: Payout | Batch, *, check: str = "payouts_carry_their_entries", **values: Any) -> str:
    """What is said of the payouts with this row changed behind the triggers; then it is as before."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        type(row).objects.filter(pk=row.pk).update(**values)
        (outcome,) = checks.outcomes([check])
        transaction.set_rollback(True)
    return " ".join(outcome.breaches)


@pytest.mark.parametrize("state", Payout.Status.values)
def test_a_payout_that_a_superuser_calls_anything_else_is_named(
    committed_db: str, posted: Any, alice: Any, sam: Any, dana: Any, databases: Databases, state: str
) -> None:
    ready(alice)
    payout = brought_to(state, sam, dana)
    assert breaches() == {}
    with databases.used(databases.url(committed_db).replace("//app@", "//postgres@")):
        for other in {*Payout.Status.values} - {state}:
            # With what the database asks of that state, so that nothing but the ledger speaks against it.
            said = altered(payout, status=other, provider_reference="PP-9", failure="Closed")
            assert f"payout {payout.code} is {other}" in said
        for other in {"prepared", "dropped"} - {payout.batch.status}:
            assert f" is {other}" in altered(payout.batch, status=other)
        if state not in {"pending", "dropped"}:
            assert f"payout {payout.code} " in altered(payout, amount_minor=payout.amount_minor + 1)
            assert f"payout {payout.code} is {state}" in altered(payout, currency="EUR")


def test_what_a_superuser_changes_of_a_conversion_is_named(
    committed_db: str, posted: Any, alice: Any, sam: Any, dana: Any, databases: Databases, settings: Any
) -> None:
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    with_bank_account(alice)
    day = later(posted, days=5)
    rate_of(dana, day.date())
    batch = actions.batch_payouts(actor=sam, currency="USD", now=day)
    assert breaches() == {}
    batch = actions.submit_batch(actor=dana, batch=batch, now=day)
    payout = batch.payouts.get()
    assert breaches() == {}
    carried, proposed, booked = (
        "payouts_carry_their_entries",
        "batches_are_what_was_proposed",
        "rows_say_what_was_booked",
    )
    for row, values, name, words in [
        (payout, {"bought_minor": 1}, booked, f"payout {payout.code} says something else"),
        (payout, {"bought_minor": 1}, proposed, f"batch {batch.pk} has other payouts"),
        (batch, {"numerator": 1}, proposed, f"batch {batch.pk} has other payouts"),
        (payout, {"status": "pending"}, carried, f"payout {payout.code} is pending"),
        (
            batch,
            {"status": "prepared"},
            carried,
            f"payout {payout.code} is sent in batch {batch.pk}, which is prepared",
        ),
        (batch, {"status": "dropped"}, carried, f"batch {batch.pk} is dropped"),
        (batch, {"bought": "", "numerator": None, "denominator": None}, booked, f"batch {batch.pk} is not booked"),
    ]:
        with databases.used(databases.url(committed_db).replace("//app@", "//postgres@")):
            assert words in altered(row, check=name, **values)


@pytest.mark.parametrize("result", [b"{}", b"[]", b"no JSON"])
def test_a_revision_that_cannot_be_read_is_named(
    committed_db: str, open_statement: Any, databases: Databases, result: bytes
) -> None:
    revision, url = open_statement.current, databases.url(committed_db).replace("//app@", "//postgres@")
    with databases.used(url), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE royalties_revision DISABLE TRIGGER ALL")
        rows = Revision.objects.filter(pk=revision.pk)
        rows.update(result_bytes=result, result_sha256=sha256_hex(result))
        said = breaches()["revisions_are_what_was_computed"][0]
        transaction.set_rollback(True)
    assert f"revision {revision.pk}: the pool is None" in said


# --- the minute and the alarm ---

NOON = dt.datetime(2026, 5, 12, 12, tzinfo=dt.UTC)
EVERY_ROW = [
    ("royalties_journalline", "amount_minor = amount_minor + 1"),
    ("royalties_journalline", "account_id = (SELECT max(id) FROM royalties_account WHERE id <> account_id)"),
    ("royalties_journalentry", "effective_on = effective_on - 1"),
    ("royalties_balance", "balance_minor = balance_minor + 1"),
    ("royalties_account", "max_minor = 12345"),
    ("royalties_checkpoint", "balance_minor = balance_minor + 1"),
    ("royalties_ledgerhead", "hash = repeat('a', 64)"),
]


@pytest.mark.parametrize(("table", "change"), EVERY_ROW)
def test_any_row_a_superuser_changes_is_named_by_the_next_minute(superuser: Any, table: str, change: str) -> None:
    """Of each table, some rows from its beginning to its end; on a ledger of a demo's size the whole is looked at."""
    assert actions.check_newest(now=NOON) == []
    superuser.execute(f"SELECT ctid FROM {table} ORDER BY random() LIMIT 3")
    places = [place for (place,) in superuser.fetchall()]
    for number, place in enumerate(places):
        superuser.execute("SAVEPOINT honest")
        began = time.monotonic()
        tamper(superuser, f"UPDATE {table} SET {change} WHERE ctid = '{place}'")
        assert actions.check_newest(now=NOON + dt.timedelta(minutes=number + 1)) != []
        assert time.monotonic() - began < 60
        superuser.execute("ROLLBACK TO honest")


def test_a_breach_alarms_who_works_with_money_once_by_notice_and_by_mail(
    db: None, sam: Any, dana: Any, alice: Any, finish_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold = post_sale()
    broken = checks.Outcome("hash_chain", [f"entry {sold.pk} does not have the hash of its content"], 1, 3)
    monkeypatch.setattr(checks, "outcomes", lambda _only: iter([broken]))
    with finish_jobs():
        (row,) = actions.check_newest(now=NOON)
    told = Notice.objects.filter(event__verb="royalties.ledger_broken")
    assert dana in {notice.recipient for notice in told}
    assert alice not in {notice.recipient for notice in told}
    assert "hash_chain" in told[0].text
    letters = [letter for letter in mail.outbox if letter.to == [dana.email]]
    assert len(letters) == 1
    assert f"entry {sold.pk} does not have the hash of its content" in letters[0].body
    assert row.get_absolute_url() in letters[0].body
    with finish_jobs():
        assert actions.check_newest(now=NOON + dt.timedelta(minutes=1)) == []
    assert len([letter for letter in mail.outbox if letter.to == [dana.email]]) == 1
