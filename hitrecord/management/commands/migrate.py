"""Django's migrate, which first says what the role of the site may do with the tables to come."""

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections


class Command(Migrate):
    """Rows belong to the site's role and tables to the owner's: no TRUNCATE, no DDL, no trigger switched off."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Default privileges first, because they hold for tables made after them."""
        connection = connections[options["database"]]
        if connection.settings_dict["USER"] != settings.DATABASE_APP_ROLE:
            app = connection.ops.quote_name(settings.DATABASE_APP_ROLE)
            with connection.cursor() as cursor:
                cursor.execute(f"GRANT USAGE ON SCHEMA public TO {app}")
                cursor.execute(
                    f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}"
                )
                cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}")
        super().handle(*args, **options)
