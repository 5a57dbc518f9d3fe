"""What money costs: the ledger (_ledger.py), and dividing a production at its largest.

Times are of `allocate` alone, on a document that is in memory, as a worker has it.
"""

from collections.abc import Iterator

from tests.bench._ledger import ledger
from tests.bench._productions import Run, run_apart
from tests.bench.figures import Figure

#: Lines of the curve; works are twice, payees half as many.
CURVE = (3_000, 10_000, 30_000, 100_000)
LARGEST = 100_000


def measure() -> Iterator[Figure]:
    """The ledger's figures, then the largest production and the curve up to it."""
    yield from ledger()
    short = run_apart(explained=False, lines=10_000, works=20_000, payees=5_000)
    note = f"20,000 works, {short.payees:,} payees, without explanations"
    yield Figure(name="alloc_10k_s", value=short.allocate, unit="s", most=3, note=note)
    runs = {lines: run_apart(lines=lines, works=2 * lines, payees=lines // 2) for lines in CURVE}
    yield from curve(runs)
    largest = runs[LARGEST]
    note = f"200,000 works, {largest.payees:,} payees, {largest.items:,} explanations"
    yield Figure(name="alloc_100k_s", value=largest.allocate, unit="s", most=60, note=note)
    note = (
        f"the whole process at its peak, {largest.added_mb:,.0f} MB of it beyond the document itself; "
        f"its bytes are written in {largest.write:.1f} s more"
    )
    yield Figure(name="alloc_100k_mb", value=largest.memory_mb, unit="MB", most=2048, note=note)


def curve(runs: dict[int, Run]) -> Iterator[Figure]:
    """Processor time for a thousand lines at each size, and how much dearer they are at the largest than at the smallest."""
    dearness = {lines: 1000 * run.cpu / lines for lines, run in runs.items()}
    for lines, seconds in dearness.items():
        yield Figure(name=f"alloc_cpu_per_1k_at_{lines // 1000}k_s", value=seconds, unit="s")
    ratio = dearness[max(dearness)] / dearness[min(dearness)]
    yield Figure(name="alloc_growth", value=ratio, note="1 is linear")
