"""Which licence may a work have, given all that it is built from? Pure: no Django, no database.

Materials are the works (and sources from elsewhere) in the ancestor cone, reached by edges that carry
material; mere inspiration carries none. The rules are those of the Creative Commons licences as far as
a machine can hold them, and of the site's own "this site only".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

FREE = "CC0"


@dataclass(frozen=True)
class Grant:
    """What a licence allows, as far as it matters to what is built on it."""

    code: str
    name: str
    derivatives: bool = True
    commercial: bool = True
    share_alike: bool = False
    site_only: bool = False

    @property
    def asks_for_credit(self) -> bool:
        return self.code != FREE


@dataclass(frozen=True)
class Material:
    """Something the work is built from, however many steps away.

    `grant` is what it is offered under today; `earlier` are the grants that it was offered under
    before, which stand: who may choose among several licences needs only one that goes.
    """

    title: str
    maker: str
    grant: Grant
    contribution_id: int | None = None
    earlier: tuple[Grant, ...] = ()


class Reason(StrEnum):
    """Why a licence does not go with a material."""

    NO_DERIVATIVES = "no_derivatives"
    SITE_ONLY = "site_only"
    SHARE_ALIKE = "share_alike"
    NOT_COMMERCIAL = "not_commercial"
    CREDIT = "credit"


@dataclass(frozen=True)
class Conflict:
    """One material that the chosen licence does not go with."""

    reason: Reason
    material: Material


def reason_against(chosen: Grant, material: Grant) -> Reason | None:
    """The first rule of the material's licence that the chosen one would break."""
    if not material.derivatives:
        return Reason.NO_DERIVATIVES
    if material.site_only and not chosen.site_only:
        return Reason.SITE_ONLY
    if material.share_alike and chosen.code != material.code:
        return Reason.SHARE_ALIKE
    if not material.commercial and chosen.commercial and not chosen.site_only:
        return Reason.NOT_COMMERCIAL
    if material.asks_for_credit and not chosen.asks_for_credit:
        return Reason.CREDIT
    return None


def conflicts(chosen: Grant, materials: Iterable[Material]) -> list[Conflict]:
    """Everything in the cone that stands against the chosen licence, in the order given."""
    found = ((_reason(chosen, material), material) for material in materials)
    return [Conflict(reason, material) for reason, material in found if reason is not None]


def _reason(chosen: Grant, material: Material) -> Reason | None:
    """Against the present grant, unless one of the earlier ones goes."""
    if any(reason_against(chosen, grant) is None for grant in material.earlier):
        return None
    return reason_against(chosen, material.grant)


def is_wider(new: Grant, old: Grant) -> bool:
    """Whether `new` takes nothing away that `old` allowed, and allows something more."""
    if (new.site_only and not old.site_only) or (new.share_alike and not old.share_alike and not old.site_only):
        return False
    if old.site_only:
        return not new.site_only
    keeps = new.derivatives >= old.derivatives and new.commercial >= old.commercial
    return keeps and new.asks_for_credit <= old.asks_for_credit and _freedoms(new) != _freedoms(old)


def _freedoms(grant: Grant) -> tuple[bool, ...]:
    return (grant.derivatives, grant.commercial, grant.share_alike, grant.site_only, grant.asks_for_credit)


def possible(offered: Iterable[Grant], materials: Iterable[Material]) -> list[Grant]:
    """Those of the offered licences that go with all materials; empty when two of these exclude each other."""
    cone = list(materials)
    return [grant for grant in offered if not conflicts(grant, cone)]


def parse(name: str) -> Grant | None:
    """The grant behind a licence's name as people write it; None when it is none we know."""
    words = re.sub(r"[\s_]+", "-", name.strip().upper()).replace("CREATIVE-COMMONS", "CC")
    if re.search(r"CC-?0|PUBLIC-DOMAIN", words):
        return Grant(FREE, name)
    found = re.search(r"\bCC-?(BY)?((?:-(?:NC|SA|ND))*)", words) if words.startswith("CC") else None
    if found is None or not (found[1] or found[2]):
        return None
    parts = set(found[2].split("-"))
    code = "-".join(["CC", "BY", *(part for part in ("NC", "ND", "SA") if part in parts)])
    return Grant(
        code,
        name,
        derivatives="ND" not in parts,
        commercial="NC" not in parts,
        share_alike="SA" in parts,
    )
