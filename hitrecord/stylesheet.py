"""Joins the style sheet's files into one when static files are collected.

People edit one file a component; a browser should fetch one. `css/site.css` only
imports, and each imported file wraps itself in its cascade layer, so joining is
putting each file where it is imported. Imported files below `css/` name no files
of their own, except those beside the entry, whose relative addresses stay right.
"""

from __future__ import annotations

import re
from collections.abc import Callable

ENTRY = "css/site.css"
IMPORT = re.compile(r'@import url\("([^"]+)"\);')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INDENT = re.compile(r"\n\s*")


def joined(read: Callable[[str], str]) -> str:
    """The entry with every import replaced by the file itself, without comments and indentation."""
    folder = ENTRY.rpartition("/")[0]
    text = IMPORT.sub(lambda found: read(f"{folder}/{found[1]}"), read(ENTRY))
    return INDENT.sub("\n", COMMENT.sub("", text)).strip() + "\n"
