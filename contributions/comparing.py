"""What changed between two texts: paragraph by paragraph, and in changed ones word by word. No Django.

Two texts of a megabyte each must not keep a web process busy, so each step is cheaper than it is exact:
first the paragraphs that stand unchanged once in both, then the words that do, and only what lies between
them goes to difflib, within a budget of comparisons. What the budget does not reach is shown as taken out
and put in whole, which is true, if not as helpful.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter
from typing import Final, Literal, NamedTuple

Kind = Literal["same", "new", "gone"]
# Comparisons of one word with another: for one stretch, and for everything.
STRETCH: Final = 160_000
BUDGET: Final = 800_000
# Words; signs one by one; scripts that leave no spaces, letter by letter.
TOKEN: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|[^\w\s]|\s+"
)
END: Final = "\n\n"


class Span(NamedTuple):
    """Tokens a[a0:a1] and b[b0:b1], the same or not."""

    same: bool
    a0: int
    a1: int
    b0: int
    b1: int


@dataclass(frozen=True)
class Piece:
    """Words that stayed, came or went."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the comparison, of either text or of both."""

    pieces: list[Piece]

    @property
    def is_same(self) -> bool:
        return all(piece.kind == "same" for piece in self.pieces)

    @property
    def length(self) -> int:
        return sum(len(piece.text) for piece in self.pieces)

    @classmethod
    def of(cls, told: list[tuple[Kind, str]]) -> Paragraph:
        """Tokens of one kind beside one another become one piece."""
        grouped = groupby(told, key=itemgetter(0))
        return cls([Piece(kind, "".join(token for _, token in tokens)) for kind, tokens in grouped])


@dataclass(frozen=True)
class Comparison:
    """All paragraphs in order, and how many words were kept, are new and are gone."""

    paragraphs: list[Paragraph]
    kept: int
    new: int
    gone: int

    @property
    def is_same(self) -> bool:
        return not (self.new or self.gone) and all(paragraph.is_same for paragraph in self.paragraphs)


def compare(before: Sequence[str], after: Sequence[str]) -> Comparison:
    """Two texts given as their paragraphs."""
    budget = [BUDGET]
    paragraphs: list[Paragraph] = []
    counts: Counter[Kind] = Counter()
    for span in anchored(before, after):
        if span.same:
            paragraphs += [Paragraph([Piece("same", text)]) for text in after[span.b0 : span.b1]]
            counts["same"] += sum(word_count(text) for text in after[span.b0 : span.b1])
            continue
        for paragraph in _changed(before[span.a0 : span.a1], after[span.b0 : span.b1], budget):
            paragraphs.append(paragraph)
            for piece in paragraph.pieces:
                counts[piece.kind] += word_count(piece.text)
    return Comparison(paragraphs, counts["same"], counts["new"], counts["gone"])


def word_count(text: str) -> int:
    """Words as `compare` counts them: signs are none."""
    return sum(1 for token in TOKEN.findall(text) if token[0].isalnum() or token[0] == "_")


def _changed(before: Sequence[str], after: Sequence[str], budget: list[int]) -> Iterator[Paragraph]:
    """A stretch of paragraphs that differ, word by word."""
    a, b = _tokens(before), _tokens(after)
    now: list[tuple[Kind, str]] = []
    only_gone = True
    for kind, token in _told(a, b, budget):
        if token == END and kind == "gone" and not only_gone:
            # Two paragraphs became one: the break that went is shown where it was.
            now.append((kind, "¶ "))
        elif token != END:
            now.append((kind, token))
            only_gone = only_gone and kind == "gone"
        elif now:
            yield Paragraph.of(now)
            now, only_gone = [], True
    if now:
        yield Paragraph.of(now)


def _tokens(paragraphs: Sequence[str]) -> list[str]:
    return [token for text in paragraphs for token in (*TOKEN.findall(text), END)]


def _told(a: list[str], b: list[str], budget: list[int]) -> Iterator[tuple[Kind, str]]:
    """Every token of both, in order: what went before what came."""
    spans = (span for outer in anchored(a, b) for span in ([outer] if outer.same else _close(a, b, outer, budget)))
    for span in _joined(b, spans):
        if span.same:
            yield from (("same", token) for token in b[span.b0 : span.b1])
        else:
            yield from (("gone", token) for token in a[span.a0 : span.a1])
            yield from (("new", token) for token in b[span.b0 : span.b1])


def _joined(b: list[str], spans: Iterable[Span]) -> Iterator[Span]:
    """Changes with nothing but a space between them are one change: it reads better."""
    waiting: Span | None = None
    space: Span | None = None
    for span in spans:
        if not span.same:
            # A space that was waiting goes with the change on either side of it.
            first = waiting or span
            waiting, space = Span(False, first.a0, span.a1, first.b0, span.b1), None
        elif waiting and space is None and span.b1 - span.b0 == 1 and b[span.b0].isspace() and b[span.b0] != END:
            space = span
        else:
            yield from (held for held in (waiting, space) if held)
            waiting = space = None
            yield span
    yield from (held for held in (waiting, space) if held)


def _close(a: list[str], b: list[str], span: Span, budget: list[int]) -> list[Span]:
    """difflib for a stretch, if the budget allows."""
    cost = (span.a1 - span.a0) * (span.b1 - span.b0)
    if cost == 0 or cost > min(STRETCH, budget[0]):
        return [span]
    budget[0] -= cost
    matcher = SequenceMatcher(None, a[span.a0 : span.a1], b[span.b0 : span.b1], autojunk=False)
    return [
        Span(tag == "equal", span.a0 + a0, span.a0 + a1, span.b0 + b0, span.b0 + b1)
        for tag, a0, a1, b0, b1 in matcher.get_opcodes()
    ]


def anchored(a: Sequence[str], b: Sequence[str]) -> Iterator[Span]:
    """The two sequences cut at what stands once in each and in the same order (patience), in n log n.

    Around each such anchor all that is equal belongs to it.
    """
    at_a = at_b = 0
    for found_a, found_b in [*_anchors(a, b), (len(a), len(b))]:
        if found_a < at_a or found_b < at_b:
            continue
        start_a, start_b = found_a, found_b
        while start_a > at_a and start_b > at_b and a[start_a - 1] == b[start_b - 1]:
            start_a, start_b = start_a - 1, start_b - 1
        if start_a > at_a or start_b > at_b:
            yield Span(False, at_a, start_a, at_b, start_b)
        end_a, end_b = found_a, found_b
        while end_a < len(a) and end_b < len(b) and a[end_a] == b[end_b]:
            end_a, end_b = end_a + 1, end_b + 1
        if end_a > start_a:
            yield Span(True, start_a, end_a, start_b, end_b)
        at_a, at_b = end_a, end_b


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Places of what is unique in both, the longest run that rises in both; the common beginning as well."""
    times_a, times_b = Counter(a), Counter(b)
    place_b = {item: place for place, item in enumerate(b) if times_b[item] == 1}
    pairs = [(place, place_b[item]) for place, item in enumerate(a) if times_a[item] == 1 and item in place_b]
    rising = _rising(pairs)
    return [(0, 0), *rising] if a and b and a[0] == b[0] else rising


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence whose second numbers rise; the first numbers do already."""
    tops: list[int] = []
    top_at: list[int] = []
    before: list[int] = []
    for at, (_, second) in enumerate(pairs):
        pile = bisect_left(tops, second)
        before.append(top_at[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(second)
            top_at.append(at)
        else:
            tops[pile], top_at[pile] = second, at
    chosen: list[tuple[int, int]] = []
    at = top_at[-1] if top_at else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = before[at]
    return chosen[::-1]
