"""The journal for other tools: hledger's and beancount's text, CSV, and the trial balance."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections import defaultdict
from decimal import Decimal
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from beancount import loader
from django.core.management import call_command

from royalties import exports, ledger, postings
from royalties.checks import run_checks
from royalties.models import JournalEntry
from royalties.money import Money
from tests.royalties.books import story
from tests.royalties.journals import (
    balances_by_beancount,
    balances_by_hledger,
    both_agree_with_us,
    export,
    in_units,
    run_hledger,
)
from tests.royalties.years import Year

DAY = dt.date(2026, 3, 31)


@pytest.fixture
def books(db: None) -> dict[str, dict[str, int]]:
    """The story of a cent and a year at random, in currencies of 0, 2 and 3 places."""
    for number, draft in enumerate(story()):
        ledger.post(draft, effective_on=DAY + dt.timedelta(days=number % 9), source={"step": number})
    random = Random(2026)
    for number in range(150):
        currency = random.choice(["USD", "JPY", "KWD"])
        draft = postings.revenue_received(
            production=random.choice(["pr1", "PR1", "pr_1", "pr-1", "1", "0"]),
            channel=random.choice(["shop", "revenue"]),
            provider=random.choice(["paypal", "sepa"]),
            transaction=str(number),
            money=Money(random.randint(1, 10**9), currency),
        )
        ledger.post(draft, effective_on=DAY + dt.timedelta(days=random.randint(-90, 270)), source={"row": number})
    return ledger.trial_balance()


def test_trial_balance_prints_json_alone(books: dict[str, dict[str, int]]) -> None:
    out = StringIO()
    call_command("trial_balance", "--json", stdout=out)
    printed = json.loads(out.getvalue())
    assert printed == books
    assert set(printed) == {"USD", "JPY", "KWD"}
    assert all(sum(codes.values()) == 0 for codes in printed.values())


def test_trial_balance_prints_a_table_for_people(books: dict[str, dict[str, int]]) -> None:
    out = StringIO()
    call_command("trial_balance", stdout=out)
    assert "-20.00 payable:ana:USD" in out.getvalue()
    assert "0.000 KWD in all" in out.getvalue()


def test_csv_holds_every_line_once(books: dict[str, dict[str, int]]) -> None:
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in csv.DictReader(StringIO(export("csv"))):
        sums[row["account"], row["currency"]] += Decimal(row["amount"])
        assert Money.parse(row["amount"], row["currency"]).amount_minor == int(row["amount_minor"])
    assert dict(sums) == in_units(books)


def test_beancount_accepts_the_journal_and_agrees(books: dict[str, dict[str, int]]) -> None:
    assert balances_by_beancount(export("beancount")) == in_units(books)


def test_beancount_notices_a_changed_amount(books: dict[str, dict[str, int]]) -> None:
    text = export("beancount").replace("  1000.00 USD", "  1000.01 USD", 1)
    _, errors, _ = loader.load_string(text, dedent=False)
    assert errors


@pytest.mark.parametrize(
    ("one", "other"),
    [("ana", "Ana"), ("a-b", "a_b"), ("a.b", "a_b"), ("0a", "Oa"), ("A", "0A"), ("a-u", "a_"), ("1a", "01a")],
)
def test_two_codes_never_share_a_name_in_beancount(one: str, other: str) -> None:
    names = [exports.beancount_name(f"payable:{payee}:USD") for payee in (one, other)]
    assert names[0] != names[1]
    for name in names:
        assert re.fullmatch(r"Liabilities(:[A-Z0-9][A-Za-z0-9-]*)+", name)


# --- hledger itself ---


def test_hledger_accepts_the_journal_and_agrees(hledger: list[str], books: dict[str, dict[str, int]]) -> None:
    journal = export("hledger")
    for checks in (["--strict"], ["ordereddates"]):
        checked = run_hledger(hledger, journal, "check", *checks)
        assert (checked.returncode, checked.stderr) == (0, "")
    assert balances_by_hledger(hledger, journal) == in_units(books)


def test_hledger_notices_a_changed_amount(hledger: list[str], books: dict[str, dict[str, int]]) -> None:
    journal = export("hledger")
    changed = journal.replace("  1000.00 USD", "  1000.01 USD", 1)
    assert changed != journal
    assert run_hledger(hledger, changed, "check", "--strict").returncode != 0
    both = journal.replace("  1000.00 USD", "  1000.01 USD", 1).replace("  -1000.00 USD", "  -1000.01 USD", 1)
    assert "balance assertion" in run_hledger(hledger, both, "check", "--strict").stderr.lower()


# --- a year at random through every posting rule ---


@pytest.mark.parametrize("seed", [1, 2026])
def test_a_random_year_is_sound_here_in_hledger_and_in_beancount(
    db: None, by_hand: None, hledger: list[str], tmp_path: Path, seed: int
) -> None:
    for day, draft in Year(seed).drafts(400):
        ledger.post(draft, effective_on=day, source={"seed": seed})
    for entry in JournalEntry.objects.filter(kind="revenue_received").order_by("pk")[:5]:
        ledger.reverse_entry(entry, effective_on=entry.effective_on, source={"case": 1})
    assert JournalEntry.objects.values("kind").distinct().count() > 20
    assert [found for found in run_checks() if found[1]] == []
    both_agree_with_us(hledger, tmp_path)


@pytest.mark.parametrize("name", ["hledger", "beancount", "csv"])
def test_empty_books_export_too(db: None, name: str) -> None:
    text = export(name)
    assert len(text.splitlines()) == (1 if name == "csv" else 0)


def test_no_name_or_address_stands_in_an_export(books: dict[str, dict[str, Any]]) -> None:
    assert "@" not in export("csv") + export("beancount") + export("hledger")
