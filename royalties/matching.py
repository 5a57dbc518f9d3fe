"""Which production a report means: by its slug, a provider's name, an identifier or its title.

A title or identifier that fits two productions fits none: a person decides. Reading only.
"""

from __future__ import annotations

import re

from projects.models import Production, Release
from royalties.models import ProductionName
from royalties.reports import Productions, RowRefused


def plain(text: str) -> str:
    """A title as it is compared: no case, no runs of spaces."""
    return " ".join(text.split()).casefold()


def bare(identifier: str) -> str:
    """An identifier as it is compared: letters and digits."""
    return re.sub(r"[^0-9A-Za-z]", "", identifier).upper()


def named(provider: str, text: str) -> ProductionName | None:
    """What staff last said that a provider means by a name."""
    given = ProductionName.objects.filter(provider=provider, text=plain(text)[:200])
    return given.select_related("production").order_by("-pk").first()


class Names:
    """What the reports of one provider may call a production, read once a file. Four queries."""

    def __init__(self, provider: str) -> None:
        self._productions = Productions()
        rows = list(Production.objects.select_related("project"))
        by_pk = {row.pk: row for row in rows}
        self._given = {
            plain(row.text): by_pk[row.production_id]
            for row in ProductionName.objects.filter(provider=provider).order_by("pk")  # the newest counts
        }
        self._titles: dict[str, set[int]] = {}
        for row in rows:
            self._titles.setdefault(plain(row.title), set()).add(row.pk)
        for release in Release.objects.exclude(identifiers={}):
            for value in release.identifiers.values():
                if isinstance(value, str) and len(bare(value)) >= 5:
                    self._titles.setdefault(f"id {bare(value)}", set()).add(release.production_id)
        self._by_pk = by_pk

    def find(self, names: tuple[str, ...]) -> Production | None:
        """The production, by the first of the names that fits exactly one."""
        for name in names:
            found = self._given.get(plain(name)) or self._called(name) or self._titled(name)
            if found is not None:
                return found
        return None

    def _called(self, name: str) -> Production | None:
        if name.isdecimal():
            return None  # a title or a barcode of digits is not our own number
        try:
            return self._productions.named(name)
        except RowRefused:
            return None

    def _titled(self, name: str) -> Production | None:
        for key in (plain(name), f"id {bare(name)}"):
            found = self._titles.get(key, set())
            if len(found) == 1:
                return self._by_pk[next(iter(found))]
        return None
