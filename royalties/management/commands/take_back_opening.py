"""Takes back what `open_books` has booked, where it was written down wrongly."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from profiles.models import Artist
from royalties import actions
from royalties.management.by_finance import ByFinance


class Command(ByFinance):
    """`manage.py take_back_opening USD --by dana`"""

    help = "Take back what open_books has booked in a currency; then it can be booked anew."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("currency", help="ISO 4217: USD")

    def act(self, actor: Artist, options: dict[str, Any]) -> str:
        entry = actions.take_back_opening(actor=actor, currency=options["currency"])
        return f"entry {entry.pk} is taken back"
