"""A studio in a database of its own, the wire to it, and the superuser's way in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import connection

from tests.faults.holding import superuser_url
from tests.faults.studio import Studio, open_studio
from tests.faults.wire import Wire
from tests.royalties.payees import SEPA_ACCOUNT
from tests.support.databases import Databases


@pytest.fixture
def database_url(committed_db: str, databases: Databases) -> str:
    """This test's database, for the site's role."""
    return databases.url(str(connection.settings_dict["NAME"]))


@pytest.fixture
def superuser(database_url: str) -> str:
    """The same for somebody with all powers."""
    return superuser_url(database_url)


@pytest.fixture
def studio(committed_db: str, settings: Any) -> Studio:
    """A film that has earned and paid once."""
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    return open_studio()


@pytest.fixture
def wire(database_url: str) -> Iterator[Wire]:
    """A way to the database that can lose an answer."""
    with tempfile.TemporaryDirectory(prefix="hr-wire-", dir="/tmp") as folder:
        made = Wire(Path(folder) / "w", database_url)
        yield made
        made.close()


@pytest.fixture
def thief(superuser: str) -> Iterator[Any]:
    """Somebody with all powers."""
    link = psycopg2.connect(superuser)
    yield link
    link.close()
