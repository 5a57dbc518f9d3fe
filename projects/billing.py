"""Credits from a locked cut: the two-column roll, "also with works by", and the billing block.

Pure: no Django here. Whoever shares in a work that a cue uses is credited in the cue's role,
once for each work; whoever shares in an ancestor of such a work is credited for influence.
The roll groups roles below department headings and says each name once a role. Names are
sorted as people look them up: without regard to case, accents or marks, by the whole credit
name, since family names come first in some languages and last in others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

# Whatever the caller tells people and works apart by; it must be hashable.
Key = Any

FROM_CUE, FROM_INFLUENCE, FROM_STAFF = "cue", "influence", "staff"
BILLED_NAMES = 2
# Letters that Unicode does not take apart into a base letter and a mark.
LETTERS = str.maketrans(
    {
        "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
        "ħ": "h", "ı": "i", "ŋ": "n", "ŧ": "t", "ə": "e", "ƒ": "f",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to name; the key tells two people of one name apart."""

    key: Key
    name: str


@dataclass(frozen=True, slots=True)
class Role:
    """A role as the credits say it, and where it stands among the others."""

    heading: str
    credit_line: str
    order: tuple[int, int] = (0, 0)
    billing_line: str = ""


@dataclass(frozen=True, slots=True)
class CreditedUse:
    """One cue: a work, who made it, in which role, and how much it weighs."""

    contribution: Key
    people: tuple[Person, ...]
    role: Role
    points: int = 1


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A work that a used work was made from."""

    contribution: Key
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Credit:
    """A name in a role for one work, ready to be stored."""

    person: Person
    heading: str
    credit_line: str
    source: str
    contribution: Key
    position: int
    billing_line: str = ""


def credits_of(uses: Sequence[CreditedUse], ancestors: Iterable[Ancestor], influence_line: str) -> list[Credit]:
    """All credits of a cut. A work that is itself used is no influence on top of that."""
    billed = _billed(uses)
    used = {use.contribution for use in uses}
    found: dict[tuple[Key, str, Key], Credit] = {}
    ranks = {role: place for place, role in enumerate(sorted({use.role for use in uses}, key=_role_order))}
    for use in uses:
        for person in use.people:
            role = use.role
            line = role.billing_line if (role.billing_line, person.key) in billed else ""
            key = (person.key, role.credit_line, use.contribution)
            found.setdefault(
                key,
                Credit(person, role.heading, role.credit_line, FROM_CUE, use.contribution, ranks[role] + 1, line),
            )
    last = len(ranks) + 1
    for ancestor in ancestors:
        if ancestor.contribution in used:
            continue
        for person in ancestor.people:
            key = (person.key, influence_line, ancestor.contribution)
            found.setdefault(key, Credit(person, "", influence_line, FROM_INFLUENCE, ancestor.contribution, last))
    return sorted(found.values(), key=lambda credit: (credit.position, sort_key(credit.person.name)))


def _role_order(role: Role) -> tuple[tuple[int, int], str, str]:
    return role.order, role.heading, role.credit_line


def _billed(uses: Sequence[CreditedUse]) -> set[tuple[str, Key]]:
    """For each line of the billing block the few people whose works weigh most."""
    weights: dict[str, dict[Person, int]] = {}
    for use in uses:
        if use.role.billing_line:
            people = weights.setdefault(use.role.billing_line, {})
            for person in use.people:
                people[person] = people.get(person, 0) + use.points
    return {
        (line, person.key)
        for line, people in weights.items()
        for person in sorted(people, key=lambda p: (-people[p], sort_key(p.name)))[:BILLED_NAMES]
    }


class Entry(Protocol):
    """A stored credit, as the roll reads it."""

    @property
    def name(self) -> str: ...
    @property
    def heading(self) -> str: ...
    @property
    def credit_line(self) -> str: ...
    @property
    def billing_line(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def position(self) -> int: ...
    @property
    def person_key(self) -> Key: ...


@dataclass(slots=True)
class RollLine:
    """One role and its names; `names` are the entries, one a person."""

    credit_line: str
    names: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class RollGroup:
    """A heading and the roles below it."""

    heading: str
    lines: list[RollLine] = field(default_factory=list)


def roll(entries: Iterable[Entry]) -> list[RollGroup]:
    """The two-column roll, without influence, in the order of the positions."""
    groups: dict[str, RollGroup] = {}
    lines: dict[tuple[str, str], dict[Key, Entry]] = {}
    for entry in sorted(entries, key=lambda e: e.position):
        if entry.source == FROM_INFLUENCE:
            continue
        groups.setdefault(entry.heading, RollGroup(entry.heading))
        names = lines.setdefault((entry.heading, entry.credit_line), {})
        names.setdefault(entry.person_key, entry)
    for (heading, credit_line), names in lines.items():
        groups[heading].lines.append(RollLine(credit_line, sorted(names.values(), key=_by_name)))
    return list(groups.values())


def also_with_works_by(entries: Iterable[Entry]) -> list[Entry]:
    """Those credited for influence alone, one entry a person, sorted by name."""
    everyone = list(entries)
    direct = {entry.person_key for entry in everyone if entry.source != FROM_INFLUENCE}
    names: dict[Key, Entry] = {}
    for entry in everyone:
        if entry.source == FROM_INFLUENCE and entry.person_key not in direct:
            names.setdefault(entry.person_key, entry)
    return sorted(names.values(), key=_by_name)


def billing_block(entries: Iterable[Entry]) -> list[tuple[str, list[str]]]:
    """Pairs of a small line and its large names, in the order of the positions."""
    block: dict[str, Mapping[Key, Entry]] = {}
    for entry in sorted(entries, key=lambda e: e.position):
        if entry.billing_line:
            block[entry.billing_line] = {**block.get(entry.billing_line, {}), entry.person_key: entry}
    return [(line, [e.name for e in sorted(people.values(), key=_by_name)]) for line, people in block.items()]


def people_count(entries: Iterable[Entry]) -> int:
    """How many different people are named."""
    return len({entry.person_key for entry in entries})


def _by_name(entry: Entry) -> tuple[str, str]:
    return sort_key(entry.name)


def sort_key(name: str) -> tuple[str, str]:
    """How a name is looked up: "Łukasz" beside "Lukas", "Ágnes" before "Albert"; then the name itself."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    kept = (_sorted_character(character) for character in decomposed)
    return " ".join("".join(kept).split()), name


def _sorted_character(character: str) -> str:
    """Letters and digits stay, spaces and hyphens part words, marks and apostrophes go."""
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Lm"}:
        return ""
    if character.isalnum() or category == "Mc":
        return character
    return " " if character.isspace() or category == "Pd" else ""
