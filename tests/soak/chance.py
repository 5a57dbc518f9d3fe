"""What endurance runs share: moments drawn from a seed, figures told as they come, and works begun at once."""

import random
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections

BEGAN = time.monotonic()


def tell(words: str) -> None:
    """A line of progress; `-s` shows it at once, a failure shows all of them."""
    sys.stderr.write(f"  {time.monotonic() - BEGAN:7.1f} s  {words}\n")
    sys.stderr.flush()


def moments(chance: random.Random, count: int) -> list[float]:
    """That many places on the way from 0 to 1, in order."""
    return sorted(chance.random() for _ in range(count))


def with_own_connections(work: Callable[[], Any]) -> Any:
    """For a thread: its database connections end with its work."""
    try:
        return work()
    finally:
        connections.close_all()


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Let all begin in the same moment; what each answered, or the exception it ended with."""
    gate = threading.Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        gate.wait(timeout=60)
        return with_own_connections(work)

    with ThreadPoolExecutor(len(works)) as pool:
        begun = [pool.submit(one, work) for work in works]
    return [future.exception() or future.result() for future in begun]
