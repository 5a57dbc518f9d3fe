"""ALLOC-1: the published vectors to the cent, the proved properties, each refusal, the command."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from royalties.allocation import (
    AllocationRefused,
    allocate,
    apportion,
    canonical_bytes,
    sha256_hex,
    share_out,
    tie_hash,
)
from tests.royalties.productions import Doc, production, productions

VECTORS = json.loads((Path(__file__).parent.parent / "data" / "allocation.json").read_text())


@pytest.fixture
def document() -> Doc:
    return deepcopy(VECTORS[0]["input"])


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_every_published_vector_is_met_to_the_cent(case: Doc) -> None:
    assert allocate(case["input"]) == case["expect"]


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_every_published_vector_has_its_published_hash(case: Doc) -> None:
    assert sha256_hex(canonical_bytes(case["input"])) == case["input_sha256"]


def test_without_explanations_everything_else_is_the_same(document: Doc) -> None:
    result = allocate(document)
    del result["lines"]
    assert allocate(document, explained=False) == result


def test_one_seat_more_may_take_one_away_and_the_rounding_says_so() -> None:
    weights = [21878, 9713, 4167, 3252, 1065]
    assert apportion(43, weights, str) == [24, 10, 4, 4, 1]
    assert apportion(44, weights, str) == [24, 11, 5, 3, 1]


def test_a_tie_goes_to_the_larger_weight_and_then_to_the_smaller_hash() -> None:
    assert apportion(3, [5, 1], str) == [3, 0]  # both have a remainder of one half
    names = ["ana", "ben", "chi"]
    winner = min(names, key=lambda name: tie_hash("S-1", name))
    cents = share_out(1, dict.fromkeys(names, 7), floor=0, direct=set(), statement="S-1")
    assert [name for name in names if cents[name]] == [winner]


# --- single rules ---


def test_a_diamond_adds_up(document: Doc) -> None:
    result = allocate(document)
    assert {key for key in result["lines"]["ana"] if key.startswith("L1/")} == {"L1/c1@1", "L1/c1@2"}


def test_a_line_without_points_leaves_its_department_to_the_others(document: Doc) -> None:
    document["lines"][-1]["quantity"] = 0
    result = allocate(document)
    assert sum(result["amounts"].values()) == result["waterfall"]["pool"]
    assert not any(label.startswith("L9/") for items in result["lines"].values() for label in items)


def test_a_waived_work_passes_on_to_its_makers_own_older_work(document: Doc) -> None:
    works = document["contributions"]
    works["old"] = {"kind": "community", "credits": {"ben": 10000}, "parents": {}}
    works["c2"] = {"kind": "waived", "credits": {"ben": 10000}, "parents": {"old": 3000}}
    assert allocate(document)["effective_edges"]["c2"] == {"old": 3000}
    works["c2"]["credits"] = {}
    assert allocate(document)["effective_edges"]["c2"] == {"old": 3000}


def test_an_award_may_go_to_somebody_without_a_line(document: Doc) -> None:
    document["adjustments"].append(award("poster-maker", 10000))
    result = allocate(document)
    assert result["amounts"]["poster-maker"] == 10000
    assert "poster-maker" not in result["lines"]
    assert sum(result["amounts"].values()) == result["waterfall"]["pool"]


def test_the_floor_lifts_the_smallest_and_never_takes_more_than_half(document: Doc) -> None:
    document["params"]["floor"] = 60000
    assert min(allocate(document)["amounts"].values()) == 567283 // 12
    document["params"]["floor"] = 45000
    lifted = allocate(document)["amounts"]
    assert lifted["dov"] == 45000
    assert sum(lifted.values()) == 567283


def test_the_floor_is_for_people_with_a_line_of_their_own(document: Doc) -> None:
    document["lines"] = [line for line in document["lines"] if line["contribution"] not in ("c4", "c9")]
    document["params"]["floor"] = 45000
    amounts = allocate(document)["amounts"]
    assert 0 < amounts["dov"] < 45000


def award(payee: str, amount: int) -> Doc:
    return {
        "type": "award",
        "payee": payee,
        "amount": amount,
        "reason": "The poster.",
        "by": "u1",
        "approved_by": "u2",
    }


def factor(line: str, bps: int) -> Doc:
    return {
        "type": "line_factor",
        "line": line,
        "factor_bps": bps,
        "reason": "It carries the ending.",
        "by": "u1",
        "approved_by": "u2",
    }


# --- refusals ---

REFUSALS: list[tuple[str, Any, Any]] = [
    ("circle", "contributions.c1.parents", {"c3": 500}),
    ("circle", "contributions.c1.parents", {"c1": 500}),
    ("unknown parent 'c77'", "contributions.c1.parents", {"c77": 500}),
    ("two factors", "adjustments", [factor("L1", 5000), factor("L1", 6000)]),
    ("unknown line", "adjustments", [factor("L77", 5000)]),
    ("two units", "lines.0.unit", "words"),
    ("more than 1000 bps", "adjustments", [award("dov", 56729)]),
    ("negative", "money.gross", -1),
    ("negative", "lines.0.quantity", -1),
    ("Nobody payable", "lines", []),
    ("Nobody payable", "lines", "only staff"),
    ("whole number, not a fraction", "money.gross", 1234567.0),
    ("whole number, not text", "money.gross", "1234567"),
    ("whole number, not true or false", "money.gross", True),
    ("whole number, not nothing", "money.gross", None),
    ("below 2^53", "money.gross", 2**53),
    ("not below 2^53", "money", "too much"),
    ("at most 10000", "money.pool_bps", 10001),
    ("at most 10000", "params.pass_cap_bps", 10001),
    ("at most 100", "params.max_depth", 101),
    ("method", "method", "alloc-2"),
    ("currency", "currency", "usd"),
    ("instead of 10000", "departments.music", 2501),
    ("instead of 10000", "contributions.c1.credits", {"ana": 9999}),
    ("instead of 10000", "contributions.c1.credits", {}),
    ("at least 1 bps", "contributions.c1.credits", {"ana": 10000, "ben": 0}),
    ("kind must be one of", "contributions.c1.kind", "friend"),
    ("unknown department", "lines.0.dept", "catering"),
    ("unknown contribution", "lines.0.contribution", "c77"),
    ("unknown field 'section'", "lines.0.section", "t1"),
    ("appears twice", "lines.0.line", "L2"),
    ("without '/'", "lines.0.line", "L1/c1"),
    ("unknown field", "note", "hello"),
    ("unknown field", "money.tips", 1),
    ("must be a list", "lines", {}),
    ("must be an object", "money", []),
    ("line_factor or award", "adjustments", [{**award("dov", 1), "type": "gift"}]),
    ("second person", "adjustments", [{**award("dov", 1), "approved_by": "u1"}]),
    ("public reason", "adjustments", [{**award("dov", 1), "reason": " "}]),
    ("instead of 10000", "sections", [{"id": "t1", "bps": 1}]),
    ("exactly the sections", "sections", [{"id": "t1", "bps": 10000}]),
    ("appears twice", "sections", [{"id": "t1", "bps": 1}, {"id": "t1", "bps": 9999}]),
]


def changed(document: Doc, path: str, value: Any) -> Doc:
    """The document with one place changed; two values are names of larger changes."""
    if value == "only staff":
        value = [line for line in document["lines"] if line["contribution"] == "s1"]
        document["contributions"]["s1"]["parents"] = {}
    if value == "too much":
        value = {**document["money"], "gross": 2**53 - 1, "reserve_released": 2**53 - 1}
    place: Any = document
    *way, last = path.split(".")
    for name in way:
        place = place[int(name)] if isinstance(place, list) else place[name]
    place[last] = value
    return document


@pytest.mark.parametrize(("words", "path", "value"), REFUSALS)
def test_it_refuses_in_plain_words(document: Doc, words: str, path: str, value: Any) -> None:
    with pytest.raises(AllocationRefused, match=words.replace("^", r"\^")):
        allocate(changed(document, path, value))


@pytest.mark.parametrize("name", sorted(VECTORS[0]["input"]))
def test_it_refuses_a_document_that_lacks_a_field(document: Doc, name: str) -> None:
    del document[name]
    with pytest.raises(AllocationRefused, match=f"lacks '{name}'"):
        allocate(document)


@pytest.mark.parametrize("value", [None, [], "alloc-1", 7, {1: 2}])
def test_it_refuses_what_is_no_document(value: Any) -> None:
    with pytest.raises(AllocationRefused):
        allocate(value)


def test_a_section_without_its_departments_is_refused() -> None:
    album = deepcopy(VECTORS[5]["input"])
    del album["departments"]["sleeve"]
    with pytest.raises(AllocationRefused, match="exactly the sections"):
        allocate(album)


def test_a_line_of_an_album_without_a_section_is_refused() -> None:
    album = deepcopy(VECTORS[5]["input"])
    del album["lines"][0]["section"]
    with pytest.raises(AllocationRefused, match="lacks 'section'"):
        allocate(album)


@settings(max_examples=200, deadline=None)
@given(productions(), st.randoms(use_true_random=False))
def test_a_damaged_document_is_refused_or_split_but_never_crashes(doc: Doc, random: Random) -> None:
    place: Any = doc
    for _ in range(random.randint(1, 5)):
        key = random.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if not isinstance(place[key], dict | list) or not place[key]:
            break
        place = place[key]
    key = random.choice(list(place) if isinstance(place, dict) else range(len(place)))
    place[key] = random.choice([None, -1, 1.5, "", "x", [], {}, True, 2**60, "\ud800", {"a": {}}])
    try:
        result = allocate(doc)
    except AllocationRefused:
        return
    assert sum(result["amounts"].values()) == result["waterfall"]["pool"]


# --- the command, and its pace ---


def run_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "royalties.allocation", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_prints_the_result_as_canonical_json(tmp_path: Path, document: Doc) -> None:
    file = tmp_path / "input.json"
    file.write_text(json.dumps(document))
    done = run_command(str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == canonical_bytes(VECTORS[0]["expect"]).decode() + "\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "not JSON"),
        (b"\xff", "UTF-8"),
        (b'{"a": 1, "a": 2}', "appears twice"),
        (b'{"a": NaN}', "not a number"),
        (b"[" * 200_000, "nested"),
        (b"9" * 5000, "number"),
        (b"{}", "lacks"),
    ],
)
def test_the_command_refuses_with_two_and_a_plain_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "input.json"
    file.write_bytes(content)
    done = run_command(str(file))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Refused: ")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_says_how_to_use_it() -> None:
    assert run_command().returncode == 2
    assert run_command("/no/such/file").returncode == 2


def test_the_method_is_pure_and_imports_no_django() -> None:
    script = "import sys, royalties.allocation; sys.exit(any(name.startswith('django') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_five_thousand_lines_over_ten_thousand_works_take_seconds() -> None:
    random = Random(5)
    doc = production(random, works=1, lines=0)
    names = [f"w{number}" for number in range(10_000)]
    for place, name in enumerate(names):
        parents = random.sample(names[max(0, place - 500) : place], min(place, random.choice([0, 1, 2, 3])))
        doc["contributions"][name] = {
            "kind": "community",
            "credits": {f"p{random.randint(0, 2500)}": 10000},
            "parents": dict.fromkeys(parents, 1500),
        }
    template = doc["lines"][0]
    for number in range(5_000):
        measured = {"line": f"l{number}", "contribution": random.choice(names), "quantity": random.randint(1, 10**6)}
        doc["lines"].append({**template, **measured})
    began = time.monotonic()
    result = allocate(doc)
    assert time.monotonic() - began < 10
    assert sum(result["amounts"].values()) == result["waterfall"]["pool"]
