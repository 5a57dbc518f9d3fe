"""The ancestors and descendants of a work."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contributions import lineage
from contributions.models import Contribution


class Command(BaseCommand):
    """JSON goes to standard output alone."""

    help = "Print the works that a work is built on, and those built on it."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("id", metavar="ID", type=int)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        work = Contribution.objects.filter(pk=options["id"]).first()
        if work is None:
            raise CommandError(f"there is no contribution {options['id']}")
        found = {
            "ancestors": [node.as_json() for node in lineage.ancestors(work)],
            "descendants": [node.as_json() for node in lineage.descendants(work)],
        }
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for name, nodes in found.items():
            self.stdout.write(f"{name}: {len(nodes)}")
            for node in nodes:
                self.stdout.write(f"  {node['id']} at {node['depth']}, {node['kind']}")
