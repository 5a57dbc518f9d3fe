"""Productions of the size of a long season, and one allocation of them in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from random import Random
from typing import Any

from royalties.allocation import allocate, canonical_bytes

Doc = dict[str, Any]

DEPARTMENTS = {"picture": 4000, "voice": 2000, "writing": 1500, "music": 1500, "edit": 1000}
RATES = (500, 1500, 2000, 3000)
SECTIONS = 12
NEAR = 40  # a remix builds on what is new: on one of the works before it


@dataclass(frozen=True)
class Run:
    """What one allocation cost. Times in seconds (`cpu` is the processor's for `allocate`), memory the peak of the whole process in megabytes, and what of it came after the document was made."""

    allocate: float
    cpu: float
    write: float
    memory_mb: float
    added_mb: float
    payees: int
    items: int


def large_production(*, lines: int, works: int, payees: int, seed: int = 20261125) -> Doc:
    """A season of twelve episodes: most lines by people, many of them remixes of remixes."""
    random = Random(seed)
    names = [f"c{number}" for number in range(works)]
    sections = [f"e{number}" for number in range(SECTIONS)]
    bps = [10_000 // SECTIONS] * SECTIONS
    bps[0] += 10_000 - sum(bps)
    return {
        "method": "alloc-1",
        "statement": "S-BENCH",
        "production": "P-BENCH",
        "currency": "USD",
        "money": dict.fromkeys(("refunds", "fees", "reserve_held", "reserve_released", "costs", "carried_loss"), 0)
        | {"gross": 40 * payees * 100, "pool_bps": 5000},
        "params": {"max_depth": 4, "pass_cap_bps": 5000, "floor": 100, "award_cap_bps": 1000},
        "sections": [{"id": name, "bps": part} for name, part in zip(sections, bps, strict=True)],
        "departments": dict.fromkeys(sections, DEPARTMENTS),
        "lines": [cue(random, number, names, sections) for number in range(lines)],
        "contributions": {name: work(random, place, names, payees) for place, name in enumerate(names)},
        "adjustments": [],
    }


def work(random: Random, place: int, names: list[str], payees: int) -> Doc:
    """One of a hundred is staff's, one of fifty external; one in five is shared by two or three."""
    kind = random.choices(("community", "staff", "external"), (97, 1, 2))[0]
    people = random.sample(range(payees), random.choice((1, 1, 1, 1, 1, 1, 1, 1, 2, 3)))
    part, rest = divmod(10_000, len(people))
    near = names[max(0, place - NEAR) : place]
    parents = random.sample(near, min(len(near), random.choice((0, 0, 1, 1, 1, 2, 3))))
    return {
        "kind": kind,
        "credits": {f"p{number}": part + (rest if not index else 0) for index, number in enumerate(people)},
        "parents": {name: random.choice(RATES) for name in parents},
    }


def cue(random: Random, number: int, names: list[str], sections: list[str]) -> Doc:
    """A few seconds of one work."""
    return {
        "line": f"L{number}",
        "section": random.choice(sections),
        "contribution": random.choice(names),
        "dept": random.choice(list(DEPARTMENTS)),
        "unit": "ms",
        "quantity": random.randint(200, 60_000),
        "role_weight": random.choice((75, 100, 100, 150)),
        "prominence": random.choice((25, 50, 100)),
    }


def run_apart(*, explained: bool = True, **size: int) -> Run:
    """One allocation in a process of its own, so that its peak is its own."""
    here, there = multiprocessing.get_context("spawn").Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(there, size, explained))
    process.start()
    there.close()
    run: Run = here.recv()
    process.join()
    return run


def _run(answer: Connection, size: dict[str, int], explained: bool) -> None:
    document = large_production(**size)
    before = _peak_mb()
    began, busy = time.perf_counter(), time.process_time()
    result = allocate(document, explained=explained)
    allocated, cpu = time.perf_counter(), time.process_time() - busy
    canonical_bytes(result)
    wrote = time.perf_counter()
    items = sum(map(len, result.get("lines", {}).values()))
    run = Run(
        allocate=allocated - began,
        cpu=cpu,
        write=wrote - allocated,
        memory_mb=_peak_mb(),
        added_mb=_peak_mb() - before,
        payees=len(result["amounts"]),
        items=items,
    )
    answer.send(run)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
