"""How the cache stores values: as JSON. What can be read by anybody must not be able to run as code."""

from __future__ import annotations

import json
from typing import Any


class JsonSerializer:
    """For Django's Redis cache, in place of its pickle. Whole numbers stay as they are, so that INCR works."""

    def dumps(self, value: Any) -> int | bytes:
        """Raises TypeError for what JSON cannot hold."""
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        """The value; ValueError for what is no JSON."""
        return json.loads(data)
