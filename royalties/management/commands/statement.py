"""`manage.py statement ID --json`: the published document of a statement, to standard output alone."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from royalties.document import published_document
from royalties.models import Publication, Statement


class Command(BaseCommand):
    """Print what strangers verify."""

    help = "Print the published document of a statement: input, result, their hashes and the revision."

    def add_arguments(self, parser: CommandParser) -> None:
        """An id, and perhaps an earlier revision."""
        parser.add_argument("id", type=int, metavar="ID")
        parser.add_argument("--json", action="store_true", help="print JSON (the only form there is)")
        parser.add_argument("--revision", type=int, help="a published revision; the one in force unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the revision and print it."""
        statement = Statement.objects.select_related("current").filter(pk=options["id"]).first()
        if statement is None:
            raise CommandError(f"There is no statement {options['id']}.")
        revision = statement.current
        if options["revision"]:
            row = Publication.objects.filter(statement=statement, number=options["revision"]).first()
            revision = row.revision if row else None
        if revision is None:
            raise CommandError(f"Statement {statement.pk} has no such published revision.")
        self.stdout.write(json.dumps(published_document(revision), ensure_ascii=False, indent=1))
