"""From a cut to its measures: the `sections`, `departments` and `lines` of an ALLOC-1 document.

Pure: no Django here. A use is one work in one place of the cut; uses at the same time each
count in full, as in a music cue sheet. Parts are basis points and add up to 10,000; a
quantity is a whole number of its unit. All that is wrong is found at once, so that staff
read one list: each `Problem` has a code, and the details that a sentence about it needs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WHOLE_BPS = 10_000
UNITS = ("screen_ms", "audible_ms", "words", "page_permille", "items")
LARGEST = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Use:
    """One cue: how much of one contribution is used, where, and how prominently."""

    line: str
    contribution: str
    department: str
    unit: str
    quantity: int
    role_weight: int = 100
    prominence: int = 100
    section: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A track, chapter or segment; without departments of its own it has the table's."""

    id: str
    bps: int
    title: str = ""
    departments: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps a cut from being measured."""

    code: str
    details: Mapping[str, Any] = field(default_factory=dict)
    line: str = ""

    def __str__(self) -> str:
        facts = ", ".join(f"{name} {value}" for name, value in self.details.items())
        return f"{self.code}: {facts}" if facts else self.code


class CueSheetRefused(ValueError):
    """The cut cannot be measured; `problems` says all that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = list(problems)


def measures(uses: Sequence[Use], departments: Mapping[str, int], sections: Sequence[Section] = ()) -> dict[str, Any]:
    """Return {"sections"?, "departments", "lines"} as ALLOC-1 wants them, or raise CueSheetRefused."""
    found = problems(uses, departments, sections)
    if found:
        raise CueSheetRefused(found)
    document: dict[str, Any] = {"lines": [_line(use, bool(sections)) for use in uses]}
    if sections:
        document["sections"] = [{"id": section.id, "bps": section.bps} for section in sections]
        document["departments"] = {section.id: _shares(section, departments) for section in sections}
    else:
        document["departments"] = dict(departments)
    return document


def problems(uses: Sequence[Use], departments: Mapping[str, int], sections: Sequence[Section] = ()) -> list[Problem]:
    """All that keeps these uses from being measured, in the order of the cut."""
    return [*_section_problems(departments, sections), *_use_problems(uses, departments, sections)]


def points(use: Use) -> int:
    """What a use weighs in its (section, department): quantity by role weight by prominence."""
    return use.quantity * use.role_weight * use.prominence


def digest(sheet: Mapping[str, Any]) -> str:
    """The sha256 of a cue sheet with its resolved numbers, whatever the order of its keys."""
    text = json.dumps(sheet, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def proportional(weights: Mapping[str, int], whole: int = WHOLE_BPS) -> dict[str, int]:
    """Whole parts of `whole` in proportion to the weights: largest remainder, ties by order given."""
    total = sum(weights.values())
    if total <= 0 or min(weights.values()) < 0:
        raise ValueError("Only weights that are not negative, and not all nothing, can be shared out.")
    parts = {name: weight * whole // total for name, weight in weights.items()}
    rest = whole - sum(parts.values())
    by_remainder = sorted(weights, key=lambda name: -(weights[name] * whole % total))
    for name in by_remainder[:rest]:
        parts[name] += 1
    return parts


def sections_by_length(
    lengths: Mapping[str, int], departments: Mapping[str, int], apart: Mapping[str, str] | None = None
) -> list[Section]:
    """Tracks by duration, chapters by pages: the usual parts of an album, a book or an episode.

    `apart` names departments that have a section of their own ({"artwork": "sleeve"}): that
    section has the department's part of the whole, and the others share what remains.
    """
    apart = apart or {}
    inside = {code: bps for code, bps in departments.items() if code not in apart and bps}
    remaining = sum(inside.values())
    shares = proportional(inside)
    sections = [Section(name, bps, departments=shares) for name, bps in proportional(lengths, remaining).items()]
    return sections + [Section(name, departments[code], departments={code: WHOLE_BPS}) for code, name in apart.items()]


def _line(use: Use, sectioned: bool) -> dict[str, Any]:
    line: dict[str, Any] = {
        "line": use.line,
        "contribution": use.contribution,
        "dept": use.department,
        "unit": use.unit,
        "quantity": use.quantity,
        "role_weight": use.role_weight,
        "prominence": use.prominence,
    }
    return line | {"section": use.section} if sectioned else line


def _shares(section: Section, departments: Mapping[str, int]) -> dict[str, int]:
    return dict(departments if section.departments is None else section.departments)


def _section_problems(departments: Mapping[str, int], sections: Sequence[Section]) -> Iterable[Problem]:
    """Parts of the money that do not add up."""
    if any(not 0 <= bps <= WHOLE_BPS for bps in departments.values()):
        yield Problem("department_out_of_range")
    if sum(departments.values()) != WHOLE_BPS:
        yield Problem("departments_sum", {"sum": sum(departments.values())})
    if not sections:
        return
    seen: set[str] = set()
    for section in sections:
        if not section.id or section.id in seen:
            yield Problem("section_twice", {"section": section.id})
        seen.add(section.id)
        if not 0 <= section.bps <= WHOLE_BPS:
            yield Problem("section_out_of_range", {"section": section.id})
        if section.departments is not None and sum(section.departments.values()) != WHOLE_BPS:
            yield Problem("section_departments_sum", {"section": section.id, "sum": sum(section.departments.values())})
    if sum(section.bps for section in sections) != WHOLE_BPS:
        yield Problem("sections_sum", {"sum": sum(section.bps for section in sections)})


def _use_problems(
    uses: Sequence[Use], departments: Mapping[str, int], sections: Sequence[Section]
) -> Iterable[Problem]:
    """Uses that stand nowhere, have no part of the money, or cannot be added to their neighbours."""
    shares = {section.id: _shares(section, departments) for section in sections} or {"": dict(departments)}
    units: dict[tuple[str, str], str] = {}
    mixed: set[tuple[str, str]] = set()
    lines: set[str] = set()
    if not uses:
        yield Problem("no_cues")
    for use in uses:
        cell = (use.section, use.department)
        if use.line in lines:
            yield Problem("line_twice", line=use.line)
        lines.add(use.line)
        yield from _single_use_problems(use, shares)
        if units.setdefault(cell, use.unit) != use.unit and cell not in mixed:
            mixed.add(cell)
            yield Problem(
                "mixed_units",
                {"section": use.section, "department": use.department, "units": [units[cell], use.unit]},
                use.line,
            )
    if uses and not any(points(use) for use in uses):
        yield Problem("nothing_counts")


def _single_use_problems(use: Use, shares: Mapping[str, Mapping[str, int]]) -> Iterable[Problem]:
    if use.unit not in UNITS:
        yield Problem("unknown_unit", {"unit": use.unit}, use.line)
    if not (0 < use.quantity <= LARGEST and 0 <= use.role_weight <= LARGEST and 0 <= use.prominence <= LARGEST):
        yield Problem("quantity_out_of_range", {"quantity": use.quantity}, use.line)
    if use.section not in shares:
        yield Problem("unknown_section" if use.section else "section_missing", {"section": use.section}, use.line)
    elif not shares[use.section].get(use.department):
        yield Problem("department_without_part", {"section": use.section, "department": use.department}, use.line)
