"""Puts files of the generator into a folder with the manifest.csv that `bin/corpus` reads."""

import csv
import hashlib
from pathlib import Path

from tests.media import Maker


def write_corpus(folder: Path, makers: dict[str, Maker], *, expected: str) -> Path:
    """All files of a set, with the manifest that `bin/corpus` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["name", "wrong", "expected", "invariants", "bytes", "sha256"])
        for name, maker in makers.items():
            data = maker(folder / name).read_bytes()
            rows.writerow([name, "", expected, "", len(data), hashlib.sha256(data).hexdigest()])
    return folder
