"""Takes the fingerprints of words from our own prepared page, inside the sandbox.

What it says is numbers alone: {"prints": [[place, value, 0], …]}, the values without a sign.
"""

import re
import unicodedata
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

from contributions.transcoding.box.saying import refuse, say

WORD = re.compile(r"[^\W_]+")
APOSTROPHES = re.compile("['’ʼ＇]")
# Written without spaces: each sign is a word.
UNSPACED = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
RUN = 5
WINDOW = 4
MOST_RUNS = 2000


def main(order: dict[str, Any]) -> None:
    """{} on the file "upload"."""
    try:
        say(prints=list(of_words(Path("upload").read_text(encoding="utf-8"))))
    except MemoryError:
        refuse("too-heavy", "out of memory")


def of_words(body: str) -> Iterator[tuple[int, int, int]]:
    """Every fifth or so run of five words, chosen by their hashes alone, so that an excerpt chooses the same ones."""
    from contributions.transcoding.box.writing import plain

    runs = runs_of(words_of(plain(body)))
    chosen: dict[int, int] = {}
    for begin in range(max(1, len(runs) - WINDOW + 1)):
        window = runs[begin : begin + WINDOW]
        if window:
            value, place = min((value, begin + number) for number, value in enumerate(window))
            chosen.setdefault(value, place)
    # Of a long text the lowest hashes: again a choice that an excerpt makes in the same way.
    lowest = sorted(chosen.items())[:MOST_RUNS]
    for value, place in sorted(lowest, key=lambda pair: pair[1]):
        yield place, value, 0


def words_of(text: str) -> list[str]:
    """The words, whatever their case, signs, spaces and line ends."""
    even = APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold())
    return WORD.findall(UNSPACED.sub(r" \1 ", unicodedata.normalize("NFKC", even)))


def runs_of(words: list[str]) -> list[int]:
    """A hash of each run of five words; one of all of them when there are fewer, none of a single word."""
    if len(words) < 2:
        return []
    count = max(1, len(words) - RUN + 1)
    runs = (" ".join(words[begin : begin + RUN]) for begin in range(count))
    return [int.from_bytes(blake2b(run.encode(), digest_size=8).digest(), "big") for run in runs]
