"""Other measures of a published input, by the same engine. Pure: no Django.

Changes are kept by line and hold only what differs: {"L3": {"quantity": 60000}}. Units are the
document's: quantity in the line's own unit, weights in hundredths, factors in basis points.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from royalties.allocation import allocate, canonical_bytes, sha256_hex

MEASURES = ("quantity", "role_weight", "prominence")
FACTOR = "factor_bps"
FIELDS = (*MEASURES, FACTOR)
UNCHANGED_BPS = 10_000
LONGEST_FACTOR = 100_000
CODE_LENGTH = 16
# What a canonical document can hold (RFC 8785).
LARGEST = 2**53 - 1

Changes = dict[str, dict[str, int]]
Document = dict[str, Any]


class WhatIfRefused(ValueError):
    """The changes cannot be tried: `reason` is "line", "field" or "range".

    `trying.words_of` says it to people; what was asked for and is not in the document is not said again. Of what is out
    of range, `line` and `field` say which.
    """

    def __init__(self, reason: str, line: str = "", field: str = "") -> None:
        self.reason, self.line, self.field = reason, line, field
        super().__init__(f"refused for its {reason}: {line} {field}".strip())


@dataclass(frozen=True, slots=True)
class Gain:
    """What a payee has in the revision and would have; minor units."""

    payee: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


def measures_of(document: dict[str, Any]) -> Changes:
    """What stands in the document now, by line."""
    factors = {row["line"]: row["factor_bps"] for row in document["adjustments"] if row["type"] == "line_factor"}
    return {
        line["line"]: {**{name: line[name] for name in MEASURES}, FACTOR: factors.get(line["line"], UNCHANGED_BPS)}
        for line in document["lines"]
    }


def differing(document: dict[str, Any], wanted: Changes) -> Changes:
    """Only what differs from the document, in its order; refuses lines and fields it does not have."""
    now = measures_of(document)
    if wanted.keys() - now.keys():
        raise WhatIfRefused("line")
    changes: Changes = {}
    for line, measures in now.items():
        for name, value in wanted.get(line, {}).items():
            if name not in FIELDS:
                raise WhatIfRefused("field")
            if not 0 <= value <= (LONGEST_FACTOR if name == FACTOR else LARGEST):
                raise WhatIfRefused("range", line, name)
            if value != measures[name]:
                changes.setdefault(line, {})[name] = value
    return changes


def code_of(changes: Changes) -> str:
    """The address of a set of changes: the same ones have the same."""
    return sha256_hex(canonical_bytes(changes))[:CODE_LENGTH]


def changed(document: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """The document with other measures; the published one is left as it is."""
    tried = copy.deepcopy(document)
    for line in tried["lines"]:
        line.update({name: value for name, value in changes.get(line["line"], {}).items() if name in MEASURES})
    factors = {line: measures[FACTOR] for line, measures in changes.items() if FACTOR in measures}
    kept = [row for row in tried["adjustments"] if row["type"] != "line_factor" or row["line"] not in factors]
    tried["adjustments"] = kept + [
        {
            "type": "line_factor", "line": line, "factor_bps": factor,
            "reason": "what if", "by": "nobody", "approved_by": "nobody else",
        }
        for line, factor in factors.items()
        if factor != UNCHANGED_BPS
    ]  # fmt: skip
    return tried


def amounts_of(document: dict[str, Any], changes: Changes) -> dict[str, int]:
    """What everybody would get; raises AllocationRefused where nobody could be paid."""
    amounts: dict[str, int] = allocate(changed(document, changes), explained=False)["amounts"]
    return amounts


def gains(before: dict[str, int], after: dict[str, int]) -> list[Gain]:
    """Whose amount differs, the largest difference first."""
    rows = [Gain(payee, before.get(payee, 0), after.get(payee, 0)) for payee in before | after]
    return sorted((row for row in rows if row.difference), key=lambda row: (-abs(row.difference), row.payee))
