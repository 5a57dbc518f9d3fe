"""The chapter marks that came with a recording or a film, as facts to show. Pure, and trusts nothing.

Times are milliseconds from the beginning; titles are plain text, for a template to escape.
"""

import unicodedata
from typing import Any, Final

MOST: Final = 200
TITLE_MOST: Final = 120
#: Control characters, halves of pairs, and what turns the direction of the words that follow.
UNWANTED: Final = ("Cc", "Cs", "Cn", "Co")
TURNERS: Final = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def told(found: object, duration_ms: int) -> list[dict[str, Any]]:
    """[{"start_ms", "title"}] in order, each moment once and within the length; [] when there is nothing to tell."""
    marks: dict[int, str] = {}
    for mark in found[:MOST] if isinstance(found, list) else []:
        start = mark.get("start_ms") if isinstance(mark, dict) else None
        if isinstance(start, int) and 0 <= start < duration_ms:
            marks.setdefault(start, plain(mark.get("title")))
    # An editor's single unnamed mark says nothing.
    if len(marks) == 1 and not any(marks.values()):
        return []
    return [{"start_ms": start, "title": marks[start]} for start in sorted(marks)]


def plain(title: object) -> str:
    """One line of text without anything invisible that does harm."""
    if not isinstance(title, str):
        return ""
    spaced = " ".join(title[: 4 * TITLE_MOST].split())
    kept = "".join(sign for sign in spaced if unicodedata.category(sign) not in UNWANTED and sign not in TURNERS)
    return kept[:TITLE_MOST].strip()
