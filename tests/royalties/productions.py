"""Productions made up at random: every kind of work, sections, factors, floors and awards.

One generator for both uses: `production(random.Random(seed))` gives repeatable ones, and
Hypothesis draws through `productions()`, so that what it finds is made small again. `thorough`
says how many: 2,000 in the suite, 50,000 with `bin/test --hypothesis-profile nightly`.
"""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

Doc = dict[str, Any]

EXAMPLES, NIGHTLY_EXAMPLES = 2_000, 50_000
# The time of one example says nothing on a shared machine; what a slow engine costs is told by the bench.
thorough = settings(
    max_examples=NIGHTLY_EXAMPLES if settings.get_current_profile_name() == "nightly" else EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

PAYEES = [f"p{number}" for number in range(9)]
DEPARTMENTS = ["picture", "voice", "writing", "music"]
RATES = [0, 250, 500, 1500, 2000, 3000, 3333, 6000]


def productions() -> st.SearchStrategy[Doc]:
    """Documents that ALLOC-1 accepts, small enough to read.

    One in eight is drawn choice by choice, which Hypothesis can make small again; the others
    come from a seed and are seven times as quick, so that thousands can be looked at.
    """
    drawn = st.randoms(use_true_random=False).map(production)
    seeded = st.integers(0, 2**64).map(lambda seed: production(Random(seed)))
    return st.integers(0, 7).flatmap(lambda place: seeded if place else drawn)


def production(random: Random, *, works: int = 12, lines: int = 14) -> Doc:
    """One document that somebody payable has a part in."""
    names = [f"c{number}" for number in range(random.randint(1, works))]
    contributions = {name: contribution(random, names[:place]) for place, name in enumerate(names)}
    contributions["first"] = {"kind": "community", "credits": shares(random, PAYEES[:3], low=1), "parents": {}}
    document: Doc = {
        "method": "alloc-1",
        "statement": f"S-{random.randint(1, 9999):04}",
        "production": "P-0001",
        "currency": "USD",
        "money": money(random),
        "params": {
            "max_depth": random.choice([0, 1, 2, 4, 4, 4]),
            "pass_cap_bps": random.choice([0, 2500, 5000, 5000, 5000, 10000]),
            "floor": random.choice([0, 0, 100, 500, 5000]),
            "award_cap_bps": random.choice([0, 1000, 1000, 5000]),
        },
        "contributions": contributions,
        "adjustments": [],
    }
    add_lines(random, document, [*names, "first"], random.randint(0, lines))
    add_adjustments(random, document)
    return document


def contribution(random: Random, older: list[str]) -> Doc:
    kind = random.choice(["community"] * 6 + ["staff", "external", "waived"])
    people = random.sample(PAYEES, random.choice([1, 1, 1, 2, 3]))
    credited = kind == "community" or random.random() < 0.5
    parents = random.sample(older, min(len(older), random.choice([0, 1, 1, 2, 4])))
    return {
        "kind": kind,
        "credits": shares(random, people, low=1) if credited else {},
        "parents": {parent: random.choice(RATES) for parent in parents},
    }


def money(random: Random) -> dict[str, int]:
    gross = random.choice([0, 1, 99, random.randint(0, 10**4), random.randint(0, 10**7), random.randint(0, 10**12)])
    return {
        "gross": gross,
        "refunds": random.randint(0, gross // 10),
        "fees": random.randint(0, gross // 20),
        "reserve_held": random.randint(0, gross // 20),
        "reserve_released": random.randint(0, gross // 20),
        "costs": random.choice([0, random.randint(0, gross)]),
        "carried_loss": random.choice([0, 0, random.randint(0, 10**5)]),
        "pool_bps": random.choice([5000, 5000, 5000, 3333, 10000]),
    }


def shares(random: Random, names: list[str], low: int = 0) -> dict[str, int]:
    """Basis points that add up to the whole."""
    left, result = 10_000, {}
    for place, name in enumerate(names):
        others = len(names) - place - 1
        result[name] = random.randint(low, left - low * others) if others else left
        left -= result[name]
    return result


def add_lines(random: Random, document: Doc, names: list[str], count: int) -> None:
    sections = [f"t{number}" for number in range(random.choice([0, 0, 1, 2, 3]))]
    departments = {section: shares(random, DEPARTMENTS) for section in sections}
    if sections:
        document["sections"] = [{"id": name, "bps": bps} for name, bps in shares(random, sections).items()]
    document["departments"] = departments or shares(random, DEPARTMENTS)
    document["lines"] = [line(random, f"L{number}", random.choice(names), sections) for number in range(count)]
    document["lines"].append(sure_line(document))


def line(random: Random, name: str, contribution: str, sections: list[str]) -> Doc:
    made = {
        "line": name,
        "contribution": contribution,
        "dept": random.choice(DEPARTMENTS),
        "unit": "ms",
        "quantity": random.choice([0, 1, 1000, 1000, random.randint(1, 10**7)]),
        "role_weight": random.choice([100, 100, 150, 75]),
        "prominence": random.choice([100, 50, 25]),
    }
    return {**made, "section": random.choice(sections)} if sections else made


def sure_line(document: Doc) -> Doc:
    """A line of somebody payable where it counts, so that the document has something to split."""
    made = {"line": "sure", "contribution": "first", "unit": "ms", "quantity": 1000, "role_weight": 100}
    table, made["prominence"] = document["departments"], 100
    if "sections" in document:
        made["section"] = max(document["sections"], key=lambda section: section["bps"])["id"]
        table = table[made["section"]]
    return {**made, "dept": max(table, key=lambda name: table[name])}


def add_adjustments(random: Random, document: Doc) -> None:
    signed = {"reason": "It carries the ending.", "by": "u1", "approved_by": "u2"}
    for item in document["lines"]:
        if item["line"] != "sure" and random.random() < 0.2:
            factor = random.choice([0, 5000, 15000, random.randint(1, 40000)])
            document["adjustments"].append(
                {"type": "line_factor", "line": item["line"], "factor_bps": factor, **signed}
            )
    room = pool_of(document["money"]) * document["params"]["award_cap_bps"] // 10_000
    for payee in random.sample([*PAYEES, "outsider"], random.choice([0, 0, 1, 2])):
        amount = random.randint(0, room)
        document["adjustments"].append({"type": "award", "payee": payee, "amount": amount, **signed})
        room -= amount


def pool_of(amounts: dict[str, int]) -> int:
    came = amounts["gross"] + amounts["reserve_released"]
    went = sum(amounts[name] for name in ("refunds", "fees", "reserve_held", "costs", "carried_loss"))
    return -(-max(came - went, 0) * amounts["pool_bps"] // 10_000)


def shuffled(random: Random, value: Any) -> Any:
    """The same document with every list and map in another order."""
    if isinstance(value, dict):
        names = list(value)
        random.shuffle(names)
        return {name: shuffled(random, value[name]) for name in names}
    if isinstance(value, list):
        return [shuffled(random, item) for item in random.sample(value, len(value))]
    return value
