"""Counting the queries of a page."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def cost_of(client: Any, address: str, **query: Any) -> int:
    """How many queries a page costs that answers 200. Asked twice, since the first fills caches."""
    client.get(address, query)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(address, query)
    assert page.status_code == 200, page.status_code
    return len(captured)
