"""The fixtures that every test may use; docs/testing.md tells when to take which."""

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hitrecord.settings")

SUITE_SEED = 1726
# The time of one example says nothing on a shared machine, nor how long it takes to draw them.
PATIENT = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
# Twenty times what every property is tried with otherwise: bin/test --hypothesis-profile nightly
hypothesis.settings.register_profile("nightly", max_examples=2_000, **PATIENT)
# The suite says the same of the same code each time; the nightly profile looks further.
hypothesis.settings.register_profile("suite", derandomize=True, **PATIENT)
hypothesis.settings.load_profile("suite")

pytest_plugins = [
    "tests.support.databases",
    "tests.support.cast",
    "tests.support.storage",
    "tests.support.sites",
    "tests.support.browsers",
    "tests.support.ledgers",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--soak` and `--faults` make tests/soak and tests/faults whole; bin/test --soak or --faults chooses them."""
    parser.addoption("--soak", action="store_true", help="run tests/soak at full size (hours)")
    parser.addoption("--faults", action="store_true", help="run tests/faults at full size (hours)")
    parser.addoption("--seed", type=int, default=None, help="the chance of both, to repeat a run")
    parser.addoption("--form", action="append", default=[], help="of the forms that are sent twice, this one alone")
    parser.addoption("--part", type=int, default=1, help="with --soak or --faults: an n-th of the full size")


def is_whole(config: pytest.Config) -> bool:
    """Whether the run is one of those that take hours."""
    return bool(config.getoption("--soak") or config.getoption("--faults"))


@pytest.fixture
def size(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """`size(20, 1000)` is 20 in the suite, 1,000 under `bin/test --soak` and `--faults`; `--part 10` makes that 100."""
    whole = is_whole(request.config)
    part = max(int(request.config.getoption("--part")), 1)
    return lambda small, full: max(full // part, small) if whole else small


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """What the chance of a long run comes from: printed, the same each time in the suite, and one's own by --seed."""
    given = request.config.getoption("--seed")
    drawn = secrets.randbelow(10**6) if is_whole(request.config) else SUITE_SEED
    chosen = int(drawn if given is None else given)
    sys.stderr.write(f"\n{request.node.name}: --seed {chosen}\n")
    return chosen


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
