"""Fingerprints for works that were prepared before there were any."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contributions import actions


class Command(BaseCommand):
    """Queues a small batch; run it again until nothing is left."""

    help = "Queue the taking of fingerprints of works that have none, in the media queue."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--most", type=int, default=200, metavar="N", help="how many versions at once (200)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["most"] < 1:
            raise CommandError("--most asks for at least 1")
        queued, left = actions.fill_in_fingerprints(most=options["most"])
        self.stdout.write(f"{queued} queued, {left} left")
