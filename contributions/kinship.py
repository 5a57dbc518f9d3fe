"""Counting a whole graph of works at once: who has how many above and below. Pure thinking, no Django.

Sets of works are bits of whole numbers. They are taken a slice at a time, so that a hundred thousand
works cost seconds and tens of megabytes rather than the square of their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SLICE = 4096


@dataclass(frozen=True)
class Member:
    """A work with its sources on this site, the nearest first: the first is the one it hangs on."""

    id: int
    artist: int
    generation: int = 0
    parents: tuple[int, ...] = ()


@dataclass
class Kin:
    """What the family of a work amounts to. Every work counts once, by however many paths it is reached."""

    origin: int
    deepest: int = 0
    ancestors: int = 0
    descendants: int = 0
    artists: int = 0


@dataclass
class _Graph:
    """Members by place, each after all its sources."""

    members: Sequence[Member]
    parents: list[list[int]] = field(default_factory=list)
    children: list[list[int]] = field(default_factory=list)


def count(members: Sequence[Member]) -> dict[int, Kin]:
    """The kin of each, by id. Members come oldest first; sources that are not among them are left out."""
    graph = _link(members)
    kin = [Kin(origin=member.id, deepest=member.generation) for member in members]
    for place, parents in enumerate(graph.parents):
        if parents:
            kin[place].origin = kin[parents[0]].origin
    for place in reversed(range(len(members))):
        for child in graph.children[place]:
            kin[place].deepest = max(kin[place].deepest, kin[child].deepest)
    _count_works(graph, kin)
    _count_artists(graph, kin)
    return {member.id: found for member, found in zip(members, kin, strict=True)}


def _link(members: Sequence[Member]) -> _Graph:
    place_of = {member.id: place for place, member in enumerate(members)}
    graph = _Graph(members, children=[[] for _member in members])
    for place, member in enumerate(members):
        parents = [place_of[parent] for parent in member.parents if parent in place_of]
        if any(parent >= place for parent in parents):
            raise ValueError(f"work {member.id} comes before one of its sources")
        graph.parents.append(parents)
        for parent in parents:
            graph.children[parent].append(place)
    return graph


def _count_works(graph: _Graph, kin: list[Kin]) -> None:
    size = len(graph.members)
    for first in range(0, size, SLICE):
        bits = [1 << place - first if first <= place < first + SLICE else 0 for place in range(size)]
        for found, above in zip(kin, _above(graph, bits), strict=True):
            found.ancestors += above.bit_count()
        for found, below in zip(kin, _below(graph, bits), strict=True):
            found.descendants += below.bit_count()


def _count_artists(graph: _Graph, kin: list[Kin]) -> None:
    artists = {artist: place for place, artist in enumerate(sorted({member.artist for member in graph.members}))}
    for first in range(0, len(artists), SLICE):
        places = [artists[member.artist] for member in graph.members]
        bits = [1 << place - first if first <= place < first + SLICE else 0 for place in places]
        sets = zip(kin, bits, _above(graph, bits), _below(graph, bits), strict=True)
        for found, own, above, below in sets:
            found.artists += (own | above | below).bit_count()


def _above(graph: _Graph, bits: Sequence[int]) -> list[int]:
    """For each member, the bits of everything it builds on."""
    return _gather(range(len(bits)), graph.parents, bits)


def _below(graph: _Graph, bits: Sequence[int]) -> list[int]:
    """For each member, the bits of everything that builds on it."""
    return _gather(reversed(range(len(bits))), graph.children, bits)


def _gather(order: Iterable[int], neighbours: list[list[int]], bits: Sequence[int]) -> list[int]:
    found = [0] * len(bits)
    for place in order:
        whole = 0
        for near in neighbours[place]:
            whole |= found[near] | bits[near]
        found[place] = whole
    return found
