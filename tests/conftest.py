"""The fixtures that every test may use; docs/testing.md tells when to take which."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hitrecord.settings")

pytest_plugins = [
    "tests.support.databases",
    "tests.support.cast",
    "tests.support.storage",
    "tests.support.sites",
    "tests.support.browsers",
]


def pytest_configure() -> None:
    """Stop early where the servers are not ours to fill, and serve static files without their hashes."""
    if not os.environ.get("VAR_DIR", "").startswith("/tmp/hr-"):
        raise pytest.UsageError("Run the tests with bin/test, which gives them servers of their own.")
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # The hash says how often it was stirred, so the site's own processes read these quick ones as well.
    PBKDF2PasswordHasher.iterations = 1000
