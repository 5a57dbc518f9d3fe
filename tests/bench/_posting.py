"""What a post costs: small entries against django-hordak, one large entry against a bare COPY, several writers at once."""

from __future__ import annotations

import datetime as dt
import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median

import psycopg2
from django.db import connection, connections

from hitrecord.addresses import with_database
from royalties import ledger, postings
from royalties.money import Money
from tests.bench.figures import Figure

DAY = dt.date(2026, 3, 31)
WRITERS = 4
HORDAK = "hordak_bench"
BARE = """
CREATE TABLE bare_line (
    entry_id bigint NOT NULL, line_no int NOT NULL,
    account_id bigint NOT NULL, currency varchar(3) NOT NULL, amount_minor bigint NOT NULL,
    FOREIGN KEY (entry_id) REFERENCES royalties_journalentry (id),
    FOREIGN KEY (account_id) REFERENCES royalties_account (id)
)
"""
LINES = "entry_id, line_no, account_id, currency, amount_minor"


def posting(*, rounds: int = 7, entries: int = 400, lines: int = 50_000) -> Iterator[Figure]:
    """Both comparisons, in turns, so that both sides feel the same noise."""
    yield from small(rounds, entries)
    yield from large(lines)


def small(rounds: int, entries: int) -> Iterator[Figure]:
    """Two-line entries, each its own commit, with hash chain and balances, against hordak's own way.

    Both are told accounts by their codes, and what that takes counts. Hordak with accounts that somebody else has found
    for it stands beside it, and one bare row by one statement, which is what any post in one round trip could reach at
    most.
    """
    ours, theirs, held, together, bare = [], [], [], [], []
    with hordak() as post_theirs:
        post_ours("warm", 50)
        post_theirs("found", 50)
        for number in range(rounds):
            theirs.append(post_theirs("found", entries))
            held.append(post_theirs("held", entries))
            ours.append(post_ours(f"{number}", entries))
            together.append(post_at_once(f"{number}", entries))
            bare.append(insert_bare(entries))
    rate, slower = entries / median(ours), entries / median(theirs)
    note = f"{rate:.0f} entries a second, hordak {slower:.0f}"
    yield Figure(name="posts_over_hordak", value=median(theirs) / median(ours), unit="x", least=5, note=note)
    note = f"hordak {entries / median(held):.0f}, its accounts found for it beforehand"
    yield Figure(name="posts_over_hordak_held", value=median(held) / median(ours), unit="x", note=note)
    note = f"{entries / median(bare):.0f} bare rows a second: the most that is to be had"
    yield Figure(name="insert_over_hordak", value=median(theirs) / median(bare), unit="x", note=note)
    note = f"{WRITERS} writers at once through the one lock"
    yield Figure(name="posts_per_s_together", value=entries / median(together), unit="1/s", note=note)


def post_ours(name: str, count: int) -> float:
    """Seconds for so many sales of one shop."""
    began = time.perf_counter()
    for number in range(count):
        draft = postings.revenue_received(
            production="pr1",
            channel="shop",
            provider="paypal",
            transaction=f"{name}-{number}",
            money=Money(500, "USD"),
        )
        ledger.post(draft, effective_on=DAY, source={"row": number})
    return time.perf_counter() - began


def insert_bare(count: int) -> float:
    """Seconds for so many rows of one number, each its own statement and commit, by the same way."""
    with psycopg2.connect(os.environ["DATABASE_OWNER_URL"]) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bare_row (number bigint PRIMARY KEY)")
        cursor.execute("TRUNCATE bare_row")
        cursor.execute("GRANT INSERT ON bare_row TO PUBLIC")
    owner.close()
    began = time.perf_counter()
    for number in range(count):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bare_row VALUES (%s)", [number])
    return time.perf_counter() - began


def post_at_once(name: str, count: int) -> float:
    """The same by several connections that begin at one moment."""
    start = threading.Barrier(WRITERS + 1)

    def write(writer: int) -> None:
        connection.ensure_connection()
        start.wait()
        try:
            post_ours(f"{name}-w{writer}", count // WRITERS)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        done = [pool.submit(write, writer) for writer in range(WRITERS)]
        start.wait()
        began = time.perf_counter()
        for each in done:
            each.result()
        return time.perf_counter() - began


@contextmanager
def hordak() -> Iterator[Callable[[str, int], float]]:
    """A process of hordak's with a database of its own on this server; yields what posts there and tells the seconds."""
    owner = os.environ["DATABASE_OWNER_URL"]
    server = psycopg2.connect(with_database(owner, "postgres"))
    server.autocommit = True
    server.cursor().execute(f"CREATE DATABASE {HORDAK}")
    given = {
        "DJANGO_SETTINGS_MODULE": "tests.bench._hordak_settings",
        "HORDAK_DATABASE_URL": with_database(owner, HORDAK),
    }
    command = [sys.executable, "-m", "tests.bench._hordak"]
    with subprocess.Popen(
        command, env=os.environ | given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "ready\n"

        def post(way: str, count: int) -> float:
            process.stdin.write(f"{way} {count}\n")
            process.stdin.flush()
            return float(process.stdout.readline())

        yield post
        process.stdin.close()
    server.cursor().execute(f"DROP DATABASE {HORDAK}")
    server.close()


def large(lines: int, rounds: int = 5) -> Iterator[Figure]:
    """One allocation of so many payees, and the same lines by COPY into a bare table with the same foreign keys."""
    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    with owner, owner.cursor() as cursor:
        cursor.execute(BARE)
    first, ours, bare = 0.0, [], []
    for number in range(rounds + 1):
        seconds = allocate(number, lines)
        copied = copy_lines(owner)
        if number:
            ours.append(seconds)
            bare.append(copied)
        else:
            first = seconds
    owner.close()
    note = f"{median(ours):.2f} s for {lines:,} lines, COPY {median(bare):.2f} s"
    yield Figure(name="post_50k_over_copy", value=median(ours) / median(bare), unit="x", most=2, note=note)
    yield Figure(name="post_50k_new_payees_s", value=first, unit="s", note="the same with every account to be opened")


def allocate(number: int, payees: int) -> float:
    """Seconds to post an allocation to so many payees, commit and all."""
    amounts = {f"p{payee}": 1 + payee % 997 for payee in range(payees - 1)}
    total = Money(sum(amounts.values()), "USD")
    ledger.post(
        postings.statement_split(statement=f"st{number}", production="pr1", pool=total), effective_on=DAY, source={}
    )
    draft = postings.statement_allocation(statement=f"st{number}", production="pr1", currency="USD", amounts=amounts)
    began = time.perf_counter()
    ledger.post(draft, effective_on=DAY, source={"row": number})
    return time.perf_counter() - began


def copy_lines(owner: psycopg2.extensions.connection) -> float:
    """Seconds to COPY the lines of the last entry into the bare table."""
    text = io.StringIO()
    with owner, owner.cursor() as cursor:
        chosen = f"SELECT {LINES} FROM royalties_journalline WHERE entry_id = {ledger.head()[0]} ORDER BY line_no"
        cursor.copy_expert(f"COPY ({chosen}) TO STDOUT", text)
    text.seek(0)
    began = time.perf_counter()
    with owner, owner.cursor() as cursor:
        cursor.copy_expert(f"COPY bare_line ({LINES}) FROM STDIN", text)
    return time.perf_counter() - began
