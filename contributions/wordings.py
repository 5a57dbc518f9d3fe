"""Two written versions side by side: their paragraphs, and what a page shows of the comparison.

The paragraphs come out of the prepared HTML, which is what everybody reads, whether it was written here or uploaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from itertools import groupby
from typing import Any, Final

from django.core.cache import cache

from contributions.comparing import Comparison, Kind, Paragraph, Piece, compare
from contributions.models import Rendition, Version
from contributions.models.written import body_html, html_of

BLOCKS: Final = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "div"}
    | {"table", "tr", "section", "article", "figure", "figcaption", "hr"}
)
CELLS: Final = frozenset({"td", "th"})
KEPT_SECONDS: Final = 3600
# Beyond this the rest is not compared, and the page says so.
MOST_PARAGRAPHS: Final = 20_000
# A text this short is shown whole; in a longer one unchanged paragraphs are folded, but for their neighbours.
WHOLE: Final = 40
FOLDED_FROM: Final = 4
MOST_SHOWN: Final = 60_000


class _Reader(HTMLParser):
    """Gathers what stands between the beginnings and ends of blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.now: list[str] = []
        self.preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.preformatted += tag == "pre"
        if tag in BLOCKS:
            self.end()
        elif tag == "br":
            self.now.append("\n")
        elif tag in CELLS:
            self.now.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.preformatted -= tag == "pre" and self.preformatted > 0
        if tag in BLOCKS:
            self.end()

    def handle_data(self, data: str) -> None:
        self.now.append(data if self.preformatted else data.replace("\n", " "))

    def end(self) -> None:
        lines = (" ".join(line.split()) for line in "".join(self.now).split("\n"))
        text = "\n".join(line for line in lines if line)
        if text:
            self.found.append(text)
        self.now = []


def paragraphs_of(html: str) -> list[str]:
    """The words of a page, a paragraph an item; verses keep their lines."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end()
    return reader.found


@dataclass(frozen=True)
class Row:
    """A paragraph to show, or the number of unchanged ones that are not."""

    pieces: list[Piece]
    folded: int = 0


@dataclass(frozen=True)
class Wording:
    """What the page says of two texts. `rest` counts paragraphs that are left out at the end."""

    rows: list[Row]
    kept: int
    new: int
    gone: int
    rest: int
    is_same: bool


def compare_versions(before: Version | None, after: Version | None) -> Wording:
    """Both read and compared, or found in the cache; empty where there is no prepared text."""
    sides = html_of(before), html_of(after)
    if None in sides:
        return Wording([], 0, 0, 0, 0, is_same=False)
    name = "wording-1-" + "-".join(_name(side) for side in sides if side)
    found = cache.get(name)
    if found is None:
        found = asdict(_compared(before, after))
        cache.set(name, found, KEPT_SECONDS)
    return _read(found)


def _name(rendition: Rendition) -> str:
    return f"{rendition.pk}-{rendition.sha256[:16]}"


def _compared(before: Version | None, after: Version | None) -> Wording:
    texts = [paragraphs_of(body_html(version)) for version in (before, after)]
    unread = max(0, *(len(text) - MOST_PARAGRAPHS for text in texts))
    found = compare(*(text[:MOST_PARAGRAPHS] for text in texts))
    rows, rest = _cut(list(_folded(found)))
    same = found.is_same and not unread
    return Wording(rows, found.kept, found.new, found.gone, rest + unread, is_same=same)


def _folded(found: Comparison) -> Iterator[Row]:
    """A long text without most of what did not change."""
    all_shown = len(found.paragraphs) <= WHOLE
    for same, group in groupby(found.paragraphs, key=lambda paragraph: paragraph.is_same):
        run: list[Paragraph] = list(group)
        if not same or all_shown or len(run) < FOLDED_FROM:
            yield from (Row(paragraph.pieces) for paragraph in run)
        else:
            yield Row(run[0].pieces)
            yield Row([], folded=len(run) - 2)
            yield Row(run[-1].pieces)


def _cut(rows: list[Row]) -> tuple[list[Row], int]:
    """The rows that fit the page, and how many do not. The first is always shown, shortened if need be."""
    shown = 0
    for number, row in enumerate(rows):
        shown += sum(len(piece.text) for piece in row.pieces)
        if shown > MOST_SHOWN:
            first = [Row(list(_shortened(rows[0].pieces)))] if number == 0 else rows[:number]
            return first, len(rows) - len(first)
    return rows, 0


def _shortened(pieces: Iterable[Piece]) -> Iterator[Piece]:
    room = MOST_SHOWN
    for piece in pieces:
        if room <= 0:
            return
        text = piece.text if len(piece.text) <= room else f"{piece.text[:room]}…"
        room -= len(piece.text)
        yield Piece(piece.kind, text)


def _read(found: dict[str, Any]) -> Wording:
    """What the cache gave back: it keeps JSON, and knows no classes."""

    def piece(data: dict[str, str]) -> Piece:
        kind: Kind = "new" if data["kind"] == "new" else "gone" if data["kind"] == "gone" else "same"
        return Piece(kind, data["text"])

    rows = [Row([piece(one) for one in row["pieces"]], row["folded"]) for row in found["rows"]]
    return Wording(**{**found, "rows": rows})
