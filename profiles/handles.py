"""Handles made from names: no Django, no database."""

from __future__ import annotations

import re
import secrets
import unicodedata

LONGEST = 30


def handle_from(name: str) -> str:
    """A handle that resembles the name: "Mara Quist" gives "mara_quist"; "artist" when nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST].strip("_") or "artist"


def variant_of(handle: str) -> str:
    """The same handle with a random ending, for when it is taken."""
    return f"{handle[: LONGEST - 5].rstrip('_')}_{secrets.token_hex(2)}"
