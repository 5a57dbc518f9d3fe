"""Reads every invariant of the ledger again; a line each, exit 1 on a breach."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from royalties.checks import run_checks


class Command(BaseCommand):
    """`manage.py check_ledger`"""

    help = "Check every invariant of the ledger by name; exit 1 on a breach, naming the rows."
    shown = 20

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for name, breaches in run_checks():
            self.stdout.write(f"{'ok' if not breaches else 'BROKEN'}  {name}")
            for breach in breaches[: self.shown]:
                self.stdout.write(f"        {breach}")
            if len(breaches) > self.shown:
                self.stdout.write(f"        and {len(breaches) - self.shown} more")
            broken += bool(breaches)
        if broken:
            self.stderr.write(f"{broken} invariants are broken.")
            sys.exit(1)
