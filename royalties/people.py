"""Who is one person: the accounts that staff found to belong to one (MatchVerdict).

Interests, second persons, thresholds and credits are a person's, not an account's (royalties.md 1.6). A verdict
ties two payees, and what is tied to the same one is one as well; the newest verdict on a match counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from royalties.models import Payee, PayeeMatch, PayoutHold

Root = Callable[[int], int]


def people_of(keys: Iterable[int]) -> dict[int, int]:
    """For each payee the smallest key of those that staff found to be one person. One query."""
    root = _roots(PayeeMatch.objects.found_one().values_list("first_id", "second_id"))
    return {key: root(key) for key in keys}


def sums_of(owed: Mapping[str, int]) -> dict[str, int]:
    """For each payee's code what all the accounts of that person are owed together. One query."""
    ties = PayeeMatch.objects.found_one()
    pairs = list(ties.values_list("first_id", "second_id", "first__code", "second__code"))
    root = _roots((first, second) for first, second, _one, _other in pairs)
    person = {code: root(first) for first, _second, *codes in pairs for code in codes}
    sums: dict[int, int] = defaultdict(int)
    for code, key in person.items():
        sums[key] += owed.get(code, 0)
    return {code: sums[person[code]] if code in person else amount for code, amount in owed.items()}


def accounts_of(artists: Iterable[int]) -> set[int]:
    """These artists, and every other account of the same people. One query."""
    wanted, persons = set(artists), _persons()
    theirs = {persons[artist] for artist in wanted & persons.keys()}
    return wanted | {artist for artist, person in persons.items() if person in theirs}


def accounts_of_payees(keys: Collection[int]) -> dict[int, set[int]]:
    """Every payee of the people behind these, each with those of `keys` that are the same person. One query."""
    ties = list(PayeeMatch.objects.found_one().values_list("first_id", "second_id"))
    root = _roots(ties)
    behind: dict[int, set[int]] = defaultdict(set)
    for key in keys:
        behind[root(key)].add(key)
    return {key: behind[root(key)] for key in {*keys, *(key for tie in ties for key in tie)} if root(key) in behind}


def payees_of(codes: Collection[str]) -> dict[str, set[str]]:
    """For each of these payees every payee of the same person, itself among them; all by code. One query."""
    pairs: list[tuple[int, int]] = []
    names: dict[int, str] = {}
    ties = PayeeMatch.objects.found_one()
    for first, second, one, other in ties.values_list("first_id", "second_id", "first__code", "second__code"):
        pairs.append((first, second))
        names |= {first: one, second: other}
    root = _roots(pairs)
    groups: dict[int, set[str]] = defaultdict(set)
    for key, code in names.items():
        groups[root(key)].add(code)
    person = {code: group for group in groups.values() for code in group}
    return {code: person.get(code, {code}) for code in codes}


def one_account_each(artists: Iterable[int]) -> set[int]:
    """Of the accounts of one person among these only the oldest. One query."""
    persons = _persons()
    # Whoever is tied to nobody has a number that no person has.
    oldest = {persons.get(artist, -artist): artist for artist in sorted(artists, reverse=True)}
    return set(oldest.values())


def one_payee_each(payees: Mapping[int, Payee], kept: Collection[str] = ()) -> dict[int, Payee]:
    """By artist the payee to whom the credits of their person go: one among these. Three queries at most.

    A held one before others, so that no hold is stepped around, then one whose account is open, then the oldest. The
    codes in `kept` keep what is theirs: what they were given is booked, and nobody gives anything back.
    """
    person = people_of(payee.pk for payee in payees.values())
    groups: dict[int, list[Payee]] = defaultdict(list)
    for payee in payees.values():
        groups[person[payee.pk]].append(payee)
    several = [payee.pk for group in groups.values() if len(group) > 1 for payee in group]
    if not several:
        return dict(payees)
    held = set(PayoutHold.objects.filter(payee__in=several, lifted_at=None).values_list("payee", flat=True))

    def first(payee: Payee) -> tuple[bool, bool, bool, int]:
        is_closed = payee.artist is not None and payee.artist.closed_at is not None
        return payee.code not in kept, payee.pk not in held, is_closed, payee.pk

    chosen = {key: min(group, key=first) for key, group in groups.items()}
    return {artist: payee if payee.code in kept else chosen[person[payee.pk]] for artist, payee in payees.items()}


def _persons() -> dict[int, int]:
    """Each artist who is tied to another account, with the smallest payee of the person. One query."""
    pairs: list[tuple[int, int]] = []
    artists: dict[int, int | None] = {}
    ties = PayeeMatch.objects.found_one()
    for first, second, one, other in ties.values_list("first_id", "second_id", "first__artist_id", "second__artist_id"):
        pairs.append((first, second))
        artists |= {first: one, second: other}
    root = _roots(pairs)
    return {artist: root(payee) for payee, artist in artists.items() if artist is not None}


def _roots(pairs: Iterable[tuple[int, int]]) -> Root:
    """From a payee to the smallest key of its person."""
    person: dict[int, int] = {}

    def root(key: int) -> int:
        while person.get(key, key) != key:
            key = person[key]
        return key

    for first, second in pairs:
        low, high = sorted((root(first), root(second)))
        person[high] = low
    return root
