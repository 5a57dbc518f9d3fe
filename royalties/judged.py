"""Judgements as pages show them: what about, by how much, why, and who proposed and who approved it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contributions.models import Contribution
from profiles.models import Artist
from projects import sheet
from royalties.comparing import Change
from royalties.document import number_in
from royalties.explaining import Item, judgements_on
from royalties.models import Adjustment, Payee, Revision, Statement

# What became of a judgement. A factor weighs a cue of one cut, so in another it does not count.
NEW, TAKEN_BACK, REPLACED, FORMER = _("new"), _("taken back"), _("replaced by another"), _("only for the former cut")
Key = tuple[str, str, int, int]


@dataclass(slots=True)
class Judged:
    """One judgement of an input; `used` is the key of the work that its cue shows, 0 for an award."""

    row: dict[str, Any]
    used: int = 0
    state: str | Promise = ""
    why: str = ""
    work: Contribution | None = None
    payee: Payee | None = None
    by: Artist | None = None
    approved_by: Artist | None = None


def of_revision(revision: Revision, most: int | None = None) -> list[Judged]:
    """The judgements of a revision, at most so many, in their order. Three queries."""
    return _of(revision, revision.input["adjustments"][:most])


def on_payee(revision: Revision, payee: str) -> list[Judged]:
    """Those that touch one payee. Three queries."""
    return _of(revision, judgements_on(revision.input, revision.result, payee))


def signers_of(items: Iterable[Item]) -> dict[str, Artist]:
    """Who proposed and who approved the factors of these items, by code. One query."""
    return _artists({code for item in items for code in (item.by, item.approved_by) if code})


def changed(statement: Statement, before: Revision, revision: Revision, changes: Iterable[Change]) -> list[Judged]:
    """Judgements that came or went, and why they count no more. Four queries."""
    old, new = _works_used(before), _works_used(revision)
    factors = {row["line"] for row in revision.input["adjustments"] if row["type"] == "line_factor"}
    reasons = _taken_back(statement, revision)
    found = []
    for change in changes:
        row = change.after or change.before
        # A cue is called by its place, where another cut may have another work.
        line, used = row.get("line", ""), new if change.after else old
        state: str | Promise
        if change.after:
            state = NEW
        elif _key(row) in reasons:
            state = TAKEN_BACK
        else:
            state = REPLACED if line in factors and old.get(line) == new.get(line) else FORMER
        why = "" if change.after else reasons.get(_key(row), "")
        found.append(Judged(row=row, used=used.get(line, 0), state=state, why=why))
    return _named(found)


def _of(revision: Revision, rows: Iterable[dict[str, Any]]) -> list[Judged]:
    used = _works_used(revision)
    return _named([Judged(row=row, used=used.get(row.get("line", ""), 0)) for row in rows])


def _named(found: list[Judged]) -> list[Judged]:
    """The same with the words for their ids."""
    works = Contribution.objects.in_bulk({judged.used for judged in found if judged.used})
    awarded = [judged.row["payee"] for judged in found if judged.row["type"] == "award"]
    payees = Payee.objects.select_related("artist").in_bulk(awarded, field_name="code")
    artists = _artists({judged.row[name] for judged in found for name in ("by", "approved_by")})
    for judged in found:
        judged.work, judged.payee = works.get(judged.used), payees.get(judged.row.get("payee", ""))
        judged.by, judged.approved_by = artists.get(judged.row["by"]), artists.get(judged.row["approved_by"])
    return found


def _artists(codes: Iterable[str]) -> dict[str, Artist]:
    """The staff who signed, by the code that the document has for them."""
    return {f"a{pk}": artist for pk, artist in Artist.objects.in_bulk([number_in(code) for code in codes]).items()}


def _works_used(revision: Revision) -> dict[str, int]:
    """Which work each cue used."""
    return {line["line"]: number_in(line["contribution"]) for line in revision.input["lines"]}


def _taken_back(statement: Statement, revision: Revision) -> dict[Key, str]:
    """What two people had taken back when a revision was computed, and why; of a correction its original's too. One query."""
    original = statement.corrects_id or statement.pk
    known = Adjustment.objects.filter(Q(statement=original) | Q(statement__corrects=original))
    gone = known.filter(approved_by__isnull=False, withdrawn_at__lte=revision.created_at).order_by("withdrawn_at")
    return {
        (row.reason, sheet.line_of(row.cue) if row.cue else "", row.factor_bps or 0, row.amount_minor or 0): (
            row.back_reason
        )
        for row in gone.select_related("cue")
    }


def _key(row: dict[str, Any]) -> Key:
    """What tells a judgement of the input from the others."""
    return row["reason"], row.get("line", ""), row.get("factor_bps", 0), row.get("amount", 0)
