"""Books what the bank held before the books begin, once a currency."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser

from profiles.models import Artist
from royalties import actions
from royalties.management.by_finance import ByFinance
from royalties.money import Money


class Command(ByFinance):
    """`manage.py open_books 12345.67 USD --on 2026-01-01 --by dana`"""

    help = "Book what the bank held in a currency on the day that the books begin; the same again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("amount", help="as on the bank's statement: 12345.67")
        parser.add_argument("currency", help="ISO 4217: USD")
        parser.add_argument("--on", type=dt.date.fromisoformat, required=True, metavar="DAY", help="such as 2026-01-01")

    def act(self, actor: Artist, options: dict[str, Any]) -> str:
        money = Money.parse(options["amount"], options["currency"])
        entry = actions.open_books(actor=actor, money=money, on=options["on"])
        return f"entry {entry.pk}: {money.format()} at the bank on {entry.effective_on}"
