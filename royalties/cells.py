"""Cells of CSV files for people: what a spreadsheet would take for a formula is made plain text."""

from __future__ import annotations

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """The text, with an apostrophe before a sign that begins a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
