"""`bin/bench NAME [--json]`: one module of this folder a bench, each with a `measure()`.

`measure()` is a generator of `Figure`s: every one is told on standard error as soon as it is known, and
with --json all of them go to standard output as one object at the end. The database is migrated and
empty, and Django is set up, before `measure()` begins.
"""

import argparse
import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import django

from tests.bench.figures import Figure

HERE = Path(__file__).resolve().parent
NOT_A_BENCH = {"__init__", "__main__", "figures"}


def names() -> list[str]:
    """The benches there are."""
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_A_BENCH and path.stem[0] != "_")


def prepare() -> None:
    """A migrated, empty database, and Django on it as the site's own role."""
    migrate = [sys.executable, str(HERE.parents[1] / "manage.py"), "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=os.environ | {"DATABASE_ROLE": "owner"}, check=True, stdout=sys.stderr)
    django.setup()


def main() -> int:
    """The command line; exit 1 when a figure is beyond its bound."""
    words = argparse.ArgumentParser(prog="bin/bench", description="Measures what the documentation claims.")
    words.add_argument("name", choices=names(), help="which bench")
    words.add_argument("--json", action="store_true", help="print the figures as JSON on standard output")
    given = words.parse_args()
    prepare()
    began = time.monotonic()
    found: list[Figure] = []
    for figure in importlib.import_module(f"tests.bench.{given.name}").measure():
        print(figure.line(), file=sys.stderr, flush=True)
        found.append(figure)
    print(f"{len(found)} figures in {time.monotonic() - began:.0f} s", file=sys.stderr)
    if given.json:
        print(json.dumps({figure.name: figure.value for figure in found}, indent=1))
    return 0 if all(figure.holds for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
