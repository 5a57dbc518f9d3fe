"""The journal in the hands of other tools: what hledger and beancount say of it, and what they add up."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from io import StringIO
from pathlib import Path

from beancount import loader
from beancount.core import data
from beancount.ops import validation
from django.core.management import call_command

from royalties import ledger
from royalties.money import exponent

Balances = dict[tuple[str, str], Decimal]
TIMEOUT_SECONDS = 120


def export(name: str) -> str:
    out = StringIO()
    call_command("export_ledger", format=name, stdout=out)
    return out.getvalue()


def in_units(balances: dict[str, dict[str, int]]) -> Balances:
    return {
        (code, currency): Decimal(minor).scaleb(-exponent(currency))
        for currency, codes in balances.items()
        for code, minor in codes.items()
    }


def run_hledger(hledger: list[str], journal: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [*hledger, "--file", "-", *words]
    return subprocess.run(command, input=journal, capture_output=True, text=True, check=False, timeout=TIMEOUT_SECONDS)


def balances_by_hledger(hledger: list[str], journal: str) -> Balances:
    """What hledger adds up, by our codes and currencies."""
    told = run_hledger(hledger, journal, "balance", "--flat", "--no-total", "--empty", "--output-format", "csv")
    assert told.returncode == 0, told.stderr
    found = {}
    for row in csv.DictReader(StringIO(told.stdout)):
        root, rest = row["account"].split(":", 1)
        code = {"revenues": f"revenue:{rest}", "expenses": f"expense:{rest}"}.get(root, rest)
        currency = code.rsplit(":", 1)[1]
        found[code, currency] = Decimal(row["balance"].removesuffix(currency).strip())
    return found


def run_bean_check(folder: Path, journal: str) -> subprocess.CompletedProcess[str]:
    """The program itself, as a stranger runs it on the file."""
    file = folder / "journal.beancount"
    file.write_text(journal, encoding="utf-8")
    command = [Path(sys.executable).with_name("bean-check"), file]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT_SECONDS)


def balances_by_beancount(journal: str) -> Balances:
    """What beancount adds up, by our codes and currencies; its strictest checks find nothing, and it opens each code once."""
    entries, errors, options = loader.load_string(journal, dedent=False)
    errors += validation.validate(entries, options, extra_validations=validation.HARDCORE_VALIDATIONS)
    assert [error.message for error in errors] == []
    codes = {entry.account: str(entry.meta["code"]) for entry in entries if isinstance(entry, data.Open)}
    assert len(set(codes.values())) == len(codes)
    assert sum(isinstance(entry, data.Balance) for entry in entries) == len(codes)
    found: Balances = defaultdict(Decimal)
    for entry in entries:
        for posting in entry.postings if isinstance(entry, data.Transaction) else ():
            found[codes[posting.account], posting.units.currency] += posting.units.number
    return dict(found)


def both_agree_with_us(hledger: list[str], folder: Path) -> None:
    """Both programs accept what we export, and both add up to our trial balance, account by account."""
    ours = in_units(ledger.trial_balance())
    journal = export("hledger")
    for checks in (["--strict"], ["ordereddates"]):
        checked = run_hledger(hledger, journal, "check", *checks)
        assert (checked.returncode, checked.stderr) == (0, "")
    assert balances_by_hledger(hledger, journal) == ours
    journal = export("beancount")
    checked = run_bean_check(folder, journal)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert balances_by_beancount(journal) == ours
