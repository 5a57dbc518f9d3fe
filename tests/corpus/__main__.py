"""Every file of a manifest.csv through `manage.py ingest`, held against the invariants of media.md.

`bin/corpus DIR` starts this with a PostgreSQL and a Valkey of its own. The manifest names each file
and what is expected of it: accept, reject or either. Beside each upload, and at an absolute path,
lies another member's film, plain red, and a text: neither may show in any output, and nothing may
knock at the port that some hostile files call.

Invariants: the command ends by itself with 0 or 3; the answer is the expected one; no silence of
30 s; a refused file costs at most 512 MB, an accepted one at most its medium's; what was accepted
decodes, is upright and plays in a browser; nothing of the source's metadata, of the canaries or of
the source's own bytes is served; text holds nothing active.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import django

from tests.corpus.running import ARTIST, ROOT, run


def prepare() -> None:
    """An empty site with one artist, in the database that the environment names."""
    migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=os.environ | {"DATABASE_ROLE": "owner"}, check=True, stdout=sys.stderr)
    django.setup()
    from tests.support.cast import join

    join(ARTIST)


def main() -> int:
    """The command line; exit 1 on a breach, 2 without a corpus."""
    words = argparse.ArgumentParser(prog="bin/corpus", description="Every file of a corpus through the site.")
    words.add_argument("folder", type=Path, help="a folder with a manifest.csv")
    words.add_argument("--json", action="store_true", help="print the report as JSON on standard output")
    words.add_argument("--only", default="", help="only files with this in their name")
    words.add_argument("--no-browser", action="store_true", help="do not play what was accepted")
    given = words.parse_args()
    if not (given.folder / "manifest.csv").is_file():
        words.error(f"{given.folder} has no manifest.csv")
    prepare()
    report = run(given.folder.resolve(), only=given.only, browser=not given.no_browser)
    if given.json:
        print(json.dumps(report, indent=1))
    summary = f"{report['files']} files, {report['accepted']} accepted, {report['breaches']} breaches"
    print(f"{summary}, {report['refused_peak_mb']:.0f} MB at most for a refused one", file=sys.stderr)
    return 1 if report["breaches"] or not report["files"] else 0


if __name__ == "__main__":
    sys.exit(main())
