"""The ledger: one writer, and a database that refuses everything else by itself."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg2
import pytest
from django.db import connection, connections, transaction
from pytest_django.plugin import DjangoDbBlocker

from hitrecord.addresses import with_database
from royalties import accounts, ledger, postings
from royalties.models import Account, Balance, JournalEntry, JournalLine
from royalties.money import Money, MoneyError
from royalties.postings import Line, PayoutItem
from tests.support.databases import Databases

DAY = dt.date(2026, 3, 31)
SALE = [Line("clearing:paypal:USD", 500), Line("revenue:pr1:shop:USD", -500)]


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def post_sale(key: str = "inc:paypal:1", lines: list[Line] | None = None, **facts: Any) -> JournalEntry:
    asked = {"kind": "revenue_received", "effective_on": DAY, "source": {"income": 1}, **facts}
    return ledger.post_entry(key=key, lines=SALE if lines is None else lines, **asked)


# --- it works ---


def test_an_entry_moves_its_accounts(db: None) -> None:
    assert ledger.balance("clearing:paypal:USD") == usd(0)
    entry = post_sale()
    assert entry.pk == 1
    assert ledger.lines_of(entry) == SALE
    assert ledger.balance("clearing:paypal:USD") == usd(500)
    assert ledger.trial_balance() == {"USD": {"clearing:paypal:USD": 500, "revenue:pr1:shop:USD": -500}}
    assert ledger.balances_below("revenue:") == {"revenue:pr1:shop:USD": usd(-500)}


def test_accounts_are_opened_by_their_first_posting_with_the_chart_s_bounds(db: None) -> None:
    assert not Account.objects.exists()
    post_sale()
    ledger.account("payable:p1:USD")
    shown = Account.objects.values_list("code", "kind", "currency", "min_minor", "max_minor")
    assert set(shown) == {
        ("clearing:paypal:USD", "asset", "USD", None, None),
        ("revenue:pr1:shop:USD", "revenue", "USD", None, None),
        ("payable:p1:USD", "liability", "USD", None, 0),
    }
    assert ledger.account("payable:p1:USD") == Account.objects.get(code="payable:p1:USD")


def test_the_same_request_again_returns_the_first_entry(db: None) -> None:
    first = post_sale()
    assert post_sale() == first
    assert JournalEntry.objects.count() == 1
    assert ledger.balance("clearing:paypal:USD") == usd(500)


def test_entries_are_numbered_and_chained(db: None) -> None:
    assert ledger.head() == (0, ledger.FIRST_HASH)
    first, second = post_sale("a"), post_sale("b")
    assert (first.pk, second.pk) == (1, 2)
    assert (first.previous_hash, second.previous_hash) == (ledger.FIRST_HASH, first.hash)
    assert ledger.head() == (2, second.hash)


def test_a_failed_transaction_leaves_no_gap(committed_db: str) -> None:
    post_sale("a")
    with transaction.atomic():
        post_sale("b")
        transaction.set_rollback(True)
    assert post_sale("c").pk == 2


def test_an_entry_may_hold_several_currencies_each_in_balance(db: None) -> None:
    post_sale(lines=[Line("clearing:paypal:USD", 500), Line("revenue:pr1:shop:USD", -500)])
    draft = postings.statement_split(statement="st1", production="pr1", pool=usd(250))
    ledger.post(draft, effective_on=DAY, source={})
    amounts = {"p1": 250}
    draft = postings.statement_allocation(statement="st1", production="pr1", currency="USD", amounts=amounts)
    ledger.post(draft, effective_on=DAY, source={})
    draft = postings.conversion(item_id="i1", batch="b1", payee="p1", sold=usd(250), bought=Money(230, "EUR"))
    entry = ledger.post(draft, effective_on=DAY, source={})
    assert entry.n_lines == 4
    assert ledger.balance("fx:EUR-USD:EUR") == Money(230, "EUR")


def test_a_reversal_is_the_mirror_image_and_happens_once(db: None) -> None:
    entry = post_sale()
    mirror = ledger.reverse_entry(entry, effective_on=DAY, source={"why": "case 7"})
    assert ledger.lines_of(mirror) == [Line(code, -minor) for code, minor in SALE]
    assert ledger.balance("clearing:paypal:USD") == usd(0)
    assert ledger.reverse_entry(entry, effective_on=DAY, source={"why": "case 7"}) == mirror
    with pytest.raises(ledger.AlreadyReversed):
        post_sale("other", [Line(code, -minor) for code, minor in SALE], reverses=entry)


def test_movements_are_those_of_the_period_both_days_included(db: None) -> None:
    for day in (1, 2, 3, 4):
        post_sale(f"d{day}", effective_on=dt.date(2026, 1, day))
    moved = ledger.movements("revenue:pr1:", first_day=dt.date(2026, 1, 2), last_day=dt.date(2026, 1, 3))
    assert moved == {"revenue:pr1:shop:USD": usd(-1000)}
    assert ledger.movements("revenue:pr", first_day=dt.date(2027, 1, 1), last_day=dt.date(2027, 1, 2)) == {}


def test_python_and_postgresql_reckon_the_same_hash(db: None) -> None:
    entry = post_sale(key="ref:paypal:%C3%A9", source={"note": "é \n \U0001f600", "id": 7})
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_seal(entry) FROM royalties_journalentry entry")
        assert cursor.fetchone() == (entry.hash,)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert entry.facts["id"] == 7


def test_an_allocation_of_five_thousand_payees_is_one_entry(db: None) -> None:
    amounts = {f"p{number}": number for number in range(1, 5001)}
    total = sum(amounts.values())
    post_sale(lines=[Line("clearing:paypal:USD", total), Line("revenue:pr1:shop:USD", -total)])
    split = postings.statement_split(statement="st1", production="pr1", pool=usd(total))
    ledger.post(split, effective_on=DAY, source={})
    draft = postings.statement_allocation(statement="st1", production="pr1", currency="USD", amounts=amounts)
    assert ledger.post(draft, effective_on=DAY, source={}).n_lines == 5001
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert ledger.balance("payable:p5000:USD") == usd(-5000)
    assert ledger.balance("pool:pr1:USD") == usd(0)


# --- what the writer refuses ---


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ([], ledger.Unbalanced),
        (SALE[:1], ledger.Unbalanced),
        ([SALE[0], Line("revenue:pr1:shop:USD", -499)], ledger.Unbalanced),
        ([SALE[0], Line("revenue:pr1:shop:EUR", -500)], ledger.Unbalanced),
        ([*SALE, Line("bank:USD", 0)], ledger.LedgerError),
        ([Line("bank:USD", 10**15 + 1), Line("opening:USD", -(10**15) - 1)], ledger.LedgerError),
        ([Line("bank:USD", 5.0), Line("opening:USD", -5.0)], TypeError),
        ([Line("cash:USD", 5), Line("opening:USD", -5)], accounts.UnknownAccount),
        ([Line("bank:usd", 5), Line("opening:usd", -5)], accounts.UnknownAccount),
        ([Line("payable:USD", 5), Line("opening:USD", -5)], accounts.UnknownAccount),
        ([Line("payable:a b:USD", 5), Line("opening:USD", -5)], accounts.UnknownAccount),
    ],
)
def test_it_refuses_a_bad_entry(db: None, lines: list[Line], error: type[Exception]) -> None:
    with pytest.raises(error):
        post_sale(lines=lines)
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "other"},
        {"effective_on": dt.date(2026, 4, 1)},
        {"source": {"income": 2}},
        {"lines": [Line("clearing:paypal:USD", 501), Line("revenue:pr1:shop:USD", -501)]},
        {"lines": [Line("clearing:paypal:USD", 500), Line("revenue:pr2:shop:USD", -500)]},
    ],
)
def test_it_refuses_a_key_used_for_other_content(db: None, change: dict[str, Any]) -> None:
    post_sale()
    with pytest.raises(ledger.KeyReused):
        post_sale(**change)


@pytest.mark.parametrize(
    "draft",
    [
        postings.payout_submitted(batch="1", items=[PayoutItem("p1", usd(1))]),
        postings.statement_allocation(statement="st1", production="pr1", currency="USD", amounts={"p1": 1}),
        postings.release(hold="h1", payee="p1", money=usd(1)),
        postings.reserve_released(statement="st1", production="pr1", money=usd(1)),
        postings.escheat(case="1", payee="p1", money=usd(1)),
        postings.advance_recouped(statement="st1", payee="p1", production="pr1", money=usd(1)),
    ],
    ids=lambda draft: draft.kind,
)
def test_what_is_owed_is_never_overdrawn(db: None, draft: postings.Draft) -> None:
    with pytest.raises(ledger.Overdrawn), transaction.atomic():
        ledger.post(draft, effective_on=DAY, source={})


# --- the story of a cent, with every rule of 2.2 ---


def test_the_books_balance_after_every_step_of_the_story(db: None) -> None:
    for draft in story():
        ledger.post(draft, effective_on=DAY, source={"story": 1})
        for codes in ledger.trial_balance().values():
            assert sum(codes.values()) == 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    balance = ledger.trial_balance()["USD"]
    assert balance["pool:pr1:USD"] == 0
    assert balance["payable:ana:USD"] == -2000
    assert balance["payable:ben:USD"] == -1000
    assert balance["unclaimed:chi:USD"] == 0
    assert balance["payable:chi:USD"] == -400
    assert balance["suspense:paypal:USD"] == 0
    assert {code for code in balance if code.startswith("in_transit:") and balance[code]} == set()


def story() -> Iterator[postings.Draft]:
    at = {"production": "pr1", "provider": "paypal"}
    yield postings.opening_balance(usd(100_000))
    yield postings.revenue_invoiced(production="pr1", channel="shop", invoice="i 1", money=usd(7000))
    yield postings.invoice_received(channel="shop", invoice="i 1", provider="paypal", money=usd(7000))
    yield postings.revenue_received(channel="shop", transaction="t:1", money=usd(13000), **at)
    yield postings.channel_fee(transaction="t:1", money=usd(500), **at)
    yield postings.refund(transaction="t:1", money=usd(300), **at)
    yield postings.unmatched_received(provider="paypal", transaction="t2", money=usd(100))
    belongs_to = accounts.revenue("pr1", "shop", "USD")
    yield postings.unmatched_resolved(provider="paypal", transaction="t2", belongs_to=belongs_to, money=usd(100))
    yield postings.provider_paid_out(provider="paypal", transfer="w1", money=usd(2000))
    yield postings.cost_paid(production="pr1", category="post", invoice="c1", money=usd(1000))
    yield postings.reserve_held(statement="st1", production="pr1", money=usd(400))
    yield postings.reserve_released(statement="st2", production="pr1", money=usd(400))
    yield postings.advance_paid(advance="1", payee="ana", production="pr1", money=usd(1000))
    yield postings.statement_split(statement="st1", production="pr1", pool=usd(9000))
    amounts = {"ana": 6000, "ben": 2600, "chi": 400, "dov": 0}
    yield postings.statement_allocation(
        statement="st1", production="pr1", currency="USD", amounts=amounts, held=["ben"]
    )
    yield postings.advance_recouped(statement="st1", payee="ana", production="pr1", money=usd(1000))
    yield postings.release(hold="h1", payee="ben", money=usd(2600))
    yield postings.hold(hold="h2", payee="ben", money=usd(100))
    yield postings.release(hold="h2", payee="ben", money=usd(100))
    items = [PayoutItem("ana", usd(3000), {"irs": 300}), PayoutItem("ben", usd(1600))]
    yield postings.payout_submitted(batch="1", items=items)
    yield postings.payout_settled(batch="1", item_id="a", item=items[0], provider="paypal")
    yield postings.payout_failed(batch="1", item_id="b", item=items[1])
    again = PayoutItem("ben", usd(1600))
    yield postings.payout_submitted(batch="2", items=[again])
    yield postings.payout_settled(batch="2", item_id="b", item=again, provider="paypal")
    yield postings.payout_fee(batch="1", provider="paypal", money=usd(25))
    yield postings.tax_remitted(authority="irs", period="2026", currency="USD", withheld={"ana": 300})
    yield postings.unclaimed(case="u1", payee="chi", money=usd(400))
    yield postings.late_claim(case="u1", payee="chi", money=usd(400))
    yield postings.overpaid_found(case="o1", payee="dov", returns_to="clearing:paypal:USD", money=usd(50))
    yield postings.statement_split(statement="st3", production="pr1", pool=usd(100))
    yield postings.statement_correction(
        statement="st1", number=1, production="pr1", currency="USD", deltas={"dov": 100, "ana": 0}
    )


def test_keys_follow_the_rules_and_cannot_be_confused() -> None:
    assert [draft.key for draft in story()][:6] == [
        "open:USD",
        "inv:shop:i%201",
        "rcv:shop:i%201",
        "inc:paypal:t%3A1",
        "fee:paypal:t%3A1",
        "ref:paypal:t%3A1",
    ]
    assert len({draft.key for draft in story()}) == len(list(story()))


def test_a_payout_that_fails_gives_back_gross_and_tax(db: None) -> None:
    item = PayoutItem("ana", usd(1000), {"irs": 300})
    sent, failed = (
        postings.payout_submitted(batch="1", items=[item]),
        postings.payout_failed(batch="1", item_id="x", item=item),
    )
    assert sorted(sent.lines) == sorted(Line(code, -minor) for code, minor in failed.lines)


@pytest.mark.parametrize("minor", [0, -1])
def test_a_rule_refuses_to_move_nothing_or_less(minor: int) -> None:
    with pytest.raises(MoneyError):
        postings.cost_paid(production="pr1", category="post", invoice="1", money=usd(minor))


# --- what PostgreSQL itself refuses, as the site's role and as the owner of the tables ---

TABLES = ["royalties_account", "royalties_journalentry", "royalties_journalline", "royalties_balance"]
CHANGES = {
    "royalties_account": "code = code",
    "royalties_journalentry": "kind = kind",
    "royalties_journalline": "amount_minor = amount_minor",
    "royalties_balance": "balance_minor = balance_minor",
}


@pytest.fixture(scope="module")
def posted_db(django_db_setup: None, databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database with two entries in it, for all the tests that can change nothing."""
    databases.copy("posted")
    with django_db_blocker.unblock(), databases.used(databases.url("posted")):
        post_sale("one")
        post_sale("two")
    yield "posted"
    databases.drop("posted")


@pytest.fixture
def app(posted_db: str, databases: Databases) -> Iterator[Any]:
    """A plain connection by the site's own role."""
    plain = psycopg2.connect(databases.url(posted_db))
    yield plain
    plain.close()


@pytest.fixture
def owner(posted_db: str, databases: Databases) -> Iterator[Any]:
    """A plain connection by the role that the tables belong to."""
    plain = psycopg2.connect(with_database(databases.owner_url, posted_db))
    yield plain
    plain.close()


@pytest.fixture(params=["app", "owner"])
def raw(request: pytest.FixtureRequest) -> Any:
    """A plain connection by each of the two roles."""
    return request.getfixturevalue(request.param)


def run(raw: Any, statements: tuple[str, ...]) -> None:
    with raw, raw.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def refused(raw: Any, *statements: str) -> str:
    """Run statements in one transaction; return why PostgreSQL refused them or their commit."""
    with pytest.raises(psycopg2.Error) as caught:
        run(raw, statements)
    return str(caught.value)


@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuses_update(raw: Any, table: str) -> None:
    why = refused(raw, f"UPDATE {table} SET {CHANGES[table]}")
    assert "append-only" in why or "permission denied" in why or "moves only with its lines" in why


@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuses_delete(raw: Any, table: str) -> None:
    why = refused(raw, f"DELETE FROM {table}")
    assert "append-only" in why or "permission denied" in why or "moves only with its lines" in why


@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuses_truncate(raw: Any, table: str) -> None:
    why = refused(raw, f"TRUNCATE {table} CASCADE")
    assert "append-only" in why or "permission denied" in why or "moves only with its lines" in why


def entry_sql(number: int = 3, n_lines: int = 2, previous: str = "", own_hash: str = "f" * 64) -> str:
    before = f"'{previous}'" if previous else f"(SELECT hash FROM royalties_journalentry WHERE id = {number - 1})"
    return f"""
        INSERT INTO royalties_journalentry (id, n_lines, kind, idempotency_key, request_sha256, effective_on,
            posted_at, source, previous_hash, hash)
        VALUES ({number}, {n_lines}, 'raw', 'raw:{number}', repeat('0', 64), '2026-01-01',
            '2026-01-01 00:00:00Z', '{{}}', coalesce({before}, repeat('0', 64)), '{own_hash}')
    """


def line_sql(number: int, code: str, amount: int, *, entry: int = 3, n_lines: int = 2, currency: str = "USD") -> str:
    return f"""
        INSERT INTO royalties_journalline (entry_id, line_no, n_lines, account_id, currency, amount_minor)
        SELECT {entry}, {number}, {n_lines}, id, '{currency}', {amount} FROM royalties_account WHERE code = '{code}'
    """


DEBIT, CREDIT = "clearing:paypal:USD", "revenue:pr1:shop:USD"


def test_postgresql_refuses_an_unbalanced_entry(raw: Any) -> None:
    why = refused(raw, entry_sql(), line_sql(1, DEBIT, 500), line_sql(2, CREDIT, -499))
    assert "entry 3 is out of balance by 1 USD" in why


def test_postgresql_refuses_an_entry_with_a_line_missing(raw: Any) -> None:
    assert "entry 3 declares 2 lines and has 1" in refused(raw, entry_sql(), line_sql(1, DEBIT, 500))
    assert "entry 3 declares 2 lines and has 0" in refused(raw, entry_sql())


def test_postgresql_refuses_an_entry_of_one_line(raw: Any) -> None:
    assert "entry_two_lines" in refused(raw, entry_sql(n_lines=1))


def test_postgresql_refuses_a_late_line(raw: Any) -> None:
    for number in (0, 3):
        assert "line_number_declared" in refused(raw, line_sql(number, DEBIT, 5, entry=2))
    assert "line_number_once" in refused(raw, line_sql(2, DEBIT, 5, entry=2))
    assert "line_of_whole_entry" in refused(raw, line_sql(3, DEBIT, 5, entry=2, n_lines=3))


def test_postgresql_refuses_a_line_after_the_check_was_forced_early(raw: Any) -> None:
    with raw.cursor() as cursor:
        cursor.execute("SELECT hash FROM royalties_journalentry WHERE id = 2")
        previous = cursor.fetchone()[0]
    entry = JournalEntry(
        id=3,
        kind="raw",
        idempotency_key="raw:3",
        effective_on=dt.date(2026, 1, 1),
        posted_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        source="{}",
        previous_hash=previous,
    )
    own_hash = ledger.seal(entry, [Line(DEBIT, 500), Line(CREDIT, -500)])
    whole = [entry_sql(own_hash=own_hash), line_sql(1, DEBIT, 500), line_sql(2, CREDIT, -500)]
    late = ["SET CONSTRAINTS ALL IMMEDIATE", line_sql(3, DEBIT, 5, n_lines=3)]
    assert "line_of_whole_entry" in refused(raw, *whole, *late)


def test_postgresql_refuses_a_line_in_another_currency_than_its_account(raw: Any) -> None:
    why = refused(raw, entry_sql(), line_sql(1, DEBIT, 500, currency="EUR"))
    assert "line_in_account_currency" in why


@pytest.mark.parametrize("amount", [0, 10**15 + 1, -(10**15) - 1])
def test_postgresql_refuses_an_amount_of_nothing_or_too_much(raw: Any, amount: int) -> None:
    assert "line_amount_bounded" in refused(raw, entry_sql(), line_sql(1, DEBIT, amount))


@pytest.mark.parametrize("number", [2, 4, 0, -1])
def test_postgresql_refuses_a_number_out_of_order(raw: Any, number: int) -> None:
    assert "does not follow entry 2" in refused(raw, entry_sql(number))


def test_postgresql_refuses_a_broken_chain_and_a_false_hash(raw: Any) -> None:
    assert "does not carry the hash of the one before" in refused(raw, entry_sql(previous="a" * 64))
    why = refused(raw, entry_sql(), line_sql(1, DEBIT, 500), line_sql(2, CREDIT, -500))
    assert "does not have the hash of its content" in why


def test_postgresql_refuses_a_key_twice(raw: Any) -> None:
    assert "idempotency_key" in refused(raw, entry_sql().replace("raw:3", "one"))


def test_postgresql_refuses_a_balance_written_by_hand(raw: Any) -> None:
    why = refused(
        raw,
        "INSERT INTO royalties_account (code, kind, currency, opened_at) VALUES ('bank:USD', 'asset', 'USD', now())",
        "INSERT INTO royalties_balance SELECT id, 5, 1 FROM royalties_account WHERE code = 'bank:USD'",
    )
    assert "permission denied" in why or "moves only with its lines" in why


def test_postgresql_refuses_an_account_whose_code_has_another_currency(raw: Any) -> None:
    for code, currency in (("bank:USD", "EUR"), ("bank:usd", "usd"), ("bank", "USD"), ("bank :USD", "USD")):
        why = refused(
            raw,
            "INSERT INTO royalties_account (code, kind, currency, opened_at) "
            f"VALUES ('{code}', 'asset', '{currency}', now())",
        )
        assert "account_" in why


@pytest.mark.parametrize("table", TABLES)
def test_the_site_s_role_cannot_switch_a_trigger_off(app: Any, table: str) -> None:
    assert "must be owner" in refused(app, f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    assert "must be owner" in refused(app, f"DROP TABLE {table} CASCADE")
    assert "permission denied" in refused(app, "SET session_replication_role = replica")


def test_triggers_fire_even_in_a_replica_session_of_the_superuser(app: Any) -> None:
    superuser = psycopg2.connect(**{**app.get_dsn_parameters(), "user": "postgres"})
    change = "UPDATE royalties_journalline SET amount_minor = 1"
    assert "append-only" in refused(superuser, "SET session_replication_role = replica", change)
    superuser.close()


def test_a_row_in_use_cannot_be_deleted_through_the_orm_either(db: None) -> None:
    post_sale()
    for model in (Account, JournalEntry, JournalLine, Balance):
        with pytest.raises(Exception, match=r"append-only|protected|permission denied"), transaction.atomic():
            model.objects.all().delete()


# --- many at once ---


def test_threads_that_post_at_once_leave_no_gap_and_no_fork(committed_db: str) -> None:
    threads, each = 8, 12
    start = threading.Barrier(threads)

    def work(number: int) -> None:
        start.wait()
        try:
            for count in range(each):
                post_sale(f"t{number}:{count}", [Line(DEBIT, 1), Line(f"revenue:pr{count % 3}:shop:USD", -1)])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    rows = list(JournalEntry.objects.order_by("id").values_list("id", "previous_hash", "hash"))
    assert [number for number, _, _ in rows] == list(range(1, threads * each + 1))
    assert [previous for _, previous, _ in rows[1:]] == [own for _, _, own in rows[:-1]]
    assert ledger.balance(DEBIT) == usd(threads * each)


def test_threads_with_the_same_request_make_one_entry(committed_db: str) -> None:
    start = threading.Barrier(8)

    def work(_: int) -> int:
        start.wait()
        try:
            return post_sale("once").pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(8))) == {1}
    assert JournalEntry.objects.count() == 1


def test_threads_cannot_pay_one_balance_twice(committed_db: str) -> None:
    post_sale()
    ledger.post(postings.statement_split(statement="st1", production="pr1", pool=usd(100)), effective_on=DAY, source={})
    start = threading.Barrier(6)

    def work(number: int) -> bool:
        amounts = {f"p{number}": 100}
        draft = postings.statement_allocation(
            statement=f"st{number}", production="pr1", currency="USD", amounts=amounts
        )
        start.wait()
        try:
            ledger.post(draft, effective_on=DAY, source={})
        except ledger.Overdrawn:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(work, range(6))) == [False] * 5 + [True]
