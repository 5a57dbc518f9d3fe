"""What takes seconds to make and follows from files of the checkout alone is kept from run to run, by their content.

It lies below node_modules, where tools keep such things; removing it costs the next run those seconds.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "node_modules" / ".cache" / "hitrecord"
LOCK = ROOT / "requirements-dev.lock"
APPS = ("profiles", "contributions", "projects", "challenges", "reviews", "royalties", "hitrecord")
OURS = re.compile(rf"^\s*(?:from|import) ((?:{'|'.join(APPS)})[\w.]*)", re.MULTILINE)
LONGEST_UNUSED_SECONDS = 7 * 24 * 3600


def kept(name: str, *, of: Iterable[Path], make: Callable[[Path], object]) -> Path:
    """A file or folder as `make(path)` makes it; made again only when one of the files that it is made `of` changes."""
    whole = hashlib.sha256()
    for path in sorted({LOCK, *of}):
        whole.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    place = FOLDER / f"{name}-{whole.hexdigest()[:16]}"
    if not place.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f"{place.name}.{os.getpid()}")
        make(draft)
        try:
            draft.rename(place)
        except OSError:
            # Another run was quicker.
            remove(draft)
    os.utime(place)
    for old in FOLDER.glob(f"{name}-*"):
        # What another run has just renamed or removed is no matter.
        with suppress(FileNotFoundError):
            if time.time() - old.stat().st_mtime > LONGEST_UNUSED_SECONDS:
                remove(old)
    return place


def remove(path: Path) -> None:
    """A file or a folder."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def of_migrations() -> set[Path]:
    """What the migrated database follows from: models, migrations, and what of ours a migration imports."""
    found = {ROOT / "hitrecord/management/commands/migrate.py"}
    for app in APPS:
        found |= set((ROOT / app).glob("models/**/*.py")) | set((ROOT / app).glob("migrations/*.py"))
    for path in list(found):
        if path.parent.name == "migrations":
            names = OURS.findall(path.read_text(encoding="utf-8"))
            found |= {file for name in names if (file := ROOT / f"{name.replace('.', '/')}.py").exists()}
    return found


def of_static_files() -> set[Path]:
    """What the collected static files follow from."""
    code = {ROOT / "hitrecord" / f"{name}.py" for name in ("apps", "settings", "storage", "stylesheet")}
    return code | {path for path in (ROOT / "static").rglob("*") if path.is_file()}
