"""Writes the whole journal so that independent tools can confirm the balances."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from royalties import exports


class Command(BaseCommand):
    """`manage.py export_ledger --format hledger|beancount|csv`"""

    help = "Write the whole journal for hledger, for beancount or as CSV to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", required=True, choices=sorted(exports.FORMATS))

    def handle(self, *args: Any, **options: Any) -> None:
        for line in exports.written(options["format"]):
            self.stdout.write(line)
