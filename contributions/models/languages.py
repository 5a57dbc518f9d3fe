"""Codes of languages as people read and type them."""

from __future__ import annotations

import re
from typing import Final

from babel import Locale
from babel.core import UnknownLocaleError

CODE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
SCRIPT_LETTERS, REGION_LETTERS = 4, 2


def tidy(code: str) -> str:
    """A code in its usual letters: "PT-br" becomes pt-BR, "zh-hant" zh-Hant. Raises ValueError for no code."""
    if not CODE.fullmatch(code):
        raise ValueError(code)
    first, *rest = code.split("-")
    return "-".join([first.lower(), *(_part(part) for part in rest)])


def _part(part: str) -> str:
    if len(part) == SCRIPT_LETTERS and part.isalpha():
        return part.title()
    return part.upper() if len(part) == REGION_LETTERS else part.lower()


def language_name(code: str) -> str:
    """The language's own name, with a capital; the code itself where nobody knows it."""
    try:
        name = Locale.parse(code, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:] if name else code
