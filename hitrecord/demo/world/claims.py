"""Sources that members found missing: one that its artist has credited, one that still waits for an answer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """`work` builds on `source`, says `author`; `answer` is the artist's sentence of credit, empty while it waits."""

    work: str
    source: str
    author: str
    evidence: str
    day: int
    answer: str = ""


CLAIMS = (
    Claim(
        work="wait-engineer",
        source="engine-voice",
        author="charlie",
        evidence="The four bars before the second verse breathe where Noor breathes, and the words wait there too.",
        day=-6,
        answer="Yes. I sang it with Noor’s reading in one ear, and should have said so on the first day.",
    ),
    Claim(
        work="pressed",
        source="hedge",
        author="priya",
        evidence="The fern on the right page has the outline of one of Ana’s paper leaves, down to its notch.",
        day=-2,
    ),
)
