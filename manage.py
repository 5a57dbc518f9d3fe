#!/usr/bin/env python3
"""Django's commands. The schema belongs to the role `owner`: commands that change it run as that role."""

import os
import sys

OWNER_COMMANDS = {"migrate"}


def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hitrecord.settings")
    if OWNER_COMMANDS & set(sys.argv[1:2]):
        os.environ.setdefault("DATABASE_ROLE", "owner")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed here: run bin/up once, then .venv/bin/python manage.py …")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
