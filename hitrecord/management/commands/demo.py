"""Loads the demo community: people, works with real files, challenges, productions and money."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hitrecord.demo.story import tell
from hitrecord.demo.story.people import PASSWORD


class Command(BaseCommand):
    """Tells the story once; run again, it goes on where it was interrupted."""

    help = "Load the demo community. Needs DEMO=1, because its passwords are public."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo has public passwords and is loaded only with DEMO=1.")
        if not tell(say=self._say):
            self._say("the demo is already there")
        self._say(f"log in as alice@example.org, bob@, charlie@, sam@ or dana@example.org with the password {PASSWORD}")

    def _say(self, words: str) -> None:
        self.stderr.write(f"demo: {words}", ending="\n")
        self.stderr.flush()
