"""Fixtures for the tests of works."""

from typing import Any

import pytest
from django.test import Client

from tests.contributions.tus_client import Tus


@pytest.fixture
def tusd(client: Client, alice: Any) -> Tus:
    """Alice's browser, speaking tus."""
    client.force_login(alice)
    return Tus(client)


@pytest.fixture(params=["disk", "s3"])
def anywhere(request: pytest.FixtureRequest) -> str:
    """Each test that takes this runs on local disk and on a real S3 server."""
    if request.param == "s3":
        request.getfixturevalue("s3_media")
    return str(request.param)
