"""A revision's rows: a line for each payee, and the items that explain it, as its result asks for them.

The computation writes them. Pages read them, so posting and `check_ledger` hold them against the stored bytes.
Amounts are minor units.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from royalties.document import parse_item
from royalties.models import AllocationLine, Revision, StatementLine

BATCH = 5000
#: A payee's code, the cue's place, the contribution and the depth.
ItemKey = tuple[str, int, int, int]


class LineFigures(NamedTuple):
    """What a payee's line says, by the names of its columns."""

    rank: int
    amount_minor: int
    award_minor: int


def lines_of(document: dict[str, Any], result: dict[str, Any]) -> dict[str, LineFigures]:
    """A line for each payee's code, the largest amount first."""
    awards: dict[str, int] = defaultdict(int)
    for adjustment in document["adjustments"]:
        if adjustment["type"] == "award":
            awards[adjustment["payee"]] += adjustment["amount"]
    amounts: dict[str, int] = result["amounts"]
    ranked = sorted(amounts, key=lambda code: (-amounts[code], code))
    return {code: LineFigures(rank, amounts[code], awards[code]) for rank, code in enumerate(ranked, start=1)}


def items_of(result: dict[str, Any]) -> dict[ItemKey, int]:
    """What explains the lines, without what came to nothing."""
    return {
        (code, *parse_item(label)): amount
        for code, items in result["lines"].items()
        for label, amount in items.items()
        if amount
    }


def differing_rows(revision: Revision) -> Iterator[str]:
    """Each row that does not say what the stored input and result say, by its name, and each that is missing.

    Two queries. Raises ValueError, LookupError, TypeError or AttributeError where the stored bytes cannot be read.
    """
    result = revision.result
    missing = lines_of(revision.input, result)
    codes: dict[int, str] = {}
    lines = StatementLine.objects.filter(revision=revision).order_by("pk")
    for pk, code, *figures in lines.values_list("pk", "payee__code", *LineFigures._fields).iterator(BATCH):
        codes[pk] = code
        if missing.pop(code, None) != tuple(figures):
            yield f"statement line {pk} of payee {code} is not what was computed"
    yield from (f"payee {code} has no statement line" for code in missing)
    yield from _differing_items(revision, items_of(result), codes)


def _differing_items(revision: Revision, missing: dict[ItemKey, int], codes: dict[int, str]) -> Iterator[str]:
    """The same of the items; each stands under its payee's line, and all of them name cues of one cut."""
    cuts: dict[int, list[int]] = defaultdict(list)
    columns = "payee__code", "cue__position", "contribution_id", "depth"
    items = AllocationLine.objects.filter(revision=revision).order_by("pk")
    rows = items.values_list("pk", "line_id", "cue__cut_id", "amount_minor", *columns)
    for pk, line, cut, amount, *key in rows.iterator(BATCH):
        cuts[cut].append(pk)
        if missing.pop(tuple(key), None) != amount or codes.get(line) != key[0]:
            yield f"allocation line {pk} of payee {key[0]} is not what was computed"
    for code, place, contribution, depth in missing:
        yield f"payee {code} has no allocation line for L{place}/c{contribution}@{depth}"
    for others in sorted(cuts.values(), key=len)[:-1]:
        yield from (f"allocation line {pk} names a cue of another cut" for pk in others)
