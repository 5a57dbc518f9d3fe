"""A command that changes the books: somebody with the power finance answers for it, and refusals are plain words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from profiles.models import Artist
from royalties.exceptions import RoyaltiesRefused
from royalties.money import MoneyError


class ByFinance(BaseCommand):
    """Finds who is named with `--by`, and says what `act` has done."""

    #: Does it, and tells it in one line; raises MoneyError or RoyaltiesRefused.
    act: Callable[[Artist, dict[str, Any]], str]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--by", required=True, metavar="HANDLE", help="who says so: somebody with the power finance"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        actor = Artist.objects.filter(handle=options["by"], closed_at=None).first()
        if actor is None:
            raise CommandError(f"Nobody here is called {options['by']}.")
        try:
            self.stdout.write(self.act(actor, options))
        except (MoneyError, RoyaltiesRefused) as problem:
            raise CommandError(str(problem)) from problem
