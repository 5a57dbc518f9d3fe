"""Why this number: one payee's amount, item by item, and what is said about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import ngettext

from contributions.models import Contribution, Share
from projects.models import Cue
from royalties import access, advances, figures, judged
from royalties.document import cut_of
from royalties.explaining import Item, explain
from royalties.forms import LineCommentForm, ObjectForm
from royalties.models import Objection, Revision, Statement, StatementLine, WhatIf
from royalties.templatetags.money import percent
from royalties.views import _statement as common
from royalties.what_if import FACTOR

ITEMS, MAKERS = 40, 5
KEPT_SECONDS = 24 * 3600


@common.or_withdrawn
def line(request: HttpRequest, pk: int, payee: str, form: LineCommentForm | None = None) -> HttpResponse:
    """The arithmetic of a line in words and figures, its talk, and the way to object."""
    statement = access.get_statement(request.user, pk)
    revision = access.revision_of(request.user, statement, request.GET.get("revision", ""))
    row = access.line_or_lost(statement, revision, payee)
    if row.revision_id != revision.pk:
        return lost(request, row, statement, revision, form)
    before = common.earlier_of(statement, revision)
    items = explained(revision, payee)
    shown = _shown(items, revision)
    context = {
        **common.head_of(request, statement, revision),
        **_talk(request, statement, row, revision, form),
        "line": row,
        "before": before,
        "earlier": before.lines.filter(payee=row.payee).first() if before else None,
        "share": percent(row.amount_minor, revision.pool_minor),
        "items": shown,
        "judgements": _other_judgements(items, revision, payee),
        "more_items": max(row.items.count() - len(shown), 0),
        "is_own": (is_own := row.payee.artist_id is not None and row.payee.artist_id == request.user.pk),
        # Between the artist and the company, so for their eyes only.
        "recoupment": advances.recoupment_of(row, statement) if is_own else None,
        "has_accepted": hasattr(row, "acceptance"),
        "pool_after_awards": revision.pool_minor - _awards(revision),
    }
    return render(request, "royalties/line.html", context, status=422 if form else 200)


def lost(
    request: HttpRequest, row: StatementLine, statement: Statement, revision: Revision, form: LineCommentForm | None
) -> HttpResponse:
    """What somebody had who has nothing in this revision, and where they may say so. `row` is their last line."""
    context = {
        **common.head_of(request, statement, revision),
        **_talk(request, statement, row, revision, form),
        "line": row,
        "judgements": judged.on_payee(revision, row.payee.code),
        "is_own": row.payee.artist_id is not None and row.payee.artist_id == request.user.pk,
    }
    return render(request, "royalties/line_lost.html", context, status=422 if form else 200)


def _talk(
    request: HttpRequest, statement: Statement, row: StatementLine, revision: Revision, form: LineCommentForm | None
) -> dict[str, Any]:
    """What is said about the payee in all revisions, and the form to say something."""
    roots = common.roots_of(statement).filter(payee=row.payee).order_by("pk")
    attached = common.what_if_of(request, statement)
    # Whoever comes with other measures means to object; saying otherwise is one choice away.
    asked = {"what_if": attached.code, "kind": kind_of(attached)} if attached else {}
    return {
        **common.spoken(form, LineCommentForm(initial=asked), figures.threads_of(roots, revision, request.user)),
        "object_form": ObjectForm(auto_id=False),
        "attached": attached,
    }


def kind_of(row: WhatIf) -> str:
    """Which type of objection these measures are: to quantities, or to roles and prominence."""
    names = {name for measures in row.changes.values() for name in measures}
    kinds = Objection.Kind
    return kinds.MEASURE if names & {"quantity", FACTOR} else kinds.ROLE


def explained(revision: Revision, payee: str) -> list[Item]:
    """The arithmetic, worked out once a day at most: a revision's input never changes."""
    key = f"royalties:why-judged:{revision.result_sha256}:{revision.pk}:{payee}"
    kept: list[dict[str, Any]] | None = cache.get(key)
    if kept is not None:
        return [Item.from_json(plain) for plain in kept]
    found = explain(revision.input, revision.result, payee, ITEMS)
    cache.set(key, [item.as_json() for item in found], KEPT_SECONDS)
    return found


def _other_judgements(items: list[Item], revision: Revision, payee: str) -> list[judged.Judged]:
    """Awards, and factors on cues that are no item here, such as one of nothing."""
    shown = {item.line for item in items}
    return [found for found in judged.on_payee(revision, payee) if found.row.get("line") not in shown]


def _awards(revision: Revision) -> int:
    return sum(row["amount"] for row in revision.input["adjustments"] if row["type"] == "award")


def of(part: Fraction) -> str:
    """An exact part of one, fine enough to be reckoned with."""
    return percent(part.numerator, part.denominator, places=3)


def whole(points: Fraction) -> str:
    """Points with marks at the thousands; a factor may leave them broken."""
    number = points.numerator if points.denominator == 1 else float(points)
    return str(number_format(number, use_l10n=True, force_grouping=True))


def _shown(items: list[Item], revision: Revision) -> list[dict[str, Any]]:
    """The items with the words for their ids. Five queries."""
    ids = {name for item in items for name in (item.used, item.contribution)}
    ids |= {hop.ancestor for item in items for path in item.paths for hop in path}
    works = {
        f"c{work.pk}": work
        for work in Contribution.objects.filter(pk__in=[int(name[1:]) for name in ids]).select_related("artist")
    }
    makers = _makers([works[item.used] for item in items if item.depth and item.used in works])
    places = [int(item.line[1:]) for item in items]
    signers = judged.signers_of(items)
    cut = cut_of(revision) or revision.statement.cut
    sections = {section["id"]: section.get("title") or section["id"] for section in cut.sections}
    cues = {
        f"L{cue.position}": cue
        for cue in Cue.objects.filter(cut=cut, position__in=places).select_related("department", "role", "prominence")
    }
    return [
        {
            **_figures(item),
            "cue": cues.get(item.line),
            "section": sections.get(item.facts.get("section", "")),
            "by": signers.get(item.by),
            "approved_by": signers.get(item.approved_by),
            "used": works.get(item.used),
            "makers": makers.get(item.used, ""),
            "work": works.get(item.contribution),
            "paths": [[(hop.rate_bps, works.get(hop.ancestor)) for hop in path] for path in item.paths],
        }
        for item in items
    ]


def _makers(works: Iterable[Contribution]) -> dict[str, str]:
    """The names in credits of all who share in each work, the largest part first. One query."""
    names = {f"c{work.pk}": [work.artist.name_in_credits] for work in works}
    shares = Share.objects.filter(contribution__in={name[1:] for name in names}).select_related("artist")
    shared: dict[str, list[str]] = defaultdict(list)
    for share in shares.order_by("-share_bps", "pk"):
        shared[f"c{share.contribution_id}"].append(share.artist.name_in_credits)
    return {name: _few(people) for name, people in (names | shared).items()}


def _few(people: list[str]) -> str:
    """Their names; of a great many the first, and how many more there are."""
    if len(people) <= MAKERS:
        return ", ".join(people)
    more = len(people) - MAKERS
    words = ngettext("%(names)s and %(more)d more", "%(names)s and %(more)d more", more)
    return words % {"names": ", ".join(people[:MAKERS]), "more": more}


def _figures(item: Item) -> dict[str, Any]:
    """The item's fractions in words."""
    return {
        "item": item,
        "points_share": of(item.points / item.points_in_cell),
        "points": whole(item.points),
        "points_in_cell": whole(item.points_in_cell),
        "department_share": of(item.department_part),
        "is_given_more": item.department_part != Fraction(item.department_bps * item.section_bps, 10_000**2),
        "arrives": of(item.arrives),
        "own_part": of(item.own_part),
        "kept": of(item.kept),
        "paid_part": of(item.paid_part),
        "is_scaled": item.paid_part != 1,
        "exact": of(item.exact),
        "is_factored": item.factor_bps != 10_000,
    }
