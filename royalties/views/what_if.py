"""What if: other measures of the published draft, who would gain, whom it would cost. Nothing is changed by it."""

from __future__ import annotations

import json
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from contributions.models import Contribution
from projects.models import Cue
from royalties import access, actions, policy, trying, what_if
from royalties.allocation import AllocationRefused
from royalties.document import cut_of
from royalties.exceptions import RoyaltiesRefused
from royalties.models import Payee, Revision, WhatIf
from royalties.views import _statement as common
from royalties.views._request import ArtistRequest


@common.or_withdrawn
def try_measures(request: HttpRequest, pk: int, refusal: str = "") -> HttpResponse:
    """The form and what comes of it; POST keeps it under an address of its own."""
    if request.method == "POST" and not refusal:
        return keep(request, pk)  # type: ignore[arg-type]  # the decorator sees to who is logged in
    statement = access.get_statement(request.user, pk)
    revision = access.current_of(statement)
    document = revision.input
    shown = _shown_lines(request, document, revision)
    forms = trying.forms_for(document, request.GET, shown)
    outcome = _outcome(request, document, forms, revision)
    context = {
        **common.head_of(request, statement, revision),
        "rows": _titled(forms),
        "all_lines": len(document["lines"]),
        "payee": request.GET.get("payee", ""),
        "find": _find(request),
        "is_missed": bool(_find(request)) and {form.prefix for form in forms} <= _touched(request),
        "refusal": refusal,
        **outcome,
    }
    is_part = bool(getattr(request, "htmx", False))
    template = "royalties/_what_if_outcome.html" if is_part else "royalties/what_if.html"
    wrong = bool(refusal or outcome["problem"] or any(form.errors for form in forms))
    return render(request, template, context, status=422 if wrong and not is_part else 200)


@login_required
def keep(request: ArtistRequest, pk: int) -> HttpResponse:
    """Store it and show it where it can be passed on."""
    statement = access.get_statement(request.user, pk)
    try:
        wanted = changes_in(request.POST.get("changes", ""))
        row = actions.propose_what_if(actor=request.user, revision=access.current_of(statement), wanted=wanted)
    except RoyaltiesRefused as problem:
        return try_measures(request, pk, refusal=str(problem))
    except ValueError:
        return try_measures(request, pk, refusal=_("These measures cannot be read. Change at least one of them here."))
    return redirect(row)


@common.or_withdrawn
def shared(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """A kept what-if: what was changed, and what would come of it."""
    statement = access.get_statement(request.user, pk)
    row = access.get_what_if(statement, code)
    document = row.revision.input
    lines = {line["line"]: line for line in document["lines"]}
    again = urlencode(trying.query_of(document, row.changes))
    context = {
        **common.head_of(request, statement, row.revision),
        "what_if": row,
        "changed": _changed(row, lines),
        "again": again,
        "own": common.own_line(request, row.revision),
        **(gains_of(row.revision, row.result) if row.stage == WhatIf.Stage.DONE else {}),
    }
    template = "royalties/_what_if_result.html" if getattr(request, "htmx", False) else "royalties/what_if_shared.html"
    return render(request, template, context)


def changes_in(text: str) -> what_if.Changes:
    """The changes of a posted form; raises ValueError for anything but whole numbers by line and field."""
    try:
        wanted = json.loads(text)
    except RecursionError as problem:
        raise ValueError("nested too deeply") from problem
    rows = list(wanted.values()) if isinstance(wanted, dict) else [wanted]
    if not all(isinstance(row, dict) and all(type(value) is int for value in row.values()) for row in rows):
        raise ValueError("not whole numbers by line and field")
    changes: what_if.Changes = wanted
    return changes


def gains_of(revision: Revision, amounts: dict[str, int]) -> dict[str, Any]:
    """Gains and losses with names, and both totals. One query."""
    before = revision.result["amounts"]
    found = what_if.gains(before, amounts)
    payees = {
        payee.code: payee
        for payee in Payee.objects.filter(code__in=[gain.payee for gain in found]).select_related("artist")
    }
    return {
        "gains": [{"payee": payees.get(gain.payee), "gain": gain} for gain in found],
        "total_before": sum(before.values()),
        "total_after": sum(amounts.values()),
    }


def _shown_lines(request: HttpRequest, document: dict[str, Any], revision: Revision) -> list[str]:
    """What was changed already, then the lines looked for, or the payee's, or the first."""
    touched = _touched(request)
    own = common.own_line(request, revision)
    payee = request.GET.get("payee") or (own.payee.code if own else "")
    find = _find(request)
    lines = document["lines"]
    if find:
        called = _called(revision, find)
        found = [line for line in lines if line["line"] in called or _is_code(line, find)]
    else:
        found = [line for line in lines if _is_of(payee, line, document)] or lines
    changed = [line["line"] for line in lines if line["line"] in touched]
    return [*changed, *(line["line"] for line in found if line["line"] not in touched)][
        : policy.WHAT_IF_LINES + len(changed)
    ]


def _find(request: HttpRequest) -> str:
    """What is looked for; whoever asks for the first cues has done looking."""
    # A NUL is nothing that PostgreSQL could look for.
    return "" if "first" in request.GET else request.GET.get("find", "").replace("\0", "").strip()


def _touched(request: HttpRequest) -> set[str]:
    """The cues whose measures are in the address."""
    return {name.rpartition("-")[0] for name in request.GET if "-" in name}


def _called(revision: Revision, find: str) -> set[str]:
    """The cues whose work, artist or department is called like this. Two queries."""
    makers = ("contribution__artist", "contribution__shares__artist")
    names = [f"{maker}__{name}" for maker in makers for name in ("display_name", "credit_name")]
    names += ["contribution__title", "department__name"]
    meant = reduce(or_, (Q(**{f"{name}__icontains": find}) for name in names))
    cut = cut_of(revision) or revision.statement.cut
    return {f"L{position}" for position in Cue.objects.filter(meant, cut=cut).values_list("position", flat=True)}


def _is_code(line: dict[str, Any], find: str) -> bool:
    return find.casefold() in {line["line"].casefold(), line["line"][1:], line["dept"].casefold()}


def _is_of(payee: str, line: dict[str, Any], document: dict[str, Any]) -> bool:
    return payee in document["contributions"][line["contribution"]]["credits"]


def _titled(forms: list[trying.MeasureForm]) -> list[dict[str, Any]]:
    """The forms with their works. One query."""
    ids = {int(form.line["contribution"][1:]) for form in forms}
    works = {f"c{work.pk}": work for work in Contribution.objects.filter(pk__in=ids).select_related("artist")}
    return [{"form": form, "work": works.get(form.line["contribution"])} for form in forms]


def _outcome(
    request: HttpRequest, document: dict[str, Any], forms: list[trying.MeasureForm], revision: Revision
) -> dict[str, Any]:
    """What comes of the measures that were sent: nothing, a problem, or who gains and loses."""
    empty: dict[str, Any] = {"changes": {}, "problem": "", "kept": trying.kept_fields(document, forms)}
    if wrong := trying.wrong_fields(forms):
        return {**empty, "problem": _("Some measures cannot be read."), "wrong": wrong}
    try:
        changes = what_if.differing(document, {form.prefix or "": form.wanted for form in forms})
        if not changes:
            return empty
        tried = {**empty, "changes": changes, "changes_json": json.dumps(changes)}
        if not request.user.is_authenticated or not actions.is_small(document):
            return {**tried, "must_keep": request.user.is_authenticated}
        return {**tried, **gains_of(revision, what_if.amounts_of(document, changes))}
    except what_if.WhatIfRefused as problem:
        return {**empty, "problem": trying.words_of(problem)}
    except AllocationRefused as problem:
        return {**empty, "problem": str(problem)}


def _changed(row: WhatIf, lines: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Each changed measure with what it was, and its work. One query."""
    works = Contribution.objects.in_bulk([int(lines[line]["contribution"][1:]) for line in row.changes])
    return [
        {**asked, "work": works.get(int(lines[asked["line"]]["contribution"][1:]))} for asked in trying.asked_in(row)
    ]
