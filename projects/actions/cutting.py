"""The cut: place, move and take away cues while it is a draft, then lock it for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.models import Contribution
from profiles.actions import notify, record_event
from profiles.models import Artist
from projects import sheet
from projects.actions._checks import need_curator, need_producer, need_status, save_checked
from projects.actions.crediting import derive_credits
from projects.actions.shortlisting import settle_fates
from projects.blockers import blockers
from projects.errors import CutBlocked, CutLocked, ProjectError, WrongState
from projects.models import Cue, Cut, Department, Production, Project, Prominence, Role

IN_MILLISECONDS = (Cue.Unit.SCREEN_MS, Cue.Unit.AUDIBLE_MS)
CHANGEABLE = frozenset(
    {"section", "unit", "quantity", "start_ms", "duration_ms", "segment", "credit_line", "note", "contribution"}
)


@transaction.atomic
def new_cut(*, actor: Artist, production: Production, frame_rate_milli: int | None = None) -> Cut:
    """The next numbered cut, a copy of the former one; one draft at a time. Curators may."""
    need_curator(actor)
    production = (
        Production.objects.select_for_update(of=("self",), no_key=True).select_related("project").get(pk=production.pk)
    )
    need_status(production.project, Project.Status.GREEN_LIT, Project.Status.IN_PRODUCTION, Project.Status.RELEASED)
    former = production.cuts.order_by("-number").first()
    if former is not None and not former.is_locked:
        raise WrongState(_("Cut %(number)d is still a draft; go on with that one.") % {"number": former.number})
    cut = Cut(production=production, number=former.number + 1 if former else 1)
    if former is not None:
        cut.sections, cut.frame_rate_milli = former.sections, former.frame_rate_milli
    if frame_rate_milli:
        cut.frame_rate_milli = frame_rate_milli
    save_checked(cut)
    if former is not None:
        copies = list(former.cues.order_by("position"))
        for cue in copies:
            cue.pk, cue.cut = None, cut
            cue._state.adding = True
        Cue.objects.bulk_create(copies)
    record_event(actor=actor, verb="projects.cut_begun", about=cut, payload={"production": production.pk})
    return cut


@transaction.atomic
def set_sections(
    *, actor: Artist, cut: Cut, sections: Sequence[dict[str, Any]], frame_rate_milli: int | None = None
) -> Cut:
    """Name tracks, chapters or segments in order: [{"id", "title", "bps", "segment"?, "departments"?}].

    The sums are looked at when the cut is locked, so that a draft may be unfinished.
    """
    need_curator(actor)
    cut = _draft(cut)
    cut.sections = [_section(section) for section in sections]
    cut.frame_rate_milli = frame_rate_milli or cut.frame_rate_milli
    save_checked(cut)
    record_event(actor=actor, verb="projects.sections_set", about=cut, payload={"sections": len(cut.sections)})
    return cut


@transaction.atomic
def place_cue(
    *,
    actor: Artist,
    cut: Cut,
    contribution: Contribution,
    department: Department | str,
    role: Role | str,
    unit: str,
    quantity: int | None = None,
    prominence: Prominence | str = "featured",
    section: str = "",
    start_ms: int | None = None,
    duration_ms: int | None = None,
    segment: str = "",
    credit_line: str = "",
    note: str = "",
    position: int | None = None,
) -> Cue:
    """Use a work in a draft cut, at the end or at a position. Curators may.

    Department, role and prominence are rows or codes of the tables in force. In milliseconds
    the quantity is the duration unless another is given.
    """
    need_curator(actor)
    cut = _draft(cut)
    department = _department(cut, department)
    last = cut.cues.aggregate(last=Max("position"))["last"] or 0
    place = min(max(position or last + 1, 1), last + 1)
    _shift(cut, place, last, by=1)
    cue = Cue(
        cut=cut,
        position=place,
        contribution=contribution,
        department=department,
        role=_role(department, role),
        prominence=_prominence(prominence),
        unit=unit,
        quantity=_quantity(unit, quantity, duration_ms),
        section=section,
        start_ms=start_ms,
        duration_ms=duration_ms,
        segment=segment or _segment_of(cut, section),
        credit_line=credit_line.strip(),
        note=note.strip(),
    )
    save_checked(cue)
    payload = {"cut": cut.pk, "contribution": contribution.pk, "position": place}
    record_event(actor=actor, verb="projects.cue_placed", about=cue, payload=payload)
    return cue


@transaction.atomic
def change_cue(
    *,
    actor: Artist,
    cue: Cue,
    department: Department | str | None = None,
    role: Role | str | None = None,
    prominence: Prominence | str | None = None,
    **fields: Any,
) -> Cue:
    """Change what a cue says: section, unit, quantity, times, segment, words, or its place in the tables."""
    need_curator(actor)
    cut = _draft(cue.cut)
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise TypeError(f"A cue has no {', '.join(sorted(unknown))} to change.")
    if department is not None:
        cue.department = _department(cut, department)
    if role is not None:
        cue.role = _role(cue.department, role)
    if prominence is not None:
        cue.prominence = _prominence(prominence)
    for name, value in fields.items():
        setattr(cue, name, value)
    save_checked(cue)
    record_event(actor=actor, verb="projects.cue_changed", about=cue, payload={"cut": cut.pk, "fields": sorted(fields)})
    return cue


@transaction.atomic
def move_cue(*, actor: Artist, cue: Cue, position: int) -> Cue:
    """Put a cue at another position; the others close up and make room."""
    need_curator(actor)
    cut = _draft(cue.cut)
    cue = Cue.objects.get(pk=cue.pk)
    last = cut.cues.aggregate(last=Max("position"))["last"] or 1
    target, former = min(max(position, 1), last), cue.position
    if target < former:
        _shift(cut, target, former - 1, by=1)
    else:
        _shift(cut, former + 1, target, by=-1)
    Cue.objects.filter(pk=cue.pk).update(position=target)
    cue.position = target
    payload = {"cut": cut.pk, "from": former, "to": target}
    record_event(actor=actor, verb="projects.cue_moved", about=cue, payload=payload)
    return cue


@transaction.atomic
def remove_cue(*, actor: Artist, cue: Cue) -> None:
    """Take a use out of a draft cut; the work itself and its other uses stay."""
    need_curator(actor)
    cut = _draft(cue.cut)
    cue = Cue.objects.get(pk=cue.pk)
    payload = {"cut": cut.pk, "contribution": cue.contribution_id, "position": cue.position}
    record_event(actor=actor, verb="projects.cue_removed", about=cue, payload=payload)
    last = cut.cues.aggregate(last=Max("position"))["last"] or 0
    former = cue.position
    cue.delete()
    _shift(cut, former + 1, last, by=-1)


@transaction.atomic
def lock_cut(*, actor: Artist, cut: Cut, unused_reason: str = "") -> Cut:
    """Lock a cut for good: credits and money follow from it. Producers may.

    Raises CutBlocked with the whole list of what is missing. Works of the cut get the fate
    "in the cut"; with `unused_reason` every work that is still waiting is answered with it.
    """
    need_producer(actor)
    cut = _draft(cut)
    found = blockers(cut)
    if found:
        raise CutBlocked(found)
    cut.sha256 = sheet.digest_of(cut)
    cut.status, cut.locked_at, cut.locked_by = Cut.Status.LOCKED, timezone.now(), actor
    save_checked(cut)
    event = record_event(
        actor=actor, verb="projects.cut_locked", about=cut, payload={"sha256": cut.sha256, "number": cut.number}
    )
    rows = derive_credits(actor=actor, cut=cut)
    used = cut.cues.values_list("contribution_id", flat=True)
    settle_fates(actor=actor, production=cut.production, used=used, unused_reason=unused_reason)
    credited = Artist.objects.filter(pk__in={row.artist_id for row in rows if row.artist_id})
    text = _("“%(title)s” is locked and you are in its credits. Look how your name stands there.") % {
        "title": cut.production.title
    }
    notify(event=event, recipients=credited, text=text, url=cut.production.get_credits_url())
    return cut


def _draft(cut: Cut) -> Cut:
    """The cut as it is now, held until the transaction ends; refused when locked."""
    cut = Cut.objects.select_for_update(of=("self",)).select_related("production__project").get(pk=cut.pk)
    if cut.is_locked:
        raise CutLocked(
            _("Cut %(number)d is locked and never changes again. Begin a new cut.") % {"number": cut.number}
        )
    return cut


def _shift(cut: Cut, first: int, last: int, *, by: int) -> None:
    cut.cues.filter(position__gte=first, position__lte=last).update(position=F("position") + by)


def _section(section: dict[str, Any]) -> dict[str, Any]:
    unknown = set(section) - {"id", "title", "bps", "segment", "departments"}
    if unknown or not {"id", "bps"} <= set(section) or not isinstance(section["bps"], int):
        raise ProjectError(_("A section has an id, a title and a whole number of basis points."))
    if section.get("segment", "") not in {"", *Cue.Segment.values}:
        raise ProjectError(_("A segment is pre-mixed or live."))
    return {name: value for name, value in section.items() if value not in ("", None)}


def _segment_of(cut: Cut, section: str) -> str:
    return next((str(s.get("segment", "")) for s in cut.sections if s["id"] == section), "")


def _quantity(unit: str, quantity: int | None, duration_ms: int | None) -> int:
    if quantity is None and unit in IN_MILLISECONDS:
        quantity = duration_ms
    if quantity is None or quantity < 1:
        raise ProjectError(_("Say how much of the work is used: a whole number, at least 1."))
    return quantity


def _department(cut: Cut, department: Department | str) -> Department:
    kind = cut.production.project.kind
    if isinstance(department, str):
        rows = Department.objects.filter(kind=kind).in_force("kind", "code", at=cut.production.opened_at)
        row: Department | None = rows.filter(code=department).first()
        if row is None:
            raise ProjectError(_("This kind of production has no department “%(code)s”.") % {"code": department})
        return row
    if department.kind != kind:
        raise ProjectError(_("“%(name)s” is a department of another kind of production.") % {"name": department.name})
    return department


def _role(department: Department, role: Role | str) -> Role:
    if isinstance(role, str):
        rows = Role.objects.filter(department_code=department.code).in_force("code", "department_code")
        row: Role | None = rows.filter(code=role).first()
        if row is None:
            raise ProjectError(
                _("“%(department)s” has no role “%(code)s”.") % {"department": department.name, "code": role}
            )
        return row
    if role.department_code != department.code:
        raise ProjectError(
            _("The role “%(role)s” does not belong to department “%(department)s”.")
            % {"role": role.name, "department": department.name}
        )
    return role


def _prominence(prominence: Prominence | str) -> Prominence:
    if not isinstance(prominence, str):
        return prominence
    row: Prominence | None = Prominence.objects.in_force("code").filter(code=prominence).first()
    if row is None:
        raise ProjectError(_("There is no prominence “%(code)s”.") % {"code": prominence})
    return row
