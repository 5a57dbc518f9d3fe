"""Everything a person can set or call is documented (rule 25 of docs/style.md)."""

import ast
import re
from functools import cache

from tests.house.source import ROOT, files, modules

READERS = {"text", "flag", "number", "words", "choice"}


@cache
def read_from_the_environment() -> frozenset[str]:
    """The names that settings.py, gunicorn.conf.py, the probes and the commands in bin/ read."""
    found = set()
    for module in modules():
        if module.parts[0] == "tests":
            continue
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            first = node.args[0]
            from_env = ast.unparse(node.func.value) in {"env", "os.environ"} and node.func.attr in READERS | {"get"}
            if from_env and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return frozenset(found)


def operations() -> str:
    """The handbook."""
    return (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_every_variable_of_the_environment_is_explained() -> None:
    missing = [name for name in read_from_the_environment() if f"`{name}`" not in operations()]
    assert sorted(missing) == []


def test_no_variable_is_explained_that_nothing_reads() -> None:
    explained = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)`", operations(), re.MULTILINE))
    compose = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    shell = {"PYTHON", "CHROMIUM"}
    assert sorted(explained - read_from_the_environment() - compose - shell) == []


def test_every_command_is_explained() -> None:
    named = re.compile(r"(\w+)/management/commands/([a-z]\w*)\.py$")
    commands = [
        match.group(2) for name in files() if (match := named.search(name)) and not match.group(2).startswith("__")
    ]
    assert [name for name in commands if f"manage.py {name}" not in operations()] == []


def test_every_command_in_bin_is_explained() -> None:
    commands = [name for name in files() if re.fullmatch(r"bin/[a-z]+", name)]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in commands if f"`{name}" not in readme + operations()] == []


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 100


def test_every_relative_link_leads_somewhere() -> None:
    broken = []
    for name in files():
        if not name.endswith(".md") or name.startswith("hitrecord/demo/"):
            continue
        page = ROOT / name
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{name}: {target}")
    assert broken == []


def test_no_lock_names_an_index_of_packages() -> None:
    locks = [name for name in files() if name.endswith((".lock", "package-lock.json"))]
    assert len(locks) >= 5
    named = re.compile(r'"resolved"|--(extra-)?index-url|--find-links|^source = ', re.MULTILINE)
    assert [name for name in locks if named.search((ROOT / name).read_text(encoding="utf-8"))] == []


def test_every_package_in_a_lock_has_its_hash() -> None:
    for name in files():
        if name.endswith(".lock"):
            blocks = re.split(r"^(?=[a-z0-9])", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert [block.split()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block] == []
