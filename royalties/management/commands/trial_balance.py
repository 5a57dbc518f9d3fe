"""Prints every account's balance, debit positive."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from royalties.ledger import trial_balance
from royalties.money import Money


class Command(BaseCommand):
    """`manage.py trial_balance [--json]`"""

    help = "Print the balance of every account, debit positive; each currency sums to zero."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="{currency: {account: minor units}}")

    def handle(self, *args: Any, **options: Any) -> None:
        balances = trial_balance()
        if options["json"]:
            self.stdout.write(json.dumps(balances, indent=1, sort_keys=True))
            return
        for currency, accounts in balances.items():
            for code, minor in accounts.items():
                self.stdout.write(f"{Money(minor, currency).plain():>18} {code}")
            self.stdout.write(f"{Money(sum(accounts.values()), currency).plain():>18} {currency} in all")
