"""A ledger of ten million lines: an artist's balance, and the check of every invariant.

The rows are laid by COPY as the superuser, with keys and triggers off, sealed as the ledger seals
them; what is measured is the reading, by the site's own role and code. A fifth of the lines are
sales of two lines, the others are allocations to five thousand payees.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import time
from collections import defaultdict
from collections.abc import Iterator
from io import StringIO
from random import Random
from statistics import median

import psycopg2
from django.db import connection

from royalties import accounts, checks, ledger
from royalties.ledger import FIRST_HASH, request_hash
from royalties.models import JournalEntry
from royalties.postings import Line
from tests.bench.figures import Figure

SEED = 20261125
PAYEES = 20_000
ALLOCATION = 5_000
AT_ONCE = 200_000
ENTRY = "id, n_lines, kind, idempotency_key, request_sha256, effective_on, posted_at, source, previous_hash, hash"
LINE = "entry_id, line_no, account_id, currency, amount_minor"
FIRST_DAY = dt.date(2020, 1, 1)
#: The one invariant that what is laid here breaks: beside the entries there are payees, but no rows of money.
UNWANTED = "every_entry_is_wanted"
MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def millions(lines: int) -> Iterator[Figure]:
    """Lay so many lines, then read."""
    began = time.monotonic()
    laid = lay(lines)
    note = f"{laid:,} lines, laid in {time.monotonic() - began:.0f} s"
    connection.close()
    seconds = []
    random = Random(SEED)
    for _time in range(200):
        code = f"payable:p{random.randrange(PAYEES)}:USD"
        began = time.perf_counter()
        ledger.balance(code)
        seconds.append(time.perf_counter() - began)
    yield Figure(name="balance_ms_10m", value=1000 * median(seconds), unit="ms", most=5, note=note)
    began = time.monotonic()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcomes = list(checks.outcomes())
    taken = time.monotonic() - began
    broken = {outcome.name: outcome.breaches[:3] for outcome in outcomes if outcome.breach_count}
    assert not broken.keys() - {UNWANTED}, broken
    unwanted = sum(outcome.breach_count for outcome in outcomes if outcome.name == UNWANTED)
    assert unwanted == JournalEntry.objects.count(), "no row asks for what is laid, and the check says so of each"
    slowest = max(outcomes, key=lambda outcome: outcome.duration_ms)
    note = f"{len(outcomes)} invariants, the longest {slowest.name} with {slowest.duration_ms / 1000:.0f} s"
    note += f"; no rows are laid beside the {unwanted:,} entries, so {UNWANTED} names them all"
    yield Figure(name="check_10m_s", value=taken, unit="s", most=120, note=note)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    yield Figure(name="check_10m_mb", value=grown, unit="MB", most=200, note="growth of the checking process")


def lay(lines: int) -> int:
    """Write entries until there are so many lines, beside none before them; returns how many there are."""
    with superuser() as cursor:
        cursor.execute(
            "TRUNCATE royalties_journalentry, royalties_journalline, royalties_balance, royalties_account CASCADE"
        )
        cursor.execute(
            "INSERT INTO royalties_payee (code, kind, created_at)"
            " SELECT 'p' || number, 'group', now() FROM generate_series(0, %s) number ON CONFLICT DO NOTHING",
            [PAYEES - 1],
        )
        ids = open_accounts(cursor)
        indexes = drop_indexes(cursor)
        balances: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        entries, rows, written, waiting = StringIO(), StringIO(), 0, 0
        previous = FIRST_HASH
        for entry, its_lines in drawn(lines):
            entry.previous_hash = previous
            entry.hash = previous = ledger.seal(entry, its_lines)
            write(entry, its_lines, ids, entries, rows)
            for account, minor in its_lines:
                balances[account] = (balances[account][0] + minor, entry.pk)
            waiting += len(its_lines)
            if waiting >= AT_ONCE:
                copy(cursor, entries, rows)
                entries, rows, written, waiting = StringIO(), StringIO(), written + waiting, 0
        copy(cursor, entries, rows)
        text = "".join(f"{ids[code]}\t{minor}\t{last}\n" for code, (minor, last) in balances.items())
        cursor.copy_expert(
            "COPY royalties_balance (account_id, balance_minor, last_entry_id) FROM STDIN", StringIO(text)
        )
        for index in indexes:
            cursor.execute(index)
        cursor.execute("VACUUM ANALYZE royalties_journalentry, royalties_journalline, royalties_balance")
    return written + waiting


class superuser:  # noqa: N801  # used as a word of a with statement
    """Somebody who may switch keys and triggers off while rows are laid."""

    def __enter__(self) -> psycopg2.extensions.cursor:
        self.raw = psycopg2.connect(os.environ["DATABASE_OWNER_URL"].replace("//owner@", "//postgres@"))
        self.raw.autocommit = True
        cursor = self.raw.cursor()
        self.each(cursor, "DISABLE TRIGGER ALL")
        return cursor

    def __exit__(self, *problem: object) -> None:
        cursor = self.raw.cursor()
        self.each(cursor, "ENABLE TRIGGER ALL")
        for table, names in checks.TRIGGERS.items():
            for name in names:
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
        self.raw.close()

    def each(self, cursor: psycopg2.extensions.cursor, words: str) -> None:
        for table in checks.TRIGGERS:
            cursor.execute(f"ALTER TABLE {table} {words}")


def open_accounts(cursor: psycopg2.extensions.cursor) -> dict[str, int]:
    """A shop, a pool and the payees; their ids by code."""
    codes = ["clearing:paypal:USD", "revenue:pr1:shop:USD", "expense:pr1:artist_share:USD", "pool:pr1:USD"]
    codes += [f"payable:p{number}:USD" for number in range(PAYEES)]
    for code in codes:
        root, currency = accounts.parse(code)
        cursor.execute(
            "INSERT INTO royalties_account (code, kind, currency, min_minor, max_minor, opened_at)"
            " VALUES (%s, %s, %s, %s, %s, now())",
            [code, root.kind, currency, root.min_minor, root.max_minor],
        )
    cursor.execute("SELECT code, id FROM royalties_account")
    return dict(cursor.fetchall())


def drop_indexes(cursor: psycopg2.extensions.cursor) -> list[str]:
    """Take away what COPY would have to keep in order, and return how to make it again."""
    cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'line_by_account'")
    made_again = [found for (found,) in cursor.fetchall()]
    cursor.execute("DROP INDEX line_by_account")
    return made_again


def drawn(lines: int) -> Iterator[tuple[JournalEntry, list[Line]]]:
    """Entries of a company: some sales, then one allocation, and so on."""
    random = Random(SEED)
    size = min(ALLOCATION, max(lines // 4, 2))
    number = count = 0
    while count < lines:
        if number % (size // 8 + 1) < size // 8:
            minor = random.randint(1, 100_000)
            its_lines = [Line("clearing:paypal:USD", minor), Line("revenue:pr1:shop:USD", -minor)]
            kind = "revenue_received"
        else:
            people = random.sample(range(PAYEES), size - 1)
            its_lines = [Line(f"payable:p{payee}:USD", -random.randint(1, 9999)) for payee in people]
            total = -sum(line.amount_minor for line in its_lines)
            its_lines.insert(0, Line("expense:pr1:artist_share:USD", total))
            kind = "statement_allocation"
        number += 1
        count += len(its_lines)
        yield entry_of(number, kind, its_lines), its_lines


def entry_of(number: int, kind: str, its_lines: list[Line]) -> JournalEntry:
    key, day, source = f"bench:{number}", FIRST_DAY + dt.timedelta(days=number % 2000), f'{{"row":{number}}}'
    return JournalEntry(
        id=number,
        n_lines=len(its_lines),
        kind=kind,
        idempotency_key=key,
        request_sha256=request_hash(kind, key, day, source, its_lines, None),
        effective_on=day,
        posted_at=MOMENT,
        source=source,
    )


def write(entry: JournalEntry, its_lines: list[Line], ids: dict[str, int], entries: StringIO, rows: StringIO) -> None:
    """As COPY reads them."""
    facts = (entry.id, entry.n_lines, entry.kind, entry.idempotency_key, entry.request_sha256, entry.effective_on)
    entries.write("\t".join(map(str, (*facts, entry.posted_at, entry.source, entry.previous_hash, entry.hash))) + "\n")
    rows.writelines(
        f"{entry.id}\t{number}\t{ids[account]}\tUSD\t{minor}\n" for number, (account, minor) in enumerate(its_lines, 1)
    )


def copy(cursor: psycopg2.extensions.cursor, entries: StringIO, rows: StringIO) -> None:
    for table, columns, text in (("journalentry", ENTRY, entries), ("journalline", LINE, rows)):
        text.seek(0)
        cursor.copy_expert(f"COPY royalties_{table} ({columns}) FROM STDIN", text)
