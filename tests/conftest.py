"""The fixtures that every test may use; docs/testing.md tells when to take which."""

import os
from collections.abc import Callable
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


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--soak` makes the endurance runs of tests/soak whole; bin/test --soak chooses them."""
    parser.addoption("--soak", action="store_true", help="run tests/soak at full size (hours)")


@pytest.fixture
def size(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """`size(20, 1000)` is 20 in the suite and 1,000 under `bin/test --soak`."""
    whole = bool(request.config.getoption("--soak"))
    return lambda small, full: full if whole else small


@pytest.fixture(scope="session", autouse=True)
def certificates() -> None:
    """A chain to sign with, as bin/up makes one; tests without Django sign nothing."""
    from django.apps import apps

    if apps.ready:
        from contributions.credentials import keys

        keys.make(Path(settings.CREDENTIALS_DIR), name=settings.SITE_NAME)


def pytest_configure() -> None:
    """Stop early where the servers are not ours to fill, and serve static files without their hashes."""
    if not os.environ.get("VAR_DIR", "").startswith("/tmp/hr-"):
        raise pytest.UsageError("Run the tests with bin/test, which gives them servers of their own.")
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # The hash says how often it was stirred, so the site's own processes read these quick ones as well.
    PBKDF2PasswordHasher.iterations = 1000
