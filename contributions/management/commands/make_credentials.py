"""Makes the certificates that content credentials are signed with."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from contributions import credentials
from contributions.credentials import keys


class Command(BaseCommand):
    """Run at every set-up: a chain that is there stays as it is."""

    help = "Make the root, the intermediate and the signer of content credentials, where there are none."
    # It makes what the checks would miss.
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--renew", action="store_true", help="make a new signer under the same root")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what stands in the folder afterwards."""
        folder = credentials.folder_of_keys()
        try:
            made = keys.make(folder, name=settings.SITE_NAME)
            if options["renew"] and not made:
                keys.renew(folder, name=settings.SITE_NAME)
            chain = keys.load(folder)
        except (keys.KeysMissing, OSError) as error:
            raise CommandError(str(error)) from error
        if options["verbosity"] == 0:
            return
        done = "made" if made else "renewed" if options["renew"] else "there already"
        self.stdout.write(f"The credentials in {folder} are {done}; they sign until {chain.ends_at:%d %B %Y}.")
        self.stdout.write(f"Root: {chain.fingerprint}")
