"""JSON that can only mean one thing: duplicate keys, NaN and damaged text are refused."""

from __future__ import annotations

import json
from typing import Any

from royalties.allocation.document import AllocationRefused


def parse_json(data: bytes) -> Any:
    """Return the value of JSON bytes, or raise AllocationRefused in plain words."""
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except UnicodeDecodeError as problem:
        raise AllocationRefused("The file is not UTF-8 text.") from problem
    except json.JSONDecodeError as problem:
        raise AllocationRefused(f"The file is not JSON: {problem}.") from problem
    except RecursionError as problem:
        raise AllocationRefused("The file is nested too deeply.") from problem
    except AllocationRefused:
        raise
    except ValueError as problem:  # Python caps the digits it will read into an integer
        raise AllocationRefused(f"The file holds an impossible number: {problem}.") from problem


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise AllocationRefused(f"The name {name!r} appears twice in one object.")
            seen.add(name)
    return result


def _no_constant(name: str) -> Any:
    raise AllocationRefused(f"{name} is not a number a document may hold.")
