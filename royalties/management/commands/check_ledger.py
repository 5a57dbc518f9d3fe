"""Reads every invariant of the ledger again; a line each, exit 1 on a breach."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from royalties.checks import NAMES, outcomes


class Command(BaseCommand):
    """`manage.py check_ledger`"""

    help = "Check every invariant of the ledger by name; exit 1 on a breach, naming the rows."
    shown = 20

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", nargs="+", choices=NAMES, metavar="NAME", default=NAMES, help="these alone")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for outcome in outcomes(options["only"]):
            self.stdout.write(f"{'BROKEN' if outcome.breach_count else 'ok'}  {outcome.name}")
            for breach in outcome.breaches[: self.shown]:
                self.stdout.write(f"        {breach}")
            if outcome.breach_count > self.shown:
                self.stdout.write(f"        and {outcome.breach_count - self.shown} more")
            broken += bool(outcome.breach_count)
        if broken:
            self.stderr.write(f"{broken} invariants are broken.")
            sys.exit(1)
