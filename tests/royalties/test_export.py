"""The journal for other tools: hledger's and beancount's text, CSV, and the trial balance."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections import defaultdict
from decimal import Decimal
from io import StringIO
from random import Random
from typing import Any

import pytest
from beancount import loader
from beancount.core import data, inventory
from beancount.ops import validation
from django.core.management import call_command

from royalties import exports, ledger, postings
from royalties.money import Money, exponent
from tests.royalties.books import story

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


def export(name: str) -> str:
    out = StringIO()
    call_command("export_ledger", format=name, stdout=out)
    return out.getvalue()


def in_units(balances: dict[str, dict[str, int]]) -> dict[tuple[str, str], Decimal]:
    return {
        (code, currency): Decimal(minor).scaleb(-exponent(currency))
        for currency, codes in balances.items()
        for code, minor in codes.items()
    }


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
    entries, errors, options = loader.load_string(export("beancount"), dedent=False)
    errors += validation.validate(entries, options, extra_validations=validation.HARDCORE_VALIDATIONS)
    assert [error.message for error in errors] == []
    names = {entry.account: entry.meta["code"] for entry in entries if isinstance(entry, data.Open)}
    assert len(set(names.values())) == len(names) == sum(map(len, books.values()))
    assert sum(isinstance(entry, data.Balance) for entry in entries) == len(names)
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    totals: dict[str, inventory.Inventory] = defaultdict(inventory.Inventory)
    for entry in entries:
        for posting in entry.postings if isinstance(entry, data.Transaction) else ():
            totals[posting.account].add_amount(posting.units)
    for account, total in totals.items():
        code = names[account]
        found[code, code.rsplit(":", 1)[1]] = sum((held.units.number for held in total), Decimal())
    assert dict(found) == in_units(books)


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


# --- hledger: read by the rules of its manual, since hledger itself is no Python package ---


class Journal:
    """As much of hledger's format as the export may use; everything else is an error.

    Rules from hledger's manual: directives start in column 0; a posting is indented, and two or
    more spaces part its account from its amount; each transaction sums to zero in each commodity;
    `= amount` asserts the account's balance so far, in day order; in strict mode every account
    and commodity must be declared.
    """

    heading = re.compile(r"(\d{4}-\d\d-\d\d) \* (?:\((\d+)\) )?([a-z_]+)(?:  ; (.*))?")
    posting = re.compile(r"    (\S(?:(?!  )[^;])*)  (-?\d+(?:\.\d+)?) ([A-Z]{3})(?: = (-?\d+(?:\.\d+)?) ([A-Z]{3}))?")

    def __init__(self, text: str) -> None:
        self.accounts: set[str] = set()
        self.commodities: dict[str, int] = {}
        self.balances: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        self.days: list[str] = []
        self.asserted: set[str] = set()
        for block in text.strip("\n").split("\n\n"):
            self.read(block.splitlines())

    def read(self, lines: list[str]) -> None:
        if not lines[0][:1].isdigit():
            for line in lines:
                self.declare(line)
            return
        heading = self.heading.fullmatch(lines[0])
        assert heading, lines[0]
        assert not self.days or heading[1] >= self.days[-1]
        self.days.append(heading[1])
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for line in lines[1:]:
            self.post(line, sums)
        assert len(lines) > 2
        assert not any(sums.values()), lines

    def declare(self, line: str) -> None:
        if found := re.fullmatch(r"commodity 1000\.(0*) ([A-Z]{3})", line):
            self.commodities[found[2]] = len(found[1])
        else:
            found = re.fullmatch(r"account (\S+)  ; type: [ALERX]", line)
            assert found, line
            assert found[1] not in self.accounts
            self.accounts.add(found[1])

    def post(self, line: str, sums: dict[str, Decimal]) -> None:
        found = self.posting.fullmatch(line)
        assert found, line
        account, amount, commodity = found[1], Decimal(found[2]), found[3]
        assert account in self.accounts
        assert -amount.as_tuple().exponent == self.commodities[commodity]  # type: ignore[operator]  # finite
        sums[commodity] += amount
        self.balances[account, commodity] += amount
        if found[4]:
            assert found[5] == commodity
            assert Decimal(found[4]) == self.balances[account, commodity]
            self.asserted.add(account)


def test_hledger_s_rules_accept_the_journal_and_it_agrees(books: dict[str, dict[str, int]]) -> None:
    journal = Journal(export("hledger"))
    assert len(journal.days) == ledger.head()[0] + 1
    assert journal.asserted == journal.accounts
    found = {}
    for (account, currency), amount in journal.balances.items():
        root, rest = account.split(":", 1)
        code = {"revenues": f"revenue:{rest}", "expenses": f"expense:{rest}"}.get(root, rest)
        found[code, currency] = amount
    assert found == in_units(books)


def test_the_reader_of_these_rules_notices_a_changed_amount(books: dict[str, dict[str, int]]) -> None:
    text = export("hledger").replace("  1000.00 USD", "  1000.01 USD", 1)
    with pytest.raises(AssertionError):
        Journal(text)


@pytest.mark.parametrize("name", ["hledger", "beancount", "csv"])
def test_empty_books_export_too(db: None, name: str) -> None:
    text = export(name)
    assert len(text.splitlines()) == (1 if name == "csv" else 0)


def test_no_name_or_address_stands_in_an_export(books: dict[str, dict[str, Any]]) -> None:
    assert "@" not in export("csv") + export("beancount") + export("hledger")
