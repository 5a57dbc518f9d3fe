"""Takes back what `open_books` has booked, where it was written down wrongly."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from profiles.models import Artist
from royalties import actions
from royalties.exceptions import RoyaltiesRefused


class Command(BaseCommand):
    """`manage.py take_back_opening USD --by dana`"""

    help = "Take back what open_books has booked in a currency; then it can be booked anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("currency", help="ISO 4217: USD")
        parser.add_argument(
            "--by", required=True, metavar="HANDLE", help="who says so: somebody with the power finance"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        actor = Artist.objects.filter(handle=options["by"], closed_at=None).first()
        if actor is None:
            raise CommandError(f"Nobody here is called {options['by']}.")
        try:
            entry = actions.take_back_opening(actor=actor, currency=options["currency"])
        except RoyaltiesRefused as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"entry {entry.pk} is taken back")
