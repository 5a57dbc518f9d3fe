"""What changed between two revisions: money, cue sheet, lineage, credits, judgements, amounts.

Pure: no Django. Reads the two published inputs and results.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LINE_FIELDS = ("dept", "section", "unit", "quantity", "role_weight", "prominence", "contribution")


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is different; None where there was or is none."""

    about: str
    name: str
    before: Any
    after: Any


@dataclass(slots=True)
class Comparison:
    """All changes, by kind; amounts are by payee code, the largest change first."""

    money: list[Change] = field(default_factory=list)
    lines: list[Change] = field(default_factory=list)
    works: list[Change] = field(default_factory=list)
    adjustments: list[Change] = field(default_factory=list)
    amounts: list[Change] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.money or self.lines or self.works or self.adjustments or self.amounts)


def compare(
    before: dict[str, Any], after: dict[str, Any], old_result: dict[str, Any], new_result: dict[str, Any]
) -> Comparison:
    """Everything that differs."""
    return Comparison(
        money=_values("money", before["money"] | old_result["waterfall"], after["money"] | new_result["waterfall"]),
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


def _lines(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Change]:
    old, new = {row["line"]: row for row in before}, {row["line"]: row for row in after}
    changes = []
    for name in [*new, *(name for name in old if name not in new)]:
        if name not in old or name not in new:
            changes.append(Change(name, "", _work(old.get(name)), _work(new.get(name))))
            continue
        changes += [
            Change(name, key, old[name].get(key), new[name].get(key))
            for key in LINE_FIELDS
            if old[name].get(key) != new[name].get(key)
        ]
    return changes


def _work(row: dict[str, Any] | None) -> str | None:
    return row["contribution"] if row else None


def _works(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    changes = []
    for name in [*after, *(name for name in before if name not in after)]:
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            changes.append(Change(name, "", old and old["kind"], new and new["kind"]))
            continue
        changes += [
            Change(name, key, old[key], new[key]) for key in ("kind", "credits", "parents") if old[key] != new[key]
        ]
    return changes


def _adjustments(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Change]:
    gone = [row for row in before if row not in after]
    come = [row for row in after if row not in before]
    return [Change(row["type"], row["reason"], row, None) for row in gone] + [
        Change(row["type"], row["reason"], None, row) for row in come
    ]
