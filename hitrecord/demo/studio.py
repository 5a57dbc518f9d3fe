"""Makes the files of many works at once, on as many processes as there are cores.

The slow ones go first, so that no core is left with a film when the other has finished.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

from hitrecord.demo.works.spec import Work

SLOWEST_FIRST = {"video": 0, "audio": 1, "image": 2, "text": 3}


def make(work: Work, folder: Path) -> Path:
    """The work's file in `folder`; an earlier one of the same name is written again."""
    path = folder / work.filename
    work.make(path)
    return path


def make_all(works: Iterable[Work], folder: Path, *, processes: int | None = None) -> Iterator[tuple[Work, Path]]:
    """Every work with its file, each as soon as it is made. A fresh interpreter a process: nothing is inherited."""
    folder.mkdir(parents=True, exist_ok=True)
    queue = sorted(works, key=lambda work: SLOWEST_FIRST[work.medium])
    count = processes or cpu_count() or 1
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        pending = {pool.submit(make, work, folder): work for work in queue}
        for done in as_completed(pending):
            yield pending[done], done.result()
