"""From a statement's rows to the canonical ALLOC-1 input (royalties.md 1.1), and back.

The document carries resolved numbers and opaque ids only: `st12` a statement, `pr3` a
production, `L40` the fortieth cue of the locked cut, `c7` a work, `x2` a source from elsewhere, `a5`
the staff who signed an adjustment, and payees by their code. Nothing here writes: payees
of people seen for the first time come from the function that the action hands in.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from contributions.models import Contribution, Remix, Share
from profiles.models import Artist
from profiles.staffing import Staffing
from projects import cuesheet, sheet
from projects.cone import cone_of
from projects.models import Cut
from royalties import people, policy
from royalties.allocation import apportion, tie_hash
from royalties.correcting import basis_of
from royalties.exceptions import CannotCompute
from royalties.models import Adjustment, Payee, Revision, Statement, Waiver
from royalties.models.statement import BOOKED, documents_of
from royalties.movement import movement_of, production_code

BPS = 10_000


def work_id(pk: int) -> str:
    return f"c{pk}"


def number_in(identifier: str) -> int:
    """The number inside an id of this document: a key, or the place of a cue."""
    return int(identifier[1:])


@dataclass
class Holders:
    """Who has which part of a work, sorted by whether they can be paid for it."""

    payable: dict[int, int] = field(default_factory=dict)
    staff: int = 0
    waived: int = 0

    @property
    def kind(self) -> str:
        if self.payable:
            return "community"
        if self.waived:
            return "waived"
        return "staff" if self.staff else "external"


PayeesFor = Callable[[Iterable[Artist]], dict[int, Payee]]


def build_input(statement: Statement, payees_for: PayeesFor) -> dict[str, Any]:
    """The whole input of a statement as a document; raises CannotCompute for what is missing."""
    cut = statement.cut
    if cut.status != Cut.Status.LOCKED:
        raise CannotCompute(_("The cut is not locked, so nothing can be measured."))
    used = sorted(set(cut.cues.values_list("contribution_id", flat=True)))
    if not used:
        raise CannotCompute(_("The cut has no cues, so there is nobody to share with."))
    document: dict[str, Any] = {
        "method": "alloc-1",
        "statement": statement.document_code,
        "production": production_code(statement.production_id),
        "currency": statement.currency,
        **_rules(statement),
        "contributions": _contributions(statement, used, payees_for),
        "adjustments": adjustments_of(statement),
    }
    return document | _measures(cut, _tables_since(statement))


def _tables_since(statement: Statement) -> dt.datetime | None:
    """When the cut of the first published revision was locked: an open statement and its corrections keep the tables.

    Its own cut was measured by them, so there is nothing to take from another moment.
    """
    first = _first_published(statement)
    cut = cut_of(first) if first else None
    return cut.locked_at if cut and cut.pk != statement.cut_id else None


def cut_of(revision: Revision) -> Cut | None:
    """The cut that this very revision was computed from, where it divides anything; a later one may have another."""
    item = revision.items.select_related("cue__cut").order_by("pk").first()
    return item.cue.cut if item else None


def _drafted_at(statement: Statement) -> dt.datetime | None:
    """When the first published revision was computed: what was given up since then is for later statements."""
    first = _first_published(statement)
    return first.created_at if first else None


def _first_published(statement: Statement) -> Revision | None:
    """The first revision that everybody saw, of the statement or of what it corrects."""
    publications = (statement.corrects or statement).publications.select_related("revision")
    published = publications.defer(*documents_of("revision")).order_by("number").first()
    return published.revision if published else None


def _rules(statement: Statement) -> dict[str, Any]:
    """The money and the limits: those of now, or for a correction those of what it corrects."""
    if statement.corrects_id is not None:
        before = basis_of(statement).input
        return {"money": before["money"], "params": before["params"]}
    params = {
        "max_depth": policy.MAX_DEPTH,
        "pass_cap_bps": policy.PASS_CAP_BPS,
        "floor": policy.FLOOR,
        "award_cap_bps": policy.AWARD_CAP_BPS,
    }
    return {"money": movement_of(statement), "params": params}


def _measures(cut: Cut, at: dt.datetime | None) -> dict[str, Any]:
    """The cue sheet in resolved numbers: lines, departments, and sections where there are any."""
    try:
        return sheet.measures_of(cut, at)
    except sheet.NotInForce as problem:
        raise CannotCompute(
            _("These came into force while the statement is open, and count for later statements only: %(names)s.")
            % {"names": ", ".join(problem.names)}
        ) from problem
    except cuesheet.CueSheetRefused as problem:
        raise CannotCompute(_("The cut cannot be measured: %(problems)s.") % {"problems": problem}) from problem


def _contributions(statement: Statement, used: list[int], payees_for: PayeesFor) -> dict[str, Any]:
    """The ancestor cone of the works in the cut: kind, credits and frozen rates of each.

    The accounts of one person are one payee, but for a correction: there whoever stood in what it corrects stays.
    """
    cone = sorted(work.contribution_id for work in cone_of(used))
    parents: dict[int, dict[str, int]] = defaultdict(dict)
    outside: dict[str, Any] = {}
    for edge in Remix.objects.filter(child__in=cone):
        if edge.parent_id is None:
            outside[f"x{edge.external_id}"] = {"kind": "external", "credits": {}, "parents": {}}
        source = work_id(edge.parent_id) if edge.parent_id else f"x{edge.external_id}"
        parents[edge.child_id][source] = edge.rate_bps
    holders, artists = holders_of(cone, _drafted_at(statement))
    accounts = payees_for(artists[pk] for row in holders.values() for pk in row.payable)
    payees = people.one_payee_each(accounts, _credited(statement))
    works = {
        work_id(pk): {
            "kind": holders[pk].kind,
            "credits": _credits(holders[pk], payees),
            "parents": parents[pk],
        }
        for pk in cone
    }
    return works | outside


def _credited(statement: Statement) -> set[str]:
    """The payees of what is corrected, by code; nobody for a first statement."""
    if statement.corrects_id is None:
        return set()
    return {code for work in basis_of(statement).input["contributions"].values() for code in work["credits"]}


def holders_of(
    works: Iterable[int], drafted_at: dt.datetime | None = None
) -> tuple[dict[int, Holders], dict[int, Artist]]:
    """For each work who can be paid and who cannot, and the artists by primary key. Four queries.

    A work without shares belongs to its artist alone. What somebody made public while on the staff was paid as work,
    and earns nothing from the pool, whoever they are today; who waived it is left out, but not of what was drafted
    before; a closed account keeps what it is owed.
    """
    ids = list(works)
    given_up = Waiver.objects.filter(contribution__in=ids)
    if drafted_at is not None:
        given_up = given_up.filter(at__lte=drafted_at)
    waived = set(given_up.values_list("contribution_id", "artist_id"))
    parts: dict[int, dict[int, int]] = defaultdict(dict)
    artists: dict[int, Artist] = {}
    published_at: dict[int, dt.datetime | None] = {}
    for share in Share.objects.filter(contribution__in=ids).select_related("artist"):
        parts[share.contribution_id][share.artist_id] = share.share_bps
        artists[share.artist_id] = share.artist
    for work in Contribution.objects.filter(pk__in=ids).select_related("artist"):
        artists.setdefault(work.artist_id, work.artist)
        published_at[work.pk] = work.published_at
        parts[work.pk] = parts.get(work.pk) or {work.artist_id: BPS}
    staffing = Staffing(artists.values())
    holders: dict[int, Holders] = {pk: Holders() for pk in ids}
    for work_pk, shares in parts.items():
        for artist_pk, bps in shares.items():
            if (work_pk, artist_pk) in waived:
                holders[work_pk].waived += bps
            elif staffing.was_staff(artists[artist_pk], published_at[work_pk]):
                holders[work_pk].staff += bps
            else:
                holders[work_pk].payable[artist_pk] = bps
    return holders, artists


def _credits(holders: Holders, payees: dict[int, Payee]) -> dict[str, int]:
    """Payable people only, rescaled to 10,000 in whole basis points; the parts of one payee are one."""
    parts: dict[str, int] = defaultdict(int)
    for pk, bps in holders.payable.items():
        parts[payees[pk].code] += bps
    if not parts:
        return {}
    codes = list(parts)
    scaled = apportion(BPS, list(parts.values()), lambda index: tie_hash(codes[index]))
    return dict(zip(codes, scaled, strict=True))


def adjustments_of(statement: Statement) -> list[dict[str, Any]]:
    """Judgements that a second person approved and nobody took back, in their order.

    A correction takes over those of what it corrects, but where it has a factor of its own on a cue, that one counts
    and not the former: 10,000 takes it back. A factor belongs to a cue of one cut; in another cut it would weigh
    whatever stands at its place, so there it is proposed anew.
    """
    chain = [statement.pk]
    if statement.corrects_id is not None:
        former = Statement.objects.filter(Q(pk=statement.corrects_id) | Q(corrects=statement.corrects_id))
        chain += former.filter(status__in=BOOKED).values_list("pk", flat=True)
    rows = Adjustment.objects.filter(statement__in=chain, approved_by__isnull=False, withdrawn_at=None)
    rows = rows.filter(Q(cue=None) | Q(cue__cut=statement.cut_id))
    adjustments = []
    for row in _last_of_each_cue(rows.select_related("payee", "cue").order_by("pk")):
        signed: dict[str, Any] = {
            "type": row.kind,
            "reason": row.reason,
            "by": f"a{row.proposed_by_id}",
            "approved_by": f"a{row.approved_by_id}",
        }
        if row.cue is not None:
            adjustments.append(signed | {"line": sheet.line_of(row.cue), "factor_bps": row.factor_bps})
        if row.payee is not None:
            adjustments.append(signed | {"payee": row.payee.code, "amount": row.amount_minor})
    return adjustments


def _last_of_each_cue(rows: Iterable[Adjustment]) -> list[Adjustment]:
    """Of several factors on one cue that of the last statement alone; all awards."""
    counts: dict[int, Adjustment] = {}
    for row in sorted(rows, key=lambda row: (row.statement_id, row.pk)):
        counts[row.cue_id or -row.pk] = row
    return sorted(counts.values(), key=lambda row: row.pk)


def parse_item(label: str) -> tuple[int, int, int]:
    """The cue's place, the contribution and the depth of an explanation key such as `L40/c7@2`."""
    line, rest = label.split("/")
    work, depth = rest.split("@")
    return number_in(line), number_in(work), int(depth)


def published_document(revision: Any) -> dict[str, Any]:
    """What strangers download and verify."""
    return {
        "input": revision.input,
        "input_sha256": revision.input_sha256,
        "result": revision.result,
        "result_sha256": revision.result_sha256,
        "revision": revision.number,
    }
