"""Countries for forms: ISO 3166 codes with their names in the reader's language, in that language's order."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language

# Codes of CLDR that are no country somebody lives in.
NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


def choices() -> list[tuple[str, str]]:
    """(code, name) of every country, sorted by name."""
    return list(_choices(get_language() or "en"))


def name_of(code: str) -> str:
    """The country's name in the reader's language, or the code where there is none."""
    return dict(_choices(get_language() or "en")).get(code, code)


@lru_cache(maxsize=16)
def _choices(language: str) -> tuple[tuple[str, str], ...]:
    territories = Locale.parse(language.replace("-", "_")).territories
    named = [
        (code, str(name))
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
    ]
    return tuple(sorted(named, key=lambda pair: pair[1].casefold()))
