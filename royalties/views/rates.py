"""The tables by which money is divided: what holds today, what held before, what will hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from contributions.models import InfluenceRate
from projects.models import Department, Kind, Prominence, Role
from royalties import policy


def rates(request: HttpRequest) -> HttpResponse:
    """Every dated table, for people. Four queries."""
    now = timezone.now()
    influence = list(InfluenceRate.objects.order_by("-effective_at", "-pk"))
    departments = list(Department.objects.order_by("kind", "position", "-effective_at", "-pk"))
    context = {
        "kinds": [
            (label, _versions([row for row in departments if row.kind == kind], lambda row: row.code, now))
            for kind, label in Kind.choices
            if any(row.kind == kind for row in departments)
        ],
        "influence": _heaviest_first(_versions(influence, lambda row: row.kind, now), "rate_bps"),
        "roles": _by_department(
            _versions(_newest_first(Role.objects.all()), lambda row: (row.department_code, row.code), now), departments
        ),
        "prominences": _heaviest_first(
            _versions(_newest_first(Prominence.objects.all()), lambda row: row.code, now), "weight"
        ),
        "currency": settings.DEFAULT_CURRENCY,
        "policy": policy.policy_of(settings.DEFAULT_CURRENCY),
        "rules": policy,
    }
    return render(request, "royalties/rates.html", context)


def rates_json(request: HttpRequest) -> JsonResponse:
    """Every row of the tables with the day from which it holds: for programs, and for keeping."""
    return JsonResponse(
        {
            "departments": _rows(Department.objects.order_by("pk"), "kind", "code", "share_bps"),
            "roles": _rows(Role.objects.order_by("pk"), "department_code", "code", "weight"),
            "prominences": _rows(Prominence.objects.order_by("pk"), "code", "weight"),
            "influence_rates": _rows(InfluenceRate.objects.order_by("pk"), "kind", "rate_bps"),
        },
        json_dumps_params={"indent": 1},
    )


def _newest_first(rows: Any) -> list[Any]:
    return list(rows.order_by("-effective_at", "-pk"))


def _versions(rows: Iterable[Any], key: Callable[[Any], Any], now: dt.datetime) -> list[dict[str, Any]]:
    """For each key the row in force, with those before and after it; rows come newest first for each key."""
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        entry = found.setdefault(key(row), {"now": None, "before": [], "coming": []})
        if row.effective_at > now:
            entry["coming"].append(row)
        elif entry["now"] is None:
            entry["now"] = row
        else:
            entry["before"].append(row)
    return list(found.values())


def _by_department(
    entries: list[dict[str, Any]], departments: Iterable[Department]
) -> list[tuple[str, list[dict[str, Any]]]]:
    """The roles of each department under its name, as the closing credits have them."""
    names = {row.code: row.name for row in departments}
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        found.setdefault(_shown(entry).department_code, []).append(entry)
    groups = [(names.get(code, code), rows) for code, rows in found.items()]
    for _name, rows in groups:
        rows.sort(key=lambda entry: (_shown(entry).position, _shown(entry).name))
    return sorted(groups, key=lambda group: group[0])


def _shown(entry: dict[str, Any]) -> Any:
    """The row that gives an entry its name: the one in force, or the first that will be."""
    return entry["now"] or entry["coming"][0]


def _heaviest_first(entries: list[dict[str, Any]], column: str) -> list[dict[str, Any]]:
    return sorted(entries, key=lambda entry: -getattr(_shown(entry), column))


def _rows(rows: Any, *names: str) -> list[dict[str, Any]]:
    return [
        {name: getattr(row, name) for name in names} | {"effective_at": row.effective_at.isoformat()} for row in rows
    ]
