"""verify.py, the stranger's check: alone, standard library only, and of one mind with the engine."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from royalties import verify
from royalties.allocation import AllocationRefused, allocate, canonical_bytes, sha256_hex
from tests.royalties.productions import Doc, production, productions, thorough

FILE = Path(verify.__file__)
VECTORS = json.loads((Path(__file__).parent.parent / "data" / "allocation.json").read_text())


def published(document: Doc) -> Doc:
    """The statement as the site publishes it."""
    result = allocate(document)
    return {
        "input": document,
        "input_sha256": sha256_hex(canonical_bytes(document)),
        "result": result,
        "result_sha256": sha256_hex(canonical_bytes(result)),
        "revision": 1,
    }


def run_alone(folder: Path, statement: Any) -> subprocess.CompletedProcess[str]:
    """A copy of the file, far from the project, in Python's isolated mode."""
    (folder / "verify.py").write_bytes(FILE.read_bytes())
    content = statement if isinstance(statement, bytes) else json.dumps(statement).encode()
    (folder / "statement.json").write_bytes(content)
    command = [sys.executable, "-I", "verify.py", "statement.json"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def statement() -> Doc:
    return published(deepcopy(VECTORS[2]["input"]))


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_it_verifies_every_published_vector(tmp_path: Path, case: Doc) -> None:
    done = run_alone(tmp_path, published(case["input"]))
    assert (done.returncode, done.stdout, done.stderr) == (0, "verified\n", "")


@pytest.mark.parametrize("hundred", range(10))
def test_it_agrees_with_the_engine_on_a_thousand_random_productions(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        document = production(Random(seed), works=40, lines=60)
        assert list(verify.problems(published(document))) == [], seed
        assert verify.canonical(document).encode() == canonical_bytes(document), seed


def test_the_thousand_have_every_kind_of_thing_in_them() -> None:
    documents = [production(Random(seed), works=40, lines=60) for seed in range(1000)]
    kinds = {work["kind"] for document in documents for work in document["contributions"].values()}
    types = {item["type"] for document in documents for item in document["adjustments"]}
    assert kinds == {"community", "staff", "external", "waived"}
    assert types == {"award", "line_factor"}
    assert sum("sections" in document for document in documents) > 100
    assert sum(document["params"]["floor"] > 0 for document in documents) > 100


@thorough
@given(productions())
def test_it_agrees_with_the_engine_on_whatever_is_thought_up(document: Doc) -> None:
    assert verify.recompute(document) == allocate(document)


@thorough
@given(productions(), st.randoms(use_true_random=False))
def test_it_refuses_the_same_damaged_documents_as_the_engine(document: Doc, random: Random) -> None:
    damage(random, document)
    try:
        expected: Any = allocate(document)
    except AllocationRefused:
        expected = None
    try:
        found: Any = verify.recompute(document)
    except verify.NotValid:
        found = None
    assert found == expected


def damage(random: Random, document: Doc) -> None:
    """Change one number, name or field in a way that often breaks a rule."""
    works, lines = document["contributions"], document["lines"]
    work, line = random.choice(list(works.values())), random.choice(lines)
    value = random.choice([None, -1, 1.5, "", "x", "a/b", [], {}, True, 0, 10001, 2**53])
    random.choice(
        [
            lambda: work["parents"].update({random.choice(list(works)): random.randint(0, 10001)}),
            lambda: work.update(kind=random.choice(["community", "staff", "friend"])),
            lambda: work["credits"].update(p0=random.choice([0, 1, 10000])),
            lambda: line.update({random.choice(list(line)): value}),
            lambda: line.update(unit="words"),
            lambda: lines.append(line),
            lambda: document["money"].update({random.choice(list(document["money"])): value}),
            lambda: document["params"].update({random.choice(list(document["params"])): value}),
            lambda: document["adjustments"].extend(deepcopy(document["adjustments"])),
            lambda: [item.update(approved_by="u1") for item in document["adjustments"]],
            lambda: document.update({random.choice(list(document)): value}),
            lambda: document.pop(random.choice(list(document))),
        ]
    )()


@pytest.mark.parametrize(
    "name",
    ["", "é", "e\u0301", "😀", "\ufb33", "€", '"\\\b\t\n\f\r', "\x01\x7f\x80\u2028", "1", "10", "2"],
)
def test_its_canonical_form_is_that_of_the_library(name: str) -> None:
    value = {name: [name, 0, -5, 2**53 - 1, True, None, {}, []], "\ue000": 1, "😂": 2, "z": 3}
    assert verify.canonical(value).encode() == canonical_bytes(value)


def test_it_names_the_amount_that_differs(tmp_path: Path, statement: Doc) -> None:
    statement["result"]["amounts"]["ana"] += 1
    statement["result_sha256"] = sha256_hex(canonical_bytes(statement["result"]))
    done = run_alone(tmp_path, statement)
    assert done.returncode == 1
    assert done.stdout == "differs: result['amounts']['ana'] is published as 153426 and should be 153425\n"


def test_it_names_the_explanation_line_that_differs(tmp_path: Path, statement: Doc) -> None:
    statement["result"]["lines"]["ana"]["L1/c1@1"] -= 1
    del statement["result"]["lines"]["ben"]["L9/c2@1"]
    statement["result"]["lines"]["zoe"] = {"L1/c3@0": 5}
    statement["result_sha256"] = sha256_hex(canonical_bytes(statement["result"]))
    done = run_alone(tmp_path, statement)
    assert done.returncode == 1
    assert "result['lines']['ana']['L1/c1@1'] is published as 5719 and should be 5720" in done.stdout
    assert "result['lines']['ben']['L9/c2@1'] is not published and should be 6006" in done.stdout
    assert "result['lines']['zoe']" in done.stdout


@pytest.mark.parametrize("name", ["input_sha256", "result_sha256"])
def test_it_names_the_hash_that_differs(tmp_path: Path, statement: Doc, name: str) -> None:
    right, statement[name] = statement[name], "0" * 64
    done = run_alone(tmp_path, statement)
    assert (done.returncode, name in done.stdout, right in done.stdout) == (1, True, True)


def test_a_changed_input_is_found_by_its_hash_and_by_its_amounts(tmp_path: Path, statement: Doc) -> None:
    statement["input"]["lines"][0]["quantity"] += 1
    done = run_alone(tmp_path, statement)
    assert done.returncode == 1
    assert "input_sha256" in done.stdout
    assert "result['amounts']" in done.stdout


def test_many_differences_are_counted_and_not_all_shown(tmp_path: Path, statement: Doc) -> None:
    statement["result"]["amounts"] = {f"x{number}": 1 for number in range(100)}
    done = run_alone(tmp_path, statement)
    assert done.returncode == 1
    assert "more differences" in done.stdout


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"input": 1, "input": 2}',
        b'{"input": null, "input_sha256": "", "result": null, "result_sha256": "", "revision": 1}',
        b'{"input": {"a": 1.5}, "input_sha256": "x", "result": {}, "result_sha256": "x", "revision": 1}',
    ],
)
def test_a_file_that_is_no_statement_is_not_verified_and_does_not_crash(tmp_path: Path, content: bytes) -> None:
    done = run_alone(tmp_path, content)
    assert done.returncode == 1
    assert done.stdout.startswith("not verified: ")
    assert done.stderr == ""


def test_it_imports_the_standard_library_alone_and_shares_no_code() -> None:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(FILE.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"__import__", "exec", "eval"}
    assert imported <= sys.stdlib_module_names
    assert "importlib" not in imported


def test_the_engine_does_not_import_it() -> None:
    for path in (FILE.parent / "allocation").glob("*.py"):
        assert "verify" not in path.read_text()
