"""What the ledger costs: posting against its peers, and reading at ten million lines."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench._millions import millions
from tests.bench._posting import posting
from tests.bench.figures import Figure

LINES = 10_000_000


def ledger(*, lines: int = LINES, entries: int = 400, large: int = 50_000, rounds: int = 7) -> Iterator[Figure]:
    """All of it in one database; the sizes are for the test that keeps this from rotting."""
    yield from posting(rounds=rounds, entries=entries, lines=large)
    yield from millions(lines)
