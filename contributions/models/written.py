"""The prepared HTML of a written version, read from storage and kept in the cache by its content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from contributions.transcoding.box import markup

if TYPE_CHECKING:
    from contributions.models.upload import Rendition, Version

KEPT_SECONDS: Final = 3600
HTML_MIME: Final = "text/html"
HEADING: Final = re.compile(r"<h2([^>]*)>(.*?)</h2>", re.DOTALL)
#: A text with fewer headings is looked over as quickly as a list of them.
FEWEST_HEADINGS: Final = 3


@dataclass(frozen=True)
class Reading:
    """A text as it is read: its HTML, and where its chapters or scenes begin (anchor, words)."""

    html: SafeString
    contents: list[tuple[str, str]]


def html_of(version: Version | None) -> Rendition | None:
    """The prepared page of a written version, if there is one."""
    return version.renditions.filter(mime=HTML_MIME).order_by("pk").first() if version else None


def reading(version: Version | None) -> Reading:
    """Safe to print: it is cleaned once more here, since nothing that a sandbox said is trusted."""
    rendition = html_of(version)
    if rendition is None:
        return Reading(SafeString(""), [])
    name = f"reading-{rendition.pk}-{rendition.sha256[:16]}"
    kept = cache.get(name)
    if kept is None:
        with default_storage.open(rendition.key) as file:
            kept = with_contents(markup.safe(file.read().decode(), classes=True))
        cache.set(name, kept, KEPT_SECONDS)
    body, contents = kept
    return Reading(mark_safe(str(body)), [(anchor, words) for anchor, words in contents])  # noqa: S308  # cleaned above


def body_html(version: Version | None) -> SafeString:
    """The HTML alone."""
    return reading(version).html


def with_contents(body: str) -> tuple[str, list[tuple[str, str]]]:
    """The HTML with an anchor at each chapter, and the list of them; as it was where there are few."""
    if len(HEADING.findall(body)) < FEWEST_HEADINGS:
        return body, []
    contents: list[tuple[str, str]] = []

    def anchored(heading: re.Match[str]) -> str:
        anchor = f"part-{len(contents) + 1}"
        contents.append((anchor, " ".join(strip_tags(heading[2].replace("<br", " <br")).split())))
        return f'<h2 id="{anchor}"{heading[1]}>{heading[2]}</h2>'

    return HEADING.sub(anchored, body), contents
