"""Every file of a manifest.csv through `manage.py ingest`, held against the invariants of media.md.

`bin/corpus DIR` starts this with a PostgreSQL and a Valkey of its own. The manifest names each file
and what is expected of it: accept, reject or either. Beside each upload, and at an absolute path,
lies another member's film, plain red, and a text: neither may show in any output, and nothing may
knock at the port that some hostile files call.

Invariants: the command ends by itself with 0 or 3; the answer is the expected one; no silence of
30 s; a refused file costs at most 512 MB, an accepted one at most its medium's; what was accepted
decodes, is upright and plays in a browser; nothing of the source's metadata, of the canaries or of
the source's own bytes is served; text holds nothing active.

With --mutations N each accepted file is damaged in N ways that come from --seed, and what is left of it
is held to the same, but for the verdict, which may be either, and for which way is up. --control takes
the transcoder's lists away, in this process alone, and fails unless the red film then shows.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import django

from tests.corpus.mutating import write_mutations
from tests.corpus.running import ARTIST, RED, ROOT, run


def prepare() -> None:
    """An empty site with one artist, in the database that the environment names."""
    migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=os.environ | {"DATABASE_ROLE": "owner"}, check=True, stdout=sys.stderr)
    django.setup()
    from tests.support.cast import join

    join(ARTIST)


def asked() -> argparse.Namespace:
    """The command line; ends the program without a corpus."""
    words = argparse.ArgumentParser(prog="bin/corpus", description="Every file of a corpus through the site.")
    words.add_argument("folder", type=Path, help="a folder with a manifest.csv")
    words.add_argument("--json", action="store_true", help="print the report as JSON on standard output")
    words.add_argument("--only", default="", help="only files with this in their name")
    words.add_argument("--no-browser", action="store_true", help="do not play what was accepted")
    words.add_argument("--mutations", type=int, default=0, metavar="N", help="N damaged forms of each accepted file")
    words.add_argument("--seed", type=int, default=1, help="what the damage comes from (1)")
    words.add_argument("--control", action="store_true", help="without the lists: must show the red film")
    given = words.parse_args()
    if not (given.folder / "manifest.csv").is_file():
        words.error(f"{given.folder} has no manifest.csv")
    given.folder = given.folder.resolve()
    return given


def control(given: argparse.Namespace) -> int:
    """Exit 0 only if the check has seen another member's film."""
    # Needs Django, which is set up by now.
    from tests.corpus.control import run_control

    shown = run_control(given.folder, only=given.only)
    if given.json:
        print(json.dumps(shown, indent=1))
    print(f"control: {sum(shown.values())} of {len(shown)} files show the red film", file=sys.stderr)
    return 0 if any(shown.values()) else 1


def main() -> int:
    """Exit 1 on a breach, 2 without a corpus."""
    given = asked()
    prepare()
    if given.control:
        return control(given)
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        corpus = given.folder
        if given.mutations:
            corpus = write_mutations(corpus, Path(folder), count=given.mutations, seed=given.seed, only=given.only)
        only = "" if given.mutations else given.only
        report = run(corpus, only=only, browser=not given.no_browser, film=given.folder.parent / RED)
    if given.json:
        print(json.dumps(report, indent=1))
    summary = f"{report['files']} files, {report['accepted']} accepted, {report['breaches']} breaches"
    print(f"{summary}, {report['refused_peak_mb']:.0f} MB at most for a refused one", file=sys.stderr)
    return 1 if report["breaches"] or not report["files"] else 0


if __name__ == "__main__":
    sys.exit(main())
