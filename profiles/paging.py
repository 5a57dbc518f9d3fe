"""Keyset pagination: a page costs the same wherever it lies, and new rows never shift it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

Row = TypeVar("Row", bound=Model)
SEPARATOR = "_"


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page and the address of the next, "" on the last."""

    rows: list[Row]
    more_url: str
    is_first: bool


def page(rows: QuerySet[Row], *, order: Sequence[str], query: QueryDict, size: int, name: str = "after") -> Page[Row]:
    """One page of whole-number keys, e.g. order ("-heart_count", "-published_seq").

    The cursor stands in the query by its name, so that several lists of one page turn apart; a malformed one shows
    the first page.
    """
    after = _cursor(query.get(name, ""), len(order))
    ordered = rows.order_by(*order)
    found = list((ordered.filter(_beyond(order, after)) if after else ordered)[: size + 1])
    more_url = ""
    if len(found) > size:
        last = found[size - 1]
        following = query.copy()
        following[name] = SEPARATOR.join(str(getattr(last, key.lstrip("-"))) for key in order)
        more_url = f"?{following.urlencode()}"
    return Page(rows=found[:size], more_url=more_url, is_first=not after)


def _cursor(text: str, length: int) -> list[int]:
    parts = text.split(SEPARATOR)
    if len(parts) != length or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        return []
    return [int(part) for part in parts]


def _beyond(order: Sequence[str], after: Sequence[int]) -> Q:
    """Rows strictly after the cursor in lexicographic order."""
    condition = Q()
    same: dict[str, Any] = {}
    for key, value in zip(order, after, strict=True):
        name = key.lstrip("-")
        beyond = f"{name}__lt" if key.startswith("-") else f"{name}__gt"
        condition |= Q(**same, **{beyond: value})
        same[name] = value
    return condition
