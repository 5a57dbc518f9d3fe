"""The tally of a green-light round, from its published ballots.

Pure, and it runs alone with the standard library, so that anybody can count again what the
site counted: `python ballots.py ballots.csv` (or the JSON) prints the tally. Approval voting:
each ballot approves any number of candidates, a candidate's count is the ballots that
approve it. Equal counts have an equal rank; nothing but the count decides.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class BallotsRefused(ValueError):
    """The published ballots cannot be counted; the message says why."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One paper: its receipt and the candidates it approves."""

    receipt: str
    approves: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """One candidate's place: the rank, the ballots that approve it, and their part in bps."""

    candidate: str
    rank: int
    approvals: int
    approval_bps: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What a round came to. Papers without a mark are not counted as voters."""

    voters: int
    standings: tuple[Standing, ...]
    ballots_sha256: str

    @property
    def leaders(self) -> list[str]:
        """Those in first place; none when nobody voted."""
        return [s.candidate for s in self.standings if s.rank == 1 and s.approvals]

    def as_json(self) -> dict[str, Any]:
        return {
            "voters": self.voters,
            "standings": [
                {
                    "candidate": s.candidate,
                    "rank": s.rank,
                    "approvals": s.approvals,
                    "approval_bps": s.approval_bps,
                }
                for s in self.standings
            ],
            "ballots_sha256": self.ballots_sha256,
        }


def tally(ballots: Iterable[Ballot], candidates: Sequence[str]) -> Tally:
    """Count. Raises BallotsRefused for a receipt that appears twice or an unknown candidate."""
    papers = list(ballots)
    _check(papers, candidates)
    marked = [paper for paper in papers if paper.approves]
    counts = {candidate: sum(candidate in paper.approves for paper in marked) for candidate in candidates}
    standings = tuple(
        Standing(
            candidate,
            rank=1 + sum(other > counts[candidate] for other in counts.values()),
            approvals=counts[candidate],
            approval_bps=counts[candidate] * 10_000 // len(marked) if marked else 0,
        )
        for candidate in sorted(candidates, key=lambda name: -counts[name])
    )
    return Tally(len(marked), standings, digest(marked))


def digest(ballots: Iterable[Ballot]) -> str:
    """The sha256 of the marked ballots, whatever order they are listed in."""
    rows = sorted([ballot.receipt, *sorted(ballot.approves)] for ballot in ballots)
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


def to_csv(ballots: Iterable[Ballot], candidates: Sequence[str]) -> str:
    """The published file: a receipt a row, a candidate a column, 1 where approved."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["receipt", *candidates])
    for ballot in sorted(ballots, key=lambda paper: paper.receipt):
        writer.writerow([ballot.receipt, *("1" if name in ballot.approves else "0" for name in candidates)])
    return out.getvalue()


def to_json(ballots: Iterable[Ballot], candidates: Sequence[str]) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "candidates": list(candidates),
        "ballots": [
            {"receipt": ballot.receipt, "approves": sorted(ballot.approves)}
            for ballot in sorted(ballots, key=lambda paper: paper.receipt)
        ],
    }


def read(text: str) -> tuple[list[Ballot], list[str]]:
    """The ballots and candidates of a published file, CSV or JSON."""
    return _read_json(text) if text.lstrip().startswith("{") else _read_csv(text)


def _read_json(text: str) -> tuple[list[Ballot], list[str]]:
    try:
        document: Mapping[str, Any] = json.loads(text)
        papers = [Ballot(str(row["receipt"]), frozenset(map(str, row["approves"]))) for row in document["ballots"]]
        return papers, [str(name) for name in document["candidates"]]
    except (ValueError, KeyError, TypeError) as problem:
        raise BallotsRefused(f"This is not a published list of ballots: {problem}.") from problem


def _read_csv(text: str) -> tuple[list[Ballot], list[str]]:
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or rows[0][:1] != ["receipt"]:
        raise BallotsRefused("The first row must be receipt and then the candidates.")
    candidates = rows[0][1:]
    papers = []
    for row in rows[1:]:
        if len(row) != len(rows[0]) or not set(row[1:]) <= {"0", "1"}:
            raise BallotsRefused(f"The row of {row[0] if row else 'nobody'} is not a receipt and marks of 0 or 1.")
        marks = zip(candidates, row[1:], strict=True)
        papers.append(Ballot(row[0], frozenset(name for name, mark in marks if mark == "1")))
    return papers, candidates


def _check(papers: Sequence[Ballot], candidates: Sequence[str]) -> None:
    if len(set(candidates)) != len(candidates):
        raise BallotsRefused("A candidate is listed twice.")
    receipts: set[str] = set()
    for paper in papers:
        if paper.receipt in receipts:
            raise BallotsRefused(f"Receipt {paper.receipt} appears twice.")
        receipts.add(paper.receipt)
        if unknown := paper.approves - set(candidates):
            raise BallotsRefused(f"Receipt {paper.receipt} approves {min(unknown)}, who does not stand.")


def main(arguments: Sequence[str]) -> int:
    """Print the tally of a published file; exit 2 and why if it cannot be counted."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: python ballots.py BALLOTS.csv\n")
        return 2
    try:
        result = tally(*read(Path(arguments[0]).read_text(encoding="utf-8")))
    except (BallotsRefused, OSError, UnicodeDecodeError) as problem:
        sys.stderr.write(f"Refused: {problem}\n")
        return 2
    sys.stdout.write(json.dumps(result.as_json(), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
