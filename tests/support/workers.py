"""A run of many files goes in three processes for two cores, each with a broker, databases, folders and ports of its own.

bin/test loads this with -p, because a worker must have its environment before Django reads it. PostgreSQL is one for
all: the first worker migrates the template, and each makes its copies under names of its own (databases.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from signal import SIGTERM
from typing import Any

import pytest

from hitrecord.servers import s3
from hitrecord.servers.private import start_broker
from hitrecord.servers.processes import end, follow_parent

#: "gw0", "gw1" … in a worker; empty in a run of one process and in the one that hands out the tests.
NAME = os.environ.get("PYTEST_XDIST_WORKER", "")
#: What a handful of files takes is less than what it costs to start more processes.
HANDFUL = 5
#: The longest test takes so long that more processes would wait for it.
MOST = 8
#: A worker that crashed is replaced by one with the next number.
PARTS_OF_PORTS = 16
#: What takes longest comes first, so that no worker is left with it when the others are done: these files, then
#: whatever needs these fixtures, then the rest.
LONGEST = ("tests/story/", "tests/pages/test_every_page.py", "tests/house/test_compose.py", "tests/faults/")
HEAVY = ({"site_factory"}, {"browser"}, {"take"}, {"s3_endpoint"}, {"committed_db"})


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[Any]:
    """Settle in, before pytest-django imports the settings."""
    if NAME:
        follow_parent()
        broker, environment = start_broker(own_folder())
        os.environ.update(environment)
        early_config.add_cleanup(partial(end, broker, SIGTERM))
        s3.PORTS = s3.PORTS[int(NAME.removeprefix("gw")) % PARTS_OF_PORTS :: PARTS_OF_PORTS]
    return (yield)


def own_folder() -> Path:
    """A folder within the run's, which goes when the run ends."""
    folder = Path(os.environ["VAR_DIR"]).parent / NAME
    folder.mkdir()
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Iterator[Any]:
    """Choose how many processes, where nobody has and it pays. Each takes one test at a time.

    More than there are cores: a quarter of a test's time it waits, for a page to load or a server to start.
    """
    processes = min(len(os.sched_getaffinity(0)) * 3 // 2, MOST)
    if not NAME and processes > 1 and left_to_us(config.option) and count_files(config.args) > HANDFUL:
        config.option.numprocesses, config.option.maxschedchunk = processes, 1
    return (yield)


def left_to_us(option: Any) -> bool:
    """Not with -n, and not where somebody wants to look on or to time what runs alone."""
    alone = ("soak", "faults", "usepdb", "trace", "collectonly", "setupshow")
    chosen = getattr(option, "numprocesses", 0) is not None or option.tx or option.capture == "no"
    return not chosen and not any(getattr(option, name, False) for name in alone)


def count_files(arguments: Iterable[str]) -> int:
    """How many files of tests the command line names."""
    paths = [Path(argument.partition("::")[0]) for argument in arguments]
    return len({file for path in paths for file in (path.rglob("test_*.py") if path.is_dir() else [path])})


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several share the work, begin with what takes longest."""
    if NAME:
        items.sort(key=turn)


def turn(item: pytest.Item) -> int:
    """When a test's turn comes: a small number is early."""
    for number, start in enumerate(LONGEST):
        if item.nodeid.startswith(start):
            return number
    needed = set(getattr(item, "fixturenames", ()))
    ranks = [number for number, fixtures in enumerate(HEAVY) if fixtures & needed]
    return len(LONGEST) + min(ranks, default=len(HEAVY))


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[Any]:
    """-x ends a run of several processes with the words and the exit code of one process."""
    try:
        return (yield)
    except KeyboardInterrupt:
        if session.shouldfail:
            raise session.Failed(session.shouldfail) from None
        raise


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any) -> None:
    """A file that cannot be read stops the run before its first test, as it does in one process."""
    find = node.config.pluginmanager.getplugin
    if failed := find("session").testsfailed:
        find("dsession").shouldstop = f"{failed} errors during collection"
