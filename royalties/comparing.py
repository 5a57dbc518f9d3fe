"""What changed between two revisions: money, limits, sections, departments, cue sheet, lineage, credits, judgements, amounts.

Pure: no Django. Reads the two published inputs and results.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

LINE_FIELDS = ("dept", "section", "unit", "quantity", "role_weight", "prominence", "contribution")


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is different; None where there was or is none. `part`: the payee of a split, the source of a rate."""

    about: str
    name: str
    before: Any
    after: Any
    part: str = ""


@dataclass(slots=True)
class Comparison:
    """All changes, by kind; amounts are by payee code, the largest change first."""

    money: list[Change] = field(default_factory=list)
    limits: list[Change] = field(default_factory=list)
    sections: list[Change] = field(default_factory=list)
    departments: list[Change] = field(default_factory=list)
    lines: list[Change] = field(default_factory=list)
    works: list[Change] = field(default_factory=list)
    adjustments: list[Change] = field(default_factory=list)
    amounts: list[Change] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(getattr(self, kind.name) for kind in fields(self))


def compare(
    before: dict[str, Any], after: dict[str, Any], old_result: dict[str, Any], new_result: dict[str, Any]
) -> Comparison:
    """Everything that differs."""
    return Comparison(
        money=_values("money", _money(before) | old_result["waterfall"], _money(after) | new_result["waterfall"]),
        limits=_values("limit", _limits(before), _limits(after)),
        sections=_values("section", _sections(before), _sections(after)),
        departments=_departments(before, after),
        lines=_lines(before["lines"], after["lines"]),
        works=_works(before["contributions"], after["contributions"]),
        adjustments=_adjustments(before["adjustments"], after["adjustments"]),
        amounts=sorted(
            _values("amount", old_result["amounts"], new_result["amounts"]),
            key=lambda change: (-abs((change.after or 0) - (change.before or 0)), change.name),
        ),
    )


def _values(about: str, before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Keys of either whose values differ, in the order of the newer one."""
    names = list(after) + [name for name in before if name not in after]
    return [
        Change(about, name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    ]


def _money(document: dict[str, Any]) -> dict[str, int]:
    return {name: amount for name, amount in document["money"].items() if name != "pool_bps"}


def _limits(document: dict[str, Any]) -> dict[str, int]:
    """What no amount is: the part of the profit that is shared, and the bounds of what a judgement or a source may have."""
    return {"pool_bps": document["money"]["pool_bps"], **document["params"]}


def _sections(document: dict[str, Any]) -> dict[str, int]:
    return {section["id"]: section["bps"] for section in document.get("sections", ())}


def _departments(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Department by department; `about` is its section, empty where there are none."""
    old, new = _tables(before), _tables(after)
    names = [*new, *(name for name in old if name not in new)]
    return [change for name in names for change in _values(name, old.get(name, {}), new.get(name, {}))]


def _tables(document: dict[str, Any]) -> dict[str, dict[str, int]]:
    """The table of each section; a document without sections has one, without a name."""
    tables: dict[str, Any] = document["departments"]
    return tables if "sections" in document else {"": tables}


def _lines(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Change]:
    old, new = {row["line"]: row for row in before}, {row["line"]: row for row in after}
    changes = []
    for name in [*new, *(name for name in old if name not in new)]:
        if name not in old or name not in new:
            changes.append(Change(name, "", old.get(name), new.get(name)))
            continue
        changes += [
            Change(name, key, old[name].get(key), new[name].get(key))
            for key in LINE_FIELDS
            if old[name].get(key) != new[name].get(key)
        ]
    return changes


def _works(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Kinds, splits and rates; of a work that is new all of them, of one that is gone no more than that."""
    changes = []
    for name in [*after, *(name for name in before if name not in after)]:
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            changes.append(Change(name, "", old and old["kind"], new and new["kind"]))
        elif old["kind"] != new["kind"]:
            changes.append(Change(name, "kind", old["kind"], new["kind"]))
        if new is not None:
            changes += _parts(name, "credits", old, new) + _parts(name, "parents", old, new)
    return changes


def _parts(work: str, key: str, old: dict[str, Any] | None, new: dict[str, Any]) -> list[Change]:
    """The parts of a split, or the rates of the sources, that differ."""
    return [
        Change(work, key, change.before, change.after, part=change.name)
        for change in _values(work, old[key] if old else {}, new[key])
    ]


def _adjustments(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Change]:
    gone = [row for row in before if row not in after]
    come = [row for row in after if row not in before]
    return [Change(row["type"], row["reason"], row, None) for row in gone] + [
        Change(row["type"], row["reason"], None, row) for row in come
    ]
