"""The dated tables: a change is a new row with a later date, and counts for productions that are opened from then on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from projects.actions._checks import need_producer, save_checked
from projects.cuesheet import WHOLE_BPS
from projects.errors import ProjectError
from projects.models import Department, Prominence, Role

# A form that lay open for a while still means "now".
SLACK = dt.timedelta(minutes=5)


@transaction.atomic
def set_departments(
    *, actor: Artist, kind: str, shares: Mapping[str, tuple[str, int]], effective_at: dt.datetime | None = None
) -> list[Department]:
    """Publish a whole table for a kind: {code: (name, basis points)}; it adds up to 10,000. Producers do.

    Codes that are left out fall to nothing from that day on.
    """
    need_producer(actor)
    total = sum(bps for _name, bps in shares.values())
    if total != WHOLE_BPS or any(bps < 0 for _name, bps in shares.values()):
        raise ProjectError(_("The departments add up to %(sum)d instead of 10,000 basis points.") % {"sum": total})
    since = _from_now_on(effective_at)
    former = {row.code: row for row in Department.objects.filter(kind=kind).in_force("kind", "code")}
    left_out = {code: (row.name, 0) for code, row in former.items() if code not in shares}
    rows = [
        save_checked(Department(kind=kind, code=code, name=name, share_bps=bps, position=position, effective_at=since))
        for position, (code, (name, bps)) in enumerate({**shares, **left_out}.items(), start=1)
    ]
    payload = {"kind": kind, "shares": {row.code: row.share_bps for row in rows}, "from": since.isoformat()}
    record_event(actor=actor, verb="projects.departments_set", about=rows[0], payload=payload)
    return rows


@transaction.atomic
def add_role(
    *,
    actor: Artist,
    code: str,
    name: str,
    department_code: str,
    credit_line: str,
    billing_line: str = "",
    weight: int = 100,
    effective_at: dt.datetime | None = None,
) -> Role:
    """Add a role, or give one another weight or wording from a day on. Producers do."""
    need_producer(actor)
    known = Role.objects.filter(department_code=department_code).order_by("-position").first()
    role = Role(
        code=code,
        name=name,
        department_code=department_code,
        credit_line=credit_line,
        billing_line=billing_line,
        weight=weight,
        position=known.position + 1 if known else 1,
        effective_at=_from_now_on(effective_at),
    )
    save_checked(role)
    record_event(actor=actor, verb="projects.role_added", about=role, payload={"code": code, "weight": weight})
    return role


@transaction.atomic
def add_prominence(
    *, actor: Artist, code: str, name: str, weight: int, effective_at: dt.datetime | None = None
) -> Prominence:
    """Add a step of prominence, or weigh one differently from a day on. Producers do."""
    need_producer(actor)
    prominence = Prominence(code=code, name=name, weight=weight, effective_at=_from_now_on(effective_at))
    save_checked(prominence)
    record_event(
        actor=actor, verb="projects.prominence_added", about=prominence, payload={"code": code, "weight": weight}
    )
    return prominence


def _from_now_on(moment: dt.datetime | None) -> dt.datetime:
    """A table never changes what was opened, locked or published under the one before."""
    now = timezone.now()
    if moment is not None and moment < now - SLACK:
        raise ProjectError(_("A table cannot begin in the past."))
    return max(moment or now, now)
