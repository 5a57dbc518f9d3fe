"""The cue sheet of a stored cut, as the pure rooms read it.

`measures_of(cut)` is what a statement takes: sections, departments and lines with resolved
numbers. A line is called "L" and its position; a contribution "c" and its id. The tables are those
that were in force when the production was opened, so that they were published before anybody was called to it;
a role or prominence that came later counts as it is. What an open statement takes from a later cut is also
weighed by the tables of its own time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from projects import cuesheet
from projects.models import Cue, Cut, Department, Kind, Production, Prominence, Role

# Departments with a section of their own, by kind of production.
APART = {Kind.ALBUM: {"artwork": "sleeve"}, Kind.BOOK: {"cover": "cover"}}
DVD_SECTIONS = (("main", 7000), ("extras", 2000), ("packaging", 1000))


class NotInForce(ValueError):
    """Roles or prominences of a cut that there were none of at the moment asked about; `names` are their names."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = list(names)


def cues_of(cut: Cut) -> QuerySet[Cue]:
    """The cues in order, with all that measuring needs, in one query."""
    return cut.cues.select_related("department", "role", "prominence").order_by("position")


def departments_of(kind: str, at: dt.datetime | None = None) -> dict[str, int]:
    """The table of a kind of production: code and basis points, in the order of the credits."""
    rows = Department.objects.filter(kind=kind).in_force("kind", "code", at=at).order_by("position", "code")
    return dict(rows.values_list("code", "share_bps"))


def sections_of(cut: Cut) -> list[cuesheet.Section]:
    return [
        cuesheet.Section(
            id=str(section["id"]),
            bps=int(section["bps"]),
            title=str(section.get("title", "")),
            departments=section.get("departments") or None,
        )
        for section in cut.sections
    ]


def uses_of(cues: Sequence[Cue]) -> list[cuesheet.Use]:
    return [
        cuesheet.Use(
            line=line_of(cue),
            contribution=f"c{cue.contribution_id}",
            department=cue.department.code,
            unit=cue.unit,
            quantity=cue.quantity,
            role_weight=cue.role.weight,
            prominence=cue.prominence.weight,
            section=cue.section,
        )
        for cue in cues
    ]


def line_of(cue: Cue) -> str:
    """What a statement calls a cue."""
    return f"L{cue.position}"


def measures_of(cut: Cut, at: dt.datetime | None = None) -> dict[str, Any]:
    """The `sections`, `departments` and `lines` of an ALLOC-1 document; raises CueSheetRefused.

    `at` takes the weights that were in force at another moment, as an open statement must;
    NotInForce where there was no such role or prominence then.
    """
    cues = list(cues_of(cut))
    if at is not None and (unknown := _weigh_as_of(cues, at)):
        raise NotInForce(unknown)
    _weigh_as_of(cues, cut.production.opened_at)
    return cuesheet.measures(uses_of(cues), table_of(cut.production), sections_of(cut))


def table_of(production: Production) -> dict[str, int]:
    """The departments that divide a production, whenever its cuts are made and locked."""
    return departments_of(production.project.kind, production.opened_at)


def _weigh_as_of(cues: Sequence[Cue], at: dt.datetime) -> list[str]:
    """Give the cues, in memory, what held at that moment in place of each role and prominence that came later.

    Returns the names of those that there were none of yet, which stay.
    """
    if all(row.effective_at <= at for cue in cues for row in (cue.role, cue.prominence)):
        return []
    roles = Role.objects.in_force("code", "department_code", at=at)
    weights = Prominence.objects.in_force("code", at=at)
    role_then = {(row.code, row.department_code): row for row in roles}
    prominence_then = {row.code: row for row in weights}
    unknown = set()
    for cue in cues:
        role, prominence = cue.role, cue.prominence
        if role.effective_at > at:
            cue.role = role_then.get((role.code, role.department_code), role)
        if prominence.effective_at > at:
            cue.prominence = prominence_then.get(prominence.code, prominence)
        unknown |= {str(row) for row in (cue.role, cue.prominence) if row.effective_at > at}
    return sorted(unknown)


def problems_of(cut: Cut, cues: Sequence[Cue]) -> list[cuesheet.Problem]:
    """What keeps the cut from being measured."""
    return cuesheet.problems(uses_of(cues), table_of(cut.production), sections_of(cut))


def digest_of(cut: Cut) -> str:
    """The hash of a whole cue sheet: measures, times, and the words of the credits."""
    places = [
        [cue.position, cue.start_ms, cue.duration_ms, cue.segment, cue.credit_line]
        for cue in cut.cues.order_by("position")
    ]
    sheet = {"cut": [cut.production_id, cut.number, cut.frame_rate_milli], "places": places}
    return cuesheet.digest(sheet | {"measures": measures_of(cut)})


def usual_sections(kind: str, lengths: dict[str, int], titles: dict[str, str]) -> list[dict[str, Any]]:
    """The published default of a kind: tracks by duration, chapters by pages, segments by duration, a DVD's three."""
    table = departments_of(kind)
    if kind == Kind.DVD:
        whole = {"packaging": cuesheet.WHOLE_BPS}
        sections = [
            cuesheet.Section(i, bps, departments=whole if i == "packaging" else None) for i, bps in DVD_SECTIONS
        ]
    else:
        sections = cuesheet.sections_by_length(lengths, table, APART.get(Kind(kind), {}))
    return [
        {
            "id": section.id,
            "title": titles.get(section.id, section.id.capitalize()),
            "bps": section.bps,
            **({"departments": dict(section.departments)} if section.departments else {}),
        }
        for section in sections
    ]
