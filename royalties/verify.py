#!/usr/bin/env python3
"""Check a published royalty statement on your own machine.

    python verify.py statement.json

This file needs nothing but Python 3.11 or newer. It recomputes every amount and every
explanation line of the statement from its published input, by the rules of ALLOC-1, and
compares both hashes. It prints "verified" and ends with 0, or prints what differs and ends
with 1. It was written from the published rules alone and shares no code with the site.

Amounts are whole minor units (cents); rates are basis points, 10000 to the whole. All shares
are exact fractions and are rounded once, at the end.
"""

import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

Doc = dict[str, Any]
Edges = dict[str, dict[str, int]]
Parts = dict[tuple[str, str, int], Fraction]  # by (line, work, hops)

NUMBER, NAME, WORDS = "a whole number from 0 to 2^53 - 1", "an id", "words"
SHOWN = 40
WHOLE = 10_000

SIGNED = {"reason": WORDS, "by": NAME, "approved_by": NAME}
ADJUSTMENTS = {
    "line_factor": {"type": WORDS, "line": NAME, "factor_bps": NUMBER, **SIGNED},
    "award": {"type": WORDS, "payee": NAME, "amount": NUMBER, **SIGNED},
}
LINE = {
    "line": NAME,
    "contribution": NAME,
    "dept": NAME,
    "unit": NAME,
    "quantity": NUMBER,
    "role_weight": NUMBER,
    "prominence": NUMBER,
}
MONEY = ("gross", "refunds", "fees", "reserve_held", "reserve_released", "costs", "carried_loss", "pool_bps")
INPUT: Doc = {
    "method": WORDS,
    "statement": NAME,
    "production": NAME,
    "currency": WORDS,
    "money": dict.fromkeys(MONEY, NUMBER),
    "params": dict.fromkeys(("max_depth", "pass_cap_bps", "floor", "award_cap_bps"), NUMBER),
    "departments": {"*": NUMBER},
    "lines": [LINE],
    "contributions": {"*": {"kind": WORDS, "credits": {"*": NUMBER}, "parents": {"*": NUMBER}}},
    "adjustments": [{"*": None}],
}
SECTIONED: Doc = {
    **INPUT,
    "sections": [{"id": NAME, "bps": NUMBER}],
    "departments": {"*": {"*": NUMBER}},
    "lines": [{**LINE, "section": NAME}],
}
STATEMENT: Doc = {"input": None, "input_sha256": WORDS, "result": None, "result_sha256": WORDS, "revision": None}


class NotValid(Exception):
    """The statement breaks a rule, so that there is no right result to compare it with."""


def canonical(value: Any) -> str:
    """RFC 8785: one spelling for each document. Documents hold no fractions."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float) or (type(value) is int and abs(value) >= 2**53):
        raise NotValid(f"{value} cannot stand in a canonical document")
    return json.dumps(value, ensure_ascii=False)


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fits(value: Any, shape: Any, where: str) -> None:
    """Raise NotValid unless a value has the shape drawn above; None fits anything."""
    if isinstance(shape, str):
        demand(is_plain(value, shape), f"{where} is not {shape}")
    elif shape is not None:
        demand(isinstance(value, type(shape)), f"{where} is not of the right kind")
    if isinstance(shape, list):
        for place, item in enumerate(value):
            fits(item, shape[0], f"{where}[{place}]")
    elif isinstance(shape, dict) and "*" in shape:
        for name, item in value.items():
            fits(name, NAME, f"the name {name!r} in {where}")
            fits(item, shape["*"], f"{where}.{name}")
    elif isinstance(shape, dict):
        odd = sorted(value.keys() ^ shape.keys())
        demand(not odd, f"{where} has missing or unknown fields: {', '.join(odd)}")
        for name in shape:
            fits(value[name], shape[name], f"{where}.{name}")


def is_plain(value: Any, shape: str) -> bool:
    """Whether a value is the number, id or words that a shape asks for."""
    if shape is NUMBER:
        return type(value) is int and 0 <= value < 2**53
    if not isinstance(value, str):
        return False
    if shape is WORDS:
        return value.strip() != ""
    return 0 < len(value) <= 200 and not set(value) & set("/@|") and printable(value)


def printable(text: str) -> bool:
    return all(ord(sign) >= 32 and ord(sign) != 127 and not 0xD800 <= ord(sign) < 0xE000 for sign in text)


def demand(holds: object, problem: str) -> None:
    """Raise NotValid where a rule does not hold."""
    if not holds:
        raise NotValid(problem)


def check_rules(doc: Doc) -> None:
    """Raise NotValid if the input breaks a rule that no statement may break."""
    money, params = doc["money"], doc["params"]
    demand(doc["method"] == "alloc-1", "the method is not alloc-1")
    code = doc["currency"]
    demand(
        len(code) == 3 and all("A" <= letter <= "Z" for letter in code), "the currency is not a code of three letters"
    )
    rates = (money["pool_bps"], params["pass_cap_bps"], params["award_cap_bps"])
    demand(max(rates) <= WHOLE and params["max_depth"] <= 100, "a rate or the depth of the rules is too large")
    if "sections" in doc:
        names = [section["id"] for section in doc["sections"]]
        demand(len(names) == len(set(names)), "a section appears twice")
        demand(sum(section["bps"] for section in doc["sections"]) == WHOLE, "the sections are not a whole")
        demand(doc["departments"].keys() == set(names), "the departments do not match the sections")
    for table in tables(doc).values():
        demand(sum(table.values()) == WHOLE, "a table of departments is not a whole")
    for name, work in doc["contributions"].items():
        demand(work["kind"] in ("community", "staff", "external", "waived"), f"{name} is of an unknown kind")
        shares = work["credits"].values()
        unpaid = work["kind"] != "community" and not shares
        demand(unpaid or (sum(shares) == WHOLE and min(shares) > 0), f"the credits of {name} are not a whole")
        demand(work["parents"].keys() <= doc["contributions"].keys(), f"{name} has an unknown parent")
        demand(all(rate <= WHOLE for rate in work["parents"].values()), f"{name} has a rate above the whole")
    check_circles(doc["contributions"])
    check_lines(doc)


def check_circles(works: Doc) -> None:
    """Take away works without parents again and again; what is left runs in a circle."""
    left = {name: set(work["parents"]) for name, work in works.items()}
    ready = [name for name in left if not left[name]]
    made_from_it: dict[str, list[str]] = defaultdict(list)
    for name, parents in left.items():
        for parent in parents:
            made_from_it[parent].append(name)
    while ready:
        gone = ready.pop()
        del left[gone]
        for name in made_from_it[gone]:
            left[name].discard(gone)
            if not left[name]:
                ready.append(name)
    demand(not left, f"the lineage runs in a circle through {', '.join(sorted(left)[:5])}")


def check_lines(doc: Doc) -> None:
    """Each line is known and measured in one unit; each adjustment is signed by two."""
    names = Counter(line["line"] for line in doc["lines"])
    demand(not names or max(names.values()) == 1, "a line appears twice")
    measured: dict[tuple[str | None, str], str] = {}
    for line in doc["lines"]:
        name, place = line["line"], (line.get("section"), line["dept"])
        demand(place[0] in tables(doc), f"line {name} is in an unknown section")
        demand(line["dept"] in tables(doc)[place[0]], f"line {name} is in an unknown department")
        demand(line["contribution"] in doc["contributions"], f"line {name} uses an unknown contribution")
        demand(measured.setdefault(place, line["unit"]) == line["unit"], f"{line['dept']} is measured in two units")
    factors: Counter[str] = Counter()
    for adjustment in doc["adjustments"]:
        kind = adjustment.get("type")
        demand(kind in ("line_factor", "award"), "an adjustment is of an unknown type")
        fits(adjustment, ADJUSTMENTS[kind], "an adjustment")
        demand(adjustment["by"] != adjustment["approved_by"], "an adjustment was approved by its maker")
        if kind == "line_factor":
            factors[adjustment["line"]] += 1
    demand(factors.keys() <= names.keys(), "a factor names an unknown line")
    demand(not factors or max(factors.values()) == 1, "a line has two factors")


def tables(doc: Doc) -> dict[str | None, dict[str, int]]:
    """The departments of each section; a production without sections has one, called None."""
    return doc["departments"] if "sections" in doc else {None: doc["departments"]}


def largest_remainder(total: int, weights: dict[Any, Fraction], coin: str) -> dict[Any, int]:
    """Whole numbers by weight: larger remainder first, then larger weight, then smaller hash of coin and name."""
    toss = {
        name: fingerprint(f"{coin}|{name if isinstance(name, str) else '/'.join(map(str, name))}") for name in weights
    }
    whole = sum(weights.values())
    exact = {name: total * weight / whole for name, weight in weights.items()}
    result = {name: part.numerator // part.denominator for name, part in exact.items()}
    missing = total - sum(result.values())
    queue = sorted(weights, key=lambda name: (result[name] - exact[name], -weights[name], toss[name]))
    for name in queue[:missing]:
        result[name] += 1
    return result


def influence(works: Doc, cap: int) -> Edges:
    """For each work, whom it passes money on to, and how much of 10000."""
    edges: Edges = {}
    for child, work in works.items():
        people = set(work["credits"]) if work["kind"] == "community" else None
        found: dict[str, int] = {}
        seen: set[str] = set()
        todo = list(work["parents"].items())
        while todo:
            name, rate = todo.pop()
            parent = works[name]
            if parent["kind"] == "community" and set(parent["credits"]) != people:
                found[name] = max(rate, found.get(name, 0))
            elif name not in seen:
                seen.add(name)
                todo.extend(parent["parents"].items())
        if sum(found.values()) > cap:
            weights = {name: Fraction(rate) for name, rate in found.items()}
            found = largest_remainder(cap, weights, child)
        if found:
            edges[child] = found
    return edges


class Flow:
    """What becomes of one unit of a work, remembered for each work and number of hops left."""

    def __init__(self, works: Doc, edges: Edges) -> None:
        self.works, self.edges = works, edges
        self.known: dict[tuple[str, int], dict[tuple[str, int], Fraction]] = {}

    def ends(self, work: str, hops: int) -> dict[tuple[str, int], Fraction]:
        """Fractions by (work, hops used) at which the unit comes to rest."""
        if (work, hops) not in self.known:
            passed = self.edges.get(work, {}) if hops else {}
            rest: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
            rest[work, 0] = Fraction(WHOLE - sum(passed.values()), WHOLE)
            for ancestor, rate in passed.items():
                for (end, used), part in self.ends(ancestor, hops - 1).items():
                    rest[end, used + 1] += part * rate / WHOLE
            self.known[work, hops] = {
                key: part for key, part in rest.items() if part and self.works[key[0]]["kind"] == "community"
            }
        return self.known[work, hops]


def line_shares(doc: Doc) -> dict[str, Fraction]:
    """The exact part of the document each line stands for, before unpaid parts drop out."""
    factor = {item["line"]: item["factor_bps"] for item in doc["adjustments"] if item["type"] == "line_factor"}
    points: dict[str, Fraction] = {}
    sums: dict[str | None, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for line in doc["lines"]:
        measure = line["quantity"] * line["role_weight"] * line["prominence"]
        points[line["line"]] = Fraction(measure * factor.get(line["line"], WHOLE), WHOLE)
        sums[line.get("section")][line["dept"]] += points[line["line"]]
    section_bps = {section["id"]: section["bps"] for section in doc.get("sections", [])} or {None: WHOLE}
    present = {}
    for section, table in tables(doc).items():
        present[section] = sum(bps for department, bps in table.items() if sums[section][department])
    whole = sum(bps for section, bps in section_bps.items() if present[section])
    shares = {}
    for line in doc["lines"]:
        section, department = line.get("section"), line["dept"]
        if points[line["line"]] and present[section] and whole:
            of_section = Fraction(tables(doc)[section][department], present[section])
            of_document = Fraction(section_bps[section], whole)
            part = points[line["line"]] / sums[section][department]
            shares[line["line"]] = of_document * of_section * part
    return shares


def explain(doc: Doc, edges: Edges) -> dict[str, Parts]:
    """Exact parts by payee and (line, work, hops)."""
    works, shares = doc["contributions"], line_shares(doc)
    flow = Flow(works, edges)
    parts: dict[str, Parts] = defaultdict(dict)
    for line in doc["lines"]:
        share = shares.get(line["line"])
        if not share:
            continue
        for (work, hops), part in flow.ends(line["contribution"], doc["params"]["max_depth"]).items():
            for payee, bps in works[work]["credits"].items():
                parts[payee][line["line"], work, hops] = share * part * bps / WHOLE
    return parts


def split_rest(doc: Doc, rest: int, weights: dict[str, Fraction]) -> dict[str, int]:
    """Everyone's minor units: a floor for those with a line of their own, the rest by weight."""
    works = doc["contributions"]
    used = [works[line["contribution"]] for line in doc["lines"]]
    own_line = {payee for work in used if work["kind"] == "community" for payee in work["credits"]}
    entitled = own_line & weights.keys()
    floor = min(doc["params"]["floor"], rest // (2 * len(entitled))) if entitled else 0
    at_floor: set[str] = set()
    while True:
        left = rest - floor * len(at_floor)
        others = {payee: weight for payee, weight in weights.items() if payee not in at_floor}
        whole = sum(others.values())
        below = {payee for payee in entitled & others.keys() if left * others[payee] / whole < floor}
        if not below:
            break
        at_floor |= below
    cents = largest_remainder(left, others, doc["statement"])
    return cents | dict.fromkeys(at_floor, floor)


def waterfall(money: dict[str, int]) -> dict[str, int]:
    """From the revenue down to the artists' half; an odd unit is theirs."""
    net = money["gross"] - money["refunds"] - money["fees"] - money["reserve_held"] + money["reserve_released"]
    profit = net - money["costs"] - money["carried_loss"]
    demand(max(abs(net), abs(profit)) < 2**53, "the money adds up to 2^53 or more")
    shared, odd = divmod(max(profit, 0) * money["pool_bps"], WHOLE)
    pool = shared + (1 if odd else 0)
    return {
        "net": net,
        "profit": profit,
        "pool": pool,
        "company": max(profit, 0) - pool,
        "loss_carried": max(-profit, 0),
    }


def recompute(doc: Any) -> Doc:
    """The result that follows from an input."""
    fits(doc, SECTIONED if isinstance(doc, dict) and "sections" in doc else INPUT, "input")
    check_rules(doc)
    money = waterfall(doc["money"])
    pool = money["pool"]
    awards: Counter[str] = Counter()
    for item in doc["adjustments"]:
        if item["type"] == "award":
            awards[item["payee"]] += item["amount"]
    limit = Fraction(pool * doc["params"]["award_cap_bps"], WHOLE)
    demand(awards.total() <= limit, "the awards are above their cap")
    edges = influence(doc["contributions"], doc["params"]["pass_cap_bps"])
    parts = explain(doc, edges)
    demand(parts, "nobody payable has a part")
    weights = {payee: sum(items.values(), Fraction()) for payee, items in parts.items()}
    shared = split_rest(doc, pool - awards.total(), weights)
    lines: dict[str, dict[str, int]] = {}
    for payee, items in parts.items():
        cents = largest_remainder(shared[payee], items, f"{doc['statement']}|{payee}")
        lines[payee] = {f"{line}/{work}@{hops}": amount for (line, work, hops), amount in cents.items()}
    return {
        "waterfall": money,
        "effective_edges": edges,
        "amounts": {payee: shared.get(payee, 0) + awards[payee] for payee in shared.keys() | awards.keys()},
        "lines": lines,
    }


def differences(published: Any, right: Any, path: str = "") -> Iterator[str]:
    """Sentences naming each place where the published result is not the right one."""
    if type(published) is type(right) is dict:
        for name in sorted(published.keys() | right.keys()):
            here = f"{path}[{name!r}]"
            if name not in right:
                yield f"{here} is published as {short(published[name])} and should not be there"
            elif name not in published:
                yield f"{here} is not published and should be {short(right[name])}"
            else:
                yield from differences(published[name], right[name], here)
    elif type(published) is not type(right) or published != right:
        yield f"{path} is published as {short(published)} and should be {short(right)}"


def short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) < 80 else text[:77] + "..."


def problems(statement: Doc) -> Iterator[str]:
    """Everything that is wrong with a statement, in sentences; nothing when it is right."""
    fits(statement, STATEMENT, "the statement")
    for part in ("input", "result"):
        hashed = fingerprint(canonical(statement[part]))
        if hashed != statement[f"{part}_sha256"]:
            yield f"{part}_sha256 is published as {short(statement[f'{part}_sha256'])} and should be {hashed}"
    yield from differences(statement["result"], recompute(statement["input"]), "result")


def no_twins(pairs: list[tuple[str, Any]]) -> Doc:
    demand(len(pairs) == len(dict(pairs)), "a name appears twice in one object")
    return dict(pairs)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("Usage: python verify.py statement.json")
        return 1
    try:
        with open(arguments[0], encoding="utf-8") as file:
            statement = json.load(file, object_pairs_hook=no_twins)
        found = list(problems(statement))
    except (NotValid, OSError, ValueError, RecursionError) as problem:
        print(f"not verified: {problem}")
        return 1
    for sentence in found[:SHOWN]:
        print(f"differs: {sentence}")
    if len(found) > SHOWN:
        print(f"and {len(found) - SHOWN} more differences")
    if found:
        return 1
    print("verified")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
