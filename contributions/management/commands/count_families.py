"""Counting the families of all works anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from contributions import actions


class Command(BaseCommand):
    """Safe to run at any time; it holds the rows of all families while it counts."""

    help = "Count how many works and artists the lineage of every work has, and mend what is wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = actions.recount_families(actor=None)
        self.stdout.write(f"{wrong} families were wrong or missing")
