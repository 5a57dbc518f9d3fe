"""From the published JSON to typed facts; whatever ALLOC-1 cannot split fairly is refused here.

Nouns: Line (one cue of the locked cut), Contribution (one work of the ancestor cone), Award.
Units: amounts in minor units, rates and shares in basis points (bps, 1/10,000).
Every refusal is one plain sentence that names the field, because staff read it in the draft.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

METHOD = "alloc-1"
BPS = 10_000
LARGEST = 2**53 - 1  # beyond it JSON readers disagree about integers
DEEPEST = 100
UNSECTIONED = ""
PAID = "community"
KINDS = (PAID, "staff", "external", "waived")

MONEY_FIELDS = (
    "gross",
    "refunds",
    "fees",
    "reserve_held",
    "reserve_released",
    "costs",
    "carried_loss",
    "pool_bps",
)
PARAM_FIELDS = ("max_depth", "pass_cap_bps", "floor", "award_cap_bps")
LINE_FIELDS = ("line", "contribution", "dept", "unit", "quantity", "role_weight", "prominence")
TOP_FIELDS = (
    "method",
    "statement",
    "production",
    "currency",
    "money",
    "params",
    "departments",
    "lines",
    "contributions",
    "adjustments",
)
# The three separators of explanation keys and tie hashes may not stand inside an id, or two
# different items could carry one name.
IDENTIFIER = re.compile(r"[^\x00-\x1f\x7f/@|\ud800-\udfff]{1,200}")
TEXT = re.compile(r"[^\x00\ud800-\udfff]{1,10000}")
CURRENCY = re.compile(r"[A-Z]{3}")

type_names = {str: "text", float: "a fraction", bool: "true or false", type(None): "nothing"}

Cell = tuple[str, str]


class AllocationRefused(ValueError):
    """The document cannot be allocated; the message says why in plain words."""


@dataclass(frozen=True, slots=True)
class Line:
    """One cue: how much of one contribution is used in one department."""

    line: str
    cell: Cell
    contribution: str
    unit: str
    points: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """One work of the cone: who shares in it and what it was made from."""

    kind: str
    credits: dict[str, int]
    parents: dict[str, int]

    @property
    def is_paid(self) -> bool:
        return self.kind == PAID


@dataclass(frozen=True, slots=True)
class Production:
    """A whole checked document."""

    statement: str
    money: dict[str, int]
    params: dict[str, int]
    sections: dict[str, int]
    departments: dict[str, dict[str, int]]
    lines: list[Line]
    contributions: dict[str, Contribution]
    awards: list[tuple[str, int]]


def read_document(document: Any) -> Production:
    """Check a document and return its facts, or raise AllocationRefused."""
    optional = ("sections",)
    top = _record(document, "The document", TOP_FIELDS, optional)
    if top["method"] != METHOD:
        raise AllocationRefused(f"The method must be {METHOD!r}.")
    statement = _identifier(top["statement"], "statement")
    _identifier(top["production"], "production")
    if not (isinstance(top["currency"], str) and CURRENCY.fullmatch(top["currency"])):
        raise AllocationRefused("currency must be a three-letter ISO 4217 code such as USD.")
    sections = _read_sections(top)
    departments = _read_departments(top["departments"], sections, "sections" in top)
    contributions = _read_contributions(top["contributions"])
    factors, awards = _read_adjustments(top["adjustments"])
    lines = _read_lines(top["lines"], "sections" in top, departments, contributions, factors)
    return Production(
        statement=statement,
        money=_read_money(top["money"]),
        params=_read_params(top["params"]),
        sections=sections,
        departments=departments,
        lines=lines,
        contributions=contributions,
        awards=awards,
    )


def _read_money(value: Any) -> dict[str, int]:
    money = _record(value, "money", MONEY_FIELDS)
    for field in MONEY_FIELDS:
        high = BPS if field.endswith("_bps") else LARGEST
        _whole(money[field], f"money.{field}", high)
    return money


def _read_params(value: Any) -> dict[str, int]:
    params = _record(value, "params", PARAM_FIELDS)
    for field in PARAM_FIELDS:
        high = BPS if field.endswith("_bps") else LARGEST
        _whole(params[field], f"params.{field}", DEEPEST if field == "max_depth" else high)
    return params


def _read_sections(top: dict[str, Any]) -> dict[str, int]:
    """Return bps by section; a document without sections is one nameless section."""
    if "sections" not in top:
        return {UNSECTIONED: BPS}
    sections: dict[str, int] = {}
    for where, item in _items(top["sections"], "sections"):
        record = _record(item, where, ("id", "bps"))
        name = _identifier(record["id"], f"{where}.id")
        if name in sections:
            raise AllocationRefused(f"Section {name!r} appears twice.")
        sections[name] = _whole(record["bps"], f"{where}.bps", BPS)
    _sums_to_whole(sections, "The sections")
    return sections


def _read_departments(value: Any, sections: dict[str, int], sectioned: bool) -> dict[str, dict[str, int]]:
    if not sectioned:
        return {UNSECTIONED: _read_shares(value, "departments", "The departments")}
    by_section = _mapping(value, "departments")
    if by_section.keys() != sections.keys():
        raise AllocationRefused("departments must name exactly the sections of the document.")
    return {
        name: _read_shares(shares, f"departments.{name}", f"The departments of section {name!r}")
        for name, shares in by_section.items()
    }


def _read_shares(value: Any, where: str, title: str, low: int = 0) -> dict[str, int]:
    shares = _mapping(value, where)
    for name, bps in shares.items():
        _identifier(name, f"a name in {where}")
        if _whole(bps, f"{where}.{name}", BPS) < low:
            raise AllocationRefused(f"{where}.{name} must be at least {low} bps.")
    _sums_to_whole(shares, title)
    return shares


def _read_contributions(value: Any) -> dict[str, Contribution]:
    works: dict[str, Contribution] = {}
    for name, item in _mapping(value, "contributions").items():
        where = f"contributions.{_identifier(name, 'a contribution id')}"
        record = _record(item, where, ("kind", "credits", "parents"))
        kind = record["kind"]
        if kind not in KINDS:
            raise AllocationRefused(f"{where}.kind must be one of {', '.join(KINDS)}.")
        shares = _mapping(record["credits"], f"{where}.credits")
        if shares or kind == PAID:
            _read_shares(shares, f"{where}.credits", f"The credits of {name!r}", low=1)
        parents = _mapping(record["parents"], f"{where}.parents")
        for parent, rate in parents.items():
            _whole(rate, f"{where}.parents.{parent}", BPS)
        works[name] = Contribution(kind, shares, parents)
    for name, work in works.items():
        for parent in work.parents:
            if parent not in works:
                raise AllocationRefused(f"Contribution {name!r} has an unknown parent {parent!r}.")
    return works


def _read_adjustments(value: Any) -> tuple[dict[str, int], list[tuple[str, int]]]:
    factors: dict[str, int] = {}
    awards: list[tuple[str, int]] = []
    signed = ("type", "reason", "by", "approved_by")
    for where, item in _items(value, "adjustments"):
        kind = _mapping(item, where).get("type")
        if kind == "line_factor":
            record = _record(item, where, (*signed, "line", "factor_bps"))
            line = _identifier(record["line"], f"{where}.line")
            if line in factors:
                raise AllocationRefused(f"Line {line!r} has two factors; only one is allowed.")
            factors[line] = _whole(record["factor_bps"], f"{where}.factor_bps")
        elif kind == "award":
            record = _record(item, where, (*signed, "payee", "amount"))
            payee = _identifier(record["payee"], f"{where}.payee")
            awards.append((payee, _whole(record["amount"], f"{where}.amount")))
        else:
            raise AllocationRefused(f"{where}.type must be line_factor or award.")
        _four_eyes(record, where)
    return factors, awards


def _four_eyes(record: dict[str, Any], where: str) -> None:
    if not (isinstance(record["reason"], str) and TEXT.fullmatch(record["reason"].strip())):
        raise AllocationRefused(f"{where} needs a public reason.")
    by = _identifier(record["by"], f"{where}.by")
    if by == _identifier(record["approved_by"], f"{where}.approved_by"):
        raise AllocationRefused(f"{where} must be approved by a second person.")


def _read_lines(
    value: Any,
    sectioned: bool,
    departments: dict[str, dict[str, int]],
    contributions: dict[str, Contribution],
    factors: dict[str, int],
) -> list[Line]:
    lines: list[Line] = []
    seen: set[str] = set()
    units: dict[Cell, str] = {}
    fields = (*LINE_FIELDS, "section") if sectioned else LINE_FIELDS
    for where, item in _items(value, "lines"):
        line = _read_line(_record(item, where, fields), where, factors)
        section, department = line.cell
        if line.line in seen:
            raise AllocationRefused(f"Line {line.line!r} appears twice.")
        if section not in departments:
            raise AllocationRefused(f"Line {line.line!r} is in an unknown section {section!r}.")
        if department not in departments[section]:
            raise AllocationRefused(f"Line {line.line!r} is in an unknown department {department!r}.")
        if line.contribution not in contributions:
            raise AllocationRefused(f"Line {line.line!r} uses an unknown contribution {line.contribution!r}.")
        if units.setdefault(line.cell, line.unit) != line.unit:
            raise AllocationRefused(
                f"Department {department!r} is measured in two units, "
                f"{units[line.cell]!r} and {line.unit!r}; one is allowed."
            )
        seen.add(line.line)
        lines.append(line)
    unknown = sorted(factors.keys() - seen)
    if unknown:
        raise AllocationRefused(f"A factor names an unknown line {unknown[0]!r}.")
    return lines


def _read_line(record: dict[str, Any], where: str, factors: dict[str, int]) -> Line:
    name = _identifier(record["line"], f"{where}.line")
    section = UNSECTIONED
    if "section" in record:
        section = _identifier(record["section"], f"{where}.section")
    points = factors.get(name, BPS)
    for field in ("quantity", "role_weight", "prominence"):
        points *= _whole(record[field], f"{where}.{field}")
    return Line(
        line=name,
        cell=(section, _identifier(record["dept"], f"{where}.dept")),
        contribution=_identifier(record["contribution"], f"{where}.contribution"),
        unit=_identifier(record["unit"], f"{where}.unit"),
        points=points,
    )


def _sums_to_whole(shares: dict[str, int], title: str) -> None:
    total = sum(shares.values())
    if total != BPS:
        raise AllocationRefused(f"{title} add up to {total} bps instead of {BPS}.")


def _mapping(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise AllocationRefused(f"{where} must be an object with text keys.")
    return value


def _record(value: Any, where: str, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Any]:
    record = _mapping(value, where)
    for name in required:
        if name not in record:
            raise AllocationRefused(f"{where} lacks {name!r}.")
    if len(record) > len(required):
        for name in record:
            if name not in required and name not in optional:
                raise AllocationRefused(f"{where} has an unknown field {name!r}.")
    return record


def _items(value: Any, where: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, list):
        raise AllocationRefused(f"{where} must be a list.")
    for index, item in enumerate(value):
        yield f"{where}[{index}]", item


def _whole(value: Any, where: str, high: int = LARGEST) -> int:
    if type(value) is not int:
        found = type_names.get(type(value), type(value).__name__)
        raise AllocationRefused(f"{where} must be a whole number, not {found}.")
    if value < 0:
        raise AllocationRefused(f"{where} must not be negative.")
    if value > high:
        limit = "below 2^53" if high == LARGEST else f"at most {high}"
        raise AllocationRefused(f"{where} must be {limit}.")
    return value


def _identifier(value: Any, where: str) -> str:
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise AllocationRefused(f"{where} must be an id of 1 to 200 characters without '/', '@' or '|'.")
    return value
